"""The syntax tree of FEEL. Two trees are equal when they mean the same; positions do not count."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from typing import Literal as OneOf


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A number, text, true, false or null."""

    value: int | Decimal | str | bool | None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLiteral:
    """A date, time or duration: ``@"2026-02-28"``."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A variable, or a function of the library; ``?`` is the value under test."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Negate:
    """``-operand``"""

    operand: "Node"
    at: int = field(default=0, compare=False)


Operator = OneOf["+", "-", "*", "/", "**"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """``first + a - b``: one level of precedence, from left to right."""

    first: "Node"
    rest: tuple[tuple[Operator, "Node"], ...]
    at: int = field(default=0, compare=False)


Comparator = OneOf["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """``left < right``"""

    operator: Comparator
    left: "Node"
    right: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """``value between low and high``, both included."""

    value: "Node"
    low: "Node"
    high: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class In:
    """``value in test`` or ``value in (test, test)``."""

    value: "Node"
    tests: tuple["Node", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logic:
    """``a and b and c`` or ``a or b or c``."""

    operator: OneOf["and", "or"]
    operands: tuple["Node", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceOf:
    """``value instance of type``"""

    value: "Node"
    type: "TypeNode"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """``source.name``"""

    source: "Node"
    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """``source[condition]``"""

    source: "Node"
    condition: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """``function(a, b)`` or, with names, ``function(x: a, y: b)``."""

    function: "Node"
    arguments: tuple["Node", ...]
    names: tuple[str, ...] | None = None
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class If:
    """``if condition then yes else no``"""

    condition: "Node"
    yes: "Node"
    no: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """``low..high`` in the head of a loop; counts down when high is below low."""

    low: "Node"
    high: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class For:
    """``for x in xs, y in ys return result``"""

    iterators: tuple[tuple[str, "Node"], ...]
    result: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantified:
    """``some x in xs satisfies condition`` or ``every …``."""

    kind: OneOf["some", "every"]
    iterators: tuple[tuple[str, "Node"], ...]
    condition: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionLiteral:
    """``function(x: number, y) body``; an external one has no body here and answers null."""

    parameters: tuple[tuple[str, "TypeNode | None"], ...]
    body: "Node"
    external: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeLiteral:
    """``[low..high)``"""

    low: "Node"
    high: "Node"
    low_included: bool
    high_included: bool
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryComparison:
    """``< operand``: a test of the value at hand, or a range with one end."""

    operator: Comparator
    operand: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLiteral:
    """``[a, b, c]``"""

    items: tuple["Node", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextLiteral:
    """``{name: value, "another name": value}``; later entries see earlier ones."""

    entries: tuple[tuple[str, "Node"], ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaryTests:
    """The cell of a decision table: any test holds, none when negated; no tests at all is ``-``."""

    tests: tuple["Node", ...]
    negated: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coerced:
    """An expression whose value must be of a declared type, and is null when it cannot be."""

    operand: "Node"
    type: "TypeNode"
    at: int = field(default=0, compare=False)


class Special(ABC):
    """A kind of node that another package adds, such as a decision table."""

    __slots__ = ()

    @abstractmethod
    def parts(self) -> "tuple[Node, ...]":
        """The nodes directly below."""

    @abstractmethod
    def compile(self, compiler: Any) -> Callable[[Any], Any]:
        """The closure of this node, made with the running compiler."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedType:
    """A type by its name: a built-in one or one that the model defines."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListType:
    """``list<item>``"""

    item: "TypeNode"


@dataclass(frozen=True, slots=True, kw_only=True)
class RangeType:
    """``range<item>``"""

    item: "TypeNode"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextType:
    """``context<name: type, …>``"""

    entries: tuple[tuple[str, "TypeNode"], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionType:
    """``function<type, …> -> type``"""

    parameters: tuple["TypeNode", ...]
    result: "TypeNode"


TypeNode = NamedType | ListType | RangeType | ContextType | FunctionType

Node = (
    Literal
    | AtLiteral
    | Name
    | Negate
    | Arithmetic
    | Compare
    | Between
    | In
    | Logic
    | InstanceOf
    | Path
    | Filter
    | Call
    | If
    | Span
    | For
    | Quantified
    | FunctionLiteral
    | RangeLiteral
    | UnaryComparison
    | ListLiteral
    | ContextLiteral
    | UnaryTests
    | Coerced
    | Special
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below, in the order of the text."""
    match node:
        case Literal() | AtLiteral() | Name():
            return ()
        case Negate(operand=operand) | UnaryComparison(operand=operand) | Coerced(operand=operand):
            return (operand,)
        case Arithmetic():
            return (node.first, *(operand for _, operand in node.rest))
        case Compare():
            return (node.left, node.right)
        case Between():
            return (node.value, node.low, node.high)
        case In():
            return (node.value, *node.tests)
        case Logic():
            return node.operands
        case InstanceOf():
            return (node.value,)
        case Path():
            return (node.source,)
        case Filter():
            return (node.source, node.condition)
        case Call():
            return (node.function, *node.arguments)
        case If():
            return (node.condition, node.yes, node.no)
        case Span() | RangeLiteral():
            return (node.low, node.high)
        case For():
            return (*(domain for _, domain in node.iterators), node.result)
        case Quantified():
            return (*(domain for _, domain in node.iterators), node.condition)
        case FunctionLiteral():
            return (node.body,)
        case ListLiteral():
            return node.items
        case ContextLiteral():
            return tuple(value for _, value in node.entries)
        case UnaryTests():
            return node.tests
        case Special():
            return node.parts()
