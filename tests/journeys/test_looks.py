"""How each page looks and reads: screenshots to look at, axe, the width, the watermark.

The pictures go to artefacts/screens. Four looks cover every pair of language, theme and device;
SERVOLOOP_SCREENS=all takes all eight.
"""

import itertools
import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, SCREENS, Visits

expect.set_options(timeout=PATIENCE)

PAIRS = [
    ("zh-CN", False, False),
    ("zh-CN", True, True),
    ("en-US", False, True),
    ("en-US", True, False),
]
EVERY = list(itertools.product(("zh-CN", "en-US"), (False, True), (False, True)))
LOOKS = EVERY if os.environ.get("SERVOLOOP_SCREENS") == "all" else PAIRS
# Two that differ in everything, where there are many pages: the gate shall stay short.
TWO_LOOKS = LOOKS if LOOKS is EVERY else [PAIRS[1], PAIRS[3]]

STRANGER = {
    "login": "/accounts/login/",
    "portal": "/portal/",
    "portal-form": "/portal/services/hasty_complaint/",
    "not-found": "/nowhere/",
}
CUSTOMER = {"portal-cases": "/portal/cases/", "portal-case": "/portal/cases/SL-000003/"}
COLLEAGUE = {
    "work": "/run/work/",
    "task": "/run/cases/3/tasks/7/",
    "case": "/run/cases/3/",
    "cases": "/run/cases/",
    "escalations": "/run/escalations/?all=1",
    "incidents": "/run/incidents/",
    "processes": "/design/processes/",
    "process": "/design/processes/hasty_complaint/",
    "readiness": "/design/processes/hasty_complaint/readiness/",
    "blueprint": "/design/processes/hasty_complaint/blueprint/",
    "measure": "/measure/",
    "diagnosis": "/diagnose/",
}


def named(look: tuple[str, bool, bool]) -> str:
    language, dark, phone = look
    return "-".join((language[:2], "dark" if dark else "light", "phone" if phone else "desktop"))


@pytest.mark.parametrize("look", LOOKS, ids=named)
def test_every_page_is_fit_to_be_seen(look: tuple[str, bool, bool], visits: Visits) -> None:
    language, dark, phone = look
    SCREENS.mkdir(parents=True, exist_ok=True)
    wrong: list[str] = []
    for who, pages in (("", STRANGER), ("mo", CUSTOMER), ("ada", COLLEAGUE)):
        page = visits.page(who, language=language, dark=dark, phone=phone)
        for name, path in pages.items():
            page.goto(path)
            if name in ("case", "process"):
                expect(page.locator("process-diagram[drawn]")).to_be_visible()
            page.screenshot(path=SCREENS / f"{name}-{named(look)}.png", full_page=True)
            wrong += [f"{name}: {each}" for each in faults(page)]
    assert "\n".join(wrong) == ""


def faults(page: Page) -> list[str]:
    """What axe finds serious, and a page wider than its window."""
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    found = [
        f"{violation['id']} {[node['target'] for node in violation['nodes']][:3]}"
        for violation in results.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]
    width, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return found + ([f"is {width} px wide in {window} px"] if width > window else [])


def test_the_watermark_of_the_diagram_viewer_is_visible(visits: Visits) -> None:
    """Its licence demands it."""
    page = visits.page("ada")
    page.goto("/run/cases/3/")

    mark = page.locator("process-diagram .bjs-powered-by")

    expect(mark).to_be_visible()
    assert re.search("bpmn.io", mark.get_attribute("title") or "", re.IGNORECASE)
    box = mark.bounding_box()
    assert box is not None
    assert box["width"] >= 30
    on_top = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y)?.closest('.bjs-powered-by') !== null",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert on_top


def test_the_diagram_shows_where_the_case_is_in_the_reader_s_language(visits: Visits) -> None:
    page = visits.page("ada", language="zh-CN")
    page.goto("/run/cases/3/")
    expect(page.locator("process-diagram[drawn]")).to_be_visible()

    expect(page.locator("process-diagram .is-active[data-element-id=triage]")).to_have_count(1)
    expect(page.locator("process-diagram .token")).to_have_count(1)
    expect(page.locator("process-diagram .is-passed[data-element-id=asked]")).to_have_count(1)
    expect(page.locator("process-diagram .djs-container")).to_contain_text("答复或转交")
