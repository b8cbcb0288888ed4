"""The editor's page, the words of its scripts, and the ready pieces that it inserts."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

import servoloop
from servoloop.accounts.models import User
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.readiness.readiness import assess
from servoloop.web.design.editor import SNIPPETS
from tests.desk import furnish
from tests.web.test_pages import browser

WEB = Path(servoloop.__file__).parent / "web"
DESIGN = WEB / "design" / "static" / "design"
MODELER = WEB / "shell" / "static" / "vendor" / "bpmn-js" / "bpmn-modeler.min.js"


@pytest.fixture
def cy() -> Client:
    """Cy may publish."""
    furnish()
    may = Permission.objects.get(codename="add_definition", content_type__app_label="storage")
    User.objects.get(username="cy").user_permissions.add(may)
    return browser("cy")


def begin(client: Client) -> str:
    """A draft of the tiny process; the address of its editor."""
    answer = client.post("/design/drafts/new/", {"from": "process", "process": "tiny"})
    return str(answer.headers["location"])


def facts(html: str) -> dict[str, object]:
    found = re.search(r'<script id="editor-facts"[^>]*>(.*?)</script>', html, re.DOTALL)
    assert found is not None
    told: dict[str, object] = json.loads(found[1])
    return told


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "words"), [("en", "Insert"), ("zh-hans", "插入")])
def test_the_editor_opens_in_both_languages(cy: Client, language: str, words: str) -> None:
    address = begin(cy)

    html = browser("cy", language).get(address).content.decode()

    assert words in html
    told = facts(html)
    assert told["may_edit"] is True
    assert told["file"] == "tiny"
    assert set(told["snippets"]) == set(SNIPPETS)  # type: ignore[call-overload]


@pytest.mark.django_db
def test_who_may_not_publish_reads_and_comments_only(cy: Client) -> None:
    html = browser("ada").get(begin(cy)).content.decode()

    assert facts(html)["may_edit"] is False
    assert "<process-panel" not in html
    assert "data-comment-list" in html


@pytest.mark.django_db
def test_a_closed_draft_is_not_edited_any_more(cy: Client) -> None:
    address = begin(cy)
    cy.post(address.replace("edit", "discard"))

    html = cy.get(address).content.decode()

    assert facts(html)["may_edit"] is False
    assert "discarded" in html


@pytest.mark.django_db
def test_a_draft_that_never_was_is_not_found(cy: Client) -> None:
    assert cy.get("/design/drafts/4711/edit/").status_code == 404


@pytest.mark.django_db
def test_the_words_of_scripts_are_kept_by_browsers_until_they_change(cy: Client) -> None:
    html = browser("cy", "zh-hans").get(begin(cy)).content.decode()
    address = re.search(r'src="(/words/zh-hans[^"]+)"', html)
    assert address is not None

    answer = Client().get(address[1])  # a stranger's browser, speaking English

    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers
    assert '"Service task": "\\u670d\\u52a1\\u4efb\\u52a1"' in answer.content.decode()
    assert Client().get("/words/zh-hans.before.js").headers["cache-control"] == "no-cache"
    assert Client().get("/words/xx.before.js").status_code == 404


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_ready_piece_lacks_nothing_but_an_owner(name: str) -> None:
    file = DESIGN / "snippets" / f"{name}.bpmn"

    readiness = assess(read_document(file.read_bytes()))

    assert [each.rule.id for each in readiness.findings] == ["no-owner"]
    text = file.read_text(encoding="utf-8")
    assert text.count('id="start"') == text.count('id="end"') == 1
    for words in re.findall(r' name="([^"]*[一-鿿][^"]*)"', text):
        at = text.index(f' name="{words}"')
        assert '<servoloop:label lang="en">' in text[at : at + 200], words


def test_every_ready_piece_is_offered() -> None:
    files = {path.stem for path in (DESIGN / "snippets").glob("*.bpmn")}
    script = (DESIGN / "editor" / "snippets.js").read_text(encoding="utf-8")

    assert files == set(SNIPPETS) == set(re.findall(r'\{ name: "([a-z]+)"', script))


def test_every_entry_of_the_modeler_s_menus_is_on_our_list_of_words() -> None:
    """A new version of bpmn-js that says something else must not say it in English."""
    offered = set(
        re.findall(r'label:"([^"]+)",className:"bpmn-icon', MODELER.read_text(encoding="utf-8"))
    )
    script = (DESIGN / "editor" / "words.js").read_text(encoding="utf-8")
    listed = set(re.findall(r'gettext_noop\("([^"]+)"\)', script))

    assert len(offered) > 60
    assert offered <= listed


def test_every_icon_that_a_script_draws_is_in_the_sprite() -> None:
    sprite = (MODELER.parents[1] / "icons" / "icons.svg").read_text(encoding="utf-8")
    have = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    drawn = set()
    for path in DESIGN.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        drawn |= set(re.findall(r'\bicon(?:\(|: )"([a-z0-9-]+)"', text))

    assert len(drawn) > 15
    assert drawn <= have
