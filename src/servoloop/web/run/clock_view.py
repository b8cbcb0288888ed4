"""Service-level clocks as lines."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.storage.queries.cases import ClockEntry
from servoloop.web.shell.chips import Chip, clock_chip
from servoloop.web.shell.event_words import metric_words
from servoloop.web.shell.working_time import calendar_named


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockLine:
    entry: ClockEntry
    name: str
    step: str  # empty for a clock of the whole case
    chip: Chip


def clock_lines(
    clocks: Iterable[ClockEntry], *, at: datetime, known: Mapping[str, Calendar]
) -> list[ClockLine]:
    language = get_language() or "en"
    return [
        ClockLine(
            entry=clock,
            name=metric_words(clock.metric),
            step=clock.step.in_language(language) if clock.task else "",
            chip=clock_chip(
                clock.status,
                due=clock.due_at,
                remaining=clock.remaining,
                at=at,
                calendar=calendar_named(clock.calendar, known),
            ),
        )
        for clock in clocks
    ]
