"""How the editor looks and reads: pictures, axe, the watermark, and no English word in Chinese."""

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, SCREENS, Visits
from tests.journeys.drawing import begin, modeler, opened, ready
from tests.journeys.test_looks import LOOKS, faults, named

expect.set_options(timeout=PATIENCE)

# Every kind of element that bpmn-js has words for, with what makes its menus differ.
KINDS = [
    *({"type": f"bpmn:{name}"} for name in ("Task", "UserTask", "CallActivity", "Transaction")),
    {"type": "bpmn:SubProcess", "isExpanded": True},
    {"type": "bpmn:SubProcess", "isExpanded": False},
    {"type": "bpmn:SubProcess", "isExpanded": True, "triggeredByEvent": True},
    {"type": "bpmn:AdHocSubProcess", "isExpanded": True},
    *({"type": f"bpmn:{name}Gateway"} for name in ("Exclusive", "Inclusive", "EventBased")),
    *(
        {"type": f"bpmn:{kind}", "eventDefinitionType": f"bpmn:{definition}EventDefinition"}
        for kind, definition in itertools.product(
            ("StartEvent", "IntermediateCatchEvent", "IntermediateThrowEvent", "EndEvent"),
            ("Message", "Timer", "Signal", "Error", "Link", "Compensate", "Escalation"),
        )
    ),
    *({"type": f"bpmn:{name}"} for name in ("StartEvent", "EndEvent", "TextAnnotation", "Group")),
    *({"type": f"bpmn:Data{name}Reference"} for name in ("Object", "Store")),
]
SAYS = """(get, kinds) => {
  const root = get("canvas").getRootElement(), said = new Set();
  const isTask = (e) => e.type === "bpmn:UserTask" || e.type === "bpmn:Task";
  const hear = (selector, words) => {
    for (const each of document.querySelectorAll(selector)) said.add(words(each));
  };
  const create = (kind, at, parent, hints = {}) =>
    get("modeling").createShape(get("elementFactory").createShape(kind), at, parent, hints);
  const listen = (element) => {
    get("contextPad").open(element, true);
    hear(".djs-context-pad .entry", (e) => e.title || e.ariaLabel);
    if (Array.isArray(element) || get("popupMenu").isEmpty(element, "bpmn-replace")) return;
    get("popupMenu").open(element, "bpmn-replace", { x: 10, y: 10 }, { title: "更改" });
    hear(".djs-popup .entry", (e) => e.textContent.trim() || e.title);
    hear(".djs-popup [title]", (e) => e.title);
    get("popupMenu").close();
  };
  hear(".djs-palette .entry", (e) => e.title || e.ariaLabel);
  kinds.forEach((kind, at) => {
    const place = { x: 400 + (at % 8) * 220, y: 400 + Math.floor(at / 8) * 260 };
    listen(create(kind, place, root));
  });
  const tasks = get("elementRegistry").filter(isTask);
  listen(tasks);
  for (const definition of ["Timer", "Message", "Error", "Signal"]) {
    const eventDefinitionType = `bpmn:${definition}EventDefinition`;
    const edge = { type: "bpmn:BoundaryEvent", eventDefinitionType };
    listen(create(edge, { x: tasks[0].x, y: tasks[0].y }, tasks[0], { attach: true }));
  }
  listen(get("modeling").connect(tasks[0], tasks[1]));
  const pool = get("elementFactory").createParticipantShape();
  get("modeling").createShape(pool, { x: 900, y: 900 }, get("canvas").getRootElement());
  listen(pool);
  get("modeling").splitLane(pool, 2);
  listen(get("elementRegistry").find((e) => e.type === "bpmn:Lane"));
  return [...said].filter(Boolean);
}"""


def test_the_drawing_tool_speaks_chinese_to_the_last_word(visits: Visits) -> None:
    page = visits.page("cy", language="zh-CN")
    begin(page, "每个词")

    said = modeler(page, SAYS, KINDS)
    page.keyboard.press("Escape")
    page.locator("[data-stage] svg").first.focus()
    page.keyboard.press("Control+f")
    said.append(page.locator(".djs-search-input input").get_attribute("aria-label"))
    missed = page.locator("process-editor").evaluate("editor => [...editor.missed]")

    assert len(said) > 60
    assert missed == []
    assert [words for words in said if re.search("[A-Za-z]{3}", words)] == []


def complaint(page: Page) -> None:
    """A draft with findings and a comment, one step chosen."""
    page.goto("/design/processes/hasty_complaint/")
    page.locator("form:has(input[name=process]) button").click()
    opened(page)
    page.locator("[data-element-id=register] .djs-hit").first.click()


@pytest.mark.parametrize("look", LOOKS, ids=named)
def test_the_editor_is_fit_to_be_seen(look: tuple[str, bool, bool], visits: Visits) -> None:
    language, dark, phone = look
    SCREENS.mkdir(parents=True, exist_ok=True)
    desk = visits.page("cy", language=language, dark=dark)
    complaint(desk)
    page = desk
    if phone:
        page = visits.page("cy", language=language, dark=dark, phone=True)
        page.goto(desk.url)
        ready(page)
        page.locator("[data-element-id=register] .djs-hit").first.click()
    page.wait_for_timeout(500)
    page.screenshot(path=SCREENS / f"editor-{named(look)}.png", full_page=phone)
    wrong = faults(page)
    if not phone:
        page.locator("[data-stage] svg").first.focus()
        page.keyboard.press("a")
        expect(page.locator(".djs-popup")).to_be_visible()
        page.screenshot(path=SCREENS / f"editor-insert-{named(look)}.png")
        page.keyboard.press("Escape")
        page.keyboard.press("?")
        expect(page.locator("dialog#keys")).to_be_visible()
        page.screenshot(path=SCREENS / f"editor-keys-{named(look)}.png")
    assert "\n".join(wrong) == ""


def test_the_watermark_of_the_modeler_is_visible(visits: Visits) -> None:
    """Its licence demands it."""
    page = visits.page("cy")
    begin(page, "Watermark")

    mark = page.locator("process-editor .bjs-powered-by")

    expect(mark).to_be_visible()
    assert re.search("bpmn.io", mark.get_attribute("title") or "", re.IGNORECASE)
    box = mark.bounding_box()
    assert box is not None
    assert box["width"] >= 30
    assert page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y)?.closest('.bjs-powered-by') !== null",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
