"""From a model's item definitions to the types that FEEL checks values against."""

from collections.abc import Callable, Iterable
from typing import Any

from servoloop.kernel.decisions.model import DecisionModel, ItemDefinition
from servoloop.kernel.feel.errors import FeelError
from servoloop.kernel.feel.expression import UnaryTests, compile_unary
from servoloop.kernel.feel.tree import (
    ContextType,
    FunctionType,
    ListType,
    NamedType,
    TypeNode,
)
from servoloop.kernel.feel.types import ANY, DefinedType, is_builtin

Types = dict[str, DefinedType]

_OLD_NAMES = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
}


def type_named(name: str | None) -> TypeNode | None:
    """The type a ``typeRef`` stands for; None when it says nothing."""
    if name is None or name == "Any":
        return None
    return NamedType(name=_OLD_NAMES.get(name, name))


def define_types(model: DecisionModel, imported: Iterable[tuple[str, Types]]) -> Types:
    """The types of a model by name, with those of imported models as ``import name.type name``."""
    types: Types = {}
    for prefix, others in imported:
        types |= {f"{prefix}.{name}" if prefix else name: type_ for name, type_ in others.items()}
        if prefix:
            types |= {
                name: type_ for name, type_ in others.items() if name not in types and "#" in name
            }
    for item in model.types:
        _define(item, item.name, types)
    return types


def _define(item: ItemDefinition, name: str, types: Types) -> TypeNode:
    """Define an item and its parts under names of their own; parts are called ``whole#part``."""
    type_ = _base(item, name, types)
    allows = _test(item.allowed)
    if item.is_collection:
        if allows is not None:
            types[f"{name}#item"] = DefinedType(type=type_, allows=allows)
            type_ = NamedType(name=f"{name}#item")
        type_, allows = ListType(item=type_), None
    constraint = _test(item.constraint)
    if allows is not None and constraint is not None:
        types[f"{name}#allowed"] = DefinedType(type=type_, allows=allows)
        type_ = NamedType(name=f"{name}#allowed")
    types[name] = DefinedType(type=type_, allows=constraint or allows)
    return NamedType(name=name)


def _base(item: ItemDefinition, name: str, types: Types) -> TypeNode:
    if item.components:
        return ContextType(
            entries=tuple(
                (part.name, _define(part, f"{name}#{part.name}", types)) for part in item.components
            )
        )
    if item.parameters is not None:
        return FunctionType(
            parameters=tuple(type_named(p.type_ref) or ANY for p in item.parameters),
            result=type_named(item.result_ref) or ANY,
        )
    return type_named(item.type_ref) or ANY


def _test(text: str | None) -> Callable[[Any], bool] | None:
    """A test of allowed values; one that cannot be read allows everything."""
    if text is None:
        return None
    try:
        tests = compile_unary(text)
    except FeelError:
        return None
    return _allows(tests)


def _allows(tests: UnaryTests) -> Callable[[Any], bool]:
    return lambda value: tests.test(value, {})


def component_names(models: Iterable[DecisionModel]) -> frozenset[str]:
    """Names that may follow a dot: components of types, elements of imported models."""
    names: set[str] = set()
    for model in models:
        pending = list(model.types)
        while pending:
            item = pending.pop()
            names.update(part.name for part in item.components)
            pending.extend(item.components)
        names.update(element.name for element in model.elements.values())
        names.update(entry.name for entry in model.imports)
    return frozenset(names)


def is_known(name: str | None, types: Types) -> bool:
    """Whether a ``typeRef`` names a type that exists."""
    type_ = type_named(name)
    return not isinstance(type_, NamedType) or is_builtin(type_.name) or type_.name in types
