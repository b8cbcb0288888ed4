"""Compiling what goes through lists: ``for``, ``some``, ``every`` and filters. All of it is
counted."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.compiler import Compiler, Run
from servoloop.kernel.feel.operators import whole
from servoloop.kernel.feel.temporal import Date, date_from_days
from servoloop.kernel.feel.tree_shape import count_nodes, is_surely_boolean, lets_go, mentions
from servoloop.kernel.feel.values import NUMBERS, Range

Bindings = Callable[[Any], Iterator[None] | None]
"""Puts one combination of items after another in the environment; None when there are no lists."""


def compile_for(compiler: Compiler, node: tree.For) -> Run:
    """``for x in xs, y in ys return result``; ``partial`` is the list of results so far."""
    bindings = _compile_bindings(compiler, node.iterators, cost=count_nodes(node.result))
    partial = mentions(node.result, "partial")
    escapes = partial and lets_go(node.result, "partial")
    place = compiler.bind("partial")
    result = compiler.compile(node.result)
    compiler.unbind(len(node.iterators) + 1)

    def run(env: Any) -> list[Any] | None:
        steps = bindings(env)
        if steps is None:
            return None
        budget = env[1]
        results: list[Any] = []
        for _ in steps:
            if escapes:
                budget.grow(len(results))
                env[place] = results.copy()
            elif partial:
                env[place] = results
            results.append(result(env))
            budget.grow(1)
        return results

    return run


def compile_quantified(compiler: Compiler, node: tree.Quantified) -> Run:
    """``some x in xs satisfies condition``, or ``every …``, with three-valued logic."""
    cost = count_nodes(node.condition)
    decisive = node.kind == "some"
    if len(node.iterators) == 1:
        return _quantify_over_one(compiler, node, cost, decisive=decisive)
    bindings = _compile_bindings(compiler, node.iterators, cost=cost)
    condition = compiler.compile(node.condition)
    compiler.unbind(len(node.iterators))

    def run(env: Any) -> Any:
        steps = bindings(env)
        if steps is None:
            return None
        answer: bool | None = not decisive
        for _ in steps:
            found = condition(env)
            if found is decisive:
                return decisive
            if type(found) is not bool:
                answer = None
        return answer

    return run


def _quantify_over_one(
    compiler: Compiler, node: tree.Quantified, cost: int, *, decisive: bool
) -> Run:
    name, domain_node = node.iterators[0]
    domain = _compile_domain(compiler, domain_node)
    place = compiler.bind(name)
    condition = compiler.compile(node.condition)
    compiler.unbind()

    def run(env: Any) -> Any:
        items = domain(env)
        if items is None:
            return None
        budget = env[1]
        answer: bool | None = not decisive
        for item in items:
            budget.steps -= cost
            if budget.steps < 0:
                budget.spend(0)
            env[place] = item
            found = condition(env)
            if found is decisive:
                return decisive
            if type(found) is not bool:
                answer = None
        return answer

    return run


def _compile_bindings(
    compiler: Compiler, iterators: tuple[tuple[str, tree.Node], ...], *, cost: int
) -> Bindings:
    """Go through all combinations; a later list may use the items of earlier ones."""
    loops: list[tuple[int, Run]] = []
    for name, domain in iterators:
        run = _compile_domain(compiler, domain)
        loops.append((compiler.bind(name), run))
    first_domain = loops[0][1]

    def go(env: Any, items: Iterable[Any], depth: int) -> Iterator[None]:
        place = loops[depth][0]
        budget = env[1]
        last = depth == len(loops) - 1
        for item in items:
            budget.steps -= cost
            if budget.steps < 0:
                budget.spend(0)
            env[place] = item
            if last:
                yield
            else:
                inner = loops[depth + 1][1](env)
                if inner is not None:
                    yield from go(env, inner, depth + 1)

    def start(env: Any) -> Iterator[None] | None:
        items = first_domain(env)
        return None if items is None else go(env, items, 0)

    return start


def _compile_domain(compiler: Compiler, node: tree.Node) -> Run:
    """What a loop goes through, as a Python iterable; None when it is not a list or range."""
    if isinstance(node, tree.Span):
        low, high = compiler.compile(node.low), compiler.compile(node.high)
        return lambda env: go_through(low(env), high(env))
    run = compiler.compile(node)

    def domain(env: Any) -> Iterable[Any] | None:
        value = run(env)
        if type(value) is list:
            return value
        if type(value) is Range:
            return _go_through_range(value)
        return None if value is None else [value]

    return domain


def go_through(low: Any, high: Any) -> Iterable[Any] | None:
    """The whole numbers or days from one to another, up or down; None for anything else."""
    if type(low) in NUMBERS and type(high) in NUMBERS:
        try:
            first, last = whole(low), whole(high)
        except ArithmeticError:
            return None
        if first != low or last != high:
            return None
        return range(first, last + 1) if first <= last else range(first, last - 1, -1)
    if type(low) is Date and type(high) is Date:
        days = go_through(low.days, high.days)
        return None if days is None else map(date_from_days, days)
    return None


def _go_through_range(value: Range) -> Iterable[Any] | None:
    items = go_through(value.low, value.high)
    if items is None:
        return None
    return (
        item
        for item in items
        if (value.low_included or item != value.low) and (value.high_included or item != value.high)
    )


def compile_filter(compiler: Compiler, node: tree.Filter) -> Run:
    """``source[condition]``: the items for which it holds, or with a number the item at that
    place."""
    source = compiler.compile(node.source)
    cost = count_nodes(node.condition)
    place = compiler.bind(None)
    condition = compiler.compile(node.condition)
    compiler.unbind()
    by_condition = is_surely_boolean(node.condition)

    def run(env: Any) -> Any:
        value = source(env)
        if value is None:
            return None
        items = value if type(value) is list else [value]
        if not by_condition:
            env[place] = None
            index = condition(env)
            if type(index) in NUMBERS:
                return item_at(items, index)
        return _select(env, items, condition, place, cost)

    return run


def _select(env: Any, items: list[Any], condition: Run, place: int, cost: int) -> list[Any]:
    budget = env[1]
    found = []
    for item in items:
        budget.steps -= cost
        if budget.steps < 0:
            budget.spend(0)
        env[place] = item
        if condition(env) is True:
            found.append(item)
    budget.grow(len(found))
    return found


def item_at(items: list[Any], index: Any) -> Any:
    """The item at a place counted from 1, or from the end with -1; null where there is none."""
    if not -len(items) <= index <= len(items) or index == 0:
        return None
    position = whole(index)
    if position != index:
        return None
    return items[position - 1 if position > 0 else position]
