"""Escalations as lines, with whom the task may be given to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.storage.queries.cases import EscalationEntry
from servoloop.storage.queries.viewer import Viewer
from servoloop.web.shell.chips import Chip, due_chip
from servoloop.web.shell.event_words import reason_words
from servoloop.web.shell.names import Names
from servoloop.web.shell.working_time import calendar_named


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationLine:
    entry: EscalationEntry
    role: str
    reason: str
    raised_by: str  # empty: by the clock
    level: int  # 1 is the first
    due: Chip
    may_answer: bool


def escalation_lines(
    found: Iterable[EscalationEntry],
    viewer: Viewer,
    names: Names,
    *,
    at: datetime,
    known: Mapping[str, Calendar],
) -> list[EscalationLine]:
    return [
        EscalationLine(
            entry=each,
            role=names.role(each.role),
            reason=reason_words(each.reason),
            raised_by=names.person(each.raised_by) if each.raised_by else "",
            level=each.level + 1,
            due=due_chip(each.due_at, at=at, calendar=calendar_named(each.calendar, known)),
            may_answer=each.status == "open" and each.role in viewer.roles,
        )
        for each in found
    ]
