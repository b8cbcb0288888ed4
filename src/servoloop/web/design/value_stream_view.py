"""The value-stream page's parts: a ladder of waiting and work, and the table behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.kernel.process.step import ValueClass
from servoloop.kernel.process.value_stream import NOTHING, Measured, Stream, StreamStep
from servoloop.storage.queries.heat import Heat
from servoloop.web.shell.time_words import span_words

STEP_WIDTH, GAP, TALLEST = 118, 14, 96
ACROSS = 17.0  # Latin letters in a line of a box
CHINESE = 0x2E80  # letters from here on are nearly twice as wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """A step of the ladder: its box above, its waiting and work as bars below."""

    x: int
    name: str
    lines: tuple[str, ...]
    tone: str  # customer, business, waste or unknown
    value: str
    wait: str
    work: str
    wait_height: float
    work_height: float
    per_case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of the bar of the whole time."""

    left: float  # percent before it
    tone: str
    words: str
    span: str
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamView:
    rungs: tuple[Rung, ...]
    width: int
    parts: tuple[Part, ...]
    total: str
    work: str
    wait: str
    efficiency: str
    unknown: int  # steps of which nobody has said what they are worth


def measured_by(found: Heat) -> Mapping[str, Measured]:
    """The live means of the human steps; other steps take no time worth drawing."""
    return {
        node: Measured(
            per_case=step.tasks / max(1, found.cases),
            wait=step.mean_wait,
            work=step.mean_work or NOTHING,
        )
        for node, step in found.steps.items()
    }


def stream_view(stream: Stream) -> StreamView:
    longest = max((max(step.wait, step.work) for step in stream.steps), default=NOTHING)
    rungs = tuple(_rung(number, step, longest) for number, step in enumerate(stream.steps))
    whole = stream.wait + stream.work
    return StreamView(
        rungs=rungs,
        width=max(1, len(rungs)) * (STEP_WIDTH + GAP) + GAP,
        parts=_parts(stream, whole),
        total=span_words(whole),
        work=span_words(stream.work),
        wait=span_words(stream.wait),
        efficiency="–" if stream.efficiency is None else f"{100 * stream.efficiency:.0f} %",
        unknown=sum(step.value is None for step in stream.steps),
    )


def _rung(number: int, step: StreamStep, longest: timedelta) -> Rung:
    name = step.node.name.in_language(get_language() or "en") or step.node.id
    return Rung(
        x=GAP + number * (STEP_WIDTH + GAP),
        name=name,
        lines=_lines(name),
        tone=step.value.value if step.value else "unknown",
        value=_value_words(step.value),
        wait=span_words(step.wait) if step.wait else "–",
        work=span_words(step.work) if step.work else "–",
        wait_height=_height(step.wait, longest),
        work_height=_height(step.work, longest),
        per_case=f"{100 * step.per_case:.0f} %",
    )


def _height(span: timedelta, longest: timedelta) -> float:
    """By the square root: minutes of work are seen beside days of waiting; the words are exact."""
    share = span / longest if longest else 0.0
    return float(round(TALLEST * max(0.0, share) ** 0.5, 1))


def _lines(name: str) -> tuple[str, ...]:
    """At most three lines of a box; Chinese letters are twice as wide."""
    lines, line, used = [], "", 0.0
    for word in _words(name):
        width = sum(1.0 if ord(letter) < CHINESE else 1.8 for letter in word)
        if line and used + width > ACROSS:
            lines.append(line.strip())
            line, used = "", 0.0
        line, used = line + word, used + width
    lines.append(line.strip())
    if len(lines) > 3:
        lines = [*lines[:2], f"{lines[2]}…"]
    return tuple(lines)


def _words(name: str) -> list[str]:
    """Latin words with their blank; every Chinese letter may begin a line."""
    words: list[str] = []
    for letter in name:
        goes_on = words and not words[-1].endswith(" ") and ord(words[-1][-1]) < CHINESE
        if goes_on and ord(letter) < CHINESE:
            words[-1] += letter
        else:
            words.append(letter)
    return words


def _parts(stream: Stream, whole: timedelta) -> tuple[Part, ...]:
    spans = [
        ("customer", _("Work that customers value"), stream.work_of(ValueClass.CUSTOMER)),
        ("business", _("Work that the business demands"), stream.work_of(ValueClass.BUSINESS)),
        ("waste", _("Work that nobody values"), stream.work_of(ValueClass.WASTE)),
        ("unknown", _("Work without a value class"), stream.work_of(None)),
        ("waiting", _("Waiting"), stream.wait),
    ]
    parts: list[Part] = []
    for tone, words, span in spans:
        if span:
            left = parts[-1].left + parts[-1].percent if parts else 0.0
            percent = round(100 * (span / whole), 1)
            parts.append(
                Part(left=left, tone=tone, words=words, span=span_words(span), percent=percent)
            )
    return tuple(parts)


def _value_words(value: ValueClass | None) -> str:
    match value:
        case ValueClass.CUSTOMER:
            return _("customer value")
        case ValueClass.BUSINESS:
            return _("business value")
        case ValueClass.WASTE:
            return _("waste")
        case None:
            return _("not said")
