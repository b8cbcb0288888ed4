"""Types: whether a value is of one, and the conversions that DMN does by itself.

A defined type (an item definition of a model) is looked up by name in a table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from servoloop.kernel.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from servoloop.kernel.feel.tree import (
    ContextType,
    FunctionType,
    ListType,
    NamedType,
    RangeType,
    TypeNode,
)
from servoloop.kernel.feel.values import NUMBERS, Function, Range

MAX_DEPTH = 60
"""Types within types; a type that is defined by itself ends here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinedType:
    """A type that a model gives a name to; ``allows`` is its list of allowed values, if it has one."""

    type: TypeNode
    allows: Callable[[Any], bool] | None = field(default=None, repr=False)


TypeTable = Mapping[str, DefinedType]

ANY = NamedType(name="Any")

_BUILTIN: dict[str, frozenset[type]] = {
    "number": NUMBERS,
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "date": frozenset({Date}),
    "time": frozenset({Time}),
    "date and time": frozenset({DateTime}),
    "dateTime": frozenset({DateTime}),
    "days and time duration": frozenset({DaysDuration}),
    "day and time duration": frozenset({DaysDuration}),
    "dayTimeDuration": frozenset({DaysDuration}),
    "years and months duration": frozenset({MonthsDuration}),
    "year and month duration": frozenset({MonthsDuration}),
    "yearMonthDuration": frozenset({MonthsDuration}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "range": frozenset({Range}),
    "function": frozenset({Function}),
}


def is_builtin(name: str) -> bool:
    """Whether a type of this name is part of FEEL."""
    return name in _BUILTIN or name in ("Any", "Null")


def is_instance(value: Any, type_: TypeNode, table: TypeTable) -> bool:
    """``value instance of type``: null is an instance of nothing but Null."""
    if value is None:
        return type_ == NamedType(name="Null")
    return conforms(value, type_, table)


def conforms(value: Any, type_: TypeNode, table: TypeTable, *, depth: int = 0) -> bool:
    """Whether a value can stand where the type is asked for; null can stand anywhere."""
    if value is None or depth > MAX_DEPTH:
        return value is None
    match type_:
        case NamedType(name=name):
            return _conforms_to_name(value, name, table, depth)
        case ListType(item=item):
            return type(value) is list and all(
                conforms(element, item, table, depth=depth + 1) for element in value
            )
        case ContextType(entries=entries):
            return type(value) is dict and all(
                name in value and conforms(value[name], entry, table, depth=depth + 1)
                for name, entry in entries
            )
        case RangeType(item=item):
            return type(value) is Range and all(
                conforms(end, item, table, depth=depth + 1) for end in (value.low, value.high)
            )
        case FunctionType():
            return type(value) is Function and _function_conforms(value, type_)


def _conforms_to_name(value: Any, name: str, table: TypeTable, depth: int) -> bool:
    if name == "Any":
        return True
    kinds = _BUILTIN.get(name)
    if kinds is not None:
        return type(value) in kinds
    defined = table.get(name)
    if defined is None:
        return False
    if not conforms(value, defined.type, table, depth=depth + 1):
        return False
    return defined.allows is None or defined.allows(value)


def _function_conforms(value: Function, type_: FunctionType) -> bool:
    if len(value.parameters) != len(type_.parameters):
        return False
    if value.result is not None and type_.result != ANY and value.result != type_.result:
        return False
    declared = value.types or (None,) * len(value.parameters)
    return all(
        own is None or own == ANY or own == asked
        for own, asked in zip(declared, type_.parameters, strict=True)
    )


def coerce(value: Any, type_: TypeNode, table: TypeTable) -> tuple[bool, Any]:
    """The value as the type, by DMN's conversions, and whether there is one.

    Tried in turn: the value itself; the only item of a list; a list of the one value; midnight (UTC)
    of a date.
    """
    if conforms(value, type_, table):
        return True, value
    if type(value) is list and len(value) == 1 and conforms(value[0], type_, table):
        return True, value[0]
    if type(value) is not list and conforms([value], type_, table):
        return True, [value]
    if type(value) is Date:
        moment = DateTime(value, 0, 0)
        if conforms(moment, type_, table):
            return True, moment
    return False, None
