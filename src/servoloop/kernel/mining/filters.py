"""Filters of cases: what each keeps, in words, and as text that fits into an address.

A selection is a tuple of filters; a case is kept when every one of them keeps it. How they are
applied is in `filtering`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, assert_never

from servoloop.kernel.errors import ServoloopError

By = Literal["started", "ended", "active", "within"]
Happening = Literal["reopened", "ping_pong", "transferred", "owned"]

# Columns that the reader of a log gave a role, or that are read off the beginning of a case, stand
# with a mark, so that no attribute can have the same name.
TEAM, RESOURCE, LIFECYCLE = "@team", "@resource", "@lifecycle"
FIRST_TEAM, WEEKDAY, DAYPART = "@first_team", "@weekday", "@daypart"
FIRST = "@first:"
"""Before the name of an attribute: its value for the case, or else in the first event alone."""


class UnreadableFilter(ServoloopError):
    """A text is no filter."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"'{text[:80]}' is no filter. A filter reads like 'follows~A~B' or 'contains~A'."
        )
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Cases that started, ended, were active or lie wholly `within` two days, both included.

    Days are those of the zone in which the log is looked at; None leaves a side open.
    """

    by: By
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HasValue:
    """Cases in which the column has one of the values, in the case or in any of its events."""

    column: str  # a column of the log, or one of the names that begin with @
    values: tuple[str, ...]
    is_excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberBetween:
    """Cases in which a column of numbers lies between two numbers, both included."""

    column: str
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contains:
    """Cases in which an activity occurs."""

    activity: str
    is_excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """Cases in which `target` follows `source` at once, or at any later time.

    None is the start of the case as a source and its end as a target; such a step is always at
    once. With `waited`, the target must have begun at least so long after the source.
    """

    source: str | None
    target: str | None
    is_direct: bool = True
    is_excluded: bool = False
    waited: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsOver:
    """Cases in which an event of one team (or person) is directly followed by one of another."""

    source: str
    target: str
    by: Literal["team", "resource"] = "team"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVariant:
    """Cases that follow exactly one of the variants; `keys` are those of `variant_key`."""

    keys: tuple[str, ...]
    is_excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleTime:
    """Cases that took at least, and less than, so long from the first to the last event."""

    at_least: timedelta | None = None
    below: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """Cases in which the activity (None: any) occurs more than once."""

    activity: str | None = None
    is_excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Cases to which something happened.

    `reopened`: they went on after a closing activity. `ping_pong`: work came back to the group that
    had given it away. `transferred`: an activity was repeated at once by somebody else. `owned`:
    who did the first known step also did the last one.
    """

    what: Happening
    is_excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class InFinding:
    """Cases that a finding of the diagnosis of this log names."""

    rule: str  # its id, to say what the finding is about
    key: str  # of the finding


Filter = (
    Period
    | HasValue
    | NumberBetween
    | Contains
    | Follows
    | HandsOver
    | OfVariant
    | CycleTime
    | Repeats
    | Happened
    | InFinding
)


def joined(filters: Iterable[Filter], *more: Filter) -> tuple[Filter, ...]:
    """Filters and more of them, each once, in the order in which they came."""
    return tuple(dict.fromkeys((*filters, *more)))


def text_of(each: Filter) -> str:
    """A filter as text: its kind and its parts, with ~ between them (see `read_filter`)."""
    match each:
        case Period():
            return _text(each.by, _day(each.first), _day(each.last))
        case HasValue():
            return _text(_signed("value", each.is_excluded), each.column, *each.values)
        case NumberBetween():
            return _text("number", each.column, _number(each.low), _number(each.high))
        case Contains():
            return _text(_signed("contains", each.is_excluded), each.activity)
        case Follows():
            kind = "follows" if each.is_direct else "later"
            waited = () if each.waited is None else (_seconds(each.waited),)
            return _text(_signed(kind, each.is_excluded), each.source, each.target, *waited)
        case HandsOver():
            return _text(f"handover-{each.by}", each.source, each.target)
        case OfVariant():
            return _text(_signed("variant", each.is_excluded), *each.keys)
        case CycleTime():
            return _text("cycle", _seconds(each.at_least), _seconds(each.below))
        case Repeats():
            return _text(_signed("repeats", each.is_excluded), each.activity)
        case Happened():
            return _text(_signed(each.what, each.is_excluded))
        case InFinding():
            return _text("finding", each.rule, each.key)
        case _:
            assert_never(each)


def read_filter(text: str) -> Filter:
    """The filter that `text_of` wrote. Raises UnreadableFilter."""
    kind, *parts = (_plain(part) for part in text.split("~"))
    is_excluded = (kind or "").startswith("no-")
    try:
        return _read((kind or "").removeprefix("no-"), parts, is_excluded=is_excluded)
    except (ValueError, IndexError, OverflowError):
        raise UnreadableFilter(text) from None


def _read(kind: str, parts: list[str | None], *, is_excluded: bool) -> Filter:
    """Raises ValueError or IndexError where a part is missing, too much or no number or day."""
    match kind, parts:
        case (("started" | "ended" | "active" | "within"), [first, last]):
            if first is None and last is None:
                raise ValueError
            return Period(by=kind, first=_read_day(first), last=_read_day(last))
        case "value", [str(column), *values] if values and None not in values:
            texts = tuple(value for value in values if value is not None)
            return HasValue(column=column, values=texts, is_excluded=is_excluded)
        case "number", [str(column), low, high]:
            return NumberBetween(column=column, low=_read_number(low), high=_read_number(high))
        case "contains", [str(activity)]:
            return Contains(activity=activity, is_excluded=is_excluded)
        case (("follows" | "later"), [source, target, *rest]) if len(rest) < 2:
            return Follows(
                source=source,
                target=target,
                is_direct=kind == "follows",
                is_excluded=is_excluded,
                waited=_read_seconds(rest[0]) if rest else None,
            )
        case "handover-team", [str(source), str(target)]:
            return HandsOver(source=source, target=target)
        case "handover-resource", [str(source), str(target)]:
            return HandsOver(source=source, target=target, by="resource")
        case "variant", [*keys] if keys and None not in keys:
            texts = tuple(key for key in keys if key is not None)
            return OfVariant(keys=texts, is_excluded=is_excluded)
        case "cycle", [low, high]:
            return CycleTime(at_least=_read_seconds(low), below=_read_seconds(high))
        case "repeats", [activity]:
            return Repeats(activity=activity, is_excluded=is_excluded)
        case (("reopened" | "ping_pong" | "transferred" | "owned"), []):
            return Happened(what=kind, is_excluded=is_excluded)
        case "finding", [str(rule), str(key)]:
            return InFinding(rule=rule, key=key)
        case _:
            raise ValueError


def _text(*parts: str | None) -> str:
    return "~".join(_escaped(part) for part in parts)


def _escaped(part: str | None) -> str:
    """`~` is taken by us, `!` by this, and nothing at all differs from an empty text."""
    return "!0" if part is None else part.replace("!", "!1").replace("~", "!2")


def _plain(part: str) -> str | None:
    return None if part == "!0" else part.replace("!2", "~").replace("!1", "!")


def _signed(kind: str, is_excluded: bool) -> str:  # noqa: FBT001  # of the filter at hand
    return f"no-{kind}" if is_excluded else kind


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _read_day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _number(value: float | None) -> str | None:
    return None if value is None else repr(float(value)).removesuffix(".0")


def _read_number(text: str | None) -> float | None:
    if text is None:
        return None
    value = float(text)
    if value != value:  # not a number
        raise ValueError
    return value


def _seconds(span: timedelta | None) -> str | None:
    """Exact to the microsecond."""
    if span is None:
        return None
    micros = span // timedelta(microseconds=1)
    whole, rest = divmod(micros, 1_000_000)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")


def _read_seconds(text: str | None) -> timedelta | None:
    if text is None:
        return None
    whole, _, rest = text.partition(".")
    return timedelta(seconds=int(whole), microseconds=int(rest.ljust(6, "0")[:6]))
