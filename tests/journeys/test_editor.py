"""The editor: drawn, undone, saved by itself, judged; two people, no network, a phone."""

import re

import psycopg
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PATIENCE, House, Visits
from tests.journeys.drawing import FOREIGN, begin, bring, modeler, opened, ready

expect.set_options(timeout=PATIENCE)


def saved(page: Page) -> None:
    expect(page.locator("process-editor")).to_have_attribute("data-save", "saved")


def stored(house: House, draft: int) -> str:
    with psycopg.connect(house.database) as connection:
        row = connection.execute("SELECT xml FROM draft WHERE id = %s", [draft]).fetchone()
    assert row is not None
    return str(row[0])


def append_task(page: Page, name: str) -> None:
    """With the pad beside the start event, and a name typed at once."""
    page.locator("[data-element-id$='_start'] .djs-hit").first.click()
    page.locator(".djs-context-pad [data-action='append.append-task']").click()
    page.locator(".djs-direct-editing-content").fill(name)
    page.keyboard.press("Enter")
    expect(page.locator(".djs-container")).to_contain_text(name)


def rename(page: Page, element: str, name: str) -> None:
    modeler(
        page,
        "(get, [id, name]) => get('modeling').updateProperties(get('elementRegistry').get(id),"
        " { name })",
        [element, name],
    )


def let_edit(house: House, person: str) -> None:
    """Give somebody the right to publish, as an administrator would."""
    with psycopg.connect(house.database) as connection:
        connection.execute(
            "INSERT INTO person_user_permissions (user_id, permission_id)"
            " SELECT p.id, a.id FROM person p, auth_permission a"
            " WHERE p.username = %s AND a.codename = 'add_definition' ON CONFLICT DO NOTHING",
            [person],
        )


def test_a_published_process_is_opened_changed_and_saved_by_itself(
    visits: Visits, house: House
) -> None:
    page = visits.page("cy")
    page.goto("/design/processes/hasty_complaint/")
    page.get_by_role("button", name="Edit").click()
    draft = opened(page)

    page.locator("[data-element-id=complained] .djs-hit").first.click()
    page.locator(".djs-context-pad [data-action='append.append-task']").click()
    page.locator(".djs-direct-editing-content").fill("Call back")
    page.keyboard.press("Enter")
    saved(page)
    expect(page.locator("[data-save-state] time")).to_be_visible()
    assert 'name="Call back"' in stored(house, draft)

    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".djs-container")).not_to_contain_text("Call back")
    page.get_by_role("button", name="Redo").click()
    expect(page.locator(".djs-container")).to_contain_text("Call back")
    saved(page)

    page.reload()
    ready(page)
    expect(page.locator(".djs-container")).to_contain_text("Call back")
    text = stored(house, draft)
    assert "A complaint whose second step runs out of time" in text  # the comment before the root


def test_a_finding_leads_to_its_field_and_goes_once_that_is_filled_in(visits: Visits) -> None:
    page = visits.page("cy")
    begin(page, "A finding")
    append_task(page, "Answer")

    row = page.locator("[data-code=no-standard-time]")
    expect(row).to_contain_text("Answer")
    task = modeler(
        page, "(get) => get('elementRegistry').find((e) => e.type === 'bpmn:UserTask').id"
    )
    badge = page.locator(f"[data-finding-at='{task}']")
    before = int(badge.inner_text())
    page.locator("[data-stage] svg").first.focus()
    modeler(page, "(get) => get('selection').select([])")
    row.click()
    assert modeler(page, "(get) => get('selection').get().map((e) => e.id)") == [task]
    field = page.locator("process-panel :focus")
    expect(field).to_have_count(1)
    field.fill("10 min")
    field.press("Tab")

    expect(row).to_have_count(0)
    expect(badge).to_have_text(str(before - 1))


def test_two_people_are_told_and_cannot_overwrite_each_other(visits: Visits, house: House) -> None:
    let_edit(house, "bo")
    cy, bo = visits.page("cy"), visits.page("bo")
    draft = begin(cy, "Two people")
    append_task(cy, "First")
    saved(cy)
    bo.goto(f"/design/drafts/{draft}/edit/")
    ready(bo)
    cy.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the next heartbeat
    expect(cy.locator("[data-others]")).to_have_text("Bo is editing this draft, too")

    task = modeler(bo, "(get) => get('elementRegistry').find((e) => e.type === 'bpmn:UserTask').id")
    rename(bo, task, "Bo was here")
    saved(bo)
    cy.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(cy.locator("[data-newer]")).to_contain_text("Bo saved a newer version")
    rename(cy, task, "Cy was here")

    dialog = cy.get_by_role("dialog")
    expect(dialog).to_contain_text("Bo saved this draft while you were changing it")
    assert "Bo was here" in stored(house, draft)
    dialog.get_by_role("button", name="Keep mine as a new draft").click()
    cy.wait_for_url(lambda url: f"/{draft}/" not in url)
    expect(cy.locator(".djs-container")).to_contain_text("Cy was here")
    assert "Cy was here" in stored(house, opened(cy))
    assert "Bo was here" in stored(house, draft)


def test_nothing_is_lost_while_the_server_is_away(visits: Visits, house: House) -> None:
    page = visits.page("cy")
    draft = begin(page, "On a train")
    page.context.set_offline(True)
    append_task(page, "Written in a tunnel")
    expect(page.locator("[data-save-state]")).to_have_text("Offline: kept in this browser")
    page.close()

    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(f"/design/drafts/{draft}/edit/")
    ready(again)

    expect(again.locator(".djs-container")).to_contain_text("Written in a tunnel")
    saved(again)
    assert "Written in a tunnel" in stored(house, draft)


def test_what_was_never_saved_is_not_put_on_top_of_somebody_else_s_save(
    visits: Visits, house: House
) -> None:
    let_edit(house, "bo")
    cy, bo = visits.page("cy"), visits.page("bo")
    draft = begin(cy, "Left behind")
    start = "left-behind_start"
    cy.context.set_offline(True)
    rename(cy, start, "Cy's, on a train")
    expect(cy.locator("process-editor")).to_have_attribute("data-save", "away")
    bo.goto(f"/design/drafts/{draft}/edit/")
    ready(bo)
    rename(bo, start, "Bo's, at the desk")
    saved(bo)
    cy.close()

    cy.context.set_offline(False)
    again = cy.context.new_page()
    again.goto(f"/design/drafts/{draft}/edit/")
    dialog = again.get_by_role("dialog")
    expect(dialog).to_contain_text("You have changes from before that were never saved")
    again.keyboard.press("Escape")  # it must be decided
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="Keep mine as a new draft").click()
    again.wait_for_url(lambda url: f"/{draft}/" not in url)

    assert "on a train" in stored(house, opened(again))
    assert "at the desk" in stored(house, draft)


def test_a_draft_that_was_discarded_meanwhile_takes_nothing_but_loses_nothing(
    visits: Visits, house: House
) -> None:
    cy = visits.page("cy")
    draft = begin(cy, "Put away")
    other = cy.context.new_page()
    other.goto("/design/drafts/")
    row = other.get_by_role("row", name="Put away")
    row.get_by_role("button", name="Discard").click()
    expect(other.get_by_text("The draft was discarded.")).to_be_visible()

    rename(cy, "put-away_start", "Still mine")
    dialog = cy.get_by_role("dialog")
    expect(dialog).to_contain_text("This draft has been discarded")
    dialog.get_by_role("button", name="Keep mine as a new draft").click()
    cy.wait_for_url(lambda url: f"/{draft}/" not in url)

    assert "Still mine" in stored(house, opened(cy))
    assert "Still mine" not in stored(house, draft)


def test_a_file_of_another_tool_keeps_what_it_brought(visits: Visits, house: House) -> None:
    """Without a drawing it is laid out; what the engine does not run is shown and marked."""
    page = visits.page("cy")
    draft = bring(page, FOREIGN)
    expect(page.locator("[data-finding-at=many]")).to_have_attribute(
        "aria-label", re.compile("inclusive gateway")
    )

    rename(page, "ask", "Ask again")
    saved(page)

    text = stored(house, draft)
    assert 'name="Ask again"' in text
    for kept in (
        "<!-- drawn with another tool -->",
        '<other:colour rgb="#aabbcc"><other:inner/></other:colour>',
        '<other:form key="f1">kept <other:b>as</other:b> it is</other:form>',
        'other:team="blue"',
        'exporter="Other Tool"',
    ):
        assert kept in text


def test_what_is_copied_in_one_process_is_pasted_into_another(visits: Visits, house: House) -> None:
    page = visits.page("cy")
    bring(page, FOREIGN)
    modeler(page, "(get) => get('selection').select(get('elementRegistry').get('ask'))")
    page.locator("[data-stage] svg").first.focus()
    page.keyboard.press("Control+c")

    draft = begin(page, "Receives")
    stage = page.locator("[data-stage]").bounding_box()
    assert stage is not None
    page.locator("[data-stage] svg").first.focus()
    page.mouse.move(stage["x"] + 500, stage["y"] + 200)
    page.keyboard.press("Control+v")
    page.mouse.move(stage["x"] + 520, stage["y"] + 220)
    page.mouse.click(stage["x"] + 520, stage["y"] + 220)

    expect(page.locator(".djs-container")).to_contain_text("Ask")
    saved(page)
    text = stored(house, draft)
    assert 'name="Ask"' in text
    assert '<other:form key="f1">' in text
    assert 'other:team="blue"' in text


def test_a_ready_piece_is_inserted_by_keyboard_as_one_step(visits: Visits) -> None:
    page = visits.page("cy")
    begin(page, "By keyboard")  # the drawing has the focus
    page.keyboard.press("n")
    assert modeler(page, "(get) => get('selection').get()[0].type") == "bpmn:StartEvent"

    page.keyboard.press("a")
    page.keyboard.type("visit")
    expect(page.locator(".djs-popup .entry")).to_have_text(["Site visit"])
    page.keyboard.press("Enter")

    expect(page.locator(".djs-container")).to_contain_text("Agree on a time")
    page.keyboard.press("n")
    assert modeler(page, "(get) => get('selection').get()[0].businessObject.name") == (
        "Agree on a time"
    )
    page.keyboard.press("Enter")
    expect(page.locator("process-panel :focus")).to_have_value("Agree on a time")
    shapes = "(get) => get('elementRegistry').filter((e) => e.parent && e.type !== 'label').length"
    assert modeler(page, shapes) == 1 + 4 + 5  # the start; two tasks, two gateways; their flows
    page.locator("[data-stage] svg").first.focus()
    page.keyboard.press("Control+z")
    assert modeler(page, shapes) == 1


def test_on_a_phone_a_draft_is_read_and_commented(visits: Visits) -> None:
    cy = visits.page("cy")
    cy.goto("/design/processes/hasty_complaint/")
    cy.get_by_role("button", name="Edit").click()
    draft = opened(cy)
    phone = visits.page("cy", phone=True)
    phone.goto(f"/design/drafts/{draft}/edit/")
    ready(phone)
    expect(phone.locator(".djs-palette")).to_have_count(0)
    expect(phone.locator("process-editor .bjs-powered-by")).to_be_visible()

    phone.locator("[data-element-id=register] .djs-hit").first.click()
    details = phone.locator("[data-details]")
    expect(details).to_contain_text("Register the complaint")
    expect(details).to_contain_text("10 min")
    expect(details.locator("strong")).to_have_text("twice")
    phone.get_by_label("Your comment").fill("Why so early?")
    phone.get_by_role("button", name="Comment", exact=True).click()
    expect(phone.locator("[data-comment-list]")).to_contain_text("Why so early?")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 375

    cy.reload()
    ready(cy)
    badge = cy.locator(".comment-badge")
    expect(badge).to_have_attribute("title", "1 comment")
    badge.click()
    cy.get_by_role("button", name="Settle").click()
    expect(cy.locator(".comment-badge")).to_have_count(0)
    expect(cy.locator("[data-comment-list]")).to_contain_text("Settled by Cy")
