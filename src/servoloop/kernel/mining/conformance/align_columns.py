"""Optimal alignments of many variants with a small model, one column of costs for each event.

Column i holds for each state of the model the cheapest explanation of the first i events that ends
there. Variants are taken in alphabetical order, so that those that begin alike share their columns.
On the 4,366 variants of a real log and a model of 287 states this measured 15 times as fast as
searching each variant alone.
"""

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.conformance.automaton import Automaton
from servoloop.kernel.mining.swept import Counts, Ids

BOTH, EXTRA, SKIP = range(3)
NEVER = np.iinfo(np.int32).max // 2
"""The cost of a state that cannot be reached."""

Flags = npt.NDArray[np.bool_]


def columns_aligned(
    automaton: Automaton, traces: list[Ids], is_open: Flags
) -> tuple[Ids, Ids, Counts]:
    """(cost of each trace, moves, where the moves of each trace begin and the last ones end).

    Traces are labels of the automaton (below 0: unknown to it); an open one may end in any state.
    Moves are rows (move, label, event or -1, state after), silent steps left out.
    """
    order = sorted(range(len(traces)), key=lambda number: traces[number].astype(">i4").tobytes())
    lengths = np.array([len(trace) for trace in traces], dtype=np.int64)
    nothing = np.zeros(0, dtype=np.int32)
    return _aligned(
        automaton.offsets,
        automaton.label,
        automaton.target,
        automaton.is_end,
        np.concatenate([nothing, *(trace.astype(np.int32) for trace in traces)]),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        is_open,
        np.array(order, dtype=np.int64),
    )


@compiled
def _aligned(
    offsets: Counts,
    label: Ids,
    target: Ids,
    is_end: Flags,
    events: Ids,
    begins: Counts,
    is_open: Flags,
    order: Counts,
) -> tuple[Ids, Ids, Counts]:
    states, traces = len(is_end), len(order)
    longest = 0
    for trace in range(traces):
        longest = max(longest, begins[trace + 1] - begins[trace])
    cost = np.full((longest + 1, states), NEVER, np.int32)
    # The edge that led to a state: e in the same column, -2 - e from the column before, -1 an extra
    edge_of = np.full((longest + 1, states), -1, np.int32)
    before = np.full((longest + 1, states), -1, np.int32)  # the state that it led from
    queue = np.empty((2, 64 + states + len(label)), np.int32)
    cost[0, 0] = 0
    _close(offsets, label, target, cost[0], edge_of[0], before[0], queue)
    costs = np.zeros(traces, np.int32)
    moves = np.empty((1024, 4), np.int32)
    first = np.zeros(traces, np.int64)
    last = np.zeros(traces, np.int64)
    written, shared_with = 0, -1
    for trace in order:
        begin, length = begins[trace], begins[trace + 1] - begins[trace]
        same = 0
        if shared_with >= 0:
            other = begins[shared_with]
            most = min(length, begins[shared_with + 1] - other)
            while same < most and events[begin + same] == events[other + same]:
                same += 1
        shared_with = trace
        for place in range(same, length):
            _step(
                offsets, label, target, events[begin + place], cost[place], cost[place + 1],
                edge_of[place + 1], before[place + 1],
            )  # fmt: skip
            _close(
                offsets, label, target, cost[place + 1], edge_of[place + 1], before[place + 1],
                queue,
            )  # fmt: skip
        best = -1
        for state in range(states):
            if (is_open[trace] or is_end[state]) and (
                best < 0 or cost[length, state] < cost[length, best]
            ):
                best = state
        costs[trace] = cost[length, best]
        first[trace] = written
        moves, written = _walked(
            label, events[begin : begin + length], edge_of, before, best, moves, written
        )
        last[trace] = written
    return costs, *_in_order(moves, first, last)


@compiled
def _step(
    offsets: Counts,
    label: Ids,
    target: Ids,
    event: int,
    here: Ids,
    there: Ids,
    edge_of: Ids,
    before: Ids,
) -> None:
    """The next column before silent steps and skips: agree with the model, or call it an extra."""
    states = len(here)
    for state in range(states):
        there[state] = here[state] + 1
        edge_of[state] = -1
        before[state] = state
    if event < 0:
        return
    for state in range(states):
        for edge in range(offsets[state], offsets[state + 1]):
            if label[edge] != event:
                continue
            reached = target[edge]
            is_extra = edge_of[reached] == -1  # agreeing is told where both cost the same
            if here[state] < there[reached] or (is_extra and here[state] == there[reached]):
                there[reached] = here[state]
                edge_of[reached] = -2 - edge
                before[reached] = state


@compiled
def _close(
    offsets: Counts, label: Ids, target: Ids, cost: Ids, edge_of: Ids, before: Ids, queue: Ids
) -> None:
    """Silent steps for nothing and skips for 1, cost by cost, within one column."""
    states = len(cost)
    done = np.zeros(states, np.bool_)
    waiting = _by_cost(cost)
    level, at, here, now = 0, 0, 0, 0
    while True:
        while at < len(waiting) and done[waiting[at]]:
            at += 1
        if not here:
            if at == len(waiting):
                break
            level = cost[waiting[at]]
        while at < len(waiting) and (done[waiting[at]] or cost[waiting[at]] <= level):
            here = _into(queue[now], here, waiting[at])
            at += 1
        head, ahead = 0, 0
        while head < here:
            state = queue[now, head]
            head += 1
            if done[state]:
                continue
            done[state] = True
            for edge in range(offsets[state], offsets[state + 1]):
                reached = target[edge]
                price = level if label[edge] < 0 else level + 1
                if price < cost[reached]:
                    cost[reached] = price
                    edge_of[reached] = edge
                    before[reached] = state
                    if price == level:
                        here = _into(queue[now], here, reached)
                    else:
                        ahead = _into(queue[1 - now], ahead, reached)
        now, here = 1 - now, ahead
        level += 1


@compiled
def _by_cost(cost: Ids) -> Ids:
    """The states that can be reached, by cost: a counting sort, for their costs lie close."""
    least = cost.min()
    most = least
    for state in range(len(cost)):
        if cost[state] < NEVER:
            most = max(most, cost[state])
    at = np.zeros(most - least + 2, np.int32)
    for state in range(len(cost)):
        if cost[state] < NEVER:
            at[cost[state] - least + 1] += 1
    at = np.cumsum(at).astype(np.int32)
    ordered = np.empty(at[-1], np.int32)
    for state in range(len(cost)):
        if cost[state] < NEVER:
            ordered[at[cost[state] - least]] = state
            at[cost[state] - least] += 1
    return ordered


@compiled
def _into(queue: Ids, count: int, state: int) -> int:
    queue[count] = state
    return count + 1


@compiled
def _walked(
    label: Ids, events: Ids, edge_of: Ids, before: Ids, state: int, moves: Ids, written: int
) -> tuple[Ids, int]:
    """The moves that lead to a state after all events, written behind the others."""
    place, begin = len(events), written
    while place > 0 or before[place, state] >= 0:
        edge = edge_of[place, state]
        if edge < 0 or label[edge] >= 0:
            if written == len(moves):
                larger = np.empty((2 * written, 4), np.int32)
                larger[:written] = moves
                moves = larger
            moves[written, 3] = state
            if edge >= 0:
                moves[written, 0], moves[written, 1], moves[written, 2] = SKIP, label[edge], -1
            else:
                moves[written, 0] = EXTRA if edge == -1 else BOTH
                moves[written, 1], moves[written, 2] = events[place - 1], place - 1
            written += 1
        state = before[place, state]
        if edge < 0:
            place -= 1
    for step in range((written - begin) // 2):
        for column in range(4):
            one, other = begin + step, written - 1 - step
            moves[one, column], moves[other, column] = moves[other, column], moves[one, column]
    return moves, written


@compiled
def _in_order(moves: Ids, first: Counts, last: Counts) -> tuple[Ids, Counts]:
    """The moves in the order of the traces, and where those of each begin."""
    begins = np.zeros(len(first) + 1, np.int64)
    for trace in range(len(first)):
        begins[trace + 1] = begins[trace] + last[trace] - first[trace]
    ordered = np.empty((begins[-1], 4), np.int32)
    for trace in range(len(first)):
        ordered[begins[trace] : begins[trace + 1]] = moves[first[trace] : last[trace]]
    return ordered, begins
