"""The conditions about which everything can be known: variables compared with literals.

Comparisons, `between`, `in`, a bare boolean, and `and`, `or`, `not` over them. Such a condition
cannot tell two values of a variable apart that lie between the same literals, so a handful of
values stands for all of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.feel import tree
from servoloop.kernel.feel.expression import Expression
from servoloop.kernel.process.words import Words

Scalar = str | bool | int | Decimal | None


class Undecidable(ServoloopError):
    """A condition outside the fragment; `reason` says what it uses."""

    def __init__(self, reason: Words) -> None:
        self.reason = reason
        super().__init__(reason.default)


def _uses(en: str, zh: str) -> Words:
    return Words(default=f"the condition uses {en}.", translations={"zh": f"条件用到了{zh}。"})


_ORDER_OF_TEXTS = _uses("the order of texts", "文本的先后次序")
_OTHER = _uses("a list, context or loop", "列表、上下文或循环")
_KINDS: Mapping[type, Words] = {
    tree.Name: _uses("a comparison of two variables", "两个变量的比较"),
    tree.Path: _uses("a part of a value", "值的一部分"),
    tree.Call: _uses("a function", "函数"),
    tree.Arithmetic: _uses("arithmetic", "算术运算"),
    tree.AtLiteral: _uses("a date or duration", "日期或时长"),
    tree.If: _uses("if … then … else", "if … then … else"),
}


@dataclass(slots=True, kw_only=True)
class Literals:
    """The literals that one variable is compared with."""

    numbers: set[Decimal] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    has_booleans: bool = False

    def add(self, value: Scalar) -> None:
        if isinstance(value, bool):
            self.has_booleans = True
        elif isinstance(value, str):
            self.texts.add(value)
        elif value is not None:
            self.numbers.add(Decimal(value))

    def merge(self, other: "Literals") -> None:
        self.numbers |= other.numbers
        self.texts |= other.texts
        self.has_booleans = self.has_booleans or other.has_booleans


def literals_of(condition: Expression) -> Mapping[str, Literals]:
    """Variable to the literals that it is compared with. Raises Undecidable."""
    found: dict[str, Literals] = defaultdict(Literals)
    _walk(condition.syntax, found)
    return found


def merged(conditions: Iterable[Mapping[str, Literals]]) -> Mapping[str, Literals]:
    together: dict[str, Literals] = defaultdict(Literals)
    for each in conditions:
        for name, literals in each.items():
            together[name].merge(literals)
    return together


def number_cells(
    numbers: Iterable[Decimal], *, minimum: Decimal | None = None, maximum: Decimal | None = None
) -> Iterator[Scalar]:
    """One number for each literal, between each two, and beyond both ends; within the limits."""
    marks = sorted({*numbers, *(each for each in (minimum, maximum) if each is not None)})
    if not marks:
        marks = [Decimal(0)]
    cells = [marks[0] - 1, *marks, marks[-1] + 1]
    cells += [(a + b) / 2 for a, b in pairwise(marks)]
    for each in sorted(cells):
        if (minimum is None or each >= minimum) and (maximum is None or each <= maximum):
            yield each


def another_text(texts: Iterable[str]) -> str:
    """A text that is none of these."""
    taken = set(texts)
    name = "…"
    while name in taken:
        name += "…"
    return name


def _walk(node: tree.Node, found: dict[str, Literals]) -> None:
    match node:
        case tree.Logic():
            for each in node.operands:
                _walk(each, found)
        case tree.Call(function=tree.Name(name="not"), arguments=(argument,)):
            _walk(argument, found)
        case tree.Compare():
            _compare(node, found)
        case tree.Between(value=tree.Name(name=name)):
            for each in (node.low, node.high):
                found[name].add(_number(each))
        case tree.In(value=tree.Name(name=name)):
            for each in node.tests:
                _test(each, found[name])
        case tree.Name(name=name):
            found[name].has_booleans = True
        case tree.Literal(value=bool()):
            pass
        case _:
            raise Undecidable(_reason(node))


def _compare(node: tree.Compare, found: dict[str, Literals]) -> None:
    left, right = node.left, node.right
    if isinstance(right, tree.Name) and not isinstance(left, tree.Name):
        left, right = right, left
    if not isinstance(left, tree.Name):
        raise Undecidable(_reason(left))
    value = _literal(right)
    if isinstance(value, str | bool) and node.operator not in ("=", "!="):
        raise Undecidable(_ORDER_OF_TEXTS)
    found[left.name].add(value)


def _test(node: tree.Node, literals: Literals) -> None:
    """One test of `in`: a literal, a list, a range, or a comparison such as '> 5'."""
    match node:
        case tree.RangeLiteral():
            literals.add(_number(node.low))
            literals.add(_number(node.high))
        case tree.ListLiteral():
            for each in node.items:
                literals.add(_literal(each))
        case tree.UnaryComparison():
            literals.add(
                _literal(node.operand) if node.operator in ("=", "!=") else _number(node.operand)
            )
        case _:
            literals.add(_literal(node))


def _literal(node: tree.Node) -> Scalar:
    if isinstance(node, tree.Literal):
        return node.value
    if isinstance(node, tree.Negate):
        return -Decimal(_number(node.operand))
    raise Undecidable(_reason(node))


def _number(node: tree.Node) -> Decimal:
    value = _literal(node)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Undecidable(_ORDER_OF_TEXTS)
    return Decimal(value)


def _reason(node: tree.Node) -> Words:
    return _KINDS.get(type(node), _OTHER)
