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
    """A type that a model gives a name to; ``allows`` is its list of allowed values, if it has
    one."""

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


_SIMPLE = frozenset(_BUILTIN) - {"list", "context", "range", "function"}


def builtin_kinds(type_: TypeNode) -> frozenset[type]:
    """The kinds of value that surely are of a type; none for types that must look inside."""
    return _BUILTIN.get(type_.name, _NO_KINDS) if isinstance(type_, NamedType) else _NO_KINDS


_NO_KINDS: frozenset[type] = frozenset()


def is_builtin(name: str) -> bool:
    """Whether a type of this name is part of FEEL."""
    return name in _BUILTIN or name in ("Any", "Null")


def is_instance(value: Any, type_: TypeNode, table: TypeTable) -> bool | None:
    """``value instance of type``: null is an instance of nothing but Null.

    Null for a type that does not exist, and for a list, context, range or function of what is
    unsaid.
    """
    if not is_complete(type_, table):
        return None
    if value is None:
        return type_ == NamedType(name="Null")
    return conforms(value, type_, table)


def is_complete(type_: TypeNode, table: TypeTable) -> bool:
    """Whether every name in a type is known and every list and function says of what."""
    match type_:
        case NamedType(name=name):
            return name in ("Any", "Null") or name in table or name in _SIMPLE
        case ListType(item=item) | RangeType(item=item):
            return is_complete(item, table)
        case ContextType(entries=entries):
            return all(is_complete(entry, table) for _, entry in entries)
        case FunctionType(parameters=parameters, result=result):
            return all(is_complete(part, table) for part in (*parameters, result))


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
            return type(value) is Function and _function_conforms(value, type_, table)


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


def _function_conforms(value: Function, type_: FunctionType, table: TypeTable) -> bool:
    """Parameters may ask for less and the result may say more; what is undeclared fits."""
    if len(value.parameters) != len(type_.parameters):
        return False
    if value.result is not None and not type_conforms(value.result, type_.result, table):
        return False
    declared = value.types or (None,) * len(value.parameters)
    return all(
        own is None or type_conforms(asked, own, table)
        for own, asked in zip(declared, type_.parameters, strict=True)
    )


def type_conforms(type_: TypeNode, other: TypeNode, table: TypeTable, *, depth: int = 0) -> bool:
    """Whether every value of a type is also one of the other."""
    type_, other = _resolved(type_, table), _resolved(other, table)
    if other == ANY or type_ == NamedType(name="Null") or depth > MAX_DEPTH:
        return True
    deeper = depth + 1
    match type_, other:
        case (ListType(item=a), ListType(item=b)) | (RangeType(item=a), RangeType(item=b)):
            return type_conforms(a, b, table, depth=deeper)
        case ContextType(entries=entries), ContextType(entries=asked):
            own = dict(entries)
            return all(
                name in own and type_conforms(own[name], entry, table, depth=deeper)
                for name, entry in asked
            )
        case FunctionType(), FunctionType():
            return len(type_.parameters) == len(other.parameters) and all(
                type_conforms(b, a, table, depth=deeper)
                for a, b in zip(
                    (*type_.parameters, other.result),
                    (*other.parameters, type_.result),
                    strict=True,
                )
            )
    return type_ == other


def _resolved(type_: TypeNode, table: TypeTable) -> TypeNode:
    for _ in range(MAX_DEPTH):
        if not isinstance(type_, NamedType) or type_.name not in table:
            return type_
        type_ = table[type_.name].type
    return ANY


def coerce(value: Any, type_: TypeNode, table: TypeTable) -> tuple[bool, Any]:
    """The value as the type, by DMN's conversions, and whether there is one.

    Tried in turn: the value itself; the only item of a list; midnight (UTC) of a date.
    """
    if conforms(value, type_, table):
        return True, value
    if type(value) is list and len(value) == 1 and conforms(value[0], type_, table):
        return True, value[0]
    if type(value) is Date:
        moment = DateTime(value, 0, 0)
        if conforms(moment, type_, table):
            return True, moment
    return False, None
