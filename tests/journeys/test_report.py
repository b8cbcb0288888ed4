"""The diagnosis as a page in a browser: offline, in both languages, its map alive."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from servoloop.kernel.process.check import check, load_program
from servoloop.kernel.process.document import read_document
from servoloop.loop.diagnose import diagnose_log
from servoloop.loop.discover import discover_log
from servoloop.loop.report.render import render
from tests.journeys.conftest import SCREENS

pytestmark = pytest.mark.journey

LOG = Path(__file__).resolve().parents[2] / "examples" / "logs" / "complaints.csv"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "report.html"
    definition = load_program(discover_log(LOG).bpmn)
    found = diagnose_log(LOG, definition=definition, with_model=True)
    path.write_text(render(found), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may neither complain nor ask the network for anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on(
        "request",
        lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url),
    )
    yield page
    context.close()
    assert complaints == []


def test_the_sliders_change_the_map_and_the_honesty_figures(page, report):
    page.goto(report)
    arrows = page.locator("#map-canvas [data-edge][role=button]")
    before, honest = arrows.count(), page.locator("#honesty").inner_text()
    page.locator("#paths-slider").fill(page.locator("#paths-slider").get_attribute("max"))
    page.wait_for_function(
        f"document.querySelectorAll('#map-canvas [data-edge]').length > {before}"
    )
    assert arrows.count() > before
    assert page.locator("#honesty").inner_text() != honest
    assert "100 %" in page.locator("#honesty").inner_text()
    page.locator("#activities-slider").fill("2")
    page.wait_for_function("document.querySelectorAll('#map-canvas [data-node]').length <= 4")


def test_a_box_and_an_arrow_tell_their_details(page, report):
    page.goto(report)
    page.locator("#map-canvas [data-node]", has_text="Answered").first.click()
    assert "Answered" in page.locator("#map-details").inner_text()
    page.locator("#map-canvas [data-edge][role=button]").first.focus()
    page.keyboard.press("Enter")
    assert "→" in page.locator("#map-details").inner_text()


def test_the_language_changes_every_visible_text_and_back(page, report):
    page.goto(report)
    assert page.locator("h1").inner_text() == "How complaints.csv really runs"
    page.locator("#language").click()
    assert page.locator("h1").inner_text() == "complaints.csv 的实际运行情况"
    assert "完全落在图上的案例" in page.locator("#honesty").inner_text()
    page.locator("#language").click()
    assert "Cases wholly on the map" in page.locator("#honesty").inner_text()


def test_a_table_is_saved_as_csv_with_plain_numbers(page, report, tmp_path):
    page.goto(report)
    with page.expect_download() as saved:
        page.locator("[data-table=t-activities]").click()
    path = tmp_path / "activities.csv"
    saved.value.save_as(path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    answered = next(row for row in rows if row["Activity"] == "Answered")
    found = diagnose_log(LOG)
    node = next(n for n in found.process_map.nodes if n.activity == "Answered")
    assert (int(answered["Events"]), int(answered["Cases"])) == (node.events, node.cases)


def test_every_picture_is_saved_in_light_colours_and_one_language(page, report, tmp_path):
    page.goto(f"{report}#lang=zh&theme=dark")
    page.locator("#map-canvas svg").wait_for()
    saved = page.locator("save-picture")
    names = {each.get_attribute("name") for each in saved.all()}
    assert {"process-map", "value-stream", "cycle-times", "model"} <= names
    for each in saved.all():
        for kind, beginning in (("svg", b"<svg"), ("png", b"\x89PNG")):
            with page.expect_download() as picture:
                each.locator(f"[data-save={kind}]").click()
            path = tmp_path / picture.value.suggested_filename
            picture.value.save_as(path)
            assert path.read_bytes().startswith(beginning), path
    bars = (tmp_path / "cycle-times.svg").read_text(encoding="utf-8")
    assert "小时" in bars or "天" in bars
    assert 'class="en"' not in bars
    assert "rgb(31, 95, 191)" in bars  # the blue of the light theme


def test_the_discovered_model_is_saved_as_a_file_that_can_be_executed(page, report, tmp_path):
    page.goto(report)
    with page.expect_download() as saved:
        page.locator("#save-model").click()
    path = tmp_path / "model.bpmn"
    saved.value.save_as(path)
    assert saved.value.suggested_filename == "complaints.csv.bpmn"
    assert check(read_document(path.read_bytes())).is_executable


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("width", "language"), [(1280, "en"), (375, "zh")])
def test_it_fits_the_screen_and_axe_finds_nothing(page, report, theme, width, language):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{report}#lang={language}&theme={theme}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [violation["id"] for violation in found] == []
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"diagnosis-{width}-{language}-{theme}.png", full_page=True)
