"""What the small forms beside the map ask for: one more filter."""

from datetime import date, timedelta

from django.http import QueryDict
from django.utils.translation import gettext as _

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.filters import (
    Contains,
    CycleTime,
    Filter,
    Follows,
    HasValue,
    NumberBetween,
    Period,
    Repeats,
)

UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "min": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
PERIODS = ("started", "ended", "active", "within")


class NothingAsked(ServoloopError):
    """A form was sent without what its filter needs; the words are for the person."""


def addition_of(given: QueryDict) -> Filter:
    """The filter that a form asks for; `add` says its kind. Raises NothingAsked."""
    is_excluded = given.get("excluded") == "1"
    match given.get("add"):
        case "period":
            return _period(given)
        case "value":
            values = tuple(dict.fromkeys(given.getlist("value")))
            column = given.get("column", "")
            if not values or not column:
                raise NothingAsked(_("Choose at least one value."))
            return HasValue(column=column, values=values, is_excluded=is_excluded)
        case "number":
            low, high = _number(given.get("low", "")), _number(given.get("high", ""))
            if low is None and high is None:
                raise NothingAsked(_("Say from which number, or up to which."))
            return NumberBetween(column=given.get("column", ""), low=low, high=high)
        case "contains":
            return Contains(activity=_activity(given), is_excluded=is_excluded)
        case "repeats":
            return Repeats(activity=_activity(given), is_excluded=is_excluded)
        case "follows":
            return _follows(given, is_excluded=is_excluded)
        case "cycle":
            return _cycle(given)
        case _:
            raise NothingAsked(_("This filter is not known here."))


def _activity(given: QueryDict) -> str:
    activity = given.get("activity", "")
    if not activity:
        raise NothingAsked(_("Choose an activity."))
    return activity


def _follows(given: QueryDict, *, is_excluded: bool) -> Follows:
    """A missing activity is the start of the case, or its end."""
    source, target = given.get("source") or None, given.get("target") or None
    if source is None and target is None:
        raise NothingAsked(_("Choose an activity."))
    return Follows(
        source=source,
        target=target,
        is_direct=given.get("later") != "1" or source is None or target is None,
        is_excluded=is_excluded,
    )


def _period(given: QueryDict) -> Period:
    by = given.get("by", "started")
    first, last = _day(given.get("first", "")), _day(given.get("last", ""))
    if first is None and last is None:
        raise NothingAsked(_("Say from which day, or up to which."))
    if first is not None and last is not None and first > last:
        first, last = last, first
    return Period(by=by if by in PERIODS else "started", first=first, last=last)  # type: ignore[arg-type]  # one of PERIODS


def _cycle(given: QueryDict) -> CycleTime:
    unit = UNITS.get(given.get("unit", ""), UNITS["d"])
    low, high = _number(given.get("low", "")), _number(given.get("high", ""))
    if low is None and high is None:
        raise NothingAsked(_("Say from which time, or up to which."))
    try:
        return CycleTime(
            at_least=None if low is None else max(0.0, low) * unit,
            below=None if high is None else max(0.0, high) * unit,
        )
    except OverflowError:
        raise NothingAsked(_("No case takes so long.")) from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> float | None:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
