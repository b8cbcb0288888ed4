"""Drafts in the browser: beginning, saving, being overtaken, talking; and who may do what."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from servoloop.accounts.models import User
from tests.desk import furnish, process
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db
TINY = process("tiny").decode()


@pytest.fixture(autouse=True)
def _desk() -> None:
    """Cy and Bo may publish; Ada may not; Mo is a customer."""
    mo = furnish()
    User.objects.create(username="mo", customer_id=mo.id)
    may = Permission.objects.get(codename="add_definition", content_type__app_label="storage")
    for username in ("cy", "bo"):
        User.objects.get(username=username).user_permissions.add(may)


def begin(client: Client) -> int:
    """A draft of the tiny process."""
    answer = client.post("/design/drafts/new/", {"from": "process", "process": "tiny"})
    assert answer.status_code == 302, answer.content
    return int(answer.headers["location"].split("/")[3])


def send(client: Client, path: str, **body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def save(client: Client, draft: int, *, rev: int, before: str = TINY, xml: str) -> Any:
    return send(client, f"/design/drafts/{draft}/save/", rev=rev, before=before, xml=xml)


def slower(text: str, minutes: int = 20) -> str:
    """The text with another standard time in its first step."""
    return text.replace('standardTime="PT10M"', f'standardTime="PT{minutes}M"', 1)


def text_of(client: Client, draft: int) -> str:
    return client.get(f"/design/drafts/{draft}/xml/").content.decode()


def test_a_draft_begins_as_the_current_version_and_is_listed() -> None:
    client = browser("cy")
    draft = begin(client)

    html = client.get("/design/drafts/").content.decode()

    assert f"/design/drafts/{draft}/edit/" in html
    assert client.get(f"/design/drafts/{draft}/xml/").headers["Draft-Rev"] == "1"


def test_a_draft_begins_with_nothing_or_with_a_file() -> None:
    client = browser("cy", "zh-hans")
    client.post("/design/drafts/new/", {"from": "empty", "name": "投诉"})
    client.post(
        "/design/drafts/new/",
        {"from": "file", "file": SimpleUploadedFile("x.bpmn", process("errand"))},
    )
    html = client.get("/design/drafts/").content.decode()
    assert "投诉" in html
    assert "An errand" in html


def test_a_file_that_is_no_process_is_refused_in_words() -> None:
    answer = browser("cy").post(
        "/design/drafts/new/", {"from": "file", "file": SimpleUploadedFile("x.bpmn", b"<a/>")}
    )
    assert answer.status_code == 422
    assert "cannot be read as BPMN 2.0" in answer.content.decode()


def test_a_save_answers_the_next_revision_and_the_findings() -> None:
    client = browser("cy")
    draft = begin(client)
    answer = save(client, draft, rev=1, xml=slower(TINY))
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert said["rev"] == 2
    assert said["saved_by"] == "cy"
    assert said["findings"]["is_ready"] is True
    assert 'standardTime="PT20M"' in text_of(client, draft)


def test_the_second_of_two_who_save_is_told_and_keeps_a_copy() -> None:
    cy, bo = browser("cy"), browser("bo")
    draft = begin(cy)
    save(cy, draft, rev=1, xml=slower(TINY, 20))

    refused = save(bo, draft, rev=1, xml=slower(TINY, 30))
    copy = send(
        bo, f"/design/drafts/{draft}/copy/", rev=1, before=TINY, xml=slower(TINY, 30)
    ).json()

    assert refused.status_code == 409
    assert (refused.json()["by_name"], refused.json()["rev"]) == ("Cy", 2)
    assert 'standardTime="PT20M"' in text_of(cy, draft)
    assert 'standardTime="PT30M"' in text_of(bo, copy["id"])


def test_saving_no_difference_is_no_revision() -> None:
    client = browser("cy")
    draft = begin(client)
    assert save(client, draft, rev=1, xml=TINY).json()["rev"] == 1


def test_what_the_editor_cannot_carry_stays_in_the_draft() -> None:
    client = browser("cy")
    xml = process("errand")
    client.post("/design/drafts/new/", {"from": "file", "file": SimpleUploadedFile("x", xml)})
    draft = 1 + max(int(part) for part in _ids(client)) - 1
    bare = xml.decode().split("-->", 1)[1].strip()  # an editor drops the comment at the top
    answer = save(
        client, draft, rev=1, before=bare, xml=bare.replace('name="Prepare"', 'name="Pack"')
    )
    assert answer.status_code == 200
    assert "Machines, people, the customer and a deadline" in text_of(client, draft)
    assert 'name="Pack"' in text_of(client, draft)


def _ids(client: Client) -> list[str]:
    html = client.get("/design/drafts/").content.decode()
    return [
        part.split("/")[0]
        for part in html.split('href="/design/drafts/')[1:]
        if "/edit" in part[:12]
    ]


def test_a_closed_draft_takes_no_save_but_a_copy() -> None:
    client = browser("cy")
    draft = begin(client)
    client.post(f"/design/drafts/{draft}/discard/")
    refused = save(client, draft, rev=1, xml=slower(TINY))
    copy = send(client, f"/design/drafts/{draft}/copy/", rev=1, before=TINY, xml=slower(TINY))
    assert (refused.status_code, refused.json()["closed"]) == (410, "discarded")
    assert copy.status_code == 201


def test_a_discarded_draft_is_brought_back() -> None:
    client = browser("cy")
    draft = begin(client)
    gone = client.post(f"/design/drafts/{draft}/discard/", follow=True).content.decode()
    assert f"/design/drafts/{draft}/edit/" not in gone
    assert f"/design/drafts/{draft}/reopen/" in gone
    back = client.post(f"/design/drafts/{draft}/reopen/", follow=True).content.decode()
    assert f"/design/drafts/{draft}/edit/" in back


@pytest.mark.parametrize("body", [{}, {"rev": 1}, {"rev": "1", "before": TINY, "xml": TINY}])
def test_a_save_that_no_editor_sends_is_refused(body: dict[str, Any]) -> None:
    client = browser("cy")
    draft = begin(client)
    assert send(client, f"/design/drafts/{draft}/save/", **body).status_code == 422


def test_a_text_that_is_no_process_is_refused_and_the_draft_stays() -> None:
    client = browser("cy")
    draft = begin(client)
    answer = save(client, draft, rev=1, xml="<a/>")
    assert answer.status_code == 422
    assert "BPMN" in answer.json()["error"]
    assert "triage" in text_of(client, draft)


def test_the_check_says_what_the_readiness_page_says() -> None:
    html = browser("ada", "zh-hans").get("/design/processes/errand/readiness/").content.decode()
    said = send(browser("ada", "zh-hans"), "/design/check/", xml=process("errand").decode()).json()
    assert said["errors"] > 0
    for item in said["items"]:
        assert item["words"].replace("'", "&#x27;") in html
        assert item["action"]
    assert {item["field"] for item in said["items"]} >= {"sop", "standardTime"}


@pytest.mark.parametrize(
    ("kind", "text", "at"),
    [
        ("expression", "amount + 1", None),
        ("condition", "amount > ", 8),
        ("condition", "= amount + 1", 2),
        ("condition", "amuont > 1", 0),
        ("unary", "< 10, [20..30)", None),
        ("unary", "< ", 1),
    ],
)
def test_feel_is_checked_as_it_is_typed(kind: str, text: str, at: int | None) -> None:
    said = send(
        browser("ada"), "/design/feel/", text=text, kind=kind, names={"amount": "number"}
    ).json()
    assert said["ok"] is (at is None)
    if at is not None:
        assert said["at"] == at
        assert said["error"]


@pytest.mark.parametrize(
    "text",
    [
        "amuont > 1",
        "amount > ",
        "amount > 1 )",
        'amount > "a"',
        '"open',
        "f(1)",
        "amount and true",
        "1 §",
    ],
)
def test_what_is_wrong_with_feel_is_said_in_the_reader_s_language(text: str) -> None:
    body = {"text": text, "kind": "condition", "names": {"amount": "number"}}
    english = send(browser("ada"), "/design/feel/", **body).json()["error"]
    chinese = send(browser("ada", "zh-hans"), "/design/feel/", **body).json()["error"]
    assert english.isascii() or "“" in english or "§" in english
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), chinese


def test_two_editors_are_told_of_each_other_until_one_leaves() -> None:
    cy, bo = browser("cy"), browser("bo")
    draft = begin(cy)
    place = f"/design/drafts/{draft}/presence/"
    assert send(cy, place).json()["others"] == []
    assert [each["name"] for each in send(bo, place).json()["others"]] == ["Cy"]
    assert [each["name"] for each in cy.get(place).json()["others"]] == ["Bo"]
    send(bo, place, leaving=True)
    assert cy.get(place).json()["others"] == []


def test_a_reader_is_not_counted_as_an_editor() -> None:
    draft = begin(browser("cy"))
    place = f"/design/drafts/{draft}/presence/"
    assert send(browser("ada"), place).json()["rev"] == 1
    assert browser("cy").get(place).json()["others"] == []


def test_comments_are_made_by_anybody_here_and_marked_as_done() -> None:
    ada, cy = browser("ada"), browser("cy")
    draft = begin(cy)
    place = f"/design/drafts/{draft}/comments/"
    made = send(ada, place, element="triage", text="Who does this at night?")
    assert made.status_code == 201
    assert send(ada, place, element="triage", text="  ").status_code == 422

    done = send(cy, f"/design/comments/{made.json()['id']}/resolve/", resolved=True).json()
    (listed,) = ada.get(place).json()["comments"]

    assert (done["resolved_by_name"], listed["author_name"]) == ("Cy", "Ada")
    again = send(cy, f"/design/comments/{listed['id']}/resolve/", resolved=False).json()
    assert again["resolved_at"] is None


def test_published_versions_are_commented_on_as_well() -> None:
    from servoloop.storage.queries.definition_files import definition_file
    from tests.desk import ADA_SEES

    place = f"/design/definitions/{definition_file(ADA_SEES, 'tiny').id}/comments/"
    assert send(browser("ada"), place, element="", text="Good.").status_code == 201
    assert len(browser("cy").get(place).json()["comments"]) == 1
    assert (
        send(browser("ada"), "/design/definitions/0/comments/", element="", text="x").status_code
        == 404
    )


def test_the_directory_tells_who_and_what_there_is_to_choose() -> None:
    said = browser("ada").get("/design/directory/").json()
    assert {"key": "agent", "label": "agent", "people": 3} in said["roles"]
    assert "http:stock" in said["topics"]
    assert "parcel.arrived" in said["messages"]
    assert [each["key"] for each in said["processes"]] == ["errand", "tiny"]
    assert [each["name"] for each in said["calendars"]] == ["office"]


PAGES = ("/design/drafts/", "/design/approvals/", "/design/processes/tiny/versions/")
READS = ("/design/drafts/{0}/xml/", "/design/drafts/{0}/comments/", "/design/drafts/{0}/presence/")
WRITES = (
    "/design/drafts/{0}/save/",
    "/design/drafts/{0}/copy/",
    "/design/drafts/{0}/discard/",
    "/design/drafts/{0}/reopen/",
    "/design/drafts/{0}/publish/",
    "/design/drafts/new/",
    "/design/processes/tiny/roll-back/",
    "/design/processes/tiny/retire/",
)


def test_colleagues_read_process_owners_write_and_nobody_else_does_anything() -> None:
    draft = begin(browser("cy"))
    ada, mo, stranger = browser("ada"), browser("mo"), browser()
    for page in (*PAGES, *READS):
        assert ada.get(page.format(draft)).status_code == 200, page
        assert mo.get(page.format(draft)).status_code == 403, page
        assert stranger.get(page.format(draft)).status_code in (302, 401), page
    for page in WRITES:
        for who in (ada, mo):
            assert who.post(page.format(draft)).status_code == 403, page
        assert stranger.post(page.format(draft)).status_code in (302, 401), page
    assert send(mo, "/design/check/", xml=TINY).status_code == 403
    assert send(stranger, "/design/feel/", text="1", kind="expression").status_code == 401


QUERIES = {
    "/design/drafts/": 9,
    "/design/drafts/{0}/xml/": 4,
    "/design/drafts/{0}/comments/": 4,
    "/design/drafts/{0}/presence/": 6,
    "/design/drafts/{0}/publish/": 13,
    "/design/directory/": 7,
    "/design/approvals/": 4,
    "/design/processes/tiny/versions/": 11,
}


@pytest.mark.parametrize("page", QUERIES)
def test_each_page_needs_few_queries(page: str, django_assert_num_queries: Any) -> None:
    client = browser("cy")
    place = page.format(begin(client))
    client.get(place)
    with django_assert_num_queries(QUERIES[page]):
        client.get(place)
