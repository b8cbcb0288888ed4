"""A FEEL text as it is typed: the first thing that is wrong with it, and where."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from servoloop.kernel.feel.checking import check_tree, is_condition
from servoloop.kernel.feel.errors import FeelError, FeelSyntaxError
from servoloop.kernel.feel.expression import compile as compile_feel
from servoloop.kernel.feel.expression import compile_unary
from servoloop.kernel.feel.tree import NamedType, Node, TypeNode
from servoloop.kernel.feel.types import ANY
from servoloop.kernel.process.expressions import feel_source
from servoloop.kernel.process.findings import Severity

_SIMPLE = frozenset(
    ("string", "number", "boolean", "date", "time", "date and time", "days and time duration")
) | {"years and months duration"}


class Kind(StrEnum):
    EXPRESSION = "expression"
    CONDITION = "condition"  # must answer yes or no
    UNARY = "unary"  # a cell of a decision table


@dataclass(frozen=True, slots=True, kw_only=True)
class FeelProblem:
    """`position` counts characters of the text from 0; a warning may still be meant so."""

    words: str
    position: int
    severity: Severity


def lint(text: str, *, kind: Kind, names: Mapping[str, str] | None = None) -> FeelProblem | None:
    """The first problem of a text; None for a good one and for none at all.

    `names` are the variables that are known, with the name of their FEEL type ("Any" when it is not
    certain); without them no name is asked for.
    """
    source = feel_source(text)
    if not source:
        return None
    shift = text.find(source)
    try:
        syntax = _syntax(source, kind=kind, names=names)
    except FeelSyntaxError as error:
        return FeelProblem(
            words=str(error), position=error.position + shift, severity=Severity.ERROR
        )
    except FeelError as error:
        return FeelProblem(words=str(error), position=shift, severity=Severity.ERROR)
    types = {name: _type(type) for name, type in (names or {}).items()}
    if kind is Kind.CONDITION and not is_condition(syntax, names=types, types={}):
        words = "A condition answers true or false, and this does not."
        return FeelProblem(words=words, position=shift, severity=Severity.ERROR)
    if names is None:
        return None
    for found in check_tree(syntax, names=types, types={}):
        return FeelProblem(
            words=found.message, position=found.position + shift, severity=Severity.WARNING
        )
    return None


def _syntax(source: str, *, kind: Kind, names: Mapping[str, str] | None) -> Node:
    if kind is Kind.UNARY:
        return compile_unary(source, names).syntax
    return compile_feel(source, names).syntax


def _type(name: str) -> TypeNode:
    return NamedType(name=name) if name in _SIMPLE else ANY
