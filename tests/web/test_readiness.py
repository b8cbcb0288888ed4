"""The gate in the browser: the page of a version, and publishing through it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from servoloop.accounts.models import User
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.readiness.waivers import read_waivers
from servoloop.storage.queries.definition_files import definition_file
from tests.desk import BO_SEES, furnish, process
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db
PAGE = "/design/processes/{}/readiness/"
PUBLISH = "/design/processes/publish/"
CIRCLE = (b'role="supervisor" within="PT30M"', b'role="agent" within="PT30M"')


@pytest.fixture(autouse=True)
def _desk() -> None:
    furnish()
    User.objects.filter(username="cy").update(is_superuser=True)


def upload(text: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("tiny.bpmn", text)}


def test_a_ready_version_answers_every_question_with_yes() -> None:
    html = browser("ada").get(PAGE.format("tiny")).content.decode()
    assert "Ready to be published" in html
    assert html.count('class="panel question kept"') == 6


def test_an_unready_version_is_told_what_is_missing_and_where() -> None:
    html = browser("ada", "zh-hans").get(PAGE.format("errand")).content.decode()
    assert "“Prepare”没有写明怎么做" in html
    assert 'data-show="prepare"' in html
    assert '"prepare": "error"' in html


def test_the_page_needs_few_queries(django_assert_num_queries: Any) -> None:
    client = browser("ada")
    client.get(PAGE.format("tiny"))
    with django_assert_num_queries(7):
        client.get(PAGE.format("tiny"))


def test_unknown_processes_and_versions_are_not_found() -> None:
    assert browser("ada").get(PAGE.format("nothing")).status_code == 404
    assert browser("ada").get(PAGE.format("tiny") + "?version=00").status_code == 404


def test_a_file_with_an_error_is_refused_and_the_old_version_stays() -> None:
    text = process("tiny").replace(b'responseTime="PT1H" ', b"")
    answer = browser("cy").post(PUBLISH, upload(text))
    assert answer.status_code == 422
    assert "so its escalation would never begin by itself" in answer.content.decode()
    assert "responseTime" in definition_file(BO_SEES, "tiny").xml


def test_a_warning_asks_for_a_reason_and_keeps_it_in_the_version() -> None:
    client = browser("cy")
    asked = client.post(PUBLISH, upload(process("tiny").replace(*CIRCLE)))
    assert asked.status_code == 422
    html = asked.content.decode()
    assert 'name="waive-escalation-in-circle-triage"' in html

    text = process("tiny").replace(*CIRCLE).decode()
    form = {"xml": text, "waive-escalation-in-circle-triage": "Two agents relieve each other."}
    published = client.post(PUBLISH, form)

    assert published.status_code == 302
    kept = definition_file(BO_SEES, "tiny")
    (waiver,) = read_waivers(read_document(kept.xml.encode()))
    assert (waiver.element, waiver.by) == ("triage", "cy")
    assert waiver.reason == "Two agents relieve each other."
    assert "Two agents relieve each other." in client.get(PAGE.format("tiny")).content.decode()


def test_an_empty_reason_is_no_reason() -> None:
    text = process("tiny").replace(*CIRCLE).decode()
    form = {"xml": text, "waive-escalation-in-circle-triage": "  "}
    assert browser("cy").post(PUBLISH, form).status_code == 422
