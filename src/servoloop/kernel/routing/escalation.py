"""The escalation chain: level by level, each with a deadline to answer."""

from dataclasses import dataclass
from datetime import datetime

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.process.step import EscalationLevel
from servoloop.kernel.routing.workplace import Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One level of a chain, with the moment at which it is left unanswered."""

    level: int  # 0 is the first
    role: str
    due: datetime


def rung(
    chain: tuple[EscalationLevel, ...], level: int, *, at: datetime, calendar: Calendar
) -> Rung | None:
    """The level to ask from `at` on, or None beyond the end of the chain."""
    if level >= len(chain):
        return None
    step = chain[level]
    return Rung(level=level, role=step.role, due=calendar.add(at, step.within))


def may_answer(
    person: str, *, chain: tuple[EscalationLevel, ...], level: int, workplace: Workplace
) -> bool:
    """Whoever is asked now, or stands above them in the chain, may answer."""
    return any(workplace.holds(person, asked.role) for asked in chain[level:])
