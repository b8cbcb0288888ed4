"""State chips: a word, an icon and a colour that always say the same together."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.web.shell.components import icon
from servoloop.web.shell.time_words import exact_words, span_words

SOON = timedelta(minutes=30)  # working time


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    tone: str  # ok, warn, late, paused, info or plain
    icon: str
    words: str
    exact: str = ""  # hover text

    def __html__(self) -> SafeString:
        return format_html(
            '<span class="state state-{}"{}>{}{}</span>',
            self.tone,
            format_html(' title="{}"', self.exact) if self.exact else "",
            icon(self.icon),
            self.words,
        )

    def __str__(self) -> str:
        return self.__html__()


def due_chip(due: datetime | None, *, at: datetime, calendar: Calendar) -> Chip:
    """How much working time is left until `due`, or how much it is late by."""
    if due is None:
        return Chip(tone="plain", icon="minus", words=_("no deadline"))
    exact = _("due %(moment)s") % {"moment": exact_words(due)}
    if at >= due:
        late = span_words(calendar.between(due, at))
        words = _("%(span)s overdue (working)") % {"span": late}
        return Chip(tone="late", icon="clock-exclamation", words=words, exact=exact)
    left = calendar.between(at, due)
    words = _("in %(span)s (working)") % {"span": span_words(left)}
    tone = "warn" if left <= SOON else "plain"
    return Chip(tone=tone, icon="clock", words=words, exact=exact)


def paused_chip(remaining: timedelta | None = None) -> Chip:
    """A clock that stands while the customer has the word."""
    words = _("paused")
    if remaining is not None:
        words = _("paused, %(span)s left") % {"span": span_words(remaining)}
    return Chip(tone="paused", icon="player-pause", words=words)


def clock_chip(
    status: str,
    *,
    due: datetime | None,
    remaining: timedelta | None,
    at: datetime,
    calendar: Calendar,
) -> Chip:
    """A service-level clock, running or ended."""
    match status:
        case "running":
            return due_chip(due, at=at, calendar=calendar)
        case "paused":
            return paused_chip(remaining)
        case "met":
            return Chip(tone="ok", icon="circle-check", words=_("kept"))
        case "breached":
            exact = exact_words(due) if due else ""
            return Chip(tone="late", icon="alert-triangle", words=_("missed"), exact=exact)
        case _:
            return Chip(tone="plain", icon="ban", words=_("ended without a verdict"))


def case_chip(status: str, *, waits_for_customer: bool = False) -> Chip:
    if status == "open" and waits_for_customer:
        return Chip(tone="paused", icon="player-pause", words=_("waits for the customer"))
    match status:
        case "open":
            return Chip(tone="info", icon="circle-dot", words=_("open"))
        case "closed":
            return Chip(tone="ok", icon="circle-check", words=_("closed"))
        case _:
            return Chip(tone="plain", icon="ban", words=_("cancelled"))


def task_chip(status: str) -> Chip:
    match status:
        case "open":
            return Chip(tone="plain", icon="inbox", words=_("in the queue"))
        case "assigned":
            return Chip(tone="info", icon="user", words=_("assigned"))
        case "claimed":
            return Chip(tone="info", icon="user-check", words=_("being worked on"))
        case "completed":
            return Chip(tone="ok", icon="check", words=_("completed"))
        case _:
            return Chip(tone="plain", icon="ban", words=_("withdrawn"))
