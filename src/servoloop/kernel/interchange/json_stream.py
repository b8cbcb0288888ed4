"""JSON member by member: a document of any size, one element of it in memory at a time."""

import codecs
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from servoloop.kernel.interchange.source import Source, UnreadableLog
from servoloop.kernel.interchange.text import guess_encoding

LONGEST_MEMBER = 64 << 20
"""No event, object or ticket is longer, in characters."""
BLANK = " \t\r\n"
DECODER = json.JSONDecoder()


class Member(NamedTuple):
    """One element of a document; `part` and `name` are '' where it stands in no object.

    `[x]` gives ('', '', x); `{"events": [x]}` gives ('events', '', x); `{"events": {"e1": x}}`
    gives ('events', 'e1', x); `{"version": x}` gives ('version', '', x); of JSON Lines each line
    is one. `line` is where it begins, from 1.
    """

    part: str
    name: str
    value: Any  # as json decodes it
    line: int


def json_members(source: Source) -> Iterator[Member]:
    """The members of a document, or the lines of a file of JSON Lines.

    Raises UnreadableLog with the line where the text is no JSON, nests too deep or breaks off.
    """
    return _Reader(source).members()


class _Reader:
    def __init__(self, source: Source) -> None:
        encoding = guess_encoding(source.head)
        self._name = source.name
        self._pieces = codecs.iterdecode(source.chunks(), encoding, errors="replace")
        self._text = ""
        self._at = 0
        self._line = 1

    def members(self) -> Iterator[Member]:
        first = self._next_mark().lstrip("\ufeff")
        is_lines = first == "{" and self._has_a_document_a_line()
        while mark := self._next_mark():
            if mark == "[":
                yield from self._elements("")
            elif mark == "{" and not is_lines:
                for part in self._keys():
                    yield from self._part(part)
            else:
                yield self._member("", "")

    def _part(self, part: str) -> Iterator[Member]:
        mark = self._next_mark()
        if mark == "[":
            yield from self._elements(part)
        elif mark == "{":
            for name in self._keys():
                yield self._member(part, name)
        else:
            yield self._member(part, "")

    def _elements(self, part: str) -> Iterator[Member]:
        self._at += 1
        if self._next_mark() == "]":
            self._at += 1
            return
        while True:
            yield self._member(part, "")
            if self._ends_with("]"):
                return

    def _keys(self) -> Iterator[str]:
        self._at += 1
        if self._next_mark() == "}":
            self._at += 1
            return
        while True:
            if self._next_mark() != '"':
                self._refuse()
            key = self._value()
            if self._next_mark() != ":":
                self._refuse()
            self._at += 1
            yield key
            if self._ends_with("}"):
                return

    def _ends_with(self, end: str) -> bool:
        mark = self._next_mark()
        if mark not in (",", end) or not mark:
            self._refuse()
        self._at += 1
        return mark == end

    def _member(self, part: str, name: str) -> Member:
        self._next_mark()
        line = self._line
        return Member(part, name, self._value(), line)

    def _value(self) -> Any:
        """Decode the value at hand, reading on (by doubling) while it is not complete."""
        while True:
            try:
                value, end = DECODER.raw_decode(self._text, self._at)
            except RecursionError:
                raise UnreadableLog(
                    f"{self._name} nests values too deep at line {self._line:,}; no log does."
                ) from None
            except ValueError:
                if not self._read_on():
                    self._refuse()
                continue
            # A number that ends where the text at hand does may go on in the next piece: 9 or 9e+.
            if isinstance(value, int | float) and len(self._text) - end < 3 and self._read_on():
                continue
            self._line += self._text.count("\n", self._at, end)
            self._at = end
            return value

    def _next_mark(self) -> str:
        """The next character that is not blank, not yet taken; '' at the end."""
        while True:
            text, at = self._text, self._at
            while at < len(text) and text[at] in BLANK:
                self._line += text[at] == "\n"
                at += 1
            self._at = at
            if at < len(text):
                return text[at]
            if not self._read_on():
                return ""

    def _read_on(self) -> bool:
        rest = self._text[self._at :]
        if len(rest) > LONGEST_MEMBER:
            raise UnreadableLog(
                f"{self._name} holds a single value of more than {LONGEST_MEMBER >> 20} MB at "
                f"line {self._line:,}, or is no JSON from there on."
            )
        pieces = [rest]
        wanted = max(1, len(rest))
        while wanted > 0 and (piece := next(self._pieces, "")):
            pieces.append(piece)
            wanted -= len(piece)
        if len(pieces) == 1:
            return False
        self._text, self._at = "".join(pieces), 0
        return True

    def _has_a_document_a_line(self) -> bool:
        line, feed, rest = self._text[self._at :].partition("\n")
        if not feed or not rest.lstrip().startswith("{"):
            return False
        try:
            return isinstance(json.loads(line), dict)
        except (ValueError, RecursionError):
            return False

    def _refuse(self) -> None:
        raise UnreadableLog(
            f"{self._name} is not well-formed JSON at line {self._line:,}, or breaks off there."
        )
