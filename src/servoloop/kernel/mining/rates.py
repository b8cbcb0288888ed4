"""Cost rates: what an hour of a step, or of a role, costs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from servoloop.kernel.errors import ServoloopError

_RATE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([A-Z]{3})?\s*(?:/\s*h)?\s*")


class BadRate(ServoloopError):
    """A rate that is not an amount per hour."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(f"'{text}' is no cost rate; write for example 45EUR/h or 320 CNY/h.")


class SeveralCurrencies(ServoloopError):
    """Costs in different currencies cannot be added up."""

    def __init__(self, currencies: Iterable[str]) -> None:
        self.currencies = tuple(sorted(currencies))
        listed = " and ".join(self.currencies)
        super().__init__(f"The cost rates are in {listed}; give all of them in one currency.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """An amount for an hour of work; `currency` is a code such as EUR, '' when not said."""

    amount: Decimal
    currency: str = ""


NO_RATES: Mapping[str, Rate] = {}


def parse_rate(text: str) -> Rate:
    """'45EUR/h', '45 EUR' or '45'. Raises BadRate."""
    found = _RATE.fullmatch(text)
    if found is None:
        raise BadRate(text)
    return Rate(amount=Decimal(found[1]), currency=found[2] or "")


def one_currency(rates: Iterable[Rate]) -> str:
    """The currency of all rates, '' when none says one. Raises SeveralCurrencies."""
    said = {rate.currency for rate in rates if rate.currency}
    if len(said) > 1:
        raise SeveralCurrencies(said)
    return next(iter(said), "")
