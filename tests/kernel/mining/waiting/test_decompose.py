"""The causes of waiting, one by one, and against a slow oracle on random logs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.mining.swept import begins
from servoloop.kernel.mining.waiting.cause import CAUSES, Cause
from servoloop.kernel.mining.waiting.decompose import (
    Waiting,
    WaitingUnknown,
    decompose_waiting,
)
from servoloop.kernel.mining.waiting.summary import per_activity, per_handover, per_hour, summarise
from tests.kernel.mining.cast import log_of
from tests.kernel.mining.waiting.cast import MINUTE, hours, log_of_work

NINE = 9 * 60


def minutes_of(waiting: Waiting, *, case: str, activity: str) -> dict[Cause, int]:
    """The causes, in minutes, of the only such event; those without any are left out."""
    log = waiting.log
    chosen = (log.case.codes == log.case.names.index(case)) & (
        log.activity.codes == log.activity.names.index(activity)
    )
    (row,) = np.flatnonzero(chosen)
    return {
        cause: int(part) // MINUTE
        for cause, part in zip(CAUSES, waiting.parts[row], strict=True)
        if part
    }


def test_waiting_behind_work_that_came_earlier_is_contention():
    log = log_of_work(
        [
            ("1", "triage", 0, 10, "bo"),
            ("1", "answer", 10, 40, "ada"),
            ("2", "triage", 10, 20, "bo"),
            ("2", "answer", 40, 50, "ada"),
        ]
    )
    waiting = decompose_waiting(log, calendars={})
    assert minutes_of(waiting, case="2", activity="answer") == {Cause.CONTENTION: 20}


def test_waiting_behind_work_that_came_later_is_prioritisation():
    log = log_of_work(
        [
            ("1", "triage", 0, 10, "bo"),
            ("2", "triage", 10, 20, "bo"),
            ("2", "answer", 20, 45, "ada"),
            ("1", "answer", 45, 50, "ada"),
        ]
    )
    waiting = decompose_waiting(log, calendars={})
    assert minutes_of(waiting, case="1", activity="answer") == {
        Cause.EXTRANEOUS: 10,
        Cause.PRIORITISATION: 25,
    }


def test_a_closed_night_is_unavailability_and_idle_office_hours_are_extraneous():
    log = log_of_work(
        [
            ("1", "triage", NINE, NINE + 7 * 60, "bo"),
            ("1", "answer", NINE + 24 * 60 + 30, NINE + 24 * 60 + 60, "ada"),
        ]
    )
    waiting = decompose_waiting(log, calendars={"ada": hours("mon-fri 09:00-17:00")})
    assert minutes_of(waiting, case="1", activity="answer") == {
        Cause.UNAVAILABILITY: 16 * 60,
        Cause.EXTRANEOUS: 60 + 30,
    }


def test_overtime_on_other_work_is_contention_although_the_calendar_is_closed():
    log = log_of_work(
        [
            ("1", "triage", NINE, NINE + 5, "bo"),
            ("1", "answer", 16 * 60, 18 * 60, "ada"),
            ("2", "triage", NINE + 5, 16 * 60 + 30, "bo"),
            ("2", "answer", 18 * 60, 19 * 60, "ada"),
        ]
    )
    waiting = decompose_waiting(log, calendars={"ada": hours("mon-fri 09:00-17:00")})
    assert minutes_of(waiting, case="2", activity="answer") == {Cause.CONTENTION: 90}


def test_work_that_piles_up_and_is_done_in_one_go_waits_for_its_batch():
    rows = [(str(n), "order", 10 * n, 10 * n + 10, "bo") for n in range(3)]
    rows += [(str(n), "ship", 60 + 5 * n, 65 + 5 * n, "ada") for n in range(3)]
    waiting = decompose_waiting(log_of_work(rows), calendars={}, smallest_batch=3)
    assert minutes_of(waiting, case="0", activity="ship") == {
        Cause.BATCHING: 20,
        Cause.EXTRANEOUS: 30,
    }
    assert minutes_of(waiting, case="2", activity="ship") == {
        Cause.EXTRANEOUS: 30,
        Cause.CONTENTION: 10,
    }


def test_a_pile_below_the_smallest_batch_is_an_ordinary_queue():
    rows = [(str(n), "order", 10 * n, 10 * n + 10, "bo") for n in range(3)]
    rows += [(str(n), "ship", 60 + 5 * n, 65 + 5 * n, "ada") for n in range(3)]
    waiting = decompose_waiting(log_of_work(rows), calendars={}, smallest_batch=4)
    assert not waiting.of(Cause.BATCHING).any()


def test_the_customers_own_steps_wait_for_the_customer_whoever_logged_them():
    log = log_of_work(
        [("1", "ask", 0, 10, "ada"), ("1", "send papers", 100, 100, "ada")],
    )
    waiting = decompose_waiting(log, calendars={}, customer_activities=frozenset({"send papers"}))
    assert minutes_of(waiting, case="1", activity="send papers") == {Cause.CUSTOMER: 90}


def test_work_of_nobody_is_waited_for_without_a_cause():
    log = log_of_work([("1", "a", 0, 10, "ada"), ("1", "b", 30, 40, "")])
    waiting = decompose_waiting(log, calendars={})
    assert minutes_of(waiting, case="1", activity="b") == {Cause.UNATTRIBUTED: 20}


def test_parallel_steps_wait_for_the_fork_and_not_for_each_other():
    rows = []
    for n in range(10):
        first, second = ("b", "c") if n % 2 else ("c", "b")
        at = 100 * n
        rows += [
            (str(n), "a", at, at + 10, "ada"),
            (str(n), first, at + 20, at + 30, "bo"),
            (str(n), second, at + 40, at + 50, "cy"),
            (str(n), "d", at + 60, at + 70, "ada"),
        ]
    waiting = decompose_waiting(log_of_work(rows), calendars={})
    assert minutes_of(waiting, case="1", activity="c") == {Cause.EXTRANEOUS: 30}
    assert minutes_of(waiting, case="1", activity="d") == {Cause.EXTRANEOUS: 10}


def test_a_log_without_starts_says_what_it_would_need():
    log = log_of([("1", "a", "2026-03-02 09:00:00")])
    with pytest.raises(WaitingUnknown, match="choose the column with the start"):
        decompose_waiting(log, calendars={})


def test_sums_per_handover_activity_and_hour_equal_the_whole():
    log = log_of_work(
        [
            ("1", "triage", 0, 10, "bo"),
            ("1", "answer", 15, 40, "ada"),
            ("2", "triage", 10, 20, "bo"),
            ("2", "answer", 40, 50, "ada"),
        ]
    )
    waiting = decompose_waiting(log, calendars={})
    whole = 25 * MINUTE
    assert int(waiting.total.sum()) == whole
    for table in (per_handover(waiting), per_activity(waiting), per_hour(waiting, zone="UTC")):
        assert table["total"].sum() == whole
    first = per_handover(waiting).row(0, named=True)
    assert (first["source_activity"], first["target_resource"], first["events"]) == (
        "triage",
        "ada",
        2,
    )
    summary = summarise(waiting)
    assert summary.waiting.total_seconds() == 25 * 60
    assert summary.efficiency == pytest.approx(55 / 80)
    assert summary.causes[0].efficiency_without == pytest.approx(55 / 60)


WORK = st.lists(
    st.tuples(
        st.sampled_from("1234"),
        st.sampled_from("ab"),
        st.integers(0, 30),
        st.integers(0, 8),
        st.sampled_from(["ada", "bo", ""]),
    ).map(lambda row: (row[0], row[1], row[2], row[2] + row[3], row[4])),
    min_size=1,
    max_size=14,
)


@settings(deadline=None, max_examples=150)
@given(WORK, st.integers(2, 3))
def test_the_parts_are_those_of_counting_minute_by_minute_and_sum_to_the_total(rows, smallest):
    calendars = {"ada": hours("mon 00:05-00:12 00:20-24:00")}
    waiting = decompose_waiting(log_of_work(rows), calendars=calendars, smallest_batch=smallest)
    assert (waiting.parts >= 0).all()
    assert (waiting.parts.sum(axis=1) == waiting.total).all()
    assert (waiting.total >= 0).all()
    assert waiting.parts.tolist() == [
        slowly_split(waiting, row, calendars) for row in range(waiting.log.events)
    ]


def slowly_split(waiting: Waiting, row: int, calendars) -> list[int]:
    """Decide every minute of the wait on its own, as the definition says."""
    log, batches, enabled = waiting.log, waiting.batches, waiting.enabling.at
    parts = dict.fromkeys(CAUSES, 0)
    began, mine = begins(log), log.resource.codes[row]
    batch = batches.of_event[row]
    window = enabled[row] if batch < 0 else batches.complete_at[batch]
    for minute in range(enabled[row], began[row], MINUTE):
        at_work = [
            other
            for other in range(log.events)
            if log.resource.codes[other] == mine and began[other] <= minute < log.ts[other]
        ]
        if mine < 0:
            cause = Cause.UNATTRIBUTED
        elif minute < window:
            cause = Cause.BATCHING
        elif at_work:
            ahead = min(at_work, key=lambda other: (enabled[other], other))
            own_batch = batch >= 0 and batches.of_event[ahead] == batch
            limit = enabled[row] if own_batch else window
            cause = Cause.CONTENTION if enabled[ahead] <= limit else Cause.PRIORITISATION
        elif is_closed(calendars.get(log.resource.names[mine]), minute):
            cause = Cause.UNAVAILABILITY
        else:
            cause = Cause.EXTRANEOUS
        parts[cause] += MINUTE
    return list(parts.values())


def is_closed(calendar, minute: int) -> bool:
    from servoloop.kernel.mining.moments import moment

    return calendar is not None and not calendar.is_open(moment(int(minute)))
