"""How the pages of the workshop look: pictures, axe at every level of harm, and the width.

The pages of the editor and of everything that runs are in modules of their own.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, SCREENS, Visits
from tests.journeys.test_looks import TWO_LOOKS, faults, named

expect.set_options(timeout=PATIENCE)
PROCESS = "/design/processes/hasty_complaint"
PAGES = {
    "versions": f"{PROCESS}/versions/",
    "manual": f"{PROCESS}/manual/",
    "heat": f"{PROCESS}/heat/?show=wait&days=all",
    "value-stream": f"{PROCESS}/value-stream/",
    "value-standard": f"{PROCESS}/value-stream/?by=standard",
    "dry-run": f"{PROCESS}/dry-run/",
    "drafts": "/design/drafts/",
    "approvals": "/design/approvals/",
    "new": "/design/new/",
    "templates": "/design/new/templates/",
    "text": "/design/new/text/",
    "publish-file": "/design/processes/publish/",
}


def look(page: Page, name: str, path: str, look: tuple[str, bool, bool]) -> list[str]:
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == 200, path
    page.screenshot(path=SCREENS / f"{name}-{named(look)}.png", full_page=True)
    return [f"{name}: {each}" for each in faults(page)]


@pytest.mark.parametrize("as_seen", TWO_LOOKS, ids=named)
def test_every_page_of_the_workshop_is_fit_to_be_seen(
    as_seen: tuple[str, bool, bool], visits: Visits
) -> None:
    language, dark, phone = as_seen
    SCREENS.mkdir(parents=True, exist_ok=True)
    page = visits.page("cy", language=language, dark=dark, phone=phone)

    wrong = [each for name, path in PAGES.items() for each in look(page, name, path, as_seen)]

    assert "\n".join(wrong) == ""


def test_the_ladder_of_the_value_stream_is_read_in_the_dark(visits: Visits) -> None:
    """axe does not look into pictures: the words must not have the colour of their ground."""
    page = visits.page("cy", dark=True)
    page.goto(f"{PROCESS}/value-stream/?by=standard")
    page.locator("svg.ladder text").first.wait_for()

    ink, ground = page.evaluate(
        """() => {
          const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
          const light = (colour) => parts(colour).slice(0, 3).reduce((a, b) => a + b, 0);
          const ground = (element) => getComputedStyle(element).backgroundColor;
          const ladder = document.querySelector("svg.ladder");
          let below = ladder;
          while (parts(ground(below))[3] === 0) below = below.parentElement;
          const text = ladder.querySelector("text");
          return [light(getComputedStyle(text).fill), light(ground(below))];
        }"""
    )

    assert ink - ground > 300


def test_the_picture_of_a_dry_run_follows_the_case(visits: Visits) -> None:
    page = visits.page("cy")
    page.goto(f"{PROCESS}/dry-run/")
    expect(page.locator("process-diagram[drawn]")).to_be_visible()
    expect(page.get_by_role("button", name="Undo the last move")).to_be_disabled()
    stage = page.locator("process-diagram [data-stage]").bounding_box()
    assert stage is not None

    for turn in range(3):
        page.get_by_role("button", name="Next by itself").click()
        expect(page.get_by_role("button", name="Undo the last move")).to_be_enabled()
        page.wait_for_timeout(300)
        active = page.locator("process-diagram .djs-element.is-active")
        if turn and not active.count():
            break  # the case is at its end
        here = active.first.bounding_box()
        assert here is not None, turn
        assert stage["x"] <= here["x"] <= stage["x"] + stage["width"], turn
        assert stage["y"] <= here["y"] <= stage["y"] + stage["height"], turn
