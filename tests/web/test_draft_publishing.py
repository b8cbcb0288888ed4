"""From drawing to version in the browser: the gate, reasons, approval, rolling back, retiring."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from servoloop.storage.models import Case
from servoloop.storage.queries.definition_files import definition_file
from tests.desk import BO_SEES, ask, process
from tests.web.test_drafts import TINY, _desk, begin, save, slower
from tests.web.test_pages import browser

__all__ = ["_desk"]  # the fixture furnishes this module, too
pytestmark = pytest.mark.django_db
CIRCLE = (b'role="supervisor" within="PT30M"', b'role="agent" within="PT30M"')


def begin_with(client: Client, text: bytes) -> int:
    form = {"from": "file", "file": SimpleUploadedFile("x.bpmn", text)}
    return int(client.post("/design/drafts/new/", form).headers["location"].split("/")[3])


def publish(client: Client, draft: int, rev: int = 1, **form: str) -> Any:
    form = {"rev": str(rev), "reason": "It is faster.", **form}
    return client.post(f"/design/drafts/{draft}/publish/", form)


def guarded() -> bytes:
    return process("tiny").replace(
        b'<servoloop:sheet owner="bo"', b'<servoloop:sheet owner="bo" approval="owner"'
    )


def test_a_draft_is_published_with_its_reason_and_the_page_says_what_changes() -> None:
    client = browser("cy")
    draft = begin(client)
    save(client, draft, rev=1, xml=slower(TINY))
    asked = client.get(f"/design/drafts/{draft}/publish/").content.decode()
    assert "20 min" in asked  # the change in words
    done = publish(client, draft, rev=2)
    assert done.headers["location"] == "/design/processes/tiny/versions/"
    html = client.get("/design/processes/tiny/versions/").content.decode()
    assert "It is faster." in html and "Cy" in html
    assert client.get(f"/design/drafts/{draft}/publish/").status_code == 302


def test_a_draft_that_is_not_ready_cannot_be_published_and_says_why() -> None:
    client = browser("cy", "zh-hans")
    draft = begin_with(client, process("tiny").replace(b'responseTime="PT1H" ', b""))
    html = client.get(f"/design/drafts/{draft}/publish/").content.decode()
    assert 'name="reason"' not in html
    assert publish(client, draft).status_code == 422


def test_a_warning_is_accepted_on_the_way() -> None:
    client = browser("cy")
    draft = begin_with(client, process("tiny").replace(*CIRCLE))
    assert "waive-escalation-in-circle-triage" in (
        client.get(f"/design/drafts/{draft}/publish/").content.decode()
    )
    given = {"waive-escalation-in-circle-triage": "They relieve each other."}
    assert publish(client, draft, 1, **given).status_code == 302
    assert "They relieve each other." in definition_file(BO_SEES, "tiny").xml


def test_the_owner_sees_what_changes_and_decides() -> None:
    cy, bo = browser("cy"), browser("bo")
    draft = begin_with(cy, guarded().replace(b'"PT10M"', b'"PT20M"', 1))
    publish(cy, draft)
    (place,) = {
        part.split('"')[0]
        for part in bo.get("/design/approvals/").content.decode().split('href="')
        if part.startswith("/design/approvals/") and part[18:19].isdigit()
    }
    html = bo.get(place).content.decode()
    assert "It is faster." in html and "20 min" in html
    assert 'value="approve"' in html and 'value="approve"' not in cy.get(place).content.decode()
    assert 'id="count-approvals" hx-swap-oob="true">1<' in bo.get("/counts/").content.decode()

    assert cy.post(f"{place}decide/", {"answer": "approve"}).status_code == 403
    bo.post(f"{place}decide/", {"answer": "decline"})  # without words nothing happens
    assert bo.post(f"{place}decide/", {"answer": "approve"}).status_code == 302

    versions = bo.get("/design/processes/tiny/versions/").content.decode()
    assert "Approved" in versions


def test_a_declined_draft_tells_its_drawer_why() -> None:
    cy, bo = browser("cy"), browser("bo")
    draft = begin_with(cy, guarded())
    publish(cy, draft)
    number = (
        bo.get("/design/approvals/").content.decode().split("/design/approvals/")[-1].split("/")[0]
    )
    bo.post(f"/design/approvals/{number}/decide/", {"answer": "decline", "words": "Ask Ada first."})
    html = cy.get(f"/design/drafts/{draft}/publish/").content.decode()
    assert "Ask Ada first." in html


def test_rolling_back_and_retiring_need_a_reason_and_name_the_running_cases() -> None:
    ask()
    client = browser("cy")
    old = definition_file(BO_SEES, "tiny").version
    draft = begin(client)
    save(client, draft, rev=1, xml=slower(TINY))
    publish(client, draft, rev=2)
    html = client.get("/design/processes/tiny/versions/").content.decode()
    assert "1 running case goes on to its end" in html

    place = "/design/processes/tiny/{}/"
    client.post(place.format("roll-back"), {"version": old, "reason": " "})
    assert definition_file(BO_SEES, "tiny").version != old
    client.post(place.format("roll-back"), {"version": old, "reason": "It was worse."})
    assert definition_file(BO_SEES, "tiny").version == old
    again = ask("Where is it now?")
    assert Case.objects.get(pk=again.id).definition.version == old

    client.post(place.format("retire"), {"reason": "Not needed."})
    html = client.get("/design/processes/tiny/versions/").content.decode()
    assert "Not needed." in html
    assert client.post(place.format("retire"), {"reason": "Twice."}).status_code == 404
    assert ">retired<" in client.get("/design/processes/tiny/").content.decode()
    listed = client.get("/design/processes/").content.decode()
    assert 'href="/design/processes/tiny/versions/"' in listed  # still to be found


def test_a_draft_that_was_overtaken_by_a_newer_version_says_so() -> None:
    client = browser("cy")
    first, second = begin(client), begin(client)
    save(client, first, rev=1, xml=slower(TINY))
    warning = "A newer version was published since this draft began"
    assert warning not in client.get(f"/design/drafts/{second}/publish/").content.decode()
    publish(client, first, rev=2)
    assert warning in client.get(f"/design/drafts/{second}/publish/").content.decode()


def test_unknown_drafts_requests_and_versions_are_not_found() -> None:
    client = browser("cy")
    for place in (
        "/design/drafts/0/publish/",
        "/design/approvals/0/",
        "/design/processes/nothing/versions/",
        "/design/drafts/0/xml/",
    ):
        assert client.get(place).status_code == 404, place


def test_a_draft_that_changes_nothing_is_not_offered_for_publishing() -> None:
    client = browser("cy")
    html = client.get(f"/design/drafts/{begin(client)}/publish/").content.decode()
    assert "there is nothing to publish yet" in html
    assert 'name="reason"' not in html


def test_a_draft_that_is_only_drawn_otherwise_says_so() -> None:
    client = browser("cy")
    draft = begin_with(client, process("tiny").replace(b'<dc:Bounds x="', b'<dc:Bounds x="1', 1))
    html = client.get(f"/design/drafts/{draft}/publish/").content.decode()
    assert "nothing changes for anybody" in html
    assert 'name="reason"' in html
