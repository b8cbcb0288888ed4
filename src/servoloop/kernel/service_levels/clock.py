"""A service-level clock: one metric of one case in one cycle, counted on a working calendar.

A paused clock has no due time and never breaches. Pausing keeps what is left of the target in
working time, so that nights, holidays and the wait for a customer cost nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from servoloop.kernel.calendars.calendar import Calendar

FIRST_RESPONSE = "first_response"
RESOLUTION = "resolution"
STEP_RESPONSE = "step_response"


class ClockStatus(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    BREACHED = "breached"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    id: int
    metric: str  # FIRST_RESPONSE, RESOLUTION or STEP_RESPONSE
    cycle: int  # 1, 2, …: each reopening begins a new one
    task: int  # of a step's clock, else 0
    node: str  # of a step's clock, else ""
    calendar: str  # name; "" is around the clock
    target: timedelta
    started_at: datetime
    status: ClockStatus
    due: datetime | None
    remaining: timedelta | None  # working time, while paused


def due_of(start: datetime, *, target: timedelta, calendar: Calendar) -> datetime:
    """When a clock that begins at `start` misses its target."""
    return calendar.add(start, target)


def remaining_of(clock: Clock, *, at: datetime, calendar: Calendar) -> timedelta:
    """Working time left of a clock; never negative, so an overdue pause resumes as due at once."""
    if clock.due is None:
        return clock.remaining or timedelta(0)
    return max(calendar.between(at, clock.due), timedelta(0))


def pause(clock: Clock, *, remaining: timedelta) -> Clock:
    return replace(clock, status=ClockStatus.PAUSED, due=None, remaining=remaining)


def resume(clock: Clock, *, due: datetime) -> Clock:
    return replace(clock, status=ClockStatus.RUNNING, due=due, remaining=None)
