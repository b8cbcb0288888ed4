"""The dry run in the browser: nothing of it reaches the cases."""

from typing import Any

import pytest
from django.test import Client

from servoloop.loop import drafts
from servoloop.storage.models import Case, EventRow
from tests.desk import MONDAY, furnish, process
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db
PAGE = "/design/processes/tiny/dry-run/"


@pytest.fixture(autouse=True)
def _desk() -> None:
    furnish()


def do(client: Any, **fields: str) -> Any:
    return client.post(PAGE, fields, follow=True)


def test_a_case_is_opened_worked_on_and_undone_without_any_trace() -> None:
    client = browser("ada")
    before = (Case.objects.count(), EventRow.objects.count())
    assert "A customer opens a case" in client.get(PAGE).content.decode()
    assert "The case was opened." in do(client, do="auto").content.decode()
    assert "The case is closed." in do(client, do="finish").content.decode()
    undone = do(client, do="undo").content.decode()
    assert "The case is closed." not in undone
    assert (Case.objects.count(), EventRow.objects.count()) == before


def test_the_form_comes_again_with_what_is_wrong() -> None:
    client = browser("ada")
    answer = client.post(PAGE, {"do": "open"})
    assert answer.status_code == 422
    assert "Please fill this in." in answer.content.decode()


def test_the_task_is_shown_as_the_agent_will_see_it() -> None:
    client = browser("ada", "zh-hans")
    html = do(client, do="auto").content.decode()
    assert "如何处理" in html or "SOP" in html
    assert 'value="complete"' in html


def test_each_person_and_each_version_has_a_run_of_its_own() -> None:
    ada, bo = browser("ada"), browser("bo")
    do(ada, do="auto")
    assert "A customer opens a case" in bo.get(PAGE).content.decode()


@pytest.mark.parametrize("fields", [{"do": "fly"}, {"do": "complete", "subject": "x"}, {}])
def test_a_form_that_is_not_ours_is_refused_in_words(fields: dict[str, str]) -> None:
    answer = browser("ada").post(PAGE, fields, follow=True)
    assert answer.status_code == 200
    assert "This is not possible now" in answer.content.decode()


def test_a_draft_is_tried_as_it_is_saved_and_begins_anew_when_it_changes() -> None:
    draft = drafts.create_draft(process("tiny"), person="cy", at=MONDAY, origin="file")
    page = f"/design/drafts/{draft.id}/dry-run/"
    client = browser("ada")
    assert "The case was opened." in client.post(page, {"do": "auto"}, follow=True).content.decode()


def test_whoever_has_not_signed_in_is_asked_to() -> None:
    assert Client().get(PAGE).status_code == 302


def test_nothing_has_begun_before_the_case_is_open() -> None:
    html = browser("ada").get(PAGE).content.decode()
    assert "not begun" in html
    assert "cancelled" not in html
    assert 'value="undo" disabled' in html
    assert 'value="undo" disabled' not in do(browser("ada"), do="auto").content.decode()
