"""The properties of values that a path can name: ``date.year``, ``range.start``,
``context.entry``."""

from collections.abc import Callable
from typing import Any

from servoloop.kernel.feel.calendar_days import weekday
from servoloop.kernel.feel.operators import whole
from servoloop.kernel.feel.temporal import (
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
)
from servoloop.kernel.feel.values import MATH, Range


def get_property(value: Any, name: str) -> Any:
    """What ``value.name`` answers; for a list, what its items answer; null if there is none."""
    kind = type(value)
    if kind is dict:
        return value.get(name)
    if kind is list:
        return [get_property(item, name) for item in value] if _has_parts(value) else None
    table = PROPERTIES.get(kind)
    read = table.get(name) if table is not None else None
    return None if read is None else read(value)


def _has_parts(items: list[Any]) -> bool:
    return all(type(item) in (dict, list, type(None)) or type(item) in PROPERTIES for item in items)


def _seconds(nanos: int) -> Any:
    """Seconds within the minute, with their fraction."""
    whole_seconds, fraction = divmod(nanos % (60 * NANOS), NANOS)
    return whole_seconds if not fraction else MATH.divide(whole_seconds * NANOS + fraction, NANOS)


def _of_magnitude(read: Callable[[int], Any]) -> Callable[[DaysDuration], Any]:
    """A part of a duration, negative when the duration is."""

    def signed(value: DaysDuration) -> Any:
        part = read(abs(value.nanos))
        return -part if value.nanos < 0 else part

    return signed


def _offset(value: Time | DateTime) -> DaysDuration | None:
    offset = value.offset
    return None if offset is None else DaysDuration(offset * NANOS)


def _zone_name(value: Time | DateTime) -> str | None:
    return value.zone if isinstance(value.zone, str) else None


_CLOCK: dict[str, Callable[[Any], Any]] = {
    "hour": lambda value: value.nanos // (3600 * NANOS),
    "minute": lambda value: value.nanos // (60 * NANOS) % 60,
    "second": lambda value: _seconds(value.nanos),
    "time offset": _offset,
    "timezone": _zone_name,
}
_DAY: dict[str, Callable[[Any], Any]] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": lambda value: weekday(value.days),
}


def _through_date(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: read(value.date)


PROPERTIES: dict[type, dict[str, Callable[[Any], Any]]] = {
    Date: _DAY,
    Time: _CLOCK,
    DateTime: {name: _through_date(read) for name, read in _DAY.items()} | _CLOCK,
    DaysDuration: {
        "days": _of_magnitude(lambda nanos: nanos // DAY_NANOS),
        "hours": _of_magnitude(lambda nanos: nanos // (3600 * NANOS) % 24),
        "minutes": _of_magnitude(lambda nanos: nanos // (60 * NANOS) % 60),
        "seconds": _of_magnitude(_seconds),
    },
    MonthsDuration: {
        "years": lambda value: whole(MATH.divide_int(value.months, 12)),
        "months": lambda value: whole(MATH.remainder(value.months, 12)),
    },
    Range: {
        "start": lambda value: value.low,
        "end": lambda value: value.high,
        "start included": lambda value: value.low_included,
        "end included": lambda value: value.high_included,
    },
}
