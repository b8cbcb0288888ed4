"""FEEL's values, and how Python's values become FEEL's.

Inside, a number is ``int`` or ``Decimal``, a list is ``list``, a context is ``dict`` with text
keys, and dates, times and durations are those of temporal.py. Nothing else gets in: an unknown
kind of object is refused, so a rule can never reach into Python.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.errors import BudgetExceeded, FeelTypeError
from servoloop.kernel.feel.temporal import (
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Zone,
)

MATH = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    clamp=0,
    capitals=1,
    traps=[InvalidOperation, DivisionByZero, Overflow],
)
"""IEEE 754 decimal128, as DMN asks; what has no result raises ArithmeticError and becomes null."""

LARGEST_INT = 10**34

MAX_NESTING = 100
"""Lists within lists within contexts in what is handed in."""


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """All values between two ends.

    A one-sided range (``< 10``) has None for its missing end; in a two-sided one None is an
    unknown.
    """

    low: Any
    high: Any
    low_included: bool = True
    high_included: bool = True
    one_sided: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Function:
    """Something a rule can call. ``call`` takes the arguments in order and the running budget."""

    name: str
    parameters: tuple[str, ...]
    call: Callable[[list[Any], Budget], Any] = field(repr=False)
    types: tuple[Any, ...] = ()
    result: Any = None
    arrange: Callable[[dict[str, Any]], list[Any] | None] | None = field(default=None, repr=False)


SCALARS = frozenset(
    {
        int,
        str,
        bool,
        Decimal,
        type(None),
        Date,
        Time,
        DateTime,
        DaysDuration,
        MonthsDuration,
        Range,
        Function,
    }
)
"""Types that need no conversion."""

NUMBERS = frozenset({int, Decimal})


def from_python(value: Any, *, nesting: int = 0) -> Any:
    """The FEEL value of a Python one; containers are copied only where something in them changes.

    Raises FeelTypeError for objects that FEEL has no word for, BudgetExceeded for nesting beyond
    100.
    """
    kind = type(value)
    if kind in SCALARS:
        return value
    if kind is float:
        return from_float(value)
    if nesting > MAX_NESTING:
        raise BudgetExceeded(f"The input is nested more than {MAX_NESTING} levels deep.")
    if kind is list or kind is tuple:
        if SCALARS.issuperset(map(type, value)):
            return list(value)
        return [
            item if type(item) in SCALARS else from_python(item, nesting=nesting + 1)
            for item in value
        ]
    if isinstance(value, Mapping):
        return _context(value, nesting)
    return _scalar(value)


def _context(value: Mapping[Any, Any], nesting: int) -> dict[str, Any]:
    result = {}
    for key, item in value.items():
        if type(key) is not str:
            raise FeelTypeError(f"A context has the key {key!r:.40}. Keys must be text.")
        result[key] = item if type(item) in SCALARS else from_python(item, nesting=nesting + 1)
    return result


def _scalar(value: Any) -> Any:
    match value:
        case float():
            return from_float(value)
        case datetime():
            return DateTime(Date(value.year, value.month, value.day), _nanos(value), _zone(value))
        case date():
            return Date(value.year, value.month, value.day)
        case time():
            return Time(_nanos(value), _zone(value))
        case timedelta():
            seconds = value.days * 86_400 + value.seconds
            return DaysDuration(seconds * NANOS + value.microseconds * 1000)
        case str():
            return str.__str__(value)
        case int():
            return int(value)
        case Decimal():
            return Decimal(value)
        case list() | tuple():
            return from_python(list(value), nesting=1)
    raise FeelTypeError(
        f"A rule cannot read a value of type {type(value).__name__}. "
        "It can read numbers, text, true/false, null, dates, times, durations, lists and contexts."
    )


@lru_cache(maxsize=4096)
def from_float(value: float) -> Decimal | int | None:
    """The decimal number that is written like the float; remembered, as prices repeat."""
    if value != value or value in (float("inf"), float("-inf")):
        return None
    return int(value) if value.is_integer() and abs(value) < 1e15 else Decimal(repr(value))


def _nanos(value: datetime | time) -> int:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return seconds * NANOS + value.microsecond * 1000


def _zone(value: datetime | time) -> Zone:
    if isinstance(value.tzinfo, ZoneInfo) and value.tzinfo.key:
        return value.tzinfo.key
    offset = value.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def kind_of(value: Any) -> str:
    """The word a rule writer knows for the kind of a value."""
    return _KINDS.get(type(value), "value")


_KINDS: dict[type, str] = {
    int: "number",
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    list: "list",
    dict: "context",
    Date: "date",
    Time: "time",
    DateTime: "date and time",
    DaysDuration: "days and time duration",
    MonthsDuration: "years and months duration",
    Range: "range",
    Function: "function",
}
