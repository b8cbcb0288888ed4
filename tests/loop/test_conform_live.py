"""Cases that ran here are compared with the versions that they are pinned to."""

from datetime import timedelta

import pytest

from servoloop.loop import design
from servoloop.loop.conform_live import NothingToCompare, conform_live, conform_process
from servoloop.loop.diagnose_live import diagnose_live
from servoloop.loop.report.render import render
from servoloop.loop.run.escalations import escalate_task
from tests.desk import (
    ADA,
    BO_SEES,
    HOUR,
    MONDAY,
    ask,
    furnish,
    open_task,
    play_errand,
    play_tiny,
    process,
)

pytestmark = pytest.mark.django_db


def test_each_process_conforms_and_an_unfinished_case_need_not_have_reached_its_end() -> None:
    furnish()
    play_tiny()
    play_tiny(MONDAY + HOUR)
    for step, _ in enumerate(play_errand()):
        if step == 5:  # the task is done, the parcel has not arrived
            break

    tiny, errand = conform_live()

    assert (tiny.definition, tiny.conformance.cases, tiny.open_cases) == ("tiny", 2, 0)
    assert (errand.definition, errand.conformance.cases, errand.open_cases) == ("errand", 1, 1)
    for each in (tiny, errand):
        assert each.conformance.deviations == ()
        assert each.conforming_share == 1.0


def test_steps_are_named_in_the_language_and_timed_in_the_hours_of_the_process() -> None:
    furnish()
    play_tiny()

    (english,) = conform_process("tiny", language="en")
    (chinese,) = conform_process("tiny", language="zh-hans")

    assert english.calendar == "office"
    assert english.standard_times
    assert chinese.standard_times
    assert {"Study the question"} <= {use.step for use in english.standard_times}
    assert {"答复或转交"} <= {use.step for use in chinese.standard_times}
    assert all(use.median <= timedelta(hours=1) for use in english.standard_times)


def test_every_version_is_compared_with_its_own_cases() -> None:
    furnish()
    play_tiny()
    renamed = process("tiny").replace(b"Study the question", b"Look it up")
    design.publish_ungated(renamed, at=MONDAY + HOUR)
    play_tiny(MONDAY + 2 * HOUR)

    found = conform_process("tiny")

    assert len({each.version for each in found}) == 2
    assert [each.conformance.cases for each in found] == [1, 1]
    assert all(each.conforming_share == 1.0 for each in found)


def test_the_diagnosis_of_live_cases_tells_their_conformance() -> None:
    furnish()
    play_tiny()

    found = diagnose_live(BO_SEES, at=MONDAY + 2 * HOUR, language="en")

    assert [each.definition for each in found.conformance] == ["tiny"]
    assert found.discovered is None
    assert 'id="conformance"' in render(found)


def test_a_process_without_cases_or_without_existence_is_told_in_a_sentence() -> None:
    furnish()
    ask()

    with pytest.raises(NothingToCompare, match="No case of process 'tiny' has completed a step"):
        conform_process("tiny")
    with pytest.raises(NothingToCompare, match="No process 'refund' was ever published"):
        conform_process("refund")


def test_an_escalation_that_its_level_did_not_answer_is_a_deviation_by_level() -> None:
    furnish()
    case = ask().id
    escalate_task(case, open_task(case), reason="Whose is it?", actor=ADA, at=MONDAY)

    (in_time,) = late_in_tiny(MONDAY + HOUR / 60)
    (too_late,) = late_in_tiny(MONDAY + 20 * HOUR)

    assert in_time == ()
    (late,) = too_late
    assert (late.level, late.late, late.asked) == (1, 1, 1)
    assert late.example_case == f"SL-{case:06d}"
    assert late.step == "Answer or pass on"


def late_in_tiny(at):
    """Late answers of the 'tiny' cases; one of them has completed a step."""
    play_tiny()
    found = conform_process("tiny", at=at)
    assert all(each.conforming_share == 1.0 for each in found)
    return [each.late_answers for each in found]
