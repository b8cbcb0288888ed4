"""What one date does differently from its weekday, and which rule wins when several meet.

An explicit exception (closed, open, its own hours) beats a make-up workday, which beats a holiday,
which beats the weekly hours. A calendar holds one rule per date; `merge_rules` is where layers
(holidays of a country, an operator's exceptions) become one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from servoloop.kernel.calendars.weekly_hours import DAYS, CalendarError, Interval, Weekly


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Explicit exception: nothing begins on this date."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenHours:
    """Explicit exception: exactly these hours begin on this date."""

    hours: tuple[Interval, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAsUsual:
    """Explicit exception: the date's own weekday hours, even on a holiday."""

    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeUpWorkday:
    """A day worked in exchange for a day off (调休): the hours of `weekday` apply."""

    weekday: int  # 0 is Monday
    reason: str = ""

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise CalendarError(
                f"A make-up workday names a weekday from 0 (Monday) to 6, not {self.weekday!r}."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Holiday:
    """Closed, and known by a name."""

    name: str


DayRule = Closed | OpenHours | OpenAsUsual | MakeUpWorkday | Holiday


def merge_rules(*layers: Mapping[date, DayRule]) -> dict[date, DayRule]:
    """One rule per date: the strongest of all layers, and of equals the one of the last layer."""
    merged: dict[date, DayRule] = {}
    for layer in layers:
        for day, rule in layer.items():
            if day not in merged or _strength(rule) >= _strength(merged[day]):
                merged[day] = rule
    return merged


def hours_of(rule: DayRule | None, *, weekday: int, weekly: Weekly) -> tuple[Interval, ...]:
    """The intervals that begin on a date of this weekday under this rule."""
    match rule:
        case None | OpenAsUsual():
            return weekly[weekday]
        case Closed() | Holiday():
            return ()
        case OpenHours(hours=hours):
            return hours
        case MakeUpWorkday(weekday=other):
            return weekly[other]
        case _:
            assert_never(rule)


def rule_to_data(rule: DayRule) -> dict[str, Any]:
    """The rule as JSON can hold it; `kind` names it."""
    match rule:
        case Closed(reason=reason):
            return {"kind": "closed", "reason": reason}
        case OpenHours(hours=hours, reason=reason):
            return {"kind": "open_hours", "hours": intervals_to_data(hours), "reason": reason}
        case OpenAsUsual(reason=reason):
            return {"kind": "open_as_usual", "reason": reason}
        case MakeUpWorkday(weekday=weekday, reason=reason):
            return {"kind": "make_up_workday", "weekday": DAYS[weekday], "reason": reason}
        case Holiday(name=name):
            return {"kind": "holiday", "name": name}
        case _:
            assert_never(rule)


def rule_from_data(data: Mapping[str, Any]) -> DayRule:
    """Raises CalendarError, KeyError, TypeError or ValueError on anything else than a rule."""
    match data["kind"]:
        case "closed":
            return Closed(reason=str(data["reason"]))
        case "open_hours":
            hours = intervals_from_data(data["hours"])
            return OpenHours(hours=hours, reason=str(data["reason"]))
        case "open_as_usual":
            return OpenAsUsual(reason=str(data["reason"]))
        case "make_up_workday":
            if data["weekday"] not in DAYS:
                raise CalendarError(f"No weekday '{data['weekday']}'. Known: {', '.join(DAYS)}.")
            weekday = DAYS.index(data["weekday"])
            return MakeUpWorkday(weekday=weekday, reason=str(data["reason"]))
        case "holiday":
            return Holiday(name=str(data["name"]))
        case other:
            raise CalendarError(
                f"No kind of day '{other}'. Known: closed, open_hours, open_as_usual, "
                "make_up_workday, holiday."
            )


def intervals_to_data(intervals: tuple[Interval, ...]) -> list[list[int]]:
    return [[interval.start_minute, interval.end_minute] for interval in intervals]


def intervals_from_data(data: list[list[int]]) -> tuple[Interval, ...]:
    return tuple(Interval(start, end) for start, end in data)


def _strength(rule: DayRule) -> int:
    match rule:
        case Holiday():
            return 1
        case MakeUpWorkday():
            return 2
        case Closed() | OpenHours() | OpenAsUsual():
            return 3
        case _:
            assert_never(rule)
