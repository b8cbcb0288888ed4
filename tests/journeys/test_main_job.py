"""The main job: a complaint from the portal to its closing, with an escalation on the way."""

import re

import psycopg
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, House, Visits

expect.set_options(timeout=PATIENCE)


def complain(page: Page, subject: str) -> str:
    """Mo, without an account, fills in the form and sends it with a double click."""
    page.goto("/portal/")
    page.locator("a[href='/portal/services/hasty_complaint/']").click()
    page.get_by_label("What is it about?").fill(subject)
    page.get_by_label("What happened?").fill("It arrived in two pieces.")
    page.get_by_label("Goods").check()
    page.get_by_label("Amount concerned").fill("1,299.50")
    page.get_by_label("Your name").fill("Mo")
    page.get_by_label("E-mail").fill("mo@example.com")
    page.get_by_role("button", name="Send").dblclick()
    page.wait_for_url(re.compile("/portal/follow/"))
    expect(page.get_by_text("Thank you. Your case number is")).to_be_visible()
    return page.locator("[data-case-number]").inner_text()


def test_a_complaint_goes_all_the_way_and_everybody_sees_it_live(
    visits: Visits, house: House
) -> None:
    ada, cy, mo = visits.page("ada"), visits.page("cy"), visits.page()
    cy.goto("/run/escalations/")
    expect(cy.get_by_text("No question is waiting")).to_be_visible()

    number = complain(mo, "A broken lamp")

    # Ada's open list shows it without a reload; she takes it by keyboard.
    row = ada.locator("[data-row]", has_text=number)
    expect(row).to_be_visible()
    row.locator("a[data-open]").focus()
    ada.keyboard.press("t")
    ada.wait_for_url(re.compile(r"/tasks/\d+/"))
    face = ada.locator("elapsed-timer [data-face]")
    expect(face).to_have_text(re.compile(r"00:0[1-9]"))

    ada.get_by_label("Reply to the customer").fill("We are sorry. We look into it at once.")
    ada.get_by_role("button", name="Send reply").click()
    expect(mo.get_by_text("We are sorry. We look into it at once.")).to_be_visible()

    ada.get_by_label("Severity").fill("3")
    ada.get_by_role("button", name="A complaint").click()
    expect(ada.get_by_text("“Register the complaint” is completed.")).to_be_visible()

    # Nobody does the second step in its two seconds: the clock asks Bo, then Cy, by itself.
    card = cy.locator("article", has_text=number)
    expect(card).to_contain_text("Level 2 of 2: Manager")
    card.get_by_label("Your answer").fill("Send a new one today.")
    card.get_by_role("button", name="Answer").click()
    expect(cy.get_by_text("No question is waiting")).to_be_visible()

    second = ada.locator("[data-row]", has_text=number)
    second.get_by_role("button", name="Take task").click()
    ada.get_by_label("Cause").fill("The parcel was dropped.")
    ada.get_by_role("button", name="Complete the step").click()

    # The customer sees the closing on the page that was open all the time.
    expect(mo.get_by_role("heading", name="Your case is finished")).to_be_visible()
    expect(mo.get_by_text("Put right")).to_be_visible()
    assert_log_is_complete(ada, house, number)


def assert_log_is_complete(page: Page, house: House, number: str) -> None:
    """One gapless log in the order of time, told in full on the case page."""
    with psycopg.connect(house.database) as connection:
        events = connection.execute(
            'SELECT e.seq, e.at, e.kind FROM event e JOIN "case" c ON c.id = e.case_id '
            "WHERE c.number = %s ORDER BY e.seq",
            [number],
        ).fetchall()
    assert [seq for seq, _, _ in events] == list(range(1, len(events) + 1))
    moments = [at for _, at, _ in events]
    assert moments == sorted(moments)
    kinds = [kind for _, _, kind in events]
    milestones = [
        "case.opened",
        "task.claimed",
        "conversation.sent",
        "task.completed",
        "escalation.raised",
        "escalation.climbed",
        "escalation.answered",
        "task.claimed",
        "task.completed",
        "case.closed",
    ]
    remaining = iter(kinds)
    assert all(kind in remaining for kind in milestones), kinds
    assert kinds.count("case.opened") == 1

    page.goto(f"/run/find/?q={number}")
    page.goto(page.url + "?all=1")
    shown = page.locator("[data-seq]").evaluate_all(
        "all => all.map(e => [e.dataset.seq, e.dataset.kind])"
    )
    assert [(int(seq), kind) for seq, kind in shown] == [(s, k) for s, _, k in events]


def test_a_double_click_opened_one_case_only(visits: Visits, house: House) -> None:
    subject = "Sent twice in a hurry"
    complain(visits.page(), subject)

    with psycopg.connect(house.database) as connection:
        found = connection.execute(
            'SELECT count(*) FROM "case" WHERE subject = %s', [subject]
        ).fetchone()
    assert found == (1,)
