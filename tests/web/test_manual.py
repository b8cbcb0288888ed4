"""The manual of a published version, as a page and as a PDF."""

import pytest

from tests.desk import furnish
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db
PAGE = "/design/processes/tiny/manual/"


@pytest.fixture(autouse=True)
def _desk() -> None:
    furnish()


def test_the_page_reads_in_the_language_of_the_reader() -> None:
    assert "Read the question twice" in browser("ada").get(PAGE).content.decode()
    assert "把问题读两遍" in browser("ada", "zh-hans").get(PAGE).content.decode()


@pytest.mark.parametrize("languages", ["zh", "en", "both"])
def test_the_pdf_comes_in_either_language_or_both(languages: str) -> None:
    answer = browser("ada").get(f"{PAGE}{languages}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")


def test_what_is_not_there_is_not_found() -> None:
    assert browser("ada").get(f"{PAGE}fr.pdf").status_code == 404
    assert browser("ada").get("/design/processes/nothing/manual/").status_code == 404
