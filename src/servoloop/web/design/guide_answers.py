"""The words kept in the session as typed answers, and the defaults that the forms show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.metrics.definition import Aggregate, Kpi
from servoloop.kernel.process.outline.plain import PlainStep
from servoloop.kernel.process.step import EscalationLevel
from servoloop.loop.new_process import Answers, steps_asked

LEVELS = ((1, "supervisor", "1"), (2, "manager", "2"), (3, "", ""))
"""Number, role and hours of the levels that the form offers."""
KPIS: tuple[Kpi, ...] = tuple(
    CATALOGUE[id]
    for id in ("first_contact_resolution", "resolution", "reopen", "escalation", "first_response")
    if id in CATALOGUE
)
_MINUTES, _HOURS = "10", "2"
_MOST = 100_000  # of any number


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedStep:
    """A step in the forms of roles and times, with what was answered so far."""

    line: int
    words: str
    role: str
    minutes: str
    hours: str


def steps_with(kept: Mapping[str, Any]) -> list[AskedStep]:
    """The steps of the text; answers first, then what the text says, then defaults."""
    asked = []
    role = "agent"
    for step in steps_asked(kept.get("text", "")):
        role = kept.get(f"role-{step.line}") or step.role or role
        minutes = f"{step.time.total_seconds() / 60:g}" if step.time else _MINUTES
        hours = f"{step.within.total_seconds() / 3600:g}" if step.within else _HOURS
        asked.append(
            AskedStep(
                line=step.line,
                words=step.words,
                role=role,
                minutes=kept.get(f"minutes-{step.line}") or minutes,
                hours=kept.get(f"hours-{step.line}") or hours,
            )
        )
    return asked


def answers_of(kept: Mapping[str, Any]) -> Answers:
    """Everything answered; what is no number counts as not answered."""
    steps = {
        step.line: PlainStep(
            line=step.line,
            words=step.words,
            role=step.role,
            time=_length(step.minutes, unit=timedelta(minutes=1)),
            within=_length(step.hours, unit=timedelta(hours=1)),
        )
        for step in steps_with(kept)
    }
    return Answers(
        name=kept.get("name", "").strip(),
        goal=kept.get("goal", "").strip(),
        journey=tuple(x.strip() for x in kept.get("journey", "").splitlines() if x.strip()),
        text=kept.get("text", ""),
        steps=steps,
        escalation=_levels(kept),
        calendar=kept.get("calendar") or None,
        first_response=_length(kept.get("first", ""), unit=timedelta(hours=1)),
        resolution=_length(kept.get("resolution", ""), unit=timedelta(hours=1)),
        kpi_goals={
            kpi.id: goal for kpi in KPIS if (goal := _goal(kpi, kept.get(f"kpi-{kpi.id}", "")))
        },
    )


def _levels(kept: Mapping[str, Any]) -> tuple[EscalationLevel, ...]:
    """In order; a role is asked once."""
    levels: dict[str, EscalationLevel] = {}
    for number, default, hours in LEVELS:
        role = kept.get(f"level-role-{number}", default)
        within = _length(kept.get(f"level-hours-{number}", hours), unit=timedelta(hours=1))
        if role and within is not None:
            levels.setdefault(role, EscalationLevel(role=role, within=within))
    return tuple(levels.values())


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() and 0 < number <= _MOST else None


def _length(text: str, *, unit: timedelta) -> timedelta | None:
    number = _number(text)
    return None if number is None else float(number) * unit


def _goal(kpi: Kpi, text: str) -> timedelta | Decimal | None:
    """Times are asked in hours, shares in percent."""
    number = _number(text)
    if number is None:
        return None
    if kpi.aggregate is Aggregate.SHARE:
        return number / 100
    return number if kpi.aggregate is Aggregate.COUNT else float(number) * timedelta(hours=1)
