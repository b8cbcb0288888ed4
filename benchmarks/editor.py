"""The editor with a model of 300 elements: ``python -m benchmarks.editor [--json]``.

The real web process over loopback and a real Chromium, which needs playwright (a development
dependency): from the click on the draft until the drawing stands, until the server has judged it,
and until the findings are drawn; then the same for one change. There is no peer in the same run.
"""

import os
import statistics
import sys
from collections.abc import Iterator
from typing import Any

from benchmarks.database import MONDAY, durable_database
from benchmarks.rows import Row, row, show, wants_json
from benchmarks.web import serving

BLOCKS = 60  # of five elements each
ROUNDS = 5
BROWSER = os.environ.get("SERVOLOOP_BROWSER", "/usr/bin/chromium")
PATIENCE = 60_000  # ms


def main() -> None:
    """Measure and print."""
    as_json = wants_json("The editor with a model of 300 elements.")
    show(measure(), as_json=as_json)


def measure() -> list[Row]:
    with durable_database():
        draft, cookie = fill()
        with serving("wsgi", "servoloop.config.wsgi:application") as port:
            # The browser runs in a process of its own: its event loop would bother the database.
            opened, changed = watched(f"http://127.0.0.1:{port}", draft, cookie)
    first = opened[0]
    return [
        row("elements with a finding", first["badges"], "elements"),
        row("first opening, until it is drawn", first["drawn"], "ms"),
        row("opening, until it is drawn", middle(opened[1:], "drawn"), "ms"),
        row("opening, until the findings are drawn", middle(opened[1:], "shown"), "ms"),
        row("  of which importing the drawing", middle(opened[1:], "imported"), "ms"),
        row("  of which checking on the server, meanwhile", middle(opened[1:], "judged"), "ms"),
        row("  of which drawing the findings", middle(opened[1:], "redrawn"), "ms"),
        row("  CPU time of the page's own thread", middle(opened[1:], "busy"), "ms"),
        row("saving a change, until its findings are drawn", middle(changed, "saved"), "ms"),
    ]


def middle(rounds: list[dict[str, float]], name: str) -> float:
    return statistics.median(each[name] for each in rounds)


def fill() -> tuple[int, str]:
    """A draft of 300 elements, a third of them with something missing, and an editor's cookie."""
    from django.contrib.auth.models import Permission
    from django.test import Client

    from servoloop.accounts.models import User
    from servoloop.loop.drafts import create_draft

    cy = User.objects.create(username="cy")
    cy.user_permissions.add(Permission.objects.get(codename="add_definition"))
    draft = create_draft(model().encode(), person="cy", at=MONDAY, origin="file")
    client = Client()
    client.force_login(cy, backend="allauth.account.auth_backends.AuthenticationBackend")
    return draft.id, client.cookies["servoloop_session"].value


def model() -> str:
    """Sixty times: a task, a decision, one task for each answer, and their way together."""
    body = "".join([node("startEvent", "start"), *elements(), node("endEvent", "end")])
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:servoloop="urn:servoloop:bpmn:1" id="large" targetNamespace="urn:large">'
        f'<bpmn:process id="large_process" name="Large" isExecutable="true">{body}'
        f"{''.join(flows())}</bpmn:process></bpmn:definitions>"
    )


def elements() -> Iterator[str]:
    for at in range(BLOCKS):
        yield node("userTask", f"look{at}", step(is_whole=True))
        yield node("exclusiveGateway", f"split{at}", attributes=f' default="split{at}_more{at}"')
        yield node("userTask", f"less{at}", step(is_whole=at % 2 == 0))
        yield node("userTask", f"more{at}", step(is_whole=False))
        yield node("exclusiveGateway", f"join{at}")


def flows() -> Iterator[str]:
    before = "start"
    for at in range(BLOCKS):
        look, split, less, more, join = (
            f"{name}{at}" for name in ("look", "split", "less", "more", "join")
        )
        for source, target in ((before, look), (look, split), (split, less), (split, more)):
            yield flow(source, target, condition="amount &lt; 100" if target == less else "")
        yield flow(less, join)
        yield flow(more, join)
        before = join
    yield flow(before, "end")


def step(*, is_whole: bool) -> str:
    inside = (
        "<servoloop:sop>1. Look. 2. Act.</servoloop:sop>"
        '<servoloop:output name="amount" type="number" required="true"/>'
    )
    chain = '<servoloop:escalation role="agent" within="PT1H"/>' if is_whole else ""
    return (
        "<bpmn:extensionElements><servoloop:step"
        f' standardTime="PT10M" responseTime="PT2H" role="agent">{inside}{chain}'
        "</servoloop:step></bpmn:extensionElements>"
    )


def node(kind: str, id: str, inside: str = "", *, attributes: str = "") -> str:
    return f'<bpmn:{kind} id="{id}" name="{id.capitalize()}"{attributes}>{inside}</bpmn:{kind}>'


def flow(source: str, target: str, *, condition: str = "") -> str:
    inside = (
        f"<bpmn:conditionExpression>{condition}</bpmn:conditionExpression>" if condition else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inside}</bpmn:sequenceFlow>"
    )


MARKS = """() => {
  const at = (name) => performance.getEntriesByName(name).at(-1).startTime;
  const modeler = document.querySelector("process-editor").modeler;
  return {
    imported: at("editor:drawn") - at("editor:fetched"),
    drawn: at("editor:drawn"),
    judged: at("editor:judged") - at("editor:fetched"),
    redrawn: at("editor:shown") - Math.max(at("editor:judged"), at("editor:drawn")),
    shown: at("editor:shown"),
    badges: document.querySelectorAll(".finding-badge").length,
  };
}"""
CHANGE = """(name) => new Promise((resolve) => {
  const { modeler, saving } = document.querySelector("process-editor");
  modeler.get("modeling").updateProperties(modeler.get("elementRegistry").get("look7"), { name });
  const begun = performance.now();
  saving.addEventListener("findings", () =>
    requestAnimationFrame(() => resolve({ saved: performance.now() - begun })), { once: true });
  saving.save();
})"""


def watched(
    url: str, draft: int, cookie: str
) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """What a browser says of itself: each opening of the draft, then each change."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 800})
        context.set_default_timeout(PATIENCE)
        session: Any = {"name": "servoloop_session", "value": cookie, "url": url}
        context.add_cookies([session])
        page = context.new_page()
        # Its clock stands still while other programs have the processor.
        thread = context.new_cdp_session(page)
        thread.send("Performance.enable", {"timeDomain": "threadTicks"})
        opened = []
        for _ in range(ROUNDS + 1):
            page.goto(f"/design/drafts/{draft}/edit/")
            page.wait_for_selector("process-editor[ready]")
            opened.append({**page.evaluate(MARKS), "busy": busy(thread)})
        changed = [page.evaluate(CHANGE, f"Look again {at}") for at in range(ROUNDS)]
        browser.close()
    return opened, changed


def busy(thread: Any) -> float:
    """Milliseconds of CPU time since the page began to load."""
    metrics = thread.send("Performance.getMetrics")["metrics"]
    return next(1000 * each["value"] for each in metrics if each["name"] == "TaskDuration")


if __name__ == "__main__":
    sys.exit(main())
