"""A log of another system is brought: looked at, its columns corrected, cleaned, diagnosed."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, SCREENS, Visits

pytestmark = pytest.mark.journey
expect.set_options(timeout=PATIENCE)

STEPS = ("Received", "Checked", "Answered", "Closed")


def odd_log(folder: Path) -> Path:
    """Columns in another language, one case doubled, one name in capitals, one unreadable time."""
    rows = ["Vorgang;Wer;Schritt;Wann;Kanal"]
    for case in range(40):
        for hour, step in enumerate(STEPS):
            day = f"{1 + case % 28:02d}.01.2026"
            rows.append(f"{case};Agent {case % 3};{step};{day} {9 + hour}:{case:02d};mail")
    rows += [rows[1], rows[5].replace("Received", "RECEIVED"), rows[9].replace("2026", "soon")]
    path = folder / "vorgänge.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def bring(page: Page, log: Path) -> None:
    page.goto("/diagnose/")
    page.locator("#file").set_input_files(log)
    page.locator("form[action$='/logs/'] button.btn-primary").click()
    page.wait_for_url(re.compile("/choices/$"))


def test_a_column_is_corrected_and_the_cleaning_stands_in_the_report(
    visits: Visits, tmp_path: Path
) -> None:
    page = visits.page("ada")
    bring(page, odd_log(tmp_path))
    expect(page.get_by_text("cannot be read")).to_be_visible()
    expect(page.get_by_role("cell", name="Agent 0").first).to_be_visible()

    page.get_by_label("Wer", exact=True).select_option("resource")
    page.get_by_label("Schritt", exact=True).select_option("activity")
    page.get_by_role("button", name="Read again with these choices").click()
    expect(page.get_by_label("Wer", exact=True)).to_have_value("resource")
    page.get_by_label("Merge activity names").check()
    page.get_by_label("Drop events equal to another in every column").check()
    page.get_by_role("button", name="Diagnose this log").first.click()

    report = page.frame_locator("iframe.report")
    expect(report.get_by_role("heading", level=1)).to_contain_text("vorgänge.csv")
    cleaning = report.locator("#t-cleaning")
    expect(cleaning).to_contain_text("Merge activity names that differ only in case or blanks")
    # The capitals were a doubled event too, once the names were merged.
    expect(cleaning).to_contain_text("162 → 160")
    expect(page.get_by_text("are kept until")).to_be_visible()


@pytest.mark.parametrize(("language", "phone"), [("en-US", False), ("zh-CN", True)])
def test_the_choices_are_fit_to_be_seen(
    visits: Visits, tmp_path: Path, language: str, phone: bool
) -> None:
    page = visits.page("ada", language=language, phone=phone)
    bring(page, odd_log(tmp_path))
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    SCREENS.mkdir(parents=True, exist_ok=True)
    name = f"choices-{language[:2]}-{'phone' if phone else 'desktop'}.png"
    page.screenshot(path=SCREENS / name, full_page=True)


def test_a_brought_log_is_deleted_when_it_is_asked_for(visits: Visits, tmp_path: Path) -> None:
    page = visits.page("ada")
    bring(page, odd_log(tmp_path))
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“vorgänge.csv” is deleted.")).to_be_visible()
