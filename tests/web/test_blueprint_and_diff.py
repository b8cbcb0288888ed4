"""The blueprint of a version, and what changed between two."""

from typing import Any

import pytest

from servoloop.accounts.models import User
from servoloop.loop.design import publish_ungated
from servoloop.storage.queries.definition_files import definition_file
from servoloop.storage.queries.step_times import step_times
from tests.desk import BO_SEES, HOUR, MONDAY, ask, furnish, play_tiny, process
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db
BLUEPRINT = "/design/processes/tiny/blueprint/"
CHANGED = process("tiny").replace(b'standardTime="PT10M"', b'standardTime="PT8M"')


@pytest.fixture(autouse=True)
def _desk() -> None:
    mo = furnish()
    User.objects.create(username="mo", customer_id=mo.id)


def two_versions() -> tuple[str, str]:
    old = definition_file(BO_SEES, "tiny").version
    publish_ungated(CHANGED, at=MONDAY + HOUR)
    return old[:12], definition_file(BO_SEES, "tiny").version[:12]


@pytest.mark.parametrize(
    ("language", "line"), [("en", "line of visibility"), ("zh-hans", "可视线")]
)
def test_the_blueprint_shows_layers_lines_and_live_cases(language: str, line: str) -> None:
    play_tiny()
    html = browser("ada", language).get(BLUEPRINT).content.decode()
    assert line in html
    assert html.count('class="card-box card-step"') == 3
    assert 'id="card-triage"' in html
    assert ("1×, 90 % taken in" if language == "en" else "1 次，九成") in html
    assert " style=" not in html and "<style" not in html


def test_the_blueprint_needs_few_queries(django_assert_num_queries: Any) -> None:
    client = browser("ada")
    client.get(BLUEPRINT)
    for _ in range(3):
        ask()
    with django_assert_num_queries(6):
        client.get(BLUEPRINT)


def test_step_times_count_waits_and_lateness() -> None:
    play_tiny()
    ask()
    file = definition_file(BO_SEES, "tiny")

    early = step_times(BO_SEES, file.id, at=MONDAY + HOUR)["triage"]
    late = step_times(BO_SEES, file.id, at=MONDAY + 2 * HOUR)["triage"]

    assert (early.tasks, early.open_tasks, early.late) == (2, 1, 0.0)
    assert (late.tasks, late.late) == (2, 0.5)
    assert late.p90_wait == 1.8 * HOUR  # between 0 and 2 h, nine tenths of the way


def test_a_change_is_told_to_the_role_and_marked_on_the_diagram(
    django_assert_num_queries: Any,
) -> None:
    old, new = two_versions()
    client = browser("ada", "zh-hans")
    path = f"/design/processes/tiny/diff/{old}/{new}/"

    html = client.get(path).content.decode()

    assert "1 处变更" in html
    assert "“答复或转交”：10 分钟 → 8 分钟" in html
    assert '"triage": "changed"' in html
    with django_assert_num_queries(6):
        client.get(path)


def test_the_same_version_twice_has_no_changes() -> None:
    old, _ = two_versions()
    html = browser("ada").get(f"/design/processes/tiny/diff/{old}/{old}/").content.decode()
    assert "Nothing that matters changed" in html


def test_the_process_page_leads_to_what_changed() -> None:
    old, new = two_versions()
    html = browser("ada").get("/design/processes/tiny/").content.decode()
    assert f"/design/processes/tiny/diff/{old}/{new}/" in html


def test_only_colleagues_see_them_and_unknown_versions_are_not_found() -> None:
    old, _ = two_versions()
    for path in (BLUEPRINT, f"/design/processes/tiny/diff/{old}/{old}/"):
        assert browser("mo").get(path).status_code == 403
        assert browser().get(path).status_code == 302
    assert browser("ada").get(f"/design/processes/tiny/diff/{old}/000/").status_code == 404
