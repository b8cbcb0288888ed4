"""The cases that ran here are diagnosed like any imported log."""

from datetime import timedelta

import pytest

from servoloop.loop.diagnose_live import NothingToDiagnose, diagnose_live, live_event_log
from servoloop.loop.report.render import render
from tests.desk import BO_SEES, HOUR, MONDAY, ask, furnish, play_errand, play_tiny

pytestmark = pytest.mark.django_db


def test_one_event_for_each_completed_piece_of_work_with_its_start() -> None:
    furnish()
    play_tiny()
    play_tiny(MONDAY + HOUR)
    ask()

    log = live_event_log(process="tiny")

    assert (log.cases, log.events) == (2, 4)
    assert log.activity.values()[:2] == ["Answer or pass on", "Study the question"]
    assert log.team is not None
    assert log.team.values()[:2] == ["agent", "specialist"]
    assert log.start is not None
    worked = [timedelta(microseconds=int(us)) for us in (log.ts - log.start)[:2]]
    assert worked == [HOUR / 4, HOUR / 2]


def test_the_diagnosis_of_live_cases_becomes_a_report() -> None:
    furnish()
    play_tiny()
    *_, _case = play_errand()

    found = diagnose_live(BO_SEES, at=MONDAY + 8 * HOUR, language="en")

    assert (found.counts.cases, found.counts.variants) == (2, 2)
    assert found.improvements.slow.cases == 2
    assert found.improvements.late_resolution is not None  # which no log tells
    assert "Study the question" in render(found, language="en")
    assert diagnose_live(BO_SEES, at=MONDAY + 8 * HOUR, process="errand").counts.cases == 1


def test_without_a_completed_step_there_is_nothing_to_diagnose() -> None:
    furnish()
    ask()

    with pytest.raises(NothingToDiagnose, match="nothing to diagnose"):
        diagnose_live(BO_SEES, at=MONDAY)
