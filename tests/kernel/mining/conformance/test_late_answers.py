"""Escalations that a level did not answer in its time."""

from datetime import UTC, datetime, timedelta

from servoloop.kernel.metrics.case_facts import Asked, CaseFacts, Question
from servoloop.kernel.mining.conformance.late_answers import late_answers

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LATER = MONDAY + 100 * HOUR


def case(number: int, **of_question) -> CaseFacts:
    """A case whose 'approve' asks Bo's role within an hour, then Cy's within another."""
    given = {"missed_at": None, "answered_at": None, "ended_at": None} | of_question
    return CaseFacts(
        case=number,
        process="help",
        customer="mo",
        channel="portal",
        opened_at=MONDAY,
        is_customers_own=True,
        questions=(Question(raised_at=MONDAY, due=MONDAY + HOUR, activity="approve", **given),),
    )


def first(missed: datetime | None = None) -> Asked:
    return Asked(level=0, role="supervisor", due=MONDAY + HOUR, missed_at=missed)


def second(missed: datetime | None = None) -> Asked:
    return Asked(level=1, role="manager", due=MONDAY + 2 * HOUR, missed_at=missed)


def test_an_answer_in_time_is_no_deviation():
    answered = MONDAY + HOUR / 2
    assert late_answers([case(1, levels=(first(),), answered_at=answered)], at=LATER) == ()


def test_each_level_is_judged_by_its_own_deadline():
    climbed = MONDAY + HOUR
    cases = [
        case(1, levels=(first(climbed), second()), answered_at=MONDAY + HOUR * 1.5),
        case(2, levels=(first(climbed), second()), answered_at=MONDAY + HOUR * 3),
        case(3, levels=(first(),), answered_at=MONDAY + HOUR / 2),
    ]
    supervisor, manager = late_answers(cases, at=LATER)
    assert (supervisor.level, supervisor.role) == (1, "supervisor")
    assert (supervisor.asked, supervisor.late, supervisor.cases) == (3, 2, 2)
    assert (manager.level, manager.asked, manager.late) == (2, 2, 1)
    assert supervisor.sentence == (
        "Escalation of 'approve' not answered in time on level 1 (supervisor) in 2 cases, "
        "66.7 % of 3 questions."
    )


def test_silence_counts_while_the_question_is_open_but_not_before_its_deadline():
    asked = [case(1, levels=(first(),))]
    assert late_answers(asked, at=MONDAY + HOUR / 2) == ()
    (late,) = late_answers(asked, at=LATER)
    assert (late.late, late.asked) == (1, 1)


def test_a_task_that_ended_before_the_deadline_takes_its_question_with_it():
    ended = [case(1, levels=(first(),), ended_at=MONDAY + HOUR / 2)]
    assert late_answers(ended, at=LATER) == ()
