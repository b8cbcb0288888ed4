"""The waiting-time oracle: published decompositions, and logs into which causes were injected."""

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from tests.kernel.mining.cast import SHARED

from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.waiting.calendars import calendars_of, discover_calendars
from servoloop.kernel.mining.waiting.cause import Cause
from servoloop.kernel.mining.waiting.decompose import Waiting, decompose_waiting
from servoloop.kernel.mining.waiting.summary import per_handover, summarise

ORACLE = SHARED / "oracles" / "waiting"
OFFICE = weekly_hours("mon-fri 10:00-20:00")
CALENDARS = {
    "Marcus": Calendar(
        name="Marcus", zone="UTC", weekly=weekly_hours("mon-fri 10:00-12:00 12:30-20:00")
    )
} | {
    name: Calendar(name=name, zone="UTC", weekly=OFFICE)
    for name in ("Anya", "Dom", "Carmine", "Cole")
}
OURS = {
    "total": "wt_total",
    "batching": "wt_batching",
    "prioritisation": "wt_prioritization",
    "contention": "wt_contention",
    "unavailability": "wt_unavailability",
    "extraneous": "wt_extraneous",
}
KEYS = ("source_activity", "source_resource", "target_activity", "target_resource")
PLAIN = ReadOptions(
    case="case_id", activity="Activity", timestamp="end_time", start="start_time",
    resource="Resource",
)  # fmt: skip
XES_NAMED = ReadOptions(
    case="case:concept:name", activity="concept:name", timestamp="time:timestamp",
    start="start_timestamp", resource="org:resource",
)  # fmt: skip


def oracle(name: str) -> Path:
    path = ORACLE / name
    if not path.exists():
        pytest.skip(f"needs the waiting-time oracle {name} under ../shared/data/oracles/waiting")
    return path


def work_log(name: str, options: ReadOptions = PLAIN) -> EventLog:
    with oracle(name).open("rb") as stream:
        return read_log(stream, name=name, options=options).log


def expected(name: str) -> dict[tuple[str, ...], tuple[int, ...]]:
    rows = pl.read_csv(oracle(name)).iter_rows(named=True)
    return {
        tuple(row[key] for key in KEYS): (
            int(row["frequency"]),
            *(microseconds(row[theirs]) for theirs in OURS.values()),
        )
        for row in rows
    }


def microseconds(text: str) -> int:
    """Pandas writes '1 days 01:30:00', and '0 days' where all values are 0."""
    days, _, clock = text.partition(" days")
    hours, minutes, seconds = (int(part) for part in (clock.strip() or "0:0:0").split(":"))
    delta = timedelta(days=int(days), hours=hours, minutes=minutes, seconds=seconds)
    return delta // timedelta(microseconds=1)


def found(waiting: Waiting) -> dict[tuple[str, ...], tuple[int, ...]]:
    rows = per_handover(waiting).iter_rows(named=True)
    return {
        tuple(row[key] for key in KEYS): (row["events"], *(row[ours] for ours in OURS))
        for row in rows
    }


@pytest.mark.parametrize("number", [1, 2, 3, 4, 5])
def test_the_decomposition_equals_the_published_one(number):
    log = work_log(f"manual_log_{number}.csv", XES_NAMED if number == 5 else PLAIN)
    waiting = decompose_waiting(log, calendars=CALENDARS, smallest_batch=2)
    assert found(waiting) == expected(f"manual_log_{number}_expected.csv")


def test_parallel_work_and_discovered_calendars_equal_the_published_handoffs():
    log = work_log("handoff-test.csv")
    calendars = calendars_of(discover_calendars(log, zone="UTC"))
    waiting = decompose_waiting(log, calendars=calendars)
    assert found(waiting) == expected("handoff-test_expected.csv")


def shares(name: str, *, smallest_batch: int = 10) -> dict[Cause, float]:
    log = work_log(name)
    calendars = calendars_of(discover_calendars(log, zone="UTC"))
    waiting = decompose_waiting(log, calendars=calendars, smallest_batch=smallest_batch)
    return {each.cause: each.share for each in summarise(waiting).causes}


def test_few_resources_around_the_clock_are_contention_only():
    assert shares("LoanApp_fewRes_24-7_noTimers_62a19d.csv.gz")[Cause.CONTENTION] > 0.999


def test_few_resources_in_office_hours_are_contention_without_idle_waiting():
    causes = shares("LoanApp_fewRes_9-5_noTimers_cceecd.csv.gz")
    assert causes[Cause.CONTENTION] > 0.99
    assert causes[Cause.EXTRANEOUS] == 0


def test_timers_are_extraneous_waiting_that_the_log_without_them_does_not_have():
    causes = shares("LoanApp_fewRes_9-5_timers_f4eca4.csv.gz")
    assert causes[Cause.CONTENTION] > 0.9
    assert causes[Cause.EXTRANEOUS] > 0


def test_batches_with_unlimited_resources_are_batching_only():
    causes = shares("LoanApp_infRes_24-7_noTimers_batch_2af333.csv.gz", smallest_batch=2)
    assert causes[Cause.BATCHING] > 0.999
