"""The one door to FEEL for the rest of Servoloop: compile a text once, evaluate it many times."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.budget import SIZE, STEPS, Budget
from servoloop.kernel.feel.compiler import FIRST_LOCAL, Compiled
from servoloop.kernel.feel.compiling import compile_tree
from servoloop.kernel.feel.errors import BudgetExceeded
from servoloop.kernel.feel.library import LIBRARY
from servoloop.kernel.feel.parser import parse, parse_unary_tests
from servoloop.kernel.feel.types import TypeTable
from servoloop.kernel.feel.values import from_python

NO_TYPES: TypeTable = MappingProxyType({})
_TOO_DEEP = "The rule nests values or calls too deeply."


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """A compiled expression: its text, the variables it reads, and its syntax tree."""

    text: str
    names: tuple[str, ...]
    syntax: tree.Node = field(repr=False)
    compiled: Compiled = field(repr=False)

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        at: datetime | None = None,
        steps: int = STEPS,
        size: int = SIZE,
    ) -> Any:
        """The value in a context of variables; null (None) where FEEL has no answer.

        Numbers are ``int`` or ``Decimal``, dates and durations those of temporal.py; ``at`` is the
        moment that ``now()`` answers. Raises BudgetExceeded, and FeelTypeError for a variable that
        FEEL cannot read.
        """
        compiled = self.compiled
        try:
            if not compiled.framed:
                return compiled.run(context)
            return self.evaluate_within(context, Budget(steps=steps, size=size, at=at))
        except ArithmeticError:
            return None
        except RecursionError:
            raise BudgetExceeded(_TOO_DEEP) from None

    def evaluate_within(self, context: Mapping[str, Any], budget: Budget) -> Any:
        """The value, on a budget that is shared with other evaluations."""
        compiled = self.compiled
        if not compiled.framed:
            return compiled.run(context)
        locals_ = [None] * (compiled.places - FIRST_LOCAL)
        return compiled.run([context, budget, {}, *locals_])


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryTests:
    """A compiled cell of a decision table: a test of one value."""

    text: str
    names: tuple[str, ...]
    syntax: tree.UnaryTests = field(repr=False)
    compiled: Compiled = field(repr=False)

    def test(
        self,
        value: Any,
        context: Mapping[str, Any],
        *,
        at: datetime | None = None,
        steps: int = STEPS,
        size: int = SIZE,
    ) -> bool:
        """Whether the value passes, beside the variables that the test names."""
        budget = Budget(steps=steps, size=size, at=at)
        try:
            return self.test_within(from_python(value), context, budget)
        except ArithmeticError:
            return False
        except RecursionError:
            raise BudgetExceeded(_TOO_DEEP) from None

    def test_within(self, value: Any, context: Mapping[str, Any], budget: Budget) -> bool:
        """Whether a FEEL value passes, on a budget that is shared with other evaluations."""
        locals_ = [None] * (self.compiled.places - FIRST_LOCAL - 1)
        return self.compiled.run([context, budget, {}, value, *locals_]) is True


def compile(
    text: str,
    names: Iterable[str] | None = None,
    *,
    properties: Iterable[str] = (),
    types: TypeTable = NO_TYPES,
) -> Expression:
    """Read and compile an expression; raises FeelSyntaxError, or BudgetExceeded when it nests too
    deep.

    ``names`` are the declared variables, which may contain spaces and operators; ``properties`` the
    names that may follow a dot; ``types`` the types that ``instance of`` may name.
    """
    declared = frozenset(names or ())
    node = parse(text, names=declared, functions=LIBRARY, properties=properties)
    compiled = _compiled(node, declared, types)
    return Expression(text=text, names=compiled.names, syntax=node, compiled=compiled)


def compile_unary(
    text: str,
    names: Iterable[str] | None = None,
    *,
    properties: Iterable[str] = (),
    types: TypeTable = NO_TYPES,
) -> UnaryTests:
    """Read and compile a cell of a decision table, such as ``< 10, [20..30)``; raises like
    ``compile``."""
    declared = frozenset(names or ())
    node = parse_unary_tests(text, names=declared, functions=LIBRARY, properties=properties)
    compiled = _compiled(node, declared, types)
    return UnaryTests(text=text, names=compiled.names, syntax=node, compiled=compiled)


def _compiled(node: tree.Node, declared: frozenset[str], types: TypeTable) -> Compiled:
    try:
        return compile_tree(
            node, declared=declared, types=types, tests=isinstance(node, tree.UnaryTests)
        )
    except RecursionError:
        raise BudgetExceeded("The rule is nested too deeply. Split it into parts.") from None
