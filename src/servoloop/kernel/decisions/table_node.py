"""A decision table as a node of FEEL's syntax tree: how it decides."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cmp_to_key
from typing import Any

from servoloop.kernel.decisions.explanation import TableExplanation, explain_table
from servoloop.kernel.decisions.model import Aggregation, HitPolicy
from servoloop.kernel.decisions.table_index import ColumnIndex, index_column
from servoloop.kernel.feel import tree
from servoloop.kernel.feel.compiler import Compiler, Run
from servoloop.kernel.feel.functions_list import maximum, minimum
from servoloop.kernel.feel.functions_statistics import total
from servoloop.kernel.feel.operators import equal
from servoloop.kernel.feel.signatures import Misfit

_ANY_VALUE = tree.UnaryTests(tests=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What rules test; ``label`` is how people know it."""

    label: str
    expression: tree.Node
    allowed: tree.UnaryTests | None = None
    type_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What rules answer; the order of ``allowed`` is the order of priority."""

    name: str | None
    allowed: tree.UnaryTests | None = None
    default: tree.Node | None = None
    type_ref: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRule:
    """A rule; a test that could not be read is None and never holds."""

    number: int
    tests: tuple[tree.UnaryTests | None, ...]
    answers: tuple[tree.Node, ...]
    id: str | None = field(default=None, compare=False)
    annotation: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableNode(tree.Special):
    """A decision table."""

    where: str
    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    rules: tuple[TableRule, ...]
    hit_policy: HitPolicy
    aggregation: Aggregation | None = None

    def parts(self) -> tuple[tree.Node, ...]:
        """Every expression, test and answer."""
        found: list[tree.Node] = [column.expression for column in self.columns]
        found += [output.default for output in self.outputs if output.default is not None]
        for rule in self.rules:
            found += [test for test in rule.tests if test is not None]
            found += rule.answers
        return tuple(found)

    def compile(self, compiler: Any) -> Run:
        """Tests become bit masks over the rules: one look-up a column, then the hit policy."""
        return _compile(self, compiler)


def _compile(table: TableNode, compiler: Compiler) -> Run:
    inputs = [compiler.compile(column.expression) for column in table.columns]
    place = compiler.bind("?")
    indexes = [
        index_column(compiler, [rule.tests[number] for rule in table.rules], column.allowed, place)
        for number, column in enumerate(table.columns)
    ]
    allowed = [
        [compiler.compile(test) for test in output.allowed.tests] if output.allowed else []
        for output in table.outputs
    ]
    compiler.unbind()
    answers = [[compiler.compile(answer) for answer in rule.answers] for rule in table.rules]
    everything = (1 << len(table.rules)) - 1
    decide = _policy(table, answers, allowed)
    default = _default(table, compiler)
    some_open = any(index.open for index in indexes)

    def run(env: Any) -> Any:
        values = [read(env) for read in inputs]
        matches = everything
        for index, value in zip(indexes, values, strict=True):
            line = index.lines.get(type(value))
            if line is None or index.allowed is not None:
                matches &= index.look_up(value, env)
            else:
                matches &= line.rules(value)
            if not matches:
                break
        if matches and some_open:
            matches = _settle(indexes, values, matches, env)
        result = decide(env, matches) if matches else default(env)
        if env[1].trace is not None:
            env[1].trace.append(_explain(table, values, matches, result))
        return result

    return run


def _settle(indexes: list[ColumnIndex], values: list[Any], matches: int, env: Any) -> int:
    """The matches whose open cells pass as well."""
    for index, value in zip(indexes, values, strict=True):
        if index.open & matches:
            matches = index.settle(matches, value, env)
    return matches


def _explain(table: TableNode, values: list[Any], matches: int, result: Any) -> TableExplanation:
    matched = [rule for bit, rule in enumerate(table.rules) if matches >> bit & 1]
    return explain_table(
        where=table.where,
        hit_policy=table.hit_policy,
        inputs=[(column.label, value) for column, value in zip(table.columns, values, strict=True)],
        rules=[(rule.number, rule.id, rule.annotation, rule.tests) for rule in matched],
        result=result,
    )


Decide = Callable[[Any, int], Any]
"""The answer for the rules that match, of which there is at least one."""


def _bits(matches: int) -> list[int]:
    found = []
    while matches:
        lowest = matches & -matches
        found.append(lowest.bit_length() - 1)
        matches ^= lowest
    return found


def _policy(table: TableNode, answers: list[list[Run]], allowed: list[list[Run]]) -> Decide:
    answer = _answer(table, answers)
    match table.hit_policy:
        case "UNIQUE":
            return lambda env, m: answer(env, m.bit_length() - 1) if not m & (m - 1) else None
        case "FIRST":
            return lambda env, m: answer(env, (m & -m).bit_length() - 1)
        case "ANY":
            return lambda env, m: _common([answer(env, bit) for bit in _bits(m)])
        case "PRIORITY":
            return lambda env, m: _ordered(table, env, m, answer, allowed)[0]
        case "OUTPUT ORDER":
            return lambda env, m: _ordered(table, env, m, answer, allowed)
        case "RULE ORDER":
            return lambda env, m: [answer(env, bit) for bit in _bits(m)]
        case "COLLECT":
            return _collect(table.aggregation, answer)


def _answer(table: TableNode, answers: list[list[Run]]) -> Callable[[Any, int], Any]:
    """The answer of one rule: a value, or a context by the outputs' names."""
    if len(table.outputs) == 1:
        single = [cells[0] for cells in answers]
        return lambda env, bit: single[bit](env)
    names = [output.name or f"output {n}" for n, output in enumerate(table.outputs, 1)]
    return lambda env, bit: {
        name: cell(env) for name, cell in zip(names, answers[bit], strict=True)
    }


def _common(values: list[Any]) -> Any:
    """The one value, or null when the rules disagree."""
    first = values[0]
    return first if all(equal(first, value) is True for value in values[1:]) else None


def _ordered(
    table: TableNode,
    env: Any,
    matches: int,
    answer: Callable[[Any, int], Any],
    allowed: list[list[Run]],
) -> list[Any]:
    """The answers by priority: the place of each value among the output's allowed values."""
    ranks = [[run(env) for run in runs] for runs in allowed]
    names = [output.name or f"output {n}" for n, output in enumerate(table.outputs, 1)]

    def rank(value: Any) -> list[int]:
        parts = [value] if len(names) == 1 else [value[name] for name in names]
        return [_place(part, order) for part, order in zip(parts, ranks, strict=True)]

    values = [answer(env, bit) for bit in _bits(matches)]
    return sorted(
        values, key=cmp_to_key(lambda a, b: -1 if rank(a) < rank(b) else rank(a) > rank(b))
    )


def _place(value: Any, order: list[Any]) -> int:
    for place, candidate in enumerate(order):
        if equal(value, candidate) is True:
            return place
    return len(order)


def _collect(aggregation: Aggregation | None, answer: Callable[[Any, int], Any]) -> Decide:
    def collect(env: Any, matches: int) -> Any:
        values = [answer(env, bit) for bit in _bits(matches)]
        if aggregation is None:
            return values
        if aggregation == "COUNT":
            return len(values)
        figure = {"SUM": total, "MIN": minimum, "MAX": maximum}[aggregation]
        try:
            return figure(values, budget=env[1])
        except (Misfit, ArithmeticError):
            return None

    return collect


def _default(table: TableNode, compiler: Compiler) -> Run:
    """The default answer when no rule matches; null when there is none."""
    defaults = [
        None if output.default is None else compiler.compile(output.default)
        for output in table.outputs
    ]
    if all(default is None for default in defaults):
        return lambda env: None
    cells: list[Run] = [default or (lambda env: None) for default in defaults]
    one = cells[0]
    multiple = table.hit_policy in ("RULE ORDER", "OUTPUT ORDER") or (
        table.hit_policy == "COLLECT" and table.aggregation is None
    )
    names = [output.name or f"output {n}" for n, output in enumerate(table.outputs, 1)]

    def run(env: Any) -> Any:
        if len(cells) == 1:
            value = one(env)
        else:
            value = {name: cell(env) for name, cell in zip(names, cells, strict=True)}
        return value if not multiple or type(value) is list else [value]

    return run
