"""Conversions between text and values, and ``is``."""

import re
from decimal import Decimal
from typing import Any

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.constants import constant_of
from servoloop.kernel.feel.errors import FeelError
from servoloop.kernel.feel.lexer import write_string
from servoloop.kernel.feel.operators import equal, order
from servoloop.kernel.feel.parser import parse
from servoloop.kernel.feel.signatures import feel
from servoloop.kernel.feel.temporal import DateTime, Time
from servoloop.kernel.feel.tree import RangeLiteral
from servoloop.kernel.feel.values import MATH, Function, Range

_numeral = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")


@feel("number(from: string, grouping separator?: string|null, decimal separator?: string|null)")
def number(from_: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if point is not None and point == grouping:
        return None
    text = from_ if grouping is None else from_.replace(grouping, "")
    if point == ",":
        if "." in text:
            return None
        text = text.replace(",", ".")
    return MATH.create_decimal(text) if _numeral.fullmatch(text) else None


@feel("string(from: any)", budgeted=True)
def string(from_: Any, *, budget: Budget) -> str | None:
    if from_ is None or type(from_) is str:
        return from_
    return value_text(from_, budget)


def number_text(value: int | Decimal) -> str:
    """A number in plain digits, without an exponent."""
    rounded = MATH.create_decimal(value)
    text = format(rounded, "f")
    return "0" if rounded.is_zero() and text.startswith("-") and "." not in text else text


def value_text(value: Any, budget: Budget, *, nesting: int = 0) -> str:
    """A value as ``string()`` writes it: texts inside lists and contexts in quotes."""
    budget.spend(1)
    match value:
        case None:
            text = "null"
        case bool():
            text = "true" if value else "false"
        case int() | Decimal():
            text = number_text(value)
        case str():
            text = write_string(value)
        case list():
            text = f"[{', '.join(value_text(i, budget, nesting=nesting + 1) for i in value)}]"
        case dict():
            entries = (
                f"{_key_text(key)}: {value_text(item, budget, nesting=nesting + 1)}"
                for key, item in value.items()
            )
            text = "{" + ", ".join(entries) + "}"
        case Range():
            text = _range_text(value, budget, nesting)
        case Function():
            text = f"function({', '.join(value.parameters)})"
        case _:
            text = str(value)
    budget.grow(len(text))
    return text


def _key_text(key: str) -> str:
    return key if key and all(c.isalnum() or c in " _" for c in key) else write_string(key)


def _range_text(value: Range, budget: Budget, nesting: int) -> str:
    low, high = (
        "" if end is None else value_text(end, budget, nesting=nesting + 1)
        for end in (value.low, value.high)
    )
    if value.one_sided:
        sign = "<" if value.low is None else ">"
        included = value.high_included if value.low is None else value.low_included
        return f"{sign}{'=' if included else ''} {low or high}"
    return f"{'[' if value.low_included else '('}{low}..{high}{']' if value.high_included else ')'}"


_open_start = re.compile(r"\s*[(\[\]]\s*\.\.")
_open_end = re.compile(r"\.\.\s*[)\]\[]\s*\Z")


@feel("range(from: string)")
def range_(from_: str) -> Range | None:
    """The range that a text such as ``[18..21)`` describes; its ends must be literals."""
    if len(from_) > 1000:
        return None
    text, one_sided = from_, False
    if _open_start.match(from_):
        text, one_sided = from_.replace("..", "null..", 1), True
    elif _open_end.search(from_):
        text, one_sided = "..null".join(from_.rsplit("..", 1)), True
    try:
        node = parse(text, functions=("date", "time", "date and time", "duration"))
    except FeelError:
        return None
    if not isinstance(node, RangeLiteral):
        return None
    low, high = constant_of(node.low), constant_of(node.high)
    if not one_sided and order(low, high) not in (-1, 0):
        return None
    if (low is None and node.low_included) or (high is None and node.high_included):
        return None
    if low is None and high is None:
        return None
    return Range(low, high, node.low_included, node.high_included, one_sided)


@feel("is(value1: any, value2: any)")
def is_(value1: Any, value2: Any) -> bool:
    """Whether two values are the same in every part: a moment in another zone is another one."""
    if type(value1) is DateTime or type(value1) is Time:
        return bool(type(value1) is type(value2) and value1 == value2)
    return equal(value1, value2) is True
