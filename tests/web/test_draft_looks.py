"""A draft seen as blueprint, value stream and manual before anything of it is live."""

from typing import Any

import pytest

from servoloop.loop import drafts
from tests.desk import MONDAY, furnish, process
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db
LOOKS = ("blueprint", "value-stream", "manual")
# With an element that no engine of ours runs.
BROKEN = process("tiny").replace(
    b"<bpmn:endEvent ", b'<bpmn:complexGateway id="odd" name="Odd" /><bpmn:endEvent ', 1
)


@pytest.fixture(autouse=True)
def _desk() -> None:
    furnish()


def begin(text: bytes = process("tiny")) -> int:
    return drafts.create_draft(text, person="cy", at=MONDAY, origin="file").id


def look(name: str, draft: int, language: str = "en") -> Any:
    return browser("ada", language).get(f"/design/drafts/{draft}/{name}/")


@pytest.mark.parametrize("name", LOOKS)
def test_a_draft_that_was_never_published_is_looked_at(name: str) -> None:
    draft = begin()
    html = look(name, draft).content.decode()
    assert f"/design/drafts/{draft}/edit/" in html
    assert "Answer or pass on" in html
    assert "/design/processes/tiny/" not in html


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_costs_few_queries(name: str, django_assert_max_num_queries: Any) -> None:
    draft = begin()
    client = browser("ada")
    with django_assert_max_num_queries(9):
        client.get(f"/design/drafts/{draft}/{name}/")


def test_the_manual_of_a_draft_is_a_pdf_in_both_languages() -> None:
    draft = begin()
    answer = browser("ada").get(f"/design/drafts/{draft}/manual/both.pdf")
    assert answer.content.startswith(b"%PDF-")
    assert 'filename="tiny-both.pdf"' in answer.headers["content-disposition"]
    assert browser("ada").get(f"/design/drafts/{draft}/manual/latin.pdf").status_code == 404


@pytest.mark.parametrize("name", [*LOOKS, "dry-run", "manual/en.pdf"])
def test_what_cannot_run_yet_says_why_in_the_reader_s_language(name: str) -> None:
    draft = begin(BROKEN)
    suffix = name if name.endswith(".pdf") else f"{name}/"
    html = browser("ada", "zh-hans").get(f"/design/drafts/{draft}/{suffix}").content.decode()
    assert "复杂网关" in html
    assert "complex" not in html
    assert f"/design/drafts/{draft}/edit/" in html


@pytest.mark.parametrize("name", LOOKS)
def test_an_unknown_draft_is_not_found(name: str) -> None:
    assert look(name, 987).status_code == 404
