"""The function library of FEEL, by name."""

from typing import Any

from servoloop.kernel.feel import (  # noqa: F401 - importing a module declares its functions
    functions_context,
    functions_conversion,
    functions_list,
    functions_number,
    functions_range,
    functions_statistics,
    functions_string,
    functions_temporal,
)
from servoloop.kernel.feel.signatures import Signature, call_signatures, declared
from servoloop.kernel.feel.values import Function

LIBRARY: dict[str, tuple[Signature, ...]] = declared()


def _as_value(name: str, signatures: tuple[Signature, ...]) -> Function:
    """A function of the library as a value, so that it can be handed to another function."""
    parameters = tuple(parameter.name for parameter in signatures[0].parameters)

    def call(arguments: list[Any], budget: Any) -> Any:
        fitting = [signature for signature in signatures if signature.takes(len(arguments))]
        return call_signatures(fitting, None, arguments, budget)

    def arrange(given: dict[str, Any]) -> list[Any] | None:
        names = tuple(given)
        for signature in signatures:
            if signature.takes_names(names):
                own = [parameter.name for parameter in signature.parameters]
                return [given.get(name) for name in own]
        return None

    return Function(name=name, parameters=parameters, call=call, arrange=arrange)


_VALUES = {name: _as_value(name, signatures) for name, signatures in LIBRARY.items()}


def library_function(name: str) -> Function | None:
    """The library's function of that name as a value."""
    return _VALUES.get(name)
