"""Spans of time as people write them: '15 min', 'half an hour', '2 working days', '一个半小时'."""

import re
from dataclasses import dataclass
from datetime import timedelta

WORKING_DAY = timedelta(hours=8)

_NUMBERS = {
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0,
    "a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5, "a half": 0.5, "seven": 7.0,
    "eight": 8.0, "nine": 9.0, "ten": 10.0, "twelve": 12.0, "fifteen": 15.0, "thirty": 30.0,
    "半": 0.5, "一": 1.0, "两": 2.0, "二": 2.0, "三": 3.0, "四": 4.0, "五": 5.0, "六": 6.0,
    "七": 7.0, "八": 8.0, "九": 9.0, "十": 10.0, "十五": 15.0, "二十": 20.0, "三十": 30.0,
}  # fmt: skip
_UNITS = {
    timedelta(seconds=1): "s|secs?|seconds?|秒钟?",
    timedelta(minutes=1): "m|mins?|minutes?|分钟?",
    timedelta(minutes=15): "刻钟?",
    timedelta(hours=1): "h|hrs?|hours?|小时|钟头",
    timedelta(days=1): "d|days?|天|日",
    timedelta(days=7): "w|weeks?|周|星期|礼拜",
}
_WORKING = "working |business |工作"
_NUMBER = "|".join(sorted(map(re.escape, _NUMBERS), key=len, reverse=True))
_UNIT = "|".join(f"(?P<u{n}>{words})" for n, words in enumerate(_UNITS.values()))
_PIECE = re.compile(
    rf"(?P<number>\d+(?:\.\d+)?|(?:{_NUMBER})(?![a-z]))\s*(?:个(?P<half>半)?)?[\s-]*"
    rf"(?P<working>{_WORKING})?(?:{_UNIT})(?![a-z])(?P<after>半)?",
    re.IGNORECASE,
)
SPAN = (
    rf"(?:(?:\d+(?:\.\d+)?|(?:{_NUMBER})(?![a-z]))\s*(?:个半?)?[\s-]*(?:{_WORKING})?"
    rf"(?:{'|'.join(_UNITS.values())})(?![a-z])半?(?:\s*(?:and\s+|零)?)?)+"
)
"""A regular expression for a whole span, without groups."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """`elapsed` counts days as 24 hours, `worked` as working days of 8 hours."""

    elapsed: timedelta
    worked: timedelta
    is_working_time: bool = False


def read_span(text: str) -> Span | None:
    """The first span in the text, its pieces added up; None when there is none."""
    found = re.search(SPAN, text, re.IGNORECASE)
    if found is None:
        return None
    elapsed = worked = timedelta(0)
    is_working = False
    for piece in _PIECE.finditer(found.group()):
        unit = next(u for n, u in enumerate(_UNITS) if piece.group(f"u{n}"))
        number = _number(piece.group("number"))
        number += 0.5 if piece.group("half") or piece.group("after") else 0.0
        is_working |= piece.group("working") is not None
        elapsed += number * unit
        worked += number * (unit if unit < timedelta(days=1) else unit.days * WORKING_DAY)
    return Span(elapsed=elapsed, worked=worked, is_working_time=is_working)


def _number(text: str) -> float:
    return _NUMBERS[text.lower()] if text.lower() in _NUMBERS else float(text)
