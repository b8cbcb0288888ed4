"""The values of literals, without evaluating anything."""

from typing import Any

from servoloop.kernel.feel import operators, tree
from servoloop.kernel.feel.temporal_text import (
    parse_date,
    parse_datetime,
    parse_duration,
    parse_temporal,
    parse_time,
)
from servoloop.kernel.feel.values import Range

_READERS = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_datetime,
    "duration": parse_duration,
}


def constant_range(node: tree.Node) -> Range | None:
    """The range a tree stands for when both ends are written out."""
    if not isinstance(node, tree.RangeLiteral):
        return None
    low, high = constant_of(node.low), constant_of(node.high)
    if low is None or high is None:
        return None
    return Range(low, high, node.low_included, node.high_included)


def constant_of(node: tree.Node) -> Any:
    """The value of a literal, None when it is not one."""
    match node:
        case tree.Literal(value=value):
            return value
        case tree.AtLiteral(text=text):
            return parse_temporal(text)
        case tree.Negate(operand=tree.Literal(value=value)):
            return operators.negate(value)
        case tree.Call(
            function=tree.Name(name=name), arguments=(tree.Literal(value=str() as text),)
        ) if name in _READERS:
            return _READERS[name](text)
    return None
