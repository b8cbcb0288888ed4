"""The functions of lists."""

from functools import cmp_to_key
from typing import Any

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.operators import equal, order, whole
from servoloop.kernel.feel.signatures import Misfit, feel
from servoloop.kernel.feel.temporal import Date, DaysDuration, MonthsDuration
from servoloop.kernel.feel.values import NUMBERS, Function

List = list[Any]

_HASHABLE = NUMBERS | {str, Date, DaysDuration, MonthsDuration, type(None), bool}
"""Kinds whose Python equality is FEEL's; with the kind as part of the key, as 1 is not true."""


def _key(value: Any) -> Any:
    """Something equal for equal values, or None for kinds that must be compared one by one."""
    kind = type(value)
    if kind in NUMBERS:
        return ("number", value)
    return (kind, value) if kind in _HASHABLE else None


def _same(left: Any, right: Any) -> bool:
    return equal(left, right) is True


def _distinct(values: List, budget: Budget) -> List:
    seen: set[Any] = set()
    others: List = []
    result: List = []
    for value in values:
        key = _key(value)
        if key is None:
            for _ in range(len(others) + 1):
                budget.spend_on(value)
            if any(_same(value, other) for other in others):
                continue
            others.append(value)
        elif key in seen:
            continue
        else:
            seen.add(key)
        result.append(value)
    budget.grow(len(result))
    return result


@feel("list contains(list: list, element: any)", budgeted=True)
def list_contains(items: List, element: Any, *, budget: Budget) -> bool:
    return any(_same(item, element) for item in items)


@feel("count(list: list)", budgeted=True)
def count(items: List, *, budget: Budget) -> int:
    return len(items)


@feel("count(*c: any)", budgeted=True)
def count_all(items: List, *, budget: Budget) -> int | None:
    return len(items) if len(items) > 1 else None


def _extreme(items: List, sign: int) -> Any:
    if not items:
        return None
    best = items[0]
    if order(best, best) is None:
        return None
    for item in items[1:]:
        found = order(item, best)
        if found is None:
            return None
        if found == sign:
            best = item
    return best


@feel("min(list: list)", budgeted=True)
def minimum(items: List, *, budget: Budget) -> Any:
    return _extreme(items, -1)


@feel("min(*c: any)", budgeted=True)
def minimum_of(items: List, *, budget: Budget) -> Any:
    return _extreme(items, -1) if len(items) > 1 else None


@feel("max(list: list)", budgeted=True)
def maximum(items: List, *, budget: Budget) -> Any:
    return _extreme(items, 1)


@feel("max(*c: any)", budgeted=True)
def maximum_of(items: List, *, budget: Budget) -> Any:
    return _extreme(items, 1) if len(items) > 1 else None


def _judge(items: List, decisive: bool) -> bool | None:  # noqa: FBT001 - true or false is the subject
    if any(item is decisive for item in items):
        return decisive
    return not decisive if all(type(item) is bool for item in items) else None


@feel("all(list: list)", budgeted=True)
def all_true(items: List, *, budget: Budget) -> bool | None:
    return _judge(items, False)


@feel("all(*b: any)", budgeted=True)
def all_of(items: List, *, budget: Budget) -> bool | None:
    return _judge(items, False) if len(items) > 1 else None


@feel("any(list: list)", budgeted=True)
def any_true(items: List, *, budget: Budget) -> bool | None:
    return _judge(items, True)


@feel("any(*b: any)", budgeted=True)
def any_of(items: List, *, budget: Budget) -> bool | None:
    return _judge(items, True) if len(items) > 1 else None


def _place(items: List, position: Any) -> int | None:
    """The index of a place counted from 1, or from the end with -1; null outside the list."""
    place = whole(position)
    if place != position or place == 0 or not -len(items) <= place <= len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@feel("sublist(list: list, start position: number, length?: number)", budgeted=True)
def sublist(items: List, start: Any, length: Any = None, *, budget: Budget) -> List | None:
    index = _place(items, start)
    if index is None:
        return None
    size = len(items) - index if length is None else whole(length)
    if size < 1 or index + size > len(items):
        return None
    budget.grow(size)
    return items[index : index + size]


@feel("append(list: list, *item: any)", budgeted=True)
def append(items: List, more: List, *, budget: Budget) -> List:
    budget.grow(len(items) + len(more))
    return items + more


@feel("append(list: list, item: any)", budgeted=True)
def append_one(items: List, item: Any, *, budget: Budget) -> List:
    return append(items, [item], budget=budget)


@feel("concatenate(*list: any)", budgeted=True)
def concatenate(lists: List, *, budget: Budget) -> List:
    result: List = []
    for items in lists:
        if items is None:
            raise Misfit
        budget.grow(len(items) if type(items) is list else 1)
        result += items if type(items) is list else [items]
    return result


@feel("concatenate(list: list)", budgeted=True)
def concatenate_one(items: List, *, budget: Budget) -> List:
    return concatenate([items], budget=budget)


@feel("insert before(list: list, position: number, newItem: any)", budgeted=True)
def insert_before(items: List, position: Any, item: Any, *, budget: Budget) -> List | None:
    index = _place(items, position)
    if index is None:
        return None
    budget.grow(len(items) + 1)
    return [*items[:index], item, *items[index:]]


@feel("remove(list: list, position: number)", budgeted=True)
def remove(items: List, position: Any, *, budget: Budget) -> List | None:
    index = _place(items, position)
    if index is None:
        return None
    budget.grow(len(items))
    return items[:index] + items[index + 1 :]


@feel("list replace(list: list, position: number, newItem: any)", budgeted=True)
def list_replace(items: List, position: Any, item: Any, *, budget: Budget) -> List | None:
    index = _place(items, position)
    if index is None:
        return None
    budget.grow(len(items))
    return [*items[:index], item, *items[index + 1 :]]


@feel("list replace(list: list, match: function, newItem: any)", budgeted=True)
def list_replace_matching(
    items: List, match: Function, item: Any, *, budget: Budget
) -> List | None:
    """The function is asked with each item and the new one, and must answer true or false."""
    if len(match.parameters) != 2:
        return None
    budget.grow(len(items))
    result = []
    for old in items:
        found = match.call([old, item], budget)
        if type(found) is not bool:
            return None
        result.append(item if found else old)
    return result


@feel("reverse(list: list)", budgeted=True)
def reverse(items: List, *, budget: Budget) -> List:
    budget.grow(len(items))
    return items[::-1]


@feel("index of(list: list, match: any)", budgeted=True)
def index_of(items: List, match: Any, *, budget: Budget) -> List:
    result = [place for place, item in enumerate(items, 1) if _same(item, match)]
    budget.grow(len(result))
    return result


@feel("union(*list: any)", budgeted=True)
def union(lists: List, *, budget: Budget) -> List:
    return _distinct(concatenate(lists, budget=budget), budget)


@feel("union(list: list)", budgeted=True)
def union_one(items: List, *, budget: Budget) -> List:
    return _distinct(items, budget)


@feel("distinct values(list: list)", budgeted=True)
def distinct_values(items: List, *, budget: Budget) -> List:
    return _distinct(items, budget)


@feel("flatten(list: list)", budgeted=True)
def flatten(items: List, *, budget: Budget) -> List:
    result: List = []
    pending = [iter(items)]
    while pending:
        for item in pending[-1]:
            if type(item) is list:
                budget.spend(1)
                pending.append(iter(item))
                break
            result.append(item)
            budget.grow(1)
        else:
            pending.pop()
    return result


@feel("partition(list: list, size: number)", budgeted=True)
def partition(items: List, size: Any, *, budget: Budget) -> List | None:
    """Lists of that many items each, the last maybe shorter; not in the standard, but widely
    known."""
    step = whole(size)
    if step < 1:
        return None
    budget.grow(2 * len(items))
    return [items[start : start + step] for start in range(0, len(items), step)]


@feel("sort(list: list)", budgeted=True)
def sort(items: List, *, budget: Budget) -> List:
    """Ascending, for items that can be ordered among themselves."""

    def compare(left: Any, right: Any) -> int:
        budget.spend(1)
        found = order(left, right)
        if found is None:
            raise Misfit
        return found

    budget.grow(len(items))
    return sorted(items, key=cmp_to_key(compare))


@feel("sort(list: list, precedes: function)", budgeted=True)
def sort_by(items: List, precedes: Function, *, budget: Budget) -> List | None:
    """Stable; a merge sort with the rule's own order, which need not be a good one."""
    if len(precedes.parameters) != 2:
        return None

    def compare(left: Any, right: Any) -> int:
        if precedes.call([left, right], budget) is True:
            return -1
        return 1 if precedes.call([right, left], budget) is True else 0

    budget.grow(len(items))
    return sorted(items, key=cmp_to_key(compare))
