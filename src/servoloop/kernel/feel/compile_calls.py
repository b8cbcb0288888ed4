"""Compiling functions and their calls."""

from typing import Any

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.compiler import Compiler, Run
from servoloop.kernel.feel.library import LIBRARY
from servoloop.kernel.feel.signatures import Misfit, Signature, adapt, call_signatures, pay_for
from servoloop.kernel.feel.tree_shape import count_nodes
from servoloop.kernel.feel.types import coerce
from servoloop.kernel.feel.values import Function


def compile_function(
    compiler: Compiler, node: tree.FunctionLiteral, *, own_place: int | None = None, name: str = ""
) -> Run:
    """``function(x) body``; with its own place it can call itself by the name of its entry."""
    places = [compiler.bind(parameter) for parameter, _ in node.parameters]
    body = (lambda env: None) if node.external else compiler.compile(node.body)
    compiler.unbind(len(places))
    names = tuple(parameter for parameter, _ in node.parameters)
    declared = tuple(type_ for _, type_ in node.parameters)
    types, cost = compiler.types, count_nodes(node.body)
    result = node.body.type if isinstance(node.body, tree.Coerced) else None

    def make(env: Any) -> Function:
        captured = env.copy()

        def call(arguments: list[Any], budget: Any) -> Any:
            frame = captured.copy()
            frame[1] = budget
            for place, argument, type_ in zip(places, arguments, declared, strict=True):
                if type_ is not None:
                    budget.spend_on(argument)
                    fits, argument = coerce(argument, type_, types)
                    if not fits:
                        return None
                frame[place] = argument
            budget.enter()
            budget.spend(cost)
            try:
                return body(frame)
            finally:
                budget.leave()

        function = Function(name=name, parameters=names, call=call, types=declared, result=result)
        if own_place is not None:
            captured[own_place] = function
        return function

    return make


def compile_call(compiler: Compiler, node: tree.Call) -> Run:
    """``function(a, b)``: null when it is not a function or the arguments do not fit."""
    function = node.function
    if isinstance(function, tree.Name) and compiler.is_library(function.name):
        return _library_call(compiler, node, LIBRARY[function.name])
    target = compiler.compile(function)
    arguments = [compiler.compile(argument) for argument in node.arguments]
    names = node.names

    def run(env: Any) -> Any:
        called = target(env)
        if type(called) is not Function:
            return None
        values = [argument(env) for argument in arguments]
        ordered = values if names is None else arrange(called, names, values)
        return None if ordered is None else invoke(called, ordered, env[1])

    return run


def arrange(function: Function, names: tuple[str, ...], values: list[Any]) -> list[Any] | None:
    """Named arguments in the order of the parameters, null if left out; None for a misfit."""
    given = dict(zip(names, values, strict=True))
    if function.arrange is not None:
        return function.arrange(given)
    if len(given) != len(names) or not set(given) <= set(function.parameters):
        return None
    return [given.get(parameter) for parameter in function.parameters]


def invoke(function: Function, arguments: list[Any], budget: Any) -> Any:
    """Call a function value; null when the number of arguments does not fit."""
    if function.arrange is None and len(arguments) != len(function.parameters):
        return None
    return function.call(arguments, budget)


def _library_call(compiler: Compiler, node: tree.Call, signatures: tuple[Signature, ...]) -> Run:
    arguments = [compiler.compile(argument) for argument in node.arguments]
    if node.names is None:
        fitting = [signature for signature in signatures if signature.takes(len(arguments))]
    else:
        fitting = [signature for signature in signatures if signature.takes_names(node.names)]
    if not fitting:
        return lambda env: None
    exact = [signature for signature in fitting if not signature.has_rest]
    if len(exact) == 1 and node.names is None:
        if compiler.framed:
            return _counted_call(exact[0], arguments)
        return _plain_call(exact[0], arguments)
    fitting = exact or fitting
    names, framed = node.names, compiler.framed

    def run(env: Any) -> Any:
        values = [argument(env) for argument in arguments]
        if not framed:
            return call_signatures(fitting, names, values, None)
        found = call_signatures(fitting, names, values, env[1])
        if type(found) is str:
            env[1].grow(len(found))
        return found

    return run


def _plain_call(signature: Signature, arguments: list[Run]) -> Run:
    """A call in a flat expression, of a function that can be called in one way only."""
    pairs = list(zip(arguments, signature.parameters, strict=False))
    function = signature.run

    def run(env: Any) -> Any:
        try:
            values = [
                value
                if type(value := argument(env)) in parameter.kinds
                else adapt(value, parameter)
                for argument, parameter in pairs
            ]
            return function(*values)
        except (Misfit, ArithmeticError):
            return None

    return run


def _counted_call(signature: Signature, arguments: list[Run]) -> Run:
    """A call that is paid for: by the size of its arguments, and of the text it makes."""
    pairs = list(zip(arguments, signature.parameters, strict=False))
    function, budgeted = signature.run, signature.budgeted

    def run(env: Any) -> Any:
        budget = env[1]
        try:
            values = [
                value if type(value := read(env)) in parameter.kinds else adapt(value, parameter)
                for read, parameter in pairs
            ]
            pay_for(values, budget)
            found = function(*values, budget=budget) if budgeted else function(*values)
        except (Misfit, ArithmeticError):
            return None
        if type(found) is str:
            budget.grow(len(found))
        return found

    return run
