"""FEEL values as plain data for events and screens, and back into Python's own types."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.functions_conversion import number_text, value_text
from servoloop.kernel.feel.temporal import (
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Zone,
    named_zone,
)
from servoloop.kernel.feel.values import Function, Range

Data = None | bool | int | float | str | list[Any] | dict[str, Any]
"""What JSON can hold."""


MAX_DATA = 5_000_000
"""Elements, and characters beside them, in what is kept of one value."""


def to_data(value: Any) -> Data:
    """The value as JSON-able data; raises BudgetExceeded for one too large to keep.

    Whole numbers stay ``int``; other numbers become ``float`` when that loses no digit and text
    otherwise; dates, times, durations and ranges become the text that FEEL reads; functions only
    their outline.
    """
    if type(value) is list or type(value) is dict:
        Budget(steps=MAX_DATA).spend_on(value)
    return _to_data(value)


def _to_data(value: Any) -> Data:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal():
            return _number(value)
        case list():
            return [_to_data(item) for item in value]
        case dict():
            return {key: _to_data(item) for key, item in value.items()}
        case Range() | Function():
            return value_text(value, Budget())
    return str(value)


def _number(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return str(value)
    if value.adjusted() <= 34 and value == value.to_integral_value():
        return int(value)
    if Decimal(repr(float(value))) == value:
        return float(value)
    return number_text(value)


def to_python(value: Any) -> Any:
    """The value in Python's own types, where they can hold it; otherwise the value itself.

    Dates, moments, times and durations of days become those of ``datetime``, cut to microseconds.
    """
    match value:
        case list():
            return [to_python(item) for item in value]
        case dict():
            return {key: to_python(item) for key, item in value.items()}
        case Date(year=year) if 1 <= year <= 9999:
            return date(value.year, value.month, value.day)
        case Time():
            return _clock(value.nanos, value.zone)
        case DateTime() if 1 <= value.date.year <= 9999:
            day = date(value.date.year, value.date.month, value.date.day)
            return datetime.combine(day, _clock(value.nanos, value.zone))
        case DaysDuration() if abs(value.nanos) < 86_400 * NANOS * 999_999_999:
            return timedelta(microseconds=value.nanos // 1000)
        case MonthsDuration():
            return value
    return value


def _clock(nanos: int, zone: Zone) -> time:
    seconds, rest = divmod(nanos, NANOS)
    clock = time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest // 1000)
    if zone is None:
        return clock
    if isinstance(zone, str):
        return clock.replace(tzinfo=named_zone(zone))
    return clock.replace(tzinfo=timezone(timedelta(seconds=zone)) if zone else UTC)
