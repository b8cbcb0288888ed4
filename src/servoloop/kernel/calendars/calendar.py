"""Working-time calendars: which moments count, and arithmetic that counts only them.

This module is the door of the package: import everything about calendars from here.

A calendar is weekly hours in a zone plus one rule for each date that differs. Precedence on a date:
explicit exception, then make-up workday, then holiday, then weekly hours (see `merge_rules`).

**Hours belong to the day they begin on.** A rule decides what begins on its date and nothing else:
a holiday on Saturday does not cut short the Friday shift 22:00-06:00, and a closed Friday has no
night into Saturday. To end a shift at midnight, give its own date explicit hours that end at 24:00.

**Moments** are aware datetimes of any zone; answers are in UTC. How local hours become instants
over a change of the clock is said in `timeline`. Overlapping hours count once.

**Laws**, for x, y >= 0 (each is a test):

- between(s, add(s, x)) == x, and add(s, 0) == s, open or not;
- add(s, x) is the *earliest* such moment: a target met at closing time is due then, not at the
  next opening. Hence add(add(s, x), y) == add(s, x + y), and add is monotone in both arguments;
- add(s, -x) is the *latest* moment t with between(t, s) == x, for 'two working hours before';
- between(b, a) == -between(a, b), and between(a, b) + between(b, c) == between(a, c).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, Self
from zoneinfo import ZoneInfo, available_timezones

from servoloop.kernel.calendars.day_rules import (
    Closed,
    DayRule,
    Holiday,
    MakeUpWorkday,
    OpenAsUsual,
    OpenHours,
    hours_of,
    intervals_from_data,
    intervals_to_data,
    merge_rules,
    rule_from_data,
    rule_to_data,
)
from servoloop.kernel.calendars.timeline import (
    FIRST_YEAR,
    HORIZON_YEARS,
    LAST_YEAR,
    Span,
    Timeline,
    timeline,
)
from servoloop.kernel.calendars.weekly_hours import (
    DAY_MINUTES,
    CalendarError,
    Interval,
    Weekly,
    interval_text,
    weekly_hours,
    weekly_text,
)

__all__ = [
    "ALWAYS",
    "Calendar",
    "CalendarError",
    "Closed",
    "DayRule",
    "Holiday",
    "Interval",
    "MakeUpWorkday",
    "OpenAsUsual",
    "OpenHours",
    "Span",
    "Weekly",
    "interval_text",
    "merge_rules",
    "weekly_hours",
    "weekly_text",
]

DATA_VERSION = 1
_ZERO = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Working time. Immutable, hashable, picklable; equal calendars share what they computed.

    Every method raises CalendarError on a naive datetime, on a year outside 3 to 9996, and when
    the answer lies more than 100 years away (so a calendar that never opens answers, at once).
    """

    name: str
    zone: str  # IANA, for example Asia/Shanghai
    weekly: Weekly  # 7 days, Monday first
    exceptions: Mapping[date, DayRule] = field(default_factory=dict)
    published_through: date | None = None  # holidays after it are provisional; None: none are
    _timeline: Timeline | None = field(init=False, repr=False, compare=False)  # None: never closes

    def __post_init__(self) -> None:
        _check_zone(self.zone)
        if len(self.weekly) != 7:
            raise CalendarError(
                f"A week has 7 days of hours, Monday first, not {len(self.weekly)}."
            )
        for day in self.exceptions:
            if type(day) is not date:
                raise CalendarError(f"An exception is for a date, not for {day!r}.")
        object.__setattr__(self, "weekly", tuple(tuple(day) for day in self.weekly))
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        rules = frozenset(self.exceptions.items())
        shared = None if _never_closes(self) else timeline(self.zone, self.weekly, rules)
        object.__setattr__(self, "_timeline", shared)

    def __hash__(self) -> int:
        return hash((self.name, self.zone, self.weekly, len(self.exceptions)))

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        # The mapping proxy cannot be pickled, and what was expanded need not travel.
        return Calendar.from_data, (self.to_data(),)

    def add(self, start: datetime, working: timedelta) -> datetime:
        """The moment when `working` time has passed since `start`; earliest, or latest if negative.

        add(start, 0) is `start`, even when closed.
        """
        start = self._utc(start)
        if self._timeline is None:
            return self._plain_sum(start, working)
        if working > _ZERO:
            found = self._timeline.forward(start, working)
        elif working < _ZERO:
            found = self._timeline.backward(start, -working)
        else:
            return start
        if found is None:
            raise self._too_far(start, working)
        return found

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from `a` to `b`; negative when `b` is before `a`."""
        a, b = self._utc(a), self._utc(b)
        if self._timeline is None:
            return b - a
        if abs(b.year - a.year) > HORIZON_YEARS:
            raise CalendarError(
                f"Calendar '{self.name}' counts over at most {HORIZON_YEARS} years, "
                f"not from {a:%Y-%m-%d} to {b:%Y-%m-%d}."
            )
        return self._timeline.between(a, b) if a <= b else -self._timeline.between(b, a)

    def is_open(self, at: datetime) -> bool:
        """Open at its opening, closed at its closing."""
        at = self._utc(at)
        return self._timeline is None or self._timeline.is_open(at)

    def next_opening(self, at: datetime) -> datetime:
        """The first open moment at or after `at`: `at` itself when open."""
        at = self._utc(at)
        for start, _ in self._spans_after(at):
            return max(at, start)
        raise CalendarError(f"Calendar '{self.name}' does not open again after {at.isoformat()}.")

    def next_closing(self, at: datetime) -> datetime:
        """The first closed moment at or after `at`: `at` itself when closed."""
        at = self._utc(at)
        if not self.is_open(at):
            return at
        # A calendar that never closes in effect (an exception that changes nothing) has one span
        # that ends at the horizon; that is not a closing.
        for _, end in self._spans_after(at):
            if end.year - at.year <= HORIZON_YEARS and end.year <= LAST_YEAR:
                return end
            break
        raise CalendarError(f"Calendar '{self.name}' does not close after {at.isoformat()}.")

    def open_spans(self, a: datetime, b: datetime) -> Iterator[Span]:
        """The open spans (start, end) within a..b, in order, apart from each other."""
        a, b = self._utc(a), self._utc(b)
        if a >= b:
            return
        for start, end in self._spans_after(a):
            if start >= b:
                return
            yield max(start, a), min(end, b)
            if end >= b:
                return

    def hours_on(self, day: date) -> tuple[Interval, ...]:
        """The hours that begin on this date, as its rule or its weekday says."""
        return hours_of(self.exceptions.get(day), weekday=day.weekday(), weekly=self.weekly)

    def is_provisional(self, at: datetime) -> bool:
        """Whether `at` falls, by the zone's date, after the last date with published holidays."""
        if self.published_through is None:
            return False
        return self._utc(at).astimezone(ZoneInfo(self.zone)).date() > self.published_through

    def to_data(self) -> dict[str, Any]:
        """A plain dict that JSON can hold, and that `from_data` reads back as an equal calendar.

        {version: 1, name, zone, weekly: 7 lists of [start, end] minutes, Monday first,
        exceptions: {date: {kind, …}}, published_through: date or null}; dates as YYYY-MM-DD.
        """
        through = self.published_through
        return {
            "version": DATA_VERSION,
            "name": self.name,
            "zone": self.zone,
            "weekly": [intervals_to_data(day) for day in self.weekly],
            "exceptions": {
                day.isoformat(): rule_to_data(rule) for day, rule in sorted(self.exceptions.items())
            },
            "published_through": through.isoformat() if through else None,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Raises CalendarError, also on data of another version."""
        try:
            if data["version"] != DATA_VERSION:
                raise CalendarError(
                    f"Calendar data of version {data['version']!r} cannot be read: "
                    f"this program reads version {DATA_VERSION}."
                )
            through = data["published_through"]
            return cls(
                name=str(data["name"]),
                zone=str(data["zone"]),
                weekly=tuple(intervals_from_data(day) for day in data["weekly"]),
                exceptions={
                    date.fromisoformat(day): rule_from_data(rule)
                    for day, rule in data["exceptions"].items()
                },
                published_through=date.fromisoformat(through) if through else None,
            )
        except KeyError as missing:
            raise CalendarError(f"The calendar data has no {missing}.") from None
        except (TypeError, ValueError, AttributeError) as wrong:
            raise CalendarError(f"The calendar data cannot be read: {wrong}.") from wrong

    def _utc(self, at: datetime) -> datetime:
        if not FIRST_YEAR <= at.year <= LAST_YEAR:
            raise CalendarError(
                f"The year of {at.isoformat()} is out of range: calendars know the years "
                f"{FIRST_YEAR} to {LAST_YEAR}."
            )
        if at.tzinfo is UTC:
            return at
        if at.utcoffset() is None:
            raise CalendarError(
                f"The moment {at.isoformat()} has no time zone: calendar '{self.name}' needs "
                f"one, for example {at.replace(tzinfo=UTC).isoformat()}."
            )
        return at.astimezone(UTC)

    def _plain_sum(self, start: datetime, working: timedelta) -> datetime:
        try:
            return start + working
        except OverflowError:
            raise self._too_far(start, working) from None

    def _spans_after(self, at: datetime) -> Iterator[Span]:
        if self._timeline is None:
            return iter([(at, datetime.max.replace(tzinfo=UTC))])
        return self._timeline.spans(at)

    def _too_far(self, start: datetime, working: timedelta) -> CalendarError:
        if working > _ZERO and next(self._spans_after(start), None) is None:
            return CalendarError(
                f"Calendar '{self.name}' does not open again after {start.isoformat()}."
            )
        which = "after" if working > _ZERO else "before"
        return CalendarError(
            f"Calendar '{self.name}' has less than {abs(working)} of working time in the "
            f"{HORIZON_YEARS} years {which} {start.isoformat()}: give it opening hours, "
            "or ask for less."
        )


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # unknown; not a name; the name of a folder of zones
        near = get_close_matches(zone, available_timezones(), n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else "use one such as Asia/Shanghai."
        raise CalendarError(f"No time zone '{zone}': {hint}") from None


def _never_closes(calendar: Calendar) -> bool:
    return not calendar.exceptions and all(
        any(hours.start_minute == 0 and hours.end_minute >= DAY_MINUTES for hours in day)
        for day in calendar.weekly
    )


ALWAYS = Calendar(name="always", zone="UTC", weekly=weekly_hours("daily 00:00-24:00"))
