"""The functions of text. Positions count code points from 1, or from the end from -1."""

from decimal import Decimal
from typing import Any

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.operators import whole
from servoloop.kernel.feel.regex import BadPattern, compile_pattern
from servoloop.kernel.feel.signatures import Misfit, feel

Number = int | Decimal


@feel("substring(string: string, start position: number, length?: number)")
def substring(string: str, start: Number, length: Number | None = None) -> str | None:
    position = whole(start)
    if position == 0 or abs(position) > len(string):
        return None
    first = position - 1 if position > 0 else len(string) + position
    if length is None:
        return string[first:]
    size = whole(length)
    return string[first : first + size] if 1 <= size <= len(string) - first else None


@feel("string length(string: string)")
def string_length(string: str) -> int:
    return len(string)


@feel("upper case(string: string)")
def upper_case(string: str) -> str:
    return string.upper()


@feel("lower case(string: string)")
def lower_case(string: str) -> str:
    return string.lower()


@feel("trim(string: string)")
def trim(string: str) -> str:
    """Not in the standard, but widely known."""
    return string.strip()


@feel("substring before(string: string, match: string)")
def substring_before(string: str, match: str) -> str:
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


@feel("substring after(string: string, match: string)")
def substring_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@feel("contains(string: string, match: string)")
def contains(string: str, match: str) -> bool:
    return match in string


@feel("starts with(string: string, match: string)")
def starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@feel("ends with(string: string, match: string)")
def ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@feel("string join(list: list, delimiter?: string|null)", budgeted=True)
def string_join(items: list[Any], delimiter: str | None = None, *, budget: Budget) -> str:
    """Leaves nulls out; anything else than text has no answer."""
    texts = [item for item in items if item is not None]
    if any(type(text) is not str for text in texts):
        raise Misfit
    size = sum(map(len, texts)) + len(delimiter or "") * len(texts)
    budget.grow(size)
    return (delimiter or "").join(texts)


@feel("matches(input: string, pattern: string, flags?: string|null)", budgeted=True)
def matches(string: str, pattern: str, flags: str | None = None, *, budget: Budget) -> bool | None:
    try:
        compiled = compile_pattern(pattern, flags or "")
    except BadPattern:
        return None
    return compiled.search(string, 0, budget) is not None


@feel(
    "replace(input: string, pattern: string, replacement: string, flags?: string|null)",
    budgeted=True,
)
def replace(
    string: str, pattern: str, replacement: str, flags: str | None = None, *, budget: Budget
) -> str | None:
    try:
        compiled = compile_pattern(pattern, flags or "")
        return compiled.replace(string, replacement, budget)
    except BadPattern:
        return None


@feel("split(string: string, delimiter: string)", budgeted=True)
def split(string: str, delimiter: str, *, budget: Budget) -> list[str] | None:
    try:
        return compile_pattern(delimiter, "").split(string, budget)
    except BadPattern:
        return None
