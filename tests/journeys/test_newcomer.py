"""A newcomer's first process: from a template over the gate and a dry run to a customer's case."""

import re

import psycopg
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, SCREENS, House, Visits
from tests.journeys.drawing import modeler, opened

expect.set_options(timeout=PATIENCE)
STEP = "investigate"


def keep(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"newcomer-{name}.png", full_page=True)


def choose(page: Page, element: str) -> None:
    modeler(page, "(get, id) => get('selection').select(get('elementRegistry').get(id))", element)


def fill(page: Page, name: str, text: str) -> None:
    field = page.locator(f'process-panel [data-field="{name}"]')
    field.fill(text)
    field.press("Tab")


def saved(page: Page) -> None:
    expect(page.locator("process-editor")).to_have_attribute("data-save", "saved")


def publish(page: Page, draft: int, reason: str) -> None:
    page.goto(f"/design/drafts/{draft}/publish/")
    page.get_by_label("What changes, and why").fill(reason)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(re.compile(r"/design/processes/complaint/"))


def ask(page: Page, subject: str) -> str:
    """Mo asks through the portal; the number of the case."""
    page.goto("/portal/")
    page.get_by_role("link", name="Consultation and complaint").click()
    page.get_by_label("What is it about").select_option(index=1)
    page.get_by_label("What happened").fill(subject)
    for label in ("What you would like us to do", "Your name"):
        if page.get_by_label(label).count():
            page.get_by_label(label).fill("An answer")
    if page.get_by_label("E-mail").count():
        page.get_by_label("E-mail").fill("mo@example.com")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url(re.compile("/portal/follow/"))
    return page.locator("[data-case-number]").inner_text()


def version_of(house: House, number: str) -> int:
    with psycopg.connect(house.database) as connection:
        row = connection.execute(
            'SELECT definition_id FROM "case" WHERE number = %s', [number]
        ).fetchone()
    assert row is not None
    return int(row[0])


def test_a_newcomer_takes_a_template_all_the_way_to_a_case(visits: Visits, house: House) -> None:
    page, mo = visits.page("cy"), visits.page()
    page.goto("/design/new/templates/")
    page.get_by_role("link", name="Consultation and complaint").first.click()
    page.get_by_role("button", name="Use this template").click()
    draft = opened(page)

    # A step is changed, and the gate says at once what that breaks.
    choose(page, STEP)
    fill(page, "responseTime", "")
    row = page.locator("[data-code]", has_text="Investigate")
    expect(row.first).to_be_visible()
    keep(page, "finding")
    row.first.click()
    fill(page, "responseTime", "5 h")
    expect(row).to_have_count(0)
    saved(page)

    # The draft is tried before anything is live.
    page.goto(f"/design/drafts/{draft}/dry-run/")
    page.get_by_role("button", name="To the end").click()
    expect(page.get_by_text("The case is closed.", exact=False).first).to_be_visible()
    keep(page, "dry-run")

    publish(page, draft, "Our first complaint process.")
    first = ask(mo, "Where is my parcel?")

    # The next version serves new cases; the old case stays on its own.
    page.goto("/design/processes/complaint/")
    page.get_by_role("button", name="Edit").click()
    again = opened(page)
    choose(page, STEP)
    fill(page, "standardTime", "40 min")
    saved(page)
    publish(page, again, "Investigating takes longer than we thought.")
    second = ask(mo, "Where is my invoice?")
    assert version_of(house, first) != version_of(house, second)

    # What the process is, on paper.
    page.goto("/design/processes/complaint/blueprint/")
    expect(page.locator("svg").first).to_be_visible()
    keep(page, "blueprint")
    page.goto("/design/processes/complaint/manual/")
    keep(page, "manual")
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF, both languages").click()
    path = download.value.path()
    assert path.read_bytes().startswith(b"%PDF-")
