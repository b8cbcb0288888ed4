"""What FEEL's operators answer for any two values; null (None) where they do not fit together."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from servoloop.kernel.feel.temporal import (
    DAY_NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    add_months,
    date_from_days,
    datetime_from_instant,
)
from servoloop.kernel.feel.values import LARGEST_INT, MATH, NUMBERS, Range

_PLAIN = frozenset({str, Date, DaysDuration, MonthsDuration})
"""Kinds that Python orders as FEEL does."""


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 as left is below, equal to or above right; None when they cannot be ordered."""
    kind, other = type(left), type(right)
    if kind in NUMBERS:
        if other not in NUMBERS:
            return None
    elif kind is not other:
        return None
    elif kind is DateTime or kind is Time:
        left, right = _moments(left, right)
    elif kind not in _PLAIN:
        return None
    return int(left > right) - int(left < right)


def _moments(left: Any, right: Any) -> tuple[int, int]:
    """What orders two moments; one without a zone is taken to be in the zone of the other."""
    if (left.zone is None) == (right.zone is None):
        return left.instant, right.instant
    if left.zone is None:
        return replace(left, zone=right.zone).instant, right.instant
    return left.instant, replace(right, zone=left.zone).instant


def less(left: Any, right: Any) -> bool | None:
    """``left < right``"""
    found = order(left, right)
    return None if found is None else found < 0


def less_or_equal(left: Any, right: Any) -> bool | None:
    """``left <= right``"""
    found = order(left, right)
    return None if found is None else found <= 0


def greater(left: Any, right: Any) -> bool | None:
    """``left > right``"""
    found = order(left, right)
    return None if found is None else found > 0


def greater_or_equal(left: Any, right: Any) -> bool | None:
    """``left >= right``"""
    found = order(left, right)
    return None if found is None else found >= 0


def equal(left: Any, right: Any) -> bool | None:
    """``left = right``: null equals only null; values of different kinds have no answer."""
    kind, other = type(left), type(right)
    if left is None or right is None:
        return left is right
    if kind in NUMBERS:
        return bool(left == right) if other in NUMBERS else None
    if kind is not other:
        return None
    if kind is list:
        return _equal_lists(left, right)
    if kind is dict:
        return left.keys() == right.keys() and all(
            equal(value, right[key]) is True for key, value in left.items()
        )
    if kind is Range:
        return (
            left.low_included == right.low_included
            and left.high_included == right.high_included
            and equal(left.low, right.low) is True
            and equal(left.high, right.high) is True
        )
    if kind is DateTime or kind is Time:
        same_kind_of_zone = (left.zone is None) == (right.zone is None)
        return bool(same_kind_of_zone and left.instant == right.instant)
    return bool(left == right)


def _equal_lists(left: list[Any], right: list[Any]) -> bool:
    return len(left) == len(right) and all(
        equal(one, other) is True for one, other in zip(left, right, strict=True)
    )


def not_equal(left: Any, right: Any) -> bool | None:
    """``left != right``"""
    found = equal(left, right)
    return None if found is None else not found


def inside(value: Any, span: Range | None) -> bool | None:
    """Whether a value lies in a range; null when an end is null or cannot be compared."""
    if span is None:
        return None
    low: bool | None = True
    high: bool | None = True
    if span.low is not None or not span.one_sided:
        low = (greater_or_equal if span.low_included else greater)(value, span.low)
    if span.high is not None or not span.one_sided:
        high = (less_or_equal if span.high_included else less)(value, span.high)
    if low is None or high is None or value is None:
        return None
    return low and high


def passes(value: Any, test: Any) -> bool | None:
    """``value in test`` for a test that is a range, a list of tests or values, or one value."""
    kind = type(test)
    if kind is Range:
        return inside(value, test)
    if kind is list:
        if type(value) is list and equal(value, test):
            return True
        return any(
            (passes(value, item) if type(item) is Range else _same(value, item)) is True
            for item in test
        )
    return _same(value, test)


def _same(value: Any, item: Any) -> bool | None:
    if type(item) is list and type(value) is not list:
        return passes(value, item)
    return equal(value, item)


def between(value: Any, low: Any, high: Any) -> bool | None:
    """``value between low and high``"""
    above, below = greater_or_equal(value, low), less_or_equal(value, high)
    if above is None or below is None:
        return None
    return above and below


def number(value: Decimal) -> Decimal | None:
    """A result of decimal arithmetic, or None when it is not a number."""
    return value if value.is_finite() else None


def add(left: Any, right: Any) -> Any:
    """``left + right``"""
    kind, other = type(left), type(right)
    if kind in NUMBERS and other in NUMBERS:
        if kind is int and other is int:
            total = left + right
            return total if -LARGEST_INT < total < LARGEST_INT else MATH.create_decimal(total)
        return MATH.add(left, right)
    if kind is str and other is str:
        return left + right
    if other is DaysDuration or other is MonthsDuration:
        return _later(left, right, 1)
    if kind is DaysDuration or kind is MonthsDuration:
        return _later(right, left, 1)
    return None


def subtract(left: Any, right: Any) -> Any:
    """``left - right``"""
    kind, other = type(left), type(right)
    if kind in NUMBERS and other in NUMBERS:
        if kind is int and other is int:
            total = left - right
            return total if -LARGEST_INT < total < LARGEST_INT else MATH.create_decimal(total)
        return MATH.subtract(left, right)
    if other is DaysDuration or other is MonthsDuration:
        return _later(left, right, -1)
    return _elapsed(left, right)


def _later(value: Any, duration: DaysDuration | MonthsDuration, sign: int) -> Any:
    if isinstance(duration, MonthsDuration):
        months = sign * duration.months
        match value:
            case MonthsDuration():
                return MonthsDuration(value.months + months)
            case Date():
                return add_months(value, months)
            case DateTime():
                date = add_months(value.date, months)
                return None if date is None else DateTime(date, value.nanos, value.zone)
        return None
    nanos = sign * duration.nanos
    match value:
        case DaysDuration():
            return DaysDuration(value.nanos + nanos)
        case Date():
            return date_from_days((value.days * DAY_NANOS + nanos) // DAY_NANOS)
        case DateTime():
            return datetime_from_instant(value.instant + nanos, value.zone)
        case Time():
            return Time((value.nanos + nanos) % DAY_NANOS, value.zone)
    return None


def _elapsed(left: Any, right: Any) -> DaysDuration | None:
    if type(left) is Time and type(right) is Time:
        if (left.zone is None) != (right.zone is None):
            return None
        return DaysDuration(left.instant - right.instant)
    if type(left) is Date and type(right) is Date:
        return DaysDuration((left.days - right.days) * DAY_NANOS)
    # A date beside a date and time is midnight in UTC, as the standard's conversion says.
    first = DateTime(left, 0, 0) if type(left) is Date else left
    second = DateTime(right, 0, 0) if type(right) is Date else right
    if type(first) is not DateTime or type(second) is not DateTime:
        return None
    if (first.zone is None) != (second.zone is None):
        return None
    return DaysDuration(first.instant - second.instant)


def multiply(left: Any, right: Any) -> Any:
    """``left * right``"""
    kind, other = type(left), type(right)
    if kind in NUMBERS and other in NUMBERS:
        if kind is int and other is int:
            product = left * right
            return product if -LARGEST_INT < product < LARGEST_INT else MATH.create_decimal(product)
        return MATH.multiply(left, right)
    if other in NUMBERS:
        return _scaled(left, right, MATH.multiply)
    if kind in NUMBERS:
        return _scaled(right, left, MATH.multiply)
    return None


def divide(left: Any, right: Any) -> Any:
    """``left / right``; null when right is zero."""
    kind, other = type(left), type(right)
    if kind in NUMBERS and other in NUMBERS:
        return MATH.divide(left, right) if right else None
    if other in NUMBERS:
        return _scaled(left, right, MATH.divide) if right else None
    if kind is other and kind is DaysDuration:
        return MATH.divide(left.nanos, right.nanos) if right.nanos else None
    if kind is other and kind is MonthsDuration:
        return MATH.divide(left.months, right.months) if right.months else None
    return None


def _scaled(duration: Any, factor: Any, operation: Any) -> Any:
    """A duration times or divided by a number, cut to whole nanoseconds or months."""
    if type(duration) is DaysDuration:
        return DaysDuration(whole(operation(duration.nanos, factor)))
    if type(duration) is MonthsDuration:
        return MonthsDuration(whole(operation(duration.months, factor)))
    return None


def whole(value: Decimal | int) -> int:
    """The number without its fraction; raises ArithmeticError beyond 34 digits."""
    if isinstance(value, int):
        return value
    if value.adjusted() > 34:
        raise ArithmeticError("too large for a whole number")
    return int(value)


def power(left: Any, right: Any) -> Any:
    """``left ** right``"""
    if type(left) in NUMBERS and type(right) in NUMBERS:
        return number(MATH.power(left, right)) if right else 1
    return None


def negate(value: Any) -> Any:
    """``-value``"""
    kind = type(value)
    if kind is int:
        return -value
    if kind is Decimal:
        return MATH.minus(value)
    if kind is DaysDuration:
        return DaysDuration(-value.nanos)
    if kind is MonthsDuration:
        return MonthsDuration(-value.months)
    return None
