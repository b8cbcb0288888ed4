"""Splitting sequences by a cut; events that do not fit the cut are left out."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from servoloop.kernel.mining.discovery.relations import Trace, Traces

Groups = Sequence[frozenset[int]]


def split_choice(traces: Traces, groups: Groups) -> list[Traces]:
    """Each sequence goes to the group that holds most of it."""
    parts: list[Counter[Trace]] = [Counter() for _ in groups]
    for trace, cases in traces.items():
        if not trace:
            continue
        inside = [sum(event in group for event in trace) for group in groups]
        best = inside.index(max(inside))
        parts[best][tuple(event for event in trace if event in groups[best])] += cases
    return list(parts)


def split_parallel(traces: Traces, groups: Groups) -> list[Traces]:
    """Every group gets its own events of every sequence."""
    parts: list[Counter[Trace]] = [Counter() for _ in groups]
    for trace, cases in traces.items():
        for part, group in zip(parts, groups, strict=True):
            part[tuple(event for event in trace if event in group)] += cases
    return list(parts)


def split_sequence(traces: Traces, groups: Groups) -> list[Traces]:
    """Each sequence is cut where the fewest events end up on the wrong side."""
    parts: list[Counter[Trace]] = [Counter() for _ in groups]
    of = {activity: number for number, group in enumerate(groups) for activity in group}
    for trace, cases in traces.items():
        bounds = _bounds([of[event] for event in trace], len(groups))
        for number, part in enumerate(parts):
            piece = trace[bounds[number] : bounds[number + 1]]
            part[tuple(event for event in piece if of[event] == number)] += cases
    return list(parts)


def split_loop(traces: Traces, groups: Groups) -> list[Traces]:
    """Runs of the body and of the redo part; between two redo runs the body is empty."""
    body, _ = groups
    done: Counter[Trace] = Counter()
    again: Counter[Trace] = Counter()
    for trace, cases in traces.items():
        run: list[int] = []
        in_body = True
        for event in trace:
            if (event in body) != in_body:
                (done if in_body else again)[tuple(run)] += cases
                run, in_body = [], not in_body
            run.append(event)
        (done if in_body else again)[tuple(run)] += cases
        if not in_body:
            done[()] += cases
    return [done, again]


def _bounds(groups: list[int], count: int) -> list[int]:
    """Where each group begins (and the last ends), so that most events lie in their own group."""
    if all(a <= b for a, b in pairwise(groups)):
        bounds = [0] * count + [len(groups)]
        for number in range(1, count):
            bounds[number] = sum(group < number for group in groups)
        return bounds
    # fits[g][i]: events kept of the first i, the last of them lying in group g or before.
    length = len(groups)
    fits = [[0] * (length + 1) for _ in range(count)]
    begin = [[0] * (length + 1) for _ in range(count)]
    for number in range(count):
        for place in range(length + 1):
            stay = -1
            if place:
                stay = fits[number][place - 1] + (groups[place - 1] == number)
            enter = fits[number - 1][place] if number else (0 if place == 0 else -1)
            if enter >= stay:
                fits[number][place], begin[number][place] = enter, place
            else:
                fits[number][place] = stay
                begin[number][place] = begin[number][place - 1]
    bounds = [0] * count + [length]
    for number in range(count - 1, 0, -1):
        bounds[number] = begin[number][bounds[number + 1]]
    return bounds
