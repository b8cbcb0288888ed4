"""From boxed logic to FEEL's syntax tree, so that one compiler serves texts and boxes.

A text that cannot be read becomes null, as the standard asks of a broken decision, and a problem
that the check reports.
"""

from dataclasses import dataclass, field

from servoloop.kernel.decisions.item_types import Types, is_known, type_named
from servoloop.kernel.decisions.model import (
    BoxedConditional,
    BoxedContext,
    BoxedFilter,
    BoxedFunction,
    BoxedInvocation,
    BoxedList,
    BoxedLoop,
    BoxedRelation,
    DecisionTable,
    InputClause,
    LiteralExpression,
    Logic,
    OutputClause,
)
from servoloop.kernel.decisions.problems import Problem, ProblemKind
from servoloop.kernel.decisions.table_node import Column, Output, TableNode, TableRule
from servoloop.kernel.feel import tree
from servoloop.kernel.feel.errors import FeelError
from servoloop.kernel.feel.library import LIBRARY
from servoloop.kernel.feel.parser import parse, parse_unary_tests

_NULL = tree.Literal(value=None)
_RESULT = "\u0000result"
"""The name of a context's result entry; no rule can write it."""


@dataclass(slots=True, kw_only=True)
class BoxReader:
    """Reads the logic of one element; collects what is wrong with it."""

    where: str
    properties: frozenset[str]
    types: Types
    problems: list[Problem] = field(default_factory=list)

    def read(self, logic: Logic | None, names: frozenset[str]) -> tree.Node:
        """The tree of a piece of logic in a scope of names."""
        if logic is None:
            return _NULL
        node = self._read(logic, names)
        return self.coerced(node, logic.type_ref)

    def _read(self, logic: Logic, names: frozenset[str]) -> tree.Node:
        match logic:
            case LiteralExpression():
                return self.text(logic, names)
            case DecisionTable():
                return self.table(logic, names)
            case BoxedContext():
                return self.context(logic, names)
            case BoxedFunction():
                return self.function(logic, names)
            case BoxedInvocation():
                return tree.Call(
                    function=self.read(logic.function, names),
                    arguments=tuple(self.read(value, names) for _, value in logic.bindings),
                    names=tuple(name for name, _ in logic.bindings) or None,
                )
            case BoxedList():
                return tree.ListLiteral(items=tuple(self.read(i, names) for i in logic.items))
            case BoxedRelation():
                return self.relation(logic, names)
            case BoxedConditional():
                return tree.If(
                    condition=self.read(logic.condition, names),
                    yes=self.read(logic.yes, names),
                    no=self.read(logic.no, names),
                )
            case BoxedFilter():
                return tree.Filter(
                    source=self.read(logic.source, names),
                    condition=self.read(logic.match, names | {"item"} | self.properties),
                )
            case BoxedLoop():
                return self.loop(logic, names)

    def coerced(self, node: tree.Node, type_ref: str | None) -> tree.Node:
        """The node held to a declared type."""
        type_ = type_named(type_ref)
        if type_ is None:
            return node
        if not is_known(type_ref, self.types):
            self.problem("unknown type", f"There is no type '{type_ref}'.")
            return node
        return tree.Coerced(operand=node, type=type_)

    def problem(self, kind: ProblemKind, message: str, *, cell: str = "") -> None:
        """Note something that is wrong."""
        where = f"{self.where}, {cell}" if cell else self.where
        self.problems.append(Problem(kind=kind, where=where, message=message))

    def text(self, logic: LiteralExpression, names: frozenset[str], *, cell: str = "") -> tree.Node:
        """The tree of a FEEL text."""
        language = (logic.language or "").rstrip("/")
        if language and not language.endswith(("feel", "FEEL")):
            self.problem("structure", f"The language '{language}' is not FEEL.", cell=cell)
            return _NULL
        if not logic.text.strip():
            return _NULL
        try:
            return parse(logic.text, names=names, functions=LIBRARY, properties=self.properties)
        except FeelError as error:
            self.problem("syntax", str(error), cell=cell)
            return _NULL

    def tests(self, text: str, names: frozenset[str], *, cell: str) -> tree.UnaryTests | None:
        """The tree of a cell; None when it cannot be read."""
        try:
            return parse_unary_tests(
                text, names=names, functions=LIBRARY, properties=self.properties
            )
        except FeelError as error:
            self.problem("syntax", str(error), cell=cell)
            return None

    def context(self, logic: BoxedContext, names: frozenset[str]) -> tree.Node:
        """Entries in order; an unnamed one at the end is what the whole answers."""
        entries: list[tuple[str, tree.Node]] = []
        for entry in logic.entries:
            value = self.read(entry.value, names)
            if entry.name is None:
                entries.append((_RESULT, value))
                return tree.Path(source=tree.ContextLiteral(entries=tuple(entries)), name=_RESULT)
            entries.append((entry.name, self.coerced(value, entry.type_ref)))
            names |= {entry.name}
        return tree.ContextLiteral(entries=tuple(entries))

    def function(self, logic: BoxedFunction, names: frozenset[str]) -> tree.FunctionLiteral:
        """A function; one in another language has no body here."""
        inner = names | {parameter.name for parameter in logic.parameters}
        body = _NULL if logic.is_external else self.read(logic.body, inner)
        parameters = tuple((p.name, self._parameter_type(p.type_ref)) for p in logic.parameters)
        return tree.FunctionLiteral(parameters=parameters, body=body, external=logic.is_external)

    def _parameter_type(self, type_ref: str | None) -> tree.TypeNode | None:
        if not is_known(type_ref, self.types):
            self.problem("unknown type", f"There is no type '{type_ref}'.")
            return None
        return type_named(type_ref)

    def relation(self, logic: BoxedRelation, names: frozenset[str]) -> tree.Node:
        """A list of contexts."""
        rows = []
        for row in logic.rows:
            cells = (self.read(cell, names) for cell in row)
            rows.append(tree.ContextLiteral(entries=tuple(zip(logic.columns, cells, strict=False))))
        return tree.ListLiteral(items=tuple(rows))

    def loop(self, logic: BoxedLoop, names: frozenset[str]) -> tree.Node:
        """``for``, ``some`` or ``every``."""
        iterators = ((logic.variable, self.read(logic.source, names)),)
        inner = names | {logic.variable, "partial"}
        if logic.kind == "for":
            return tree.For(iterators=iterators, result=self.read(logic.body, inner))
        return tree.Quantified(
            kind=logic.kind,
            iterators=iterators,
            condition=self.read(logic.body, names | {logic.variable}),
        )

    # Decision tables.

    def table(self, logic: DecisionTable, names: frozenset[str]) -> TableNode:
        """A decision table; its cells see the same names as its texts, and ``?``."""
        columns = tuple(
            self._column(clause, number, names) for number, clause in enumerate(logic.inputs, 1)
        )
        outputs = tuple(self._output(clause, names) for clause in logic.outputs)
        rules = []
        for number, rule in enumerate(logic.rules, 1):
            tests = tuple(
                self.tests(text, names, cell=f"rule {number}, {columns[index].label}")
                for index, text in enumerate(rule.tests[: len(columns)])
            )
            answers = tuple(
                self.coerced(
                    self.text(answer, names, cell=f"rule {number}, answer"),
                    answer.type_ref or outputs[index].type_ref,
                )
                for index, answer in enumerate(rule.answers[: len(outputs)])
            )
            if len(tests) != len(columns) or len(answers) != len(outputs):
                self.problem("structure", f"Rule {number} does not have a cell for every column.")
                continue
            rules.append(
                TableRule(
                    number=number,
                    tests=tests,
                    answers=answers,
                    id=rule.id,
                    annotation=rule.annotation,
                )
            )
        return TableNode(
            where=self.where,
            columns=columns,
            outputs=outputs,
            rules=tuple(rules),
            hit_policy=logic.hit_policy,
            aggregation=logic.aggregation,
        )

    def _column(self, clause: InputClause, number: int, names: frozenset[str]) -> Column:
        text = " ".join(clause.expression.text.split())
        cell = f"input {number}"
        node = self.text(clause.expression, names, cell=cell)
        allowed = None
        if clause.allowed is not None:
            allowed = self.tests(clause.allowed, names, cell=f"{cell}, allowed values")
        return Column(
            label=text or clause.label or cell,
            expression=self.coerced(node, clause.expression.type_ref),
            allowed=allowed,
            type_ref=clause.expression.type_ref,
        )

    def _output(self, clause: OutputClause, names: frozenset[str]) -> Output:
        allowed = None
        if clause.allowed is not None:
            allowed = self.tests(clause.allowed, names, cell="output values")
        default = None
        if clause.default is not None:
            default = self.coerced(self.text(clause.default, names), clause.type_ref)
        return Output(
            name=clause.name or clause.label,
            allowed=allowed,
            default=default,
            type_ref=clause.type_ref,
        )
