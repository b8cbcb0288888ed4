"""Compiling names, paths, literals and conditionals."""

from typing import Any

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.compile_calls import compile_function
from servoloop.kernel.feel.compiler import Compiler, Run
from servoloop.kernel.feel.library import library_function
from servoloop.kernel.feel.operators import negate, order
from servoloop.kernel.feel.properties import get_property
from servoloop.kernel.feel.temporal_text import parse_temporal
from servoloop.kernel.feel.types import coerce, is_instance
from servoloop.kernel.feel.values import SCALARS, Range, from_float, from_python


def compile_literal(compiler: Compiler, node: tree.Literal) -> Run:
    value = node.value
    return lambda env: value


def compile_at_literal(compiler: Compiler, node: tree.AtLiteral) -> Run:
    value = parse_temporal(node.text)
    return lambda env: value


def compile_name(compiler: Compiler, node: tree.Name) -> Run:
    name = node.name
    items: list[int] = []
    for bound, place in reversed(compiler.scopes):
        if bound == name or (bound is None and name == "item"):
            found = _local(place)
            if bound is None:
                items.append(place)
            break
        if bound is None:
            items.append(place)
    else:
        found = _variable(compiler, name)
    for place in reversed(items):
        found = _item_entry(place, name, found)
    return found


def _local(place: int) -> Run:
    return lambda env: env[place]


def _item_entry(place: int, name: str, otherwise: Run) -> Run:
    """The entry of the item that a filter looks at, when the item is a context that has it."""

    def run(env: Any) -> Any:
        item = env[place]
        if type(item) is dict and name in item:
            return item[name]
        return otherwise(env)

    return run


def _variable(compiler: Compiler, name: str) -> Run:
    compiler.variables[name] = None
    otherwise = library_function(name)

    if not compiler.framed:

        def read(env: Any) -> Any:
            try:
                value = env[name]
            except KeyError:
                return otherwise
            kind = type(value)
            if kind in SCALARS:
                return value
            return from_float(value) if kind is float else from_python(value)

        return read

    def read_framed(env: Any) -> Any:
        try:
            value = env[0][name]
        except KeyError:
            return otherwise
        if type(value) in SCALARS:
            return value
        converted = env[2]
        if name not in converted:
            converted[name] = from_python(value)
        return converted[name]

    return read_framed


def compile_path(compiler: Compiler, node: tree.Path) -> Run:
    names = [node.name]
    source: tree.Node = node.source
    while isinstance(source, tree.Path):
        names.append(source.name)
        source = source.source
    names.reverse()
    if isinstance(source, tree.Name) and not compiler.framed:
        return _variable_path(compiler, source.name, names)
    value = compiler.compile(source)
    framed = compiler.framed

    def run(env: Any) -> Any:
        found = value(env)
        for name in names:
            if type(found) is dict:
                found = found.get(name)
                continue
            if framed and type(found) is list:
                env[1].spend_on(found)
                env[1].grow(len(found))
            found = get_property(found, name)
        return found

    return run


def _variable_path(compiler: Compiler, variable: str, names: list[str]) -> Run:
    """A path into a variable without converting all that the variable holds."""
    compiler.variables[variable] = None

    def run(env: Any) -> Any:
        found = env.get(variable)
        for name in names:
            if type(found) is dict:
                found = found.get(name)
            else:
                found = get_property(from_python(found), name)
        return found if type(found) in SCALARS else from_python(found)

    return run


def compile_negate(compiler: Compiler, node: tree.Negate) -> Run:
    operand = node.operand
    if isinstance(operand, tree.Literal):
        value = negate(operand.value)
        return lambda env: value
    run = compiler.compile(operand)
    return lambda env: negate(run(env))


def compile_instance_of(compiler: Compiler, node: tree.InstanceOf) -> Run:
    value, type_, types = compiler.compile(node.value), node.type, compiler.types
    framed = compiler.framed

    def run(env: Any) -> bool | None:
        found = value(env)
        if framed:
            env[1].spend_on(found)
        return is_instance(found, type_, types)

    return run


def compile_coerced(compiler: Compiler, node: tree.Coerced) -> Run:
    """The value when it is of the type, converted as DMN allows; otherwise null."""
    operand, type_, types = compiler.compile(node.operand), node.type, compiler.types
    framed = compiler.framed

    def run(env: Any) -> Any:
        value = operand(env)
        if framed:
            env[1].spend_on(value)
        return coerce(value, type_, types)[1]

    return run


def compile_if(compiler: Compiler, node: tree.If) -> Run:
    condition = compiler.compile(node.condition)
    yes, no = compiler.compile(node.yes), compiler.compile(node.no)
    return lambda env: yes(env) if condition(env) is True else no(env)


# Literals with parts.


def compile_range(compiler: Compiler, node: tree.RangeLiteral) -> Run:
    low, high = compiler.compile(node.low), compiler.compile(node.high)
    low_included, high_included = node.low_included, node.high_included

    def run(env: Any) -> Range | None:
        start, end = low(env), high(env)
        found = order(start, end)
        if found is None or found > 0:
            return None  # the ends must be of one kind and in order
        return Range(start, end, low_included, high_included)

    if isinstance(node.low, tree.Literal) and isinstance(node.high, tree.Literal):
        fixed = run(None)
        return lambda env: fixed
    return run


def compile_unary_comparison(compiler: Compiler, node: tree.UnaryComparison) -> Run:
    """A comparison that stands as a value: the range it describes; ``!=`` describes none."""
    operand, operator = compiler.compile(node.operand), node.operator

    def run(env: Any) -> Range | None:
        value = operand(env)
        if value is None or operator == "!=":
            return None
        if operator == "=":
            return Range(value, value)
        if operator in ("<", "<="):
            return Range(None, value, False, operator == "<=", one_sided=True)
        return Range(value, None, operator == ">=", False, one_sided=True)

    return run


def compile_list(compiler: Compiler, node: tree.ListLiteral) -> Run:
    items = [compiler.compile(item) for item in node.items]
    if not compiler.framed:
        return lambda env: [item(env) for item in items]

    def run(env: Any) -> list[Any]:
        env[1].grow(len(items))
        return [item(env) for item in items]

    return run


def compile_context(compiler: Compiler, node: tree.ContextLiteral) -> Run:
    entries: list[tuple[str, int, Run]] = []
    for name, value in node.entries:
        if isinstance(value, tree.FunctionLiteral):
            place = compiler.bind(name)
            run = compile_function(compiler, value, own_place=place, name=name)
        else:
            run = compiler.compile(value)
            place = compiler.bind(name)
        entries.append((name, place, run))
    compiler.unbind(len(entries))

    def build(env: Any) -> dict[str, Any]:
        env[1].grow(len(entries))
        result = {}
        for name, place, run in entries:
            env[place] = result[name] = run(env)
        return result

    return build
