"""An outline asked about line by line: its steps, and the same text with what was answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from servoloop.kernel.process.outline.lines import Line, Sort
from servoloop.kernel.process.outline.read import KnownRole, read_outline


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainStep:
    """A step that a person does; `line` is its line in the plain text, from 1."""

    line: int
    words: str
    role: str = ""
    time: timedelta | None = None
    within: timedelta | None = None


def plain_text(text: str, *, roles: Iterable[KnownRole] = ()) -> str:
    """The same outline with each step on a line of its own, so that lines can be asked about."""
    written: list[str] = []
    for line in read_outline(text, roles=roles).lines:
        if not line.rest or line.sort not in (Sort.IF, Sort.ELSE_IF, Sort.ELSE, Sort.PARALLEL):
            written.append(line.text.rstrip())
            continue
        head = line.text.rstrip()
        head = head[: head.rindex(line.rest)].rstrip(" ,，:：") if line.rest in head else head
        margin = " " * (line.indent + 2)
        parts = (
            line.rest.replace("；", ";").split(";") if line.sort is Sort.PARALLEL else [line.rest]
        )
        written += [f"{head}:", *(f"{margin}{part.strip()}" for part in parts if part.strip())]
    return "\n".join(written)


def steps_of(text: str, *, roles: Iterable[KnownRole] = ()) -> tuple[PlainStep, ...]:
    """The steps of a plain text that people do, in order."""
    return tuple(
        PlainStep(
            line=line.number,
            words=line.words,
            role=line.role,
            time=line.time.worked if line.time else None,
            within=line.within.worked if line.within else None,
        )
        for line in read_outline(text, roles=roles).lines
        if _is_human(line)
    )


def answered_text(
    text: str, *, answers: Mapping[int, PlainStep], roles: Iterable[KnownRole] = ()
) -> str:
    """The plain text with roles and times put in, by line."""
    written = []
    for line in read_outline(text, roles=roles).lines:
        answer = answers.get(line.number)
        if answer is None or not _is_human(line):
            written.append(line.text)
            continue
        mark = f"{line.mark}. " if line.mark is not None else ""
        role = f"{answer.role}: " if answer.role else ""
        times = []
        if answer.time is not None:
            times.append(f"{answer.time.total_seconds() / 60:g} min")
        if answer.within is not None:
            times.append(f"within {answer.within.total_seconds() / 60:g} min")
        said = f" ({', '.join(times)})" if times else ""
        written.append(f"{' ' * line.indent}{mark}{role}{line.words}{said}")
    return "\n".join(written)


def _is_human(line: Line) -> bool:
    return line.sort is Sort.STEP and line.role != "system" and not line.has_heading_colon
