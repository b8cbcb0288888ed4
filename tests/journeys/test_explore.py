"""A person explores a log: sliders, a click on an arrow, its cases, two periods, saved pictures."""

import json
import re
import struct
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from servoloop.loop.diagnose import diagnose_log
from servoloop.loop.log_file import keep_log_file, read_log_file
from servoloop.loop.report.render import render
from tests.journeys.conftest import PATIENCE, ROOT, SCREENS, House, Visits
from tests.journeys.test_looks import faults

pytestmark = pytest.mark.journey
expect.set_options(timeout=PATIENCE)

LOG = ROOT / "examples" / "logs" / "complaints.csv"
RUN = "e" * 32
HERE = f"/diagnose/reports/{RUN}"


@pytest.fixture(scope="module", autouse=True)
def _run(house: House) -> None:
    """A finished run of Ada's with its log; how runs come about is walked elsewhere."""
    folder = house.var / "diagnoses" / RUN
    folder.mkdir(parents=True)
    state = {
        "id": RUN,
        "name": "complaints.csv",
        "person": "ada",
        "language": "en",
        "began_at": datetime.now(UTC).isoformat(),
        "zone": "UTC",
        "is_live": False,
        "state": "done",
    }
    (folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    (folder / "report.html").write_text(render(diagnose_log(LOG)), encoding="utf-8")
    keep_log_file(read_log_file(LOG).log, folder / "log.parquet")


def kept_cases(page: Page) -> int:
    said = page.locator("#kept strong").inner_text()
    return int(said.replace(",", ""))


def test_a_number_of_the_report_leads_out_of_its_box_to_its_cases(visits: Visits) -> None:
    page = visits.page("ada")
    page.goto(f"{HERE}/")
    number = (
        page.frame_locator("iframe.report").locator("#activities a[data-cases*=contains]").nth(3)
    )
    number.scroll_into_view_if_needed()
    said = number.inner_text()
    number.click()
    expect(page).to_have_url(re.compile("/explore/"))
    expect(page.locator(".chip")).to_have_count(1)
    assert kept_cases(page) == int(said.replace(",", ""))


def test_from_the_report_through_the_map_to_one_case(visits: Visits) -> None:
    page = visits.page("ada")
    page.goto(f"{HERE}/")
    page.get_by_role("link", name="Explore").click()
    expect(page.locator("process-map[drawn]")).to_be_visible()
    everything = kept_cases(page)

    # The sliders act in the browser and the honesty figures follow.
    arrows = page.locator("process-map [data-edge][role=button]")
    before, honest = arrows.count(), page.locator("[data-honesty]").inner_text()
    paths = page.locator("[data-slider=paths]")
    paths.fill(paths.get_attribute("max") or "")
    expect(arrows).not_to_have_count(before)
    assert page.locator("[data-honesty]").inner_text() != honest
    assert "100 %" in page.locator("[data-honesty]").inner_text()
    page.locator("[data-slider=activities]").fill("4")
    expect(page.locator("process-map [data-node]")).to_have_count(6)

    # A click on an arrow keeps its cases; the address tells it and going back undoes it.
    arrow = page.locator("process-map g[data-edge][tabindex]", has=page.locator("polygon")).first
    arrow.focus()
    page.keyboard.press("Enter")
    menu = page.get_by_role("dialog")
    expect(menu).to_contain_text("→")
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.locator(".chip")).to_contain_text("→")
    fewer = kept_cases(page)
    assert 0 < fewer < everything
    assert "f=follows" in page.url
    page.go_back()
    expect(page.locator(".chip")).to_have_count(0)
    assert kept_cases(page) == everything
    page.go_forward()
    expect(page.locator(".chip")).to_have_count(1)

    # The number leads to as many cases, and a case to its story.
    page.get_by_role("link", name="Cases", exact=True).last.click()
    expect(page.locator("#case-list .kept")).to_contain_text(f"{fewer} of {everything}")
    page.locator("#case-list tbody a").first.click()
    expect(page.locator(".story .what").first).to_be_visible()


def test_an_attribute_is_chosen_and_its_chip_taken_away(visits: Visits) -> None:
    page = visits.page("ada")
    page.goto(f"{HERE}/explore/")
    page.get_by_text("Add a filter").click()
    page.get_by_label("Which one").select_option("@weekday")
    page.get_by_role("checkbox", name="Monday").check()
    page.locator("#values").get_by_role("button", name="Keep these cases").click()

    expect(page.locator(".chip")).to_contain_text("weekday of the beginning: Monday")
    page.get_by_role("link", name=re.compile("^Remove: ")).click()
    expect(page.locator(".chip")).to_have_count(0)


def test_two_periods_stand_side_by_side(visits: Visits) -> None:
    page = visits.page("ada")
    page.goto(f"{HERE}/compare/")
    page.get_by_role("button", name="Compare the periods").click()

    expect(page.locator(".side.a")).to_contain_text("started")
    expect(page.locator("process-map[drawn]")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Median cycle time"))).to_contain_text("n = ")
    words = page.locator("process-map [data-edge] text").all_text_contents()
    assert any(re.search(r"[+−±][\d.]+ pts", text) for text in words)


def test_pictures_are_saved_on_a_white_ground_even_in_the_dark(
    visits: Visits, tmp_path: Path
) -> None:
    page = visits.page("ada", dark=True)
    page.goto(f"{HERE}/explore/")
    expect(page.locator("process-map[drawn]")).to_be_visible()
    with page.expect_download() as saved:
        page.locator("save-picture[for=map] [data-save=svg]").click()
    svg = tmp_path / "map.svg"
    saved.value.save_as(svg)
    text = svg.read_text(encoding="utf-8")
    width = round(float(re.search(r'<svg[^>]* width="([\d.]+)"', text)[1]))  # type: ignore[index]
    assert '<rect x="-12" y="-12"' in text
    assert 'fill="#fff"' in text
    assert "#1c2430" in text  # ink of the light theme
    for picture in ("map", "cycle-picture"):
        with page.expect_download() as saved:
            page.locator(f"save-picture[for={picture}] [data-save=png]").click()
        png = tmp_path / "picture.png"
        saved.value.save_as(png)
        data = png.read_bytes()
        assert data.startswith(b"\x89PNG")
        if picture == "map":
            assert struct.unpack(">I", data[16:20])[0] == 2 * width


def test_a_part_that_fails_says_so_where_it_would_stand(visits: Visits) -> None:
    page = visits.page("ada")
    page.route("**/explore/kpis/**", lambda route: route.fulfill(status=503, body="busy"))
    page.goto(f"{HERE}/explore/")

    expect(page.locator("#kpis [role=alert]")).to_contain_text("could not be loaded")
    visits.complaints = [said for said in visits.complaints if "Error Code 503" not in said]


def test_people_are_named_after_a_reason_was_written_down(visits: Visits) -> None:
    page = visits.page("ada")
    page.goto(f"{HERE}/explore/")
    page.get_by_label("Why must people be named?").fill("Agreed with the works council")
    page.get_by_role("button", name="Name people").click()

    expect(page.get_by_text("Agreed with the works council").first).to_be_visible()
    expect(page.get_by_text(re.compile("Workload of"))).to_be_visible()
    page.get_by_role("button", name="Stop naming people").click()
    expect(page.get_by_role("button", name="Name people")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "dark", "phone"), [("zh-CN", True, True), ("en-US", False, False)]
)
def test_the_live_pages_are_fit_to_be_seen(
    visits: Visits, language: str, *, dark: bool, phone: bool
) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page = visits.page("ada", language=language, dark=dark, phone=phone)
    wrong: list[str] = []
    for name, path in {
        "explore": f"{HERE}/explore/?f=contains~Answered",
        "compare": f"{HERE}/compare/?a=value~@weekday~Monday&b=no-value~@weekday~Monday",
        "cases": f"{HERE}/cases/",
        "case": f"{HERE}/cases/one/?name=C-0001",
    }.items():
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if name in ("explore", "compare"):
            expect(page.locator("process-map[drawn]")).to_be_visible()
        look = f"{language[:2]}-{'dark' if dark else 'light'}-{'phone' if phone else 'desktop'}"
        page.screenshot(path=SCREENS / f"log-{name}-{look}.png", full_page=True)
        wrong += [f"{name}: {each}" for each in faults(page)]
    assert "\n".join(wrong) == ""
