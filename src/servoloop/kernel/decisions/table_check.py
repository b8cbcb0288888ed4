"""Gaps, overlaps and rules that can never answer, each with an input that shows it.

Every column cuts its values into pieces in which all cells answer alike (see table_index.py). Going
through the columns, only the *sets of rules still in the running* are kept, each with one example
of how to get there; few sets are possible, however many combinations of pieces there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from servoloop.kernel.decisions.problems import Problem
from servoloop.kernel.decisions.table_index import ColumnIndex, index_column
from servoloop.kernel.decisions.table_node import Column, TableNode
from servoloop.kernel.feel.compiling import new_compiler
from servoloop.kernel.feel.constants import constant_of
from servoloop.kernel.feel.data import to_data
from servoloop.kernel.feel.printing import print_tree
from servoloop.kernel.feel.temporal import Date, DaysDuration, MonthsDuration
from servoloop.kernel.feel.tree import NamedType
from servoloop.kernel.feel.types import TypeTable

MAX_SETS = 20_000
"""Sets of rules to follow; a table that has more is too tangled to check."""

MAX_SHOWN = 5
"""Findings of one kind shown for one table."""

_KINDS: dict[str, type] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": Date,
    "days and time duration": DaysDuration,
    "years and months duration": MonthsDuration,
}

_OTHER_TEXT = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A value that stands for its piece of a column, and the rules it passes there."""

    sample: Any
    rules: int


Example = tuple[Any, ...]


def check_table(table: TableNode, *, types: TypeTable) -> list[Problem]:
    """The findings for one table; none are errors but those that the hit policy forbids."""
    if not table.rules or not table.columns:
        return []
    compiler = new_compiler(declared=frozenset(), types=types)
    place = compiler.bind("?")
    columns = []
    open_rules = 0
    for number, column in enumerate(table.columns):
        index = index_column(compiler, [rule.tests[number] for rule in table.rules], None, place)
        open_rules |= index.open
        columns.append(list(_distinct(_pieces(column, index, types))))
    reachable = _reachable_sets(columns, (1 << len(table.rules)) - 1)
    if reachable is None:
        message = "The table is too tangled to be checked for gaps and overlaps."
        return [Problem(kind="structure", where=table.where, message=message, is_error=False)]
    return [
        *_gaps(table, reachable),
        *_overlaps(table, reachable, open_rules),
        *_unreachable(table, reachable, open_rules),
    ]


def _reachable_sets(columns: list[list[_Piece]], everything: int) -> dict[int, Example] | None:
    """The sets of rules that some input matches, each with such an input; None when too many."""
    sets: dict[int, Example] = {everything: ()}
    for pieces in columns:
        following: dict[int, Example] = {}
        for rules, example in sets.items():
            for piece in pieces:
                following.setdefault(rules & piece.rules, (*example, piece.sample))
        if len(following) > MAX_SETS:
            return None
        sets = following
    return sets


def _distinct(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    seen: set[int] = set()
    for piece in pieces:
        if piece.rules not in seen:
            seen.add(piece.rules)
            yield piece


def _pieces(column: Column, index: ColumnIndex, types: TypeTable) -> Iterator[_Piece]:
    """One value of every piece of a column, of those that its type and allowed values admit."""
    allowed = _allowed_values(column, types)
    if allowed is not None:
        for value in allowed:
            yield _Piece(sample=value, rules=_rules(index, value))
        return
    for kind in _kinds(column, index, types):
        if kind is bool:
            for value in (True, False):
                yield _Piece(sample=value, rules=_rules(index, value))
            continue
        for sample in _samples(index, kind):
            yield _Piece(sample=sample, rules=_rules(index, sample))


def _kinds(column: Column, index: ColumnIndex, types: TypeTable) -> list[type]:
    """The kinds of value that a column is about: its declared one, or those of its constants."""
    name = column.type_ref
    while name is not None and name in types:
        inner = types[name].type
        name = inner.name if isinstance(inner, NamedType) else None
    if name is not None and name in _KINDS:
        return [_KINDS[name]]
    found = [kind for kind, line in index.lines.items() if line.points and kind is not int]
    if index.others[True] != index.others[False]:
        found.append(bool)
    return found or [str]


def _samples(index: ColumnIndex, kind: type) -> list[Any]:
    line = index.lines[kind]
    if not line.points:
        return [{Decimal: 0, str: _OTHER_TEXT, Date: Date(2026, 1, 1)}.get(kind, kind(0))]
    if line.exact is None:
        return [sample for sample in line.samples if sample is not None]
    other = _OTHER_TEXT
    while other in line.points:
        other += "…"
    return [*line.points, other if kind is str else line.samples[-1]]


def _rules(index: ColumnIndex, value: Any) -> int:
    line = index.lines.get(type(value))
    return line.rules(value) if line is not None else index.others[value]


def _allowed_values(column: Column, types: TypeTable) -> list[Any] | None:
    """The values a column may have, when they are all written out."""
    if column.allowed is not None and not column.allowed.negated:
        values = [constant_of(test) for test in column.allowed.tests]
        if values and None not in values:
            return values
    return None


# Findings.


def _gaps(table: TableNode, reachable: dict[int, Example]) -> list[Problem]:
    example = reachable.get(0)
    if example is None or any(output.default is not None for output in table.outputs):
        return []
    if table.hit_policy == "COLLECT":
        return []
    message = f"No rule covers {_described(table, example)}."
    return [_problem(table, "gap", message, example=example, is_error=False)]


def _overlaps(table: TableNode, reachable: dict[int, Example], open_rules: int) -> list[Problem]:
    """Rules that match together where the hit policy wants one; for ANY, with other answers."""
    if table.hit_policy not in ("UNIQUE", "ANY"):
        return []
    found: dict[tuple[int, int], Example] = {}
    for rules, example in reachable.items():
        certain = rules & ~open_rules
        for pair in _pairs(certain):
            if table.hit_policy == "UNIQUE" or not _same_answers(table, pair):
                found.setdefault(pair, example)
    problems = []
    for (first, second), example in list(found.items())[:MAX_SHOWN]:
        one, other = table.rules[first].number, table.rules[second].number
        wants = "only one may" if table.hit_policy == "UNIQUE" else "their answers differ"
        problems.append(
            _problem(
                table,
                "overlap",
                f"Rules {one} and {other} both match {_described(table, example)}; {wants}.",
                example=example,
                rules=(one, other),
            )
        )
    return problems


def _pairs(rules: int) -> Iterator[tuple[int, int]]:
    bits = [bit for bit in range(rules.bit_length()) if rules >> bit & 1]
    for place, first in enumerate(bits[:20]):
        for second in bits[place + 1 : 20]:
            yield first, second


def _same_answers(table: TableNode, pair: tuple[int, int]) -> bool:
    first, second = (table.rules[bit] for bit in pair)
    return [print_tree(a) for a in first.answers] == [print_tree(a) for a in second.answers]


def _unreachable(table: TableNode, reachable: dict[int, Example], open_rules: int) -> list[Problem]:
    """Rules that no input matches, or that an earlier rule always forestalls."""
    ever = answering = 0
    for rules in reachable:
        ever |= rules
        certain = rules & ~open_rules
        first = certain & -certain
        answering |= (rules & (first - 1)) | first if first else rules
    problems = []
    for bit, rule in enumerate(table.rules):
        if not ever >> bit & 1:
            message = f"No input matches rule {rule.number}."
        elif table.hit_policy == "FIRST" and not answering >> bit & 1:
            message = f"Rule {rule.number} never answers: earlier rules match whatever it matches."
        else:
            continue
        problems.append(_problem(table, "unreachable", message, rules=(rule.number,)))
    return problems


def _described(table: TableNode, example: Example) -> str:
    parts = []
    for column, value in zip(table.columns, example, strict=True):
        shown = f'"{value}"' if isinstance(value, str) else _text(to_data(value))
        parts.append(f"{column.label} = {shown}")
    return ", ".join(parts)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _problem(
    table: TableNode,
    kind: Any,
    message: str,
    *,
    example: Example = (),
    rules: tuple[int, ...] = (),
    is_error: bool = True,
) -> Problem:
    labels = [column.label for column in table.columns]
    return Problem(
        kind=kind,
        where=table.where,
        message=message,
        is_error=is_error,
        example={label: to_data(v) for label, v in zip(labels, example, strict=False)},
        rules=rules,
    )
