"""From the text of a regular expression (XPath's dialect) to a program for regex.py.

A program is a list of instructions, each a tuple of a word and its operands. Repetition counts are
unrolled, so the length of a program is limited.
"""

from dataclasses import dataclass, field
from typing import Any

from servoloop.kernel.feel.errors import BudgetExceeded
from servoloop.kernel.feel.regex_classes import (
    ESCAPES,
    Test,
    combined,
    negation,
    property_class,
    single,
    span,
)

MAX_PROGRAM = 20_000
MAX_DEPTH = 50
_METACHARACTERS = "\\|.?*+(){}-[]^$"
_SPACE = " \t\n\r"

Program = list[tuple[Any, ...]]


class BadPattern(Exception):
    """The text is not a regular expression."""


@dataclass(slots=True)
class PatternParser:
    """One pass over a pattern; every method returns a piece of program with addresses from 0."""

    pattern: str
    ignore_case: bool
    dot_all: bool
    multiline: bool
    position: int = 0
    groups: int = 0
    closed: set[int] = field(default_factory=set)
    has_references: bool = False
    depth: int = 0

    def whole(self) -> Program:
        """The program of the whole pattern, with its match as group 0."""
        body = self.alternatives()
        if self.position < len(self.pattern):
            raise BadPattern
        return [("save", 0), *_shifted(body, 1), ("save", 1), ("match",)]

    def peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def take(self, text: str) -> bool:
        if self.pattern.startswith(text, self.position):
            self.position += len(text)
            return True
        return False

    def alternatives(self) -> Program:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BudgetExceeded(f"The pattern is nested more than {MAX_DEPTH} levels deep.")
        branches = [self.sequence()]
        while self.take("|"):
            branches.append(self.sequence())
        self.depth -= 1
        program = branches.pop()
        while branches:
            first = branches.pop()
            skip = len(first) + 2
            program = [
                ("split", 1, skip),
                *_shifted(first, 1),
                ("jump", skip + len(program)),
                *_shifted(program, skip),
            ]
        return _limited(program)

    def sequence(self) -> Program:
        program: Program = []
        while self.position < len(self.pattern) and self.peek() not in "|)":
            program += _shifted(self.repeated(), len(program))
            _limited(program)
        return program

    def repeated(self) -> Program:
        atom = self.atom()
        least, most = self.quantifier()
        if (least, most) == (1, 1):
            return atom
        lazy = self.take("?")
        if self.peek() in ("?", "*", "+", "{") and self.peek():
            raise BadPattern
        return _repeat(atom, least, most, lazy=lazy)

    def quantifier(self) -> tuple[int, int | None]:
        """The least and the most repetitions; None is without end."""
        if self.take("?"):
            return 0, 1
        if self.take("*"):
            return 0, None
        if self.take("+"):
            return 1, None
        if not self.take("{"):
            return 1, 1
        least = self.count()
        most: int | None = least
        if self.take(","):
            most = None if self.peek() == "}" else self.count()
        if not self.take("}") or (most is not None and most < least):
            raise BadPattern
        return least, most

    def count(self) -> int:
        start = self.position
        while self.peek().isdecimal() and self.peek().isascii():
            self.position += 1
        digits = self.pattern[start : self.position]
        if not digits or len(digits) > 6:
            raise BadPattern
        return int(digits)

    def atom(self) -> Program:
        character = self.peek()
        self.position += 1
        match character:
            case "(":
                return self.group()
            case "[":
                return [("set", self.character_class())]
            case ".":
                return [("any",)] if self.dot_all else [("set", _not_newline)]
            case "^":
                return [("line start",)] if self.multiline else [("start",)]
            case "$":
                return [("line end",)] if self.multiline else [("end",)]
            case "\\":
                return self.escape()
            case "?" | "*" | "+" | "{" | "}" | "]" | ")":
                raise BadPattern
        return [self.character(character)]

    def character(self, character: str) -> tuple[Any, ...]:
        if self.ignore_case:
            return ("set", single(character, ignore_case=True))
        return ("char", character)

    def group(self) -> Program:
        if self.take("?:"):
            body = self.alternatives()
            self.close()
            return body
        self.groups += 1
        number = self.groups
        body = self.alternatives()
        self.close()
        self.closed.add(number)
        return [("save", 2 * number), *_shifted(body, 1), ("save", 2 * number + 1)]

    def close(self) -> None:
        if not self.take(")"):
            raise BadPattern

    def escape(self) -> Program:
        character = self.peek()
        if character and character in "123456789":
            return [("same", self.reference(), self.ignore_case)]
        test = self.class_escape()
        if test is not None:
            return [("set", test)]
        return [self.character(self.character_escape())]

    def reference(self) -> int:
        """A back-reference takes as many digits as there are groups to refer to."""
        number = int(self.peek())
        self.position += 1
        while self.peek().isascii() and self.peek().isdecimal():
            longer = number * 10 + int(self.peek())
            if longer > self.groups:
                break
            number = longer
            self.position += 1
        if number not in self.closed:
            raise BadPattern
        self.has_references = True
        return number

    def class_escape(self) -> Test | None:
        """``\\d``, ``\\p{L}`` and the like, after the backslash; None for other escapes."""
        character = self.peek()
        if character in ESCAPES and character:
            self.position += 1
            return ESCAPES[character]
        if character not in ("p", "P"):
            return None
        self.position += 1
        end = self.pattern.find("}", self.position)
        if not self.take("{") or end < 0:
            raise BadPattern
        test = property_class(self.pattern[self.position : end])
        if test is None:
            raise BadPattern
        self.position = end + 1
        return negation(test) if character == "P" else test

    def character_escape(self) -> str:
        character = self.peek()
        self.position += 1
        if character in ("n", "r", "t"):
            return {"n": "\n", "r": "\r", "t": "\t"}[character]
        if not character or character not in _METACHARACTERS:
            raise BadPattern
        return character

    def character_class(self) -> Test:
        """What follows ``[``, up to its ``]``."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BudgetExceeded(f"The pattern is nested more than {MAX_DEPTH} levels deep.")
        negated = self.take("^")
        tests: list[Test] = []
        without: Test | None = None
        while not self.take("]"):
            if self.position >= len(self.pattern):
                raise BadPattern
            if tests and self.take("-["):
                without = self.character_class()
                if not self.take("]"):
                    raise BadPattern
                break
            tests.append(self.class_part())
        if not tests:
            raise BadPattern
        self.depth -= 1
        return combined(tests, negated=negated, without=without)

    def class_part(self) -> Test:
        character = self.peek()
        self.position += 1
        if character == "\\":
            test = self.class_escape()
            if test is not None:
                return test
            character = self.character_escape()
        elif character == "[" or (
            character == "-" and self.peek() not in ("]", "") and not self.first()
        ):
            raise BadPattern
        if self.peek() != "-" or self.pattern[self.position + 1 : self.position + 2] in ("]", "["):
            return single(character, ignore_case=self.ignore_case)
        self.position += 1
        high = self.peek()
        self.position += 1
        if high == "\\":
            high = self.character_escape()
        if not high or high < character:
            raise BadPattern
        return span(character, high, ignore_case=self.ignore_case)

    def first(self) -> bool:
        """Whether the character just read is the first of its class, where ``-`` is plain."""
        return self.pattern[self.position - 2 : self.position - 1] in ("[", "^")


def _not_newline(character: str) -> bool:
    return character not in "\n\r"


def _shifted(program: Program, by: int) -> Program:
    """The program with its addresses moved."""
    return [
        ("split", step[1] + by, step[2] + by)
        if step[0] == "split"
        else ("jump", step[1] + by)
        if step[0] == "jump"
        else step
        for step in program
    ]


def _repeat(atom: Program, least: int, most: int | None, *, lazy: bool) -> Program:
    copies = least if most is None else most
    if len(atom) * max(copies, 1) > MAX_PROGRAM:
        _limited([("match",)] * (MAX_PROGRAM + 1))
    program: Program = []
    for _ in range(least):
        program += _shifted(atom, len(program))
    if most is None:
        start = len(program)
        after = start + len(atom) + 2
        program.append(_choice(start + 1, after, lazy=lazy))
        program += _shifted(atom, start + 1)
        program.append(("jump", start))
        return _limited(program)
    end = len(program) + (most - least) * (len(atom) + 1)
    for _ in range(most - least):
        program.append(_choice(len(program) + 1, end, lazy=lazy))
        program += _shifted(atom, len(program))
    return _limited(program)


def _choice(inside: int, after: int, *, lazy: bool) -> tuple[Any, ...]:
    return ("split", after, inside) if lazy else ("split", inside, after)


def _limited(program: Program) -> Program:
    if len(program) > MAX_PROGRAM:
        raise BudgetExceeded("The pattern repeats too much. Use smaller counts in {…}.")
    return program
