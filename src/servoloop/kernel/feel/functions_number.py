"""The numeric functions, and ``not``."""

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from typing import Any

from servoloop.kernel.feel.operators import whole
from servoloop.kernel.feel.signatures import feel
from servoloop.kernel.feel.temporal import DaysDuration, MonthsDuration
from servoloop.kernel.feel.values import MATH

Number = int | Decimal

_LEAST_SCALE, _GREATEST_SCALE = -6111, 6176
"""The scales of decimal128, which bound what rounding can be asked for."""


def _round(n: Number, scale: Number, rounding: str) -> Number | None:
    places = whole(scale)
    if not _LEAST_SCALE <= places <= _GREATEST_SCALE:
        return None
    value = MATH.create_decimal(n)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= places:
        return n
    return value.quantize(Decimal((0, (1,), -places)), rounding=rounding, context=MATH)


@feel("decimal(n: number, scale: number)")
def decimal(n: Number, scale: Number) -> Number | None:
    return _round(n, scale, ROUND_HALF_EVEN)


@feel("floor(n: number, scale?: number)")
def floor(n: Number, scale: Number = 0) -> Number | None:
    return _round(n, scale, ROUND_FLOOR)


@feel("ceiling(n: number, scale?: number)")
def ceiling(n: Number, scale: Number = 0) -> Number | None:
    return _round(n, scale, ROUND_CEILING)


@feel("round up(n: number, scale: number)")
def round_up(n: Number, scale: Number) -> Number | None:
    return _round(n, scale, ROUND_UP)


@feel("round down(n: number, scale: number)")
def round_down(n: Number, scale: Number) -> Number | None:
    return _round(n, scale, ROUND_DOWN)


@feel("round half up(n: number, scale: number)")
def round_half_up(n: Number, scale: Number) -> Number | None:
    return _round(n, scale, ROUND_HALF_UP)


@feel("round half down(n: number, scale: number)")
def round_half_down(n: Number, scale: Number) -> Number | None:
    return _round(n, scale, ROUND_HALF_DOWN)


@feel("abs(n: number|days|months)")
def absolute(n: Any) -> Any:
    match n:
        case DaysDuration():
            return DaysDuration(abs(n.nanos))
        case MonthsDuration():
            return MonthsDuration(abs(n.months))
    return MATH.abs(n) if isinstance(n, Decimal) else abs(n)


@feel("modulo(dividend: number, divisor: number)")
def modulo(dividend: Number, divisor: Number) -> Number | None:
    """Takes the sign of the divisor, unlike a remainder."""
    if not divisor:
        return None
    if isinstance(dividend, int) and isinstance(divisor, int):
        return dividend % divisor
    rest = MATH.remainder(dividend, divisor)
    return MATH.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


@feel("sqrt(number: number)")
def square_root(number: Number) -> Number | None:
    return MATH.sqrt(number) if number >= 0 else None


@feel("log(number: number)")
def natural_logarithm(number: Number) -> Number | None:
    return MATH.ln(number) if number > 0 else None


@feel("exp(number: number)")
def exponential(number: Number) -> Number:
    return MATH.exp(number)


@feel("even(number: number)")
def even(number: Number) -> bool:
    return bool(number == MATH.to_integral_value(number) and modulo(number, 2) == 0)


@feel("odd(number: number)")
def odd(number: Number) -> bool:
    return bool(number == MATH.to_integral_value(number) and modulo(number, 2) == 1)


@feel("not(negand: any)")
def negation(negand: Any) -> bool | None:
    return not negand if type(negand) is bool else None
