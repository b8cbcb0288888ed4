"""The elements of a decision model compiled one by one, with what each of them requires."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from servoloop.kernel.decisions.boxes import BoxReader
from servoloop.kernel.decisions.item_types import Types, is_known, type_named
from servoloop.kernel.decisions.model import (
    Decision,
    DecisionModel,
    DecisionService,
    Element,
    InputData,
    KnowledgeModel,
)
from servoloop.kernel.decisions.problems import Problem
from servoloop.kernel.feel import tree
from servoloop.kernel.feel.compiler import Compiled
from servoloop.kernel.feel.compiling import compile_tree
from servoloop.kernel.feel.types import builtin_kinds
from servoloop.kernel.feel.values import SCALARS

Key = tuple[str, str]
"""Namespace and id of an element."""

_NULL = tree.Literal(value=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something an element requires: where it stands among its variables, and what it is.

    For input data of the same model, also its type and the kinds of value that surely fit.
    """

    path: tuple[str, ...]
    key: Key
    input_type: tree.TypeNode | None = None
    input_kinds: frozenset[type] = frozenset()
    is_own_input: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledElement:
    """An element ready to run; inputs and services have no logic of their own."""

    key: Key
    element: Element
    needs: tuple[Need, ...]
    logic: Compiled | None
    type: tree.TypeNode | None
    syntax: tree.Node = field(repr=False)


def _needs(
    references: Iterable[str],
    model: DecisionModel,
    models: dict[str, DecisionModel],
    types: Types,
) -> tuple[Need, ...]:
    """What references point at; those that point nowhere are left out."""
    names = {entry.namespace: entry.name for entry in model.imports}
    needs = []
    for reference in references:
        namespace, _, identifier = reference.rpartition("#")
        namespace = namespace or model.namespace
        target = models.get(namespace)
        if target is None or identifier not in target.elements:
            continue
        prefix = () if namespace == model.namespace else (names.get(namespace, ""),)
        element = target.elements[identifier]
        path = (*(part for part in prefix if part), element.name)
        own = isinstance(element, InputData) and namespace == model.namespace
        type_ = type_named(element.type_ref) if is_known(element.type_ref, types) else None
        needs.append(
            Need(
                path=path,
                key=(namespace, identifier),
                input_type=type_,
                input_kinds=SCALARS if type_ is None else builtin_kinds(type_),
                is_own_input=own,
            )
        )
    return tuple(needs)


def compile_element(
    element: Element,
    model: DecisionModel,
    models: dict[str, DecisionModel],
    types: Types,
    properties: frozenset[str],
) -> tuple[CompiledElement, list[Problem]]:
    requires = element.requires if isinstance(element, (Decision, KnowledgeModel)) else ()
    needs = _needs(requires, model, models, types)
    names = frozenset(need.path[0] for need in needs)
    reader = BoxReader(where=element.name, properties=properties, types=types)
    syntax: tree.Node = _NULL
    logic: Compiled | None = None
    if isinstance(element, Decision):
        syntax = reader.coerced(reader.read(element.logic, names), element.type_ref)
    elif isinstance(element, KnowledgeModel) and element.function is not None:
        syntax = _knowledge(element, reader, names, types)
    if not isinstance(element, (InputData, DecisionService)):
        logic = compile_tree(syntax, declared=names, types=types)
    known = is_known(element.type_ref, types)
    return CompiledElement(
        key=(model.namespace, element.id),
        element=element,
        needs=needs,
        logic=logic,
        type=type_named(element.type_ref) if known else None,
        syntax=syntax,
    ), reader.problems


def _knowledge(
    element: KnowledgeModel, reader: BoxReader, names: frozenset[str], types: Types
) -> tree.Node:
    """A function under its own name, so that it can call itself."""
    assert element.function is not None
    function = reader.function(element.function, names | {element.name})
    result = result_type(element.type_ref, types)
    if result is not None:
        body = tree.Coerced(operand=function.body, type=result)
        function = tree.FunctionLiteral(
            parameters=function.parameters, body=body, external=function.external
        )
    return tree.Path(
        source=tree.ContextLiteral(entries=((element.name, function),)), name=element.name
    )


def result_type(type_ref: str | None, types: Types) -> tree.TypeNode | None:
    """What a function answers: its variable's type is a function's type or the answer's own."""
    type_ = type_named(type_ref)
    if not isinstance(type_, tree.NamedType) or not is_known(type_ref, types):
        return None
    defined = types.get(type_.name)
    if defined is not None and isinstance(defined.type, tree.FunctionType):
        return defined.type.result
    return None if type_.name == "function" else type_
