"""The heat of a process: figures of its live cases on the diagram."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from servoloop.storage.models import Definition
from servoloop.storage.queries.heat import heat
from servoloop.storage.queries.viewer import Viewer
from tests.desk import BO_SEES, HOUR, MONDAY, furnish, play_errand, play_tiny
from tests.web.test_pages import browser

pytestmark = pytest.mark.django_db
PAGE = "/design/processes/tiny/heat/"
LATER = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _desk() -> None:
    furnish()


def definition(key: str) -> int:
    return int(Definition.objects.get(key=key).pk)


def json_of(html: str, id: str) -> Any:
    found = re.search(rf'<script id="{id}" type="application/json">(.*?)</script>', html)
    assert found
    return json.loads(found[1])


def test_passes_waits_and_work_are_those_of_the_cases() -> None:
    play_tiny()
    play_tiny(at=MONDAY + HOUR)
    found = heat(BO_SEES, definition("tiny"), since=MONDAY, at=LATER)
    assert found.cases == 2
    assert found.passes["triage"] == found.passes["study"] == found.passes["to_triage"] == 2
    assert found.steps["study"].p90_wait == HOUR / 4  # passed on after a quarter, taken after two
    assert found.steps["study"].median_work == HOUR / 2
    assert found.steps["triage"].median_work == HOUR / 4
    assert found.steps["triage"].late == 0


def test_escalations_are_counted_once_a_task() -> None:
    list(play_errand())
    found = heat(BO_SEES, definition("errand"), since=MONDAY, at=LATER)
    assert sum(step.escalated for step in found.steps.values()) == 1


def test_cases_opened_before_the_period_do_not_count() -> None:
    play_tiny()
    found = heat(BO_SEES, definition("tiny"), since=MONDAY + HOUR, at=LATER)
    assert (found.cases, dict(found.passes), dict(found.steps)) == (0, {}, {})


def test_only_colleagues_learn_anything() -> None:
    play_tiny()
    found = heat(Viewer(), definition("tiny"), since=MONDAY, at=LATER)
    assert found.cases == 0


def test_the_page_colours_what_it_counts_and_says_it_in_a_table() -> None:
    for hour in range(5):
        play_tiny(at=MONDAY + hour * HOUR)
    html = browser("ada").get(f"{PAGE}?days=all").content.decode()
    assert json_of(html, "heat-marks")["study"] == "heat-5"
    assert json_of(html, "heat-marks")["to_triage"] == "flow-4"
    assert json_of(html, "diagram-data")["counts"]["study"] == "5"
    work = browser("ada", "zh-hans").get(f"{PAGE}?days=all&show=work").content.decode()
    assert json_of(work, "diagram-data")["counts"]["study"] == "30 分钟"


def test_few_tasks_are_not_coloured() -> None:
    play_tiny()
    html = browser("ada").get(f"{PAGE}?days=all&show=work").content.decode()
    assert json_of(html, "heat-marks") == {}
    assert json_of(html, "diagram-data")["counts"]["study"] == "30 min"


def test_a_version_without_cases_says_so() -> None:
    assert "No case was opened" in browser("ada").get(PAGE).content.decode()
    assert browser("ada").get("/design/processes/nothing/heat/").status_code == 404
