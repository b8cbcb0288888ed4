"""How large shapes and words are drawn."""

from collections.abc import Iterable
from math import ceil
from unicodedata import east_asian_width

from servoloop.kernel.process.layout.graph import Size

TASK_WIDTH, WIDEST_TASK, TASK_HEIGHT, PADDING = 110, 220, 80, 10
GATEWAY, EVENT = 50, 36
LABEL_WIDTH, LABEL_LINE = 90, 14
LINES = 4  # that a box holds
_TASK_LINES = 2.6  # names of more lines meet the sign in the corner of the task


def text_width(text: str) -> float:
    """About how wide a text of 12 px is in a plain sans-serif; capitals and Chinese are wider."""
    return sum(
        12.5 if east_asian_width(each) in "WF" else 8.8 if each.isupper() or each == "_" else 6.9
        for each in text
    )


def task_size(names: Iterable[str]) -> Size:
    """Wide enough for the longest word and for each name on less than three lines."""
    widths = [TASK_WIDTH - 2.0 * PADDING]
    for name in names:
        words = (word for word in name.split() if not _is_chinese(word))
        widths += [max(map(text_width, words), default=0.0), text_width(name) / _TASK_LINES]
    width = min(WIDEST_TASK, 2 * round(max(widths) / 2 + PADDING))
    return Size(width=width, height=TASK_HEIGHT)


def label_size(texts: Iterable[str], *, widest: float = LABEL_WIDTH) -> Size | None:
    """The room for the words beside a shape in the longest of its languages; None without words."""
    known = [text for text in texts if text]
    if not known:
        return None
    sizes = [_wrapped(text, widest) for text in known]
    lines = max(size[1] for size in sizes)
    return Size(width=ceil(max(size[0] for size in sizes)), height=lines * LABEL_LINE)


def _is_chinese(word: str) -> bool:
    return any(east_asian_width(each) in "WF" for each in word)


def _wrapped(text: str, widest: float) -> tuple[float, int]:
    """Width and number of lines. Chinese breaks anywhere, other scripts between words."""
    if _is_chinese(text):
        width = text_width(text)
        lines = ceil(width / widest)
        return min(widest, width / lines + 6), lines
    lines, line, longest = 1, 0.0, 0.0
    for word in text.split():
        width = text_width(word)
        if line and line + 6.9 + width > widest:
            lines, line = lines + 1, 0.0
        line += width + (6.9 if line else 0)
        longest = max(longest, line)
    return longest, lines


def broken_name(name: str, *, width: float, most: int = LINES) -> tuple[str, ...]:
    """At most `most` lines of at most `width` pixels; a longer name ends in an ellipsis."""
    lines = [""]
    for word in name.split():
        for part in _parts(word, width):
            joined = f"{lines[-1]} {part}".strip()
            if text_width(joined) <= width:
                lines[-1] = joined
            else:
                lines.append(part)
    kept = [line for line in lines if line]
    if len(kept) > most:
        last = kept[most - 1]
        kept = [*kept[: most - 1], last[: len(last) * 3 // 4] + "…"]
    return tuple(kept)


def _parts(word: str, width: float) -> list[str]:
    """A word that is too long for a line, cut; others whole."""
    parts, part = [], ""
    for character in word:
        if text_width(part + character) > width:
            parts.append(part)
            part = ""
        part += character
    return [*parts, part]
