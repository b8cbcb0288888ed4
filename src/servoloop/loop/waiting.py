"""Waiting and working of a log, where it tells when work began."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from servoloop.kernel.mining.event_log import EventLog

if TYPE_CHECKING:  # it loads the compiler
    from servoloop.kernel.mining.waiting.decompose import Waiting

ACTIVITIES_LISTED = 15
BETWEEN = " → "


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseOfWaiting:
    """One cause; `efficiency_without` is the cycle-time efficiency if it vanished (0..1)."""

    cause: str  # batching, contention, prioritisation, unavailability, extraneous, unattributed …
    total: timedelta
    share: float  # 0..1 of all waiting
    efficiency_without: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityWaiting:
    """The waiting before an activity; `shares` are of its own waiting, in the order of `causes`."""

    activity: str  # or the transition, or the team
    events: int
    total: timedelta
    shares: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFindings:
    """How much of the time was work, and what the rest waited for; the causes sum to the waiting.

    `events` are pieces of work (start and complete joined); the calendars of `calendars` people
    were discovered in the log. `efficiency` = working / (working + waiting).
    """

    events: int
    waiting: timedelta
    working: timedelta
    efficiency: float  # 0..1
    causes: tuple[CauseOfWaiting, ...]  # by total, descending
    activities: tuple[ActivityWaiting, ...]  # by total, descending
    calendars: int
    transitions: tuple[ActivityWaiting, ...]  # as the activities, named 'A → B'
    teams: tuple[ActivityWaiting, ...]  # empty when the log names none
    hours: tuple[tuple[timedelta, ...], ...]  # 7 x 24, local: by when the waiting began


@dataclass(frozen=True, slots=True, kw_only=True)
class Decomposed:
    """The waiting of each piece of work by cause; the hours of `calendars` people were found."""

    waits: "Waiting"
    calendars: int
    zone: str


def decomposed(log: EventLog, *, zone: str) -> Decomposed | None:
    """Split the waiting into its causes; None when starts are unknown or nothing was completed."""
    if not _tells_starts(log):
        return None
    # Imported here: these load the compiler, which logs without starts need not wait for.
    from servoloop.kernel.mining.instances import joined_instances
    from servoloop.kernel.mining.waiting.calendars import calendars_of, discover_calendars
    from servoloop.kernel.mining.waiting.decompose import decompose_waiting

    joined = joined_instances(log)
    if not joined.events:
        return None
    calendars = calendars_of(discover_calendars(joined, zone=zone))
    waits = decompose_waiting(joined, calendars=calendars)
    return Decomposed(waits=waits, calendars=len(calendars), zone=zone)


def waiting_findings(found: Decomposed) -> WaitingFindings:
    """How much was work, and the causes of the rest, summed up."""
    # Imported here, for the same reason.
    from servoloop.kernel.mining.waiting.summary import (
        per_activity,
        per_hour,
        per_team,
        per_transition,
        summarise,
    )

    summary = summarise(found.waits)
    causes = tuple(
        CauseOfWaiting(
            cause=each.cause.value,
            total=each.total,
            share=each.share,
            efficiency_without=each.efficiency_without,
        )
        for each in summary.causes
        if each.total
    )
    names = [each.cause for each in causes]
    transitions = per_transition(found.waits).with_columns(
        activity=pl.concat_str("source", "target", separator=BETWEEN)
    )
    teams = per_team(found.waits).rename({"team": "activity"}).drop_nulls("activity")
    return WaitingFindings(
        events=summary.events,
        waiting=summary.waiting,
        working=summary.processing,
        efficiency=summary.efficiency,
        causes=causes,
        activities=_activities(per_activity(found.waits), names),
        calendars=found.calendars,
        transitions=_activities(transitions, names),
        teams=_activities(teams, names),
        hours=_hours(per_hour(found.waits, zone=found.zone)),
    )


def _tells_starts(log: EventLog) -> bool:
    if log.start is not None:
        return True
    named = () if log.lifecycle is None else log.lifecycle.names
    return {"start", "complete"} <= {name.casefold() for name in named}


def _hours(table: pl.DataFrame) -> tuple[tuple[timedelta, ...], ...]:
    spans = {
        (day, hour): total for day, hour, total in table.select("weekday", "hour", "total").rows()
    }
    return tuple(
        tuple(timedelta(microseconds=spans.get((day, hour), 0)) for hour in range(24))
        for day in range(7)
    )


def _activities(table: pl.DataFrame, causes: list[str]) -> tuple[ActivityWaiting, ...]:
    return tuple(
        ActivityWaiting(
            activity=row["activity"],
            events=row["events"],
            total=timedelta(microseconds=row["total"]),
            shares=tuple(row[cause] / row["total"] for cause in causes),
        )
        for row in table.head(ACTIVITIES_LISTED).iter_rows(named=True)
        if row["total"]
    )
