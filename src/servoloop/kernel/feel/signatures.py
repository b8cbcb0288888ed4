"""How the functions of the library are declared, and how arguments find their parameters.

``@feel("substring(string: string, start position: number, length?: number)")`` declares one way to
call a function. ``name?`` may be left out, ``kind|kind`` takes either, ``null`` among the kinds
takes null, ``*name`` takes all the arguments as one list. A function may be declared in several
ways.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from servoloop.kernel.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from servoloop.kernel.feel.values import NUMBERS, Function, Range

_KINDS: dict[str, frozenset[type]] = {
    "number": NUMBERS,
    "string": frozenset({str}),
    "boolean": frozenset({bool}),
    "list": frozenset({list}),
    "context": frozenset({dict}),
    "date": frozenset({Date}),
    "time": frozenset({Time}),
    "date and time": frozenset({DateTime}),
    "days": frozenset({DaysDuration}),
    "months": frozenset({MonthsDuration}),
    "range": frozenset({Range}),
    "function": frozenset({Function}),
    "null": frozenset({type(None)}),
}
_POINTS = NUMBERS | {str, Date, Time, DateTime, DaysDuration, MonthsDuration}
_KINDS["point"] = _POINTS
_KINDS["any"] = _POINTS | {bool, list, dict, Range, Function, type(None)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter: its name, the kinds of value it takes, and whether it may be left out."""

    name: str
    kinds: frozenset[type]
    kind_text: str
    optional: bool = False
    rest: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One way to call a function. ``run`` gets the arguments in order, then the budget if it wants
    it."""

    name: str
    text: str
    parameters: tuple[Parameter, ...]
    run: Callable[..., Any] = field(repr=False)
    budgeted: bool = False

    @property
    def required(self) -> int:
        """How many arguments there must be."""
        return sum(1 for parameter in self.parameters if not parameter.optional)

    @property
    def has_rest(self) -> bool:
        """Whether the last parameter takes all further arguments."""
        return bool(self.parameters) and self.parameters[-1].rest

    def takes(self, count: int) -> bool:
        """Whether that many arguments in a row fit."""
        if self.has_rest:
            return count >= len(self.parameters)
        return self.required <= count <= len(self.parameters)

    def takes_names(self, names: tuple[str, ...]) -> bool:
        """Whether these named arguments fit."""
        own = {parameter.name for parameter in self.parameters if not parameter.rest}
        needed = {parameter.name for parameter in self.parameters if not parameter.optional}
        return len(set(names)) == len(names) and set(names) <= own and needed <= set(names)


_registry: dict[str, list[Signature]] = {}

_F = TypeVar("_F", bound=Callable[..., Any])


def feel(text: str, *, budgeted: bool = False) -> Callable[[_F], _F]:
    """Declare a way to call the function below; the text is shown to rule writers."""
    name, _, inside = text.rstrip(")").partition("(")
    parameters = tuple(_parameter(part.strip()) for part in inside.split(",") if part.strip())

    def register(run: _F) -> _F:
        signature = Signature(
            name=name, text=text, parameters=parameters, run=run, budgeted=budgeted
        )
        _registry.setdefault(name, []).append(signature)
        return run

    return register


def _parameter(text: str) -> Parameter:
    name, _, kind_text = text.partition(":")
    kinds = frozenset[type]().union(*(_KINDS[kind.strip()] for kind in kind_text.split("|")))
    return Parameter(
        name=name.strip("*? "),
        kinds=kinds,
        kind_text=kind_text.strip(),
        optional="?" in name,
        rest=name.startswith("*"),
    )


def declared() -> dict[str, tuple[Signature, ...]]:
    """All that has been declared so far, by name."""
    return {name: tuple(signatures) for name, signatures in _registry.items()}


class Misfit(Exception):
    """An argument does not fit its parameter."""


def adapt(value: Any, parameter: Parameter) -> Any:
    """The argument as the parameter takes it, with DMN's conversions; raises Misfit."""
    kinds = parameter.kinds
    kind = type(value)
    if kind in kinds:
        return value
    if kind is list:
        if len(value) == 1 and type(value[0]) in kinds:
            return value[0]
    elif list in kinds and value is not None:
        return [value]
    elif kind is Date and DateTime in kinds:
        return DateTime(value, 0, 0)
    raise Misfit


def call_signatures(
    signatures: list[Signature], names: tuple[str, ...] | None, values: list[Any], budget: Any
) -> Any:
    """Call in the first way whose parameters the values fit; null when there is none."""
    for signature in signatures:
        try:
            arguments = _arguments(signature, names, values)
        except Misfit:
            continue
        try:
            if budget is not None:
                pay_for(arguments, budget)
            if not signature.budgeted:
                return signature.run(*arguments)
            return signature.run(*arguments, budget=budget)
        except (Misfit, ArithmeticError):
            return None
    return None


def _arguments(signature: Signature, names: tuple[str, ...] | None, values: list[Any]) -> list[Any]:
    parameters = signature.parameters
    if names is not None:
        given = dict(zip(names, values, strict=True))
        return [
            adapt(given[parameter.name], parameter) if parameter.name in given else None
            for parameter in parameters
            if not parameter.rest
        ]
    if parameters and parameters[-1].rest:
        fixed = len(parameters) - 1
        head = [adapt(value, parameters[index]) for index, value in enumerate(values[:fixed])]
        return [*head, values[fixed:]]
    return [adapt(value, parameter) for value, parameter in zip(values, parameters, strict=False)]


def pay_for(arguments: list[Any], budget: Any) -> None:
    """Take what a call costs: a step, and one for every element of its arguments."""
    budget.spend(1)
    for value in arguments:
        if type(value) in _COUNTED:
            budget.spend_on(value)


_COUNTED = frozenset({list, dict, str})
