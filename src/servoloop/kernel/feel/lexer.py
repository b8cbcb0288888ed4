"""From text to tokens: numbers, strings, words and symbols, with their positions.

Words are single; which words together make a name (``credit score``) is the parser's business.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal as OneOf

from servoloop.kernel.feel.errors import FeelSyntaxError
from servoloop.kernel.feel.values import MATH

MAX_TEXT = 100_000
"""Characters in one rule; the longest decision-table cells seen in practice have a few hundred."""

_START = (
    "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_SPACE = "\t-\r \u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"

# U+1680 and U+3000 lie inside the ranges of letters of the grammar, so spaces are tried first.
_token = re.compile(
    rf"(?P<space>[{_SPACE}]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/)"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
    rf"|(?P<word>(?![{_SPACE}])[{_START}](?:(?![{_SPACE}])[{_PART}])*)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    r"|(?P<symbol>\.\.|\*\*|<=|>=|!=|->|[-+*/=<>()\[\]{},.:@?'])",
    re.DOTALL,
)
_escape = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_surrogates = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "'": "'", "\\": "\\"}

Kind = OneOf["number", "word", "string", "symbol", "end"]
_KINDS: dict[str, Kind] = {
    "number": "number",
    "word": "word",
    "string": "string",
    "symbol": "symbol",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text from ``start`` to ``end`` (exclusive)."""

    kind: Kind
    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """The tokens of a rule and a last one of kind ``end``; raises FeelSyntaxError."""
    if len(text) > MAX_TEXT:
        raise FeelSyntaxError(
            f"The rule has {len(text)} characters.",
            text=text,
            position=MAX_TEXT,
            expected=f"at most {MAX_TEXT}",
        )
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        match = _token.match(text, position)
        if match is None:
            raise _unreadable(text, position)
        kind = _KINDS.get(match.lastgroup or "")
        if kind is not None:
            if text.startswith("/*", position):
                raise FeelSyntaxError(
                    "The comment does not end.",
                    text=text,
                    position=position,
                    expected="a closing */",
                )
            tokens.append(Token(kind, match.group(), position, match.end()))
        position = match.end()
    tokens.append(Token("end", "", position, position))
    return tokens


def _unreadable(text: str, position: int) -> FeelSyntaxError:
    if text[position] == '"':
        return FeelSyntaxError(
            "The text in quotes does not end.", text=text, position=position, expected='a closing "'
        )
    return FeelSyntaxError(
        f"The character {text[position]!r} has no meaning here.",
        text=text,
        position=position,
        expected="a value, a name or an operator",
    )


def read_number(text: str) -> int | Decimal:
    """The number a numeric token stands for, to 34 digits; a whole one without a dot is an int.

    Raises ArithmeticError beyond the largest number.
    """
    if text.isdigit() and len(text) <= 34:
        return int(text)
    return MATH.create_decimal(text)


def read_string(quoted: str) -> str:
    """The characters a string token stands for; unknown escapes stay, for regular expressions."""
    if "\\" not in quoted:
        return quoted[1:-1]
    plain = _escape.sub(_unescape, quoted[1:-1])
    return _surrogates.sub(_join_surrogates, plain)


def _unescape(match: re.Match[str]) -> str:
    body = match.group(1)
    if len(body) == 1:
        return _PLAIN_ESCAPES.get(body, match.group())
    code = int(body[1:], 16)
    return chr(code) if code <= 0x10FFFF else match.group()


def _join_surrogates(match: re.Match[str]) -> str:
    high, low = (ord(half) for half in match.groups())
    return chr(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00)


def write_string(value: str) -> str:
    """A text as it is written in a rule; the inverse of read_string."""
    result = []
    for character in value:
        code = ord(character)
        if character in '"\\':
            result.append("\\" + character)
        elif character in "\n\r\t":
            result.append({"\n": "\\n", "\r": "\\r", "\t": "\\t"}[character])
        elif code < 32 or 0xD800 <= code <= 0xDFFF:
            result.append(f"\\u{code:04X}")
        else:
            result.append(character)
    return f'"{"".join(result)}"'


class Names:
    """The names that are known at a place in the text; finds the longest one that starts at a
    token.

    Names are compared token by token, so white space between them does not count.
    """

    def __init__(self, names: frozenset[str] | set[str] = frozenset()) -> None:
        self._scopes: list[dict[str, list[tuple[tuple[str, ...], str]]]] = []
        if names:
            self.push(names)

    def push(self, names: frozenset[str] | set[str]) -> None:
        """Make names known, for a scope that ends with ``pop``."""
        self._scopes.append({})
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make one more name known in the innermost scope."""
        words = split_name(name)
        if words:
            found = self._scopes[-1].setdefault(words[0], [])
            found.append((words, " ".join(name.split())))
            found.sort(key=lambda entry: -len(entry[0]))

    def pop(self) -> None:
        """Forget the names of the innermost scope."""
        self._scopes.pop()

    def longest(self, tokens: list[Token], index: int) -> tuple[str, int] | None:
        """The longest known name that starts at a token, and how many tokens it has."""
        best: tuple[str, int] | None = None
        for scope in self._scopes:
            for words, name in scope.get(tokens[index].text, ()):
                if best is not None and len(words) <= best[1]:
                    break
                if self._matches(tokens, index, words):
                    best = (name, len(words))
                    break
        return best

    @staticmethod
    def _matches(tokens: list[Token], index: int, words: tuple[str, ...]) -> bool:
        if index + len(words) >= len(tokens):
            return False
        found = tokens[index : index + len(words)]
        return all(token.text == word for token, word in zip(found, words, strict=True))


def split_name(name: str) -> tuple[str, ...]:
    """The tokens a name is made of; empty when it cannot be written in a rule."""
    try:
        tokens = tokenize(name)
    except FeelSyntaxError:
        return ()
    return tuple(token.text for token in tokens[:-1])
