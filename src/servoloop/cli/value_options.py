"""The options that say what steps are worth and what an hour of them costs."""

import argparse
from collections.abc import Iterable, Iterator

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.rates import parse_rate
from servoloop.kernel.mining.value import ValueOptions
from servoloop.kernel.mining.value_classes import known_value_class


def add_value_options(group: "argparse.ArgumentParser | argparse._ArgumentGroup") -> None:
    """`--value` and `--rate`."""
    group.add_argument(
        "--value",
        metavar="ACTIVITY=CLASS",
        action="append",
        default=[],
        help="customer, business or waste, instead of what is proposed; may be repeated",
    )
    group.add_argument(
        "--rate",
        metavar="NAME=AMOUNT",
        action="append",
        default=[],
        help="cost of an hour of an activity, role or team, such as agents=45EUR/h",
    )


def read_value_options(args: argparse.Namespace) -> ValueOptions:
    """Raises ServoloopError for what is no class or no rate."""
    return ValueOptions(
        classes={name: known_value_class(text) for name, text in _pairs(args.value, "--value")},
        rates={name: parse_rate(text) for name, text in _pairs(args.rate, "--rate")},
    )


def _pairs(texts: Iterable[str], option: str) -> Iterator[tuple[str, str]]:
    for text in texts:
        name, sign, rest = text.rpartition("=")
        if not (name and sign and rest):
            raise ServoloopError(f"{option} takes NAME=…, not '{text}'.")
        yield name, rest
