"""Regular expressions that cannot blow up.

Python's ``re`` backtracks without a limit: ``(a+)+b`` on thirty letters takes minutes. Here a
pattern becomes a small program, and a place in the text is never tried twice at the same choice,
so matching takes time in proportion to pattern times text (Thompson's idea, with backtracking for
the groups). Only back-references need to try again; they are cut off by the budget of steps.
"""

from dataclasses import dataclass
from functools import lru_cache

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.errors import BudgetExceeded
from servoloop.kernel.feel.regex_classes import same_but_for_case
from servoloop.kernel.feel.regex_parser import BadPattern, PatternParser, Program

__all__ = ["BadPattern", "Pattern", "compile_pattern"]

MAX_PATTERN = 10_000
_STEP_COST = 4
_MAX_RETRIES = 200_000
"""Steps of one search with back-references."""

Groups = tuple[int, ...]
"""Start and end of group 0, group 1, …; -1 for a group that took no part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """A compiled pattern; ``literal`` is its text when it is nothing but text."""

    program: Program
    groups: int
    has_references: bool
    literal: str | None

    def search(self, text: str, start: int, budget: Budget) -> Groups | None:
        """The first match at or after ``start``."""
        if self.literal is not None:
            found = text.find(self.literal, start)
            return None if found < 0 else (found, found + len(self.literal))
        visited: set[int] | None = None if self.has_references else set()
        for position in range(start, len(text) + 1):
            groups = self._match_at(text, position, budget, visited)
            if groups is not None:
                return groups
        return None

    def _match_at(
        self, text: str, position: int, budget: Budget, visited: set[int] | None
    ) -> Groups | None:
        program = self.program
        size = len(text)
        pending = [(0, position, (-1,) * (2 * self.groups + 2))]
        steps = 0
        while pending:
            address, position, groups = pending.pop()
            while True:
                steps += 1
                if steps > 1000:
                    budget.spend(_STEP_COST * steps)
                    steps = 0
                    if visited is None and len(pending) > _MAX_RETRIES:
                        raise BudgetExceeded("The pattern has too many ways to match this text.")
                step = program[address]
                word = step[0]
                if word == "char":
                    if position >= size or text[position] != step[1]:
                        break
                    position += 1
                elif word == "set":
                    if position >= size or not step[1](text[position]):
                        break
                    position += 1
                elif word == "split":
                    if visited is not None:
                        key = address * (size + 1) + position
                        if key in visited:
                            break
                        visited.add(key)
                    pending.append((step[2], position, groups))
                    address = step[1]
                    continue
                elif word == "jump":
                    address = step[1]
                    continue
                elif word == "save":
                    place = step[1]
                    groups = (*groups[:place], position, *groups[place + 1 :])
                elif word == "match":
                    budget.spend(_STEP_COST * steps)
                    return groups
                elif word == "any":
                    if position >= size:
                        break
                    position += 1
                elif word == "same":
                    end = _repeats(text, position, groups, step[1], ignore_case=step[2])
                    if end is None:
                        break
                    position = end
                elif not _holds(word, text, position):
                    break
                address += 1
        budget.spend(_STEP_COST * steps)
        return None

    def replace(self, text: str, replacement: str, budget: Budget) -> str:
        """The text with every match replaced; raises BadPattern for a bad replacement.

        A pattern that matches nothing at all is refused too, as in XPath.
        """
        if self.search("", 0, budget) is not None:
            raise BadPattern
        parts: list[str] = []
        at = 0
        while (groups := self.search(text, at, budget)) is not None:
            parts += [text[at : groups[0]], _expand(replacement, text, groups)]
            budget.grow(len(parts[-1]) + len(parts[-2]))
            at = groups[1]
        if not parts:
            _expand(replacement, "", (-1, -1) * (self.groups + 1))
        budget.grow(len(text) - at)
        return "".join([*parts, text[at:]])

    def split(self, text: str, budget: Budget) -> list[str]:
        """The pieces between the matches."""
        if self.search("", 0, budget) is not None:
            raise BadPattern
        parts: list[str] = []
        at = 0
        while (groups := self.search(text, at, budget)) is not None:
            parts.append(text[at : groups[0]])
            budget.grow(len(parts[-1]) + 1)
            at = groups[1]
        budget.grow(len(text) - at)
        return [*parts, text[at:]]


def _holds(word: str, text: str, position: int) -> bool:
    match word:
        case "start":
            return position == 0
        case "end":
            return position == len(text)
        case "line start":
            after_break = position > 0 and text[position - 1] == "\n" and position < len(text)
            return position == 0 or after_break
    return position == len(text) or text[position] == "\n"


def _repeats(
    text: str, position: int, groups: Groups, group: int, *, ignore_case: bool
) -> int | None:
    """Where the text goes on after repeating what a group matched; None when it does not repeat."""
    start, end = groups[2 * group], groups[2 * group + 1]
    if start < 0 or end < 0:
        return position
    stop = position + end - start
    if stop > len(text):
        return None
    one, other = text[start:end], text[position:stop]
    if one == other:
        return stop
    if not ignore_case:
        return None
    same = all(same_but_for_case(a, b) for a, b in zip(one, other, strict=True))
    return stop if same else None


def _expand(replacement: str, text: str, groups: Groups) -> str:
    """The replacement with ``$1`` filled in; ``\\$`` and ``\\\\`` are themselves."""
    if "$" not in replacement and "\\" not in replacement:
        return replacement
    parts: list[str] = []
    index = 0
    while index < len(replacement):
        character = replacement[index]
        index += 1
        if character == "\\":
            if replacement[index : index + 1] not in ("\\", "$"):
                raise BadPattern
            parts.append(replacement[index])
            index += 1
        elif character == "$":
            number, index = _group_number(replacement, index, len(groups) // 2 - 1)
            if number < len(groups) // 2 and groups[2 * number] >= 0:
                parts.append(text[groups[2 * number] : groups[2 * number + 1]])
        else:
            parts.append(character)
    return "".join(parts)


def _group_number(replacement: str, index: int, most: int) -> tuple[int, int]:
    """The number after ``$``: as many digits as there are groups for."""
    if not (
        replacement[index : index + 1].isascii() and replacement[index : index + 1].isdecimal()
    ):
        raise BadPattern
    number = int(replacement[index])
    index += 1
    while replacement[index : index + 1].isascii() and replacement[index : index + 1].isdecimal():
        longer = number * 10 + int(replacement[index])
        if longer > most:
            break
        number = longer
        index += 1
    return number, index


@lru_cache(maxsize=512)
def compile_pattern(pattern: str, flags: str) -> Pattern:
    """Compile a pattern with any of the flags ``s m i x q``; raises BadPattern."""
    if not set(flags) <= set("smixq") or len(pattern) > MAX_PATTERN:
        raise BadPattern
    if "q" in flags and "i" not in flags:
        return Pattern(program=[], groups=0, has_references=False, literal=pattern)
    if "q" in flags:
        pattern = "".join("\\" + c if c in "\\|.?*+(){}-[]^$" else c for c in pattern)
    elif "x" in flags:
        pattern = _without_space(pattern)
    parser = PatternParser(
        pattern=pattern, ignore_case="i" in flags, dot_all="s" in flags, multiline="m" in flags
    )
    program = parser.whole()
    plain = all(step[0] == "char" for step in program[1:-2])
    return Pattern(
        program=program,
        groups=parser.groups,
        has_references=parser.has_references,
        literal="".join(step[1] for step in program[1:-2]) if plain else None,
    )


def _without_space(pattern: str) -> str:
    """The pattern without white space, except inside classes."""
    kept: list[str] = []
    depth = 0
    escaped = False
    for character in pattern:
        if depth == 0 and character in " \t\n\r":
            continue
        if not escaped and character == "[":
            depth += 1
        elif not escaped and character == "]":
            depth -= 1
        escaped = character == "\\" and not escaped
        kept.append(character)
    return "".join(kept)
