"""Whatever hands and eyes people bring: another language, a phone, a keyboard, no script."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, ROOT, Visits

expect.set_options(timeout=PATIENCE)


def fill_question(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.get_by_label("Your name").fill("Mo")
    page.get_by_label("Telephone").fill("13800000000")


def test_the_language_changes_and_the_page_stays(visits: Visits) -> None:
    page = visits.page("ada")
    page.goto("/run/cases/?status=all")

    page.locator("[data-language-switch]").click()

    expect(page.get_by_role("heading", name="工单")).to_be_visible()
    assert page.url.endswith("/run/cases/?status=all")
    assert page.locator("html").get_attribute("lang") == "zh-hans"
    page.locator("[data-language-switch]").click()
    expect(page.get_by_role("heading", name="Cases")).to_be_visible()


def test_the_theme_is_remembered(visits: Visits) -> None:
    page = visits.page()
    page.goto("/portal/")
    assert page.locator("html").get_attribute("data-bs-theme") == "light"

    page.get_by_role("button", name="Switch between light and dark").click()
    page.goto("/accounts/login/")

    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_work_is_done_by_keyboard_alone(visits: Visits) -> None:
    page = visits.page("ada")
    expect(page.locator("[data-row]").first).to_be_visible()

    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("[data-row]").first.locator("a[data-open]")
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/tasks/\d+/"))

    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("SL-000002")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/run/cases/2/"))

    page.keyboard.press("n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type("asked the shop, j and t")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("asked the shop, j and t")).to_be_visible()


def test_a_live_change_steals_neither_focus_nor_what_is_being_typed(visits: Visits) -> None:
    ada, mo = visits.page("ada"), visits.page("mo")
    ada.goto("/run/cases/1/")
    ada.get_by_label("Reply to the customer").fill("half a sen")
    mo.goto("/portal/cases/SL-000001/")
    mo.get_by_label("Your message").fill("One more thing")
    mo.get_by_role("button", name="Send").click()

    expect(ada.locator("#turns").get_by_text("One more thing")).to_be_visible()

    expect(ada.get_by_label("Reply to the customer")).to_be_focused()
    expect(ada.get_by_label("Reply to the customer")).to_have_value("half a sen")


def test_a_draft_survives_leaving_the_page(visits: Visits) -> None:
    page = visits.page()
    page.goto("/portal/services/tiny/")
    page.get_by_label("Your question").fill("A long story")

    page.goto("/portal/")
    page.goto("/portal/services/tiny/")

    expect(page.get_by_label("Your question")).to_have_value("A long story")
    expect(page.get_by_text("This is your draft from before")).to_be_visible()


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(visits: Visits) -> None:
    page = visits.page()
    page.goto("/portal/services/hasty_complaint/")
    page.get_by_label("What happened?").fill("It broke.")
    page.get_by_label("Amount concerned").fill("a lot")

    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text("This must be a number")).to_be_visible()
    expect(page.get_by_label("What happened?")).to_have_value("It broke.")
    expect(page.get_by_label("Amount concerned")).to_have_value("a lot")
    assert page.get_by_label("Amount concerned").get_attribute("aria-invalid") == "true"


def test_everything_works_without_script(visits: Visits) -> None:
    mo = visits.page(script=False)
    mo.goto("/portal/services/tiny/")
    fill_question(mo, "No script here")
    mo.get_by_role("button", name="Send").click()
    number = mo.locator("[data-case-number]").inner_text()
    mo.get_by_label("Your message").fill("And a reply")
    mo.get_by_role("button", name="Send").click()
    expect(mo.locator("#turns")).to_contain_text("And a reply")

    ada = visits.page("ada", script=False)
    ada.locator("#search").fill(number)
    ada.keyboard.press("Enter")
    ada.get_by_role("link", name="Answer or pass on").click()
    ada.get_by_role("button", name="Take task").click()
    ada.get_by_role("button", name="Answered").click()

    expect(ada.get_by_text("“Answer or pass on” is completed.")).to_be_visible()
    mo.reload()
    expect(mo.get_by_role("heading", name="Your case is finished")).to_be_visible()


def test_on_a_phone_an_agent_takes_a_task_and_asks_for_help(visits: Visits) -> None:
    mo = visits.page()
    mo.goto("/portal/services/tiny/")
    fill_question(mo, "Asked from a phone")
    mo.get_by_role("button", name="Send").click()
    number = mo.locator("[data-case-number]").inner_text()

    ada = visits.page("ada", phone=True)
    ada.locator("[data-row]", has_text=number).get_by_role("button", name="Take task").click()
    ada.get_by_role("button", name="Escalate").click()
    ada.get_by_label("What do you need, and why?").fill("Who knows the answer?")
    ada.get_by_role("dialog").get_by_role("button", name="Escalate").click()

    expect(ada.get_by_text("Escalated: Supervisor is asked")).to_be_visible()
    width = ada.evaluate("document.documentElement.scrollWidth")
    assert width <= 375


def test_a_log_brought_along_becomes_a_report(visits: Visits) -> None:
    page = visits.page("ada")
    page.goto("/diagnose/")

    page.locator("#file").set_input_files(ROOT / "examples" / "logs" / "complaints.csv")
    page.get_by_role("button", name="Diagnose the log").click()

    report = page.frame_locator("iframe.report")
    expect(report.get_by_role("heading", level=1)).to_contain_text("complaints.csv")
    expect(page.get_by_role("link", name="Download")).to_be_visible()


def test_a_file_that_is_no_log_is_refused_in_words(visits: Visits) -> None:
    page = visits.page("ada")
    page.goto("/diagnose/")

    page.locator("#file").set_input_files(ROOT / "LICENSE")
    page.get_by_role("button", name="Diagnose the log").click()

    expect(page.get_by_text("This log could not be diagnosed.")).to_be_visible()


def test_our_own_cases_become_a_report(visits: Visits) -> None:
    """There is something to tell as soon as one step has been completed."""
    mo = visits.page()
    mo.goto("/portal/services/tiny/")
    fill_question(mo, "To be diagnosed")
    mo.get_by_role("button", name="Send").click()
    number = mo.locator("[data-case-number]").inner_text()
    page = visits.page("ada")
    page.locator("[data-row]", has_text=number).get_by_role("button", name="Take task").click()
    page.get_by_role("button", name="Answered").click()
    expect(page.get_by_text("“Answer or pass on” is completed.")).to_be_visible()

    page.goto("/diagnose/")
    page.get_by_role("button", name="Diagnose our cases").click()

    report = page.frame_locator("iframe.report")
    expect(report.get_by_role("heading", level=1)).to_contain_text("Our own cases")
