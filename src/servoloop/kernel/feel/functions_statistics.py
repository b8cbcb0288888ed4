"""Sums and other figures of lists of numbers; a list with anything else in it has none."""

from collections.abc import Callable
from decimal import Decimal
from functools import reduce
from typing import Any

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.operators import add, divide, multiply, subtract
from servoloop.kernel.feel.signatures import Misfit, feel
from servoloop.kernel.feel.values import LARGEST_INT, MATH, NUMBERS

Number = int | Decimal
Figure = Callable[..., Any]


def _numbers(items: list[Any]) -> list[Number]:
    if any(type(item) not in NUMBERS for item in items):
        raise Misfit
    return items


def _declare(name: str) -> Callable[[Figure], Figure]:
    """Declare a figure that takes a list, or the numbers as arguments."""

    def register(figure: Figure) -> Figure:
        feel(f"{name}(list: list)", budgeted=True)(figure)

        def of_arguments(items: list[Any], *, budget: Budget) -> Any:
            return figure(items, budget=budget) if len(items) > 1 else None

        feel(f"{name}(*n: any)", budgeted=True)(of_arguments)
        return figure

    return register


@_declare("sum")
def total(items: list[Any], *, budget: Budget) -> Any:
    if not items:
        return None
    if all(type(item) is int for item in items):
        result = sum(items)
        return result if -LARGEST_INT < result < LARGEST_INT else MATH.create_decimal(result)
    return reduce(MATH.add, _numbers(items))


@_declare("mean")
def mean(items: list[Any], *, budget: Budget) -> Any:
    summed = total(items, budget=budget)
    return None if summed is None else divide(summed, len(items))


@_declare("product")
def product(items: list[Any], *, budget: Budget) -> Any:
    result: Any = 1 if items else None
    for item in _numbers(items):
        result = multiply(result, item)
    return result


@_declare("median")
def median(items: list[Any], *, budget: Budget) -> Any:
    ordered = sorted(_numbers(items))
    middle = len(ordered) // 2
    if not ordered:
        return None
    if len(ordered) % 2:
        return ordered[middle]
    return divide(add(ordered[middle - 1], ordered[middle]), 2)


@_declare("stddev")
def standard_deviation(items: list[Any], *, budget: Budget) -> Any:
    """Of a sample: divided by one less than the number of items, of which there must be two."""
    if len(_numbers(items)) < 2:
        return None
    average = mean(items, budget=budget)
    squares: Any = 0
    for item in items:
        distance = subtract(item, average)
        squares = add(squares, multiply(distance, distance))
    return MATH.sqrt(divide(squares, len(items) - 1))


@_declare("mode")
def mode(items: list[Any], *, budget: Budget) -> list[Number]:
    """The most frequent numbers in ascending order; none for an empty list."""
    counts: dict[Number, int] = {}
    for item in _numbers(items):
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)
