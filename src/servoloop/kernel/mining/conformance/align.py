"""Optimal alignments: the cheapest way to explain a case by a model.

A case and a path through the model are laid side by side. Where both agree, nothing is paid; an
event that the model does not allow (an extra) costs 1, and so does a step of the model that the
case lacks (a skip). The cheapest explanation is searched for each variant once, in the product of
the positions of the variant and the states of the model, cost by cost.
"""

from dataclasses import dataclass

import numpy as np

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.conformance.align_columns import BOTH, EXTRA, SKIP, columns_aligned
from servoloop.kernel.mining.conformance.automaton import Automaton
from servoloop.kernel.mining.multiset import VariantMultiset
from servoloop.kernel.mining.swept import Counts, Ids

SMALL_MODEL = 2_000
"""States up to which all of them are looked at for every event; beyond, each variant is searched
alone and the states that it does not come near are never seen."""
UNKNOWN = -2
"""The label of an activity that the model does not have."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alignment:
    """One variant and its cheapest explanation; silent steps are left out.

    `moves` is BOTH, EXTRA or SKIP; `labels` the automaton's label (UNKNOWN for an extra activity
    that the model lacks); `events` the position in the variant, -1 for a SKIP; `states` the state
    of the model after the move. All have the same length. `cost` counts the moves that are not
    BOTH.
    """

    cost: int
    moves: Ids
    labels: Ids
    events: Ids
    states: Ids


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Alignments:
    """One for each variant, None where the search went beyond its limit."""

    automaton: Automaton
    multiset: VariantMultiset
    of_variant: tuple[Alignment | None, ...]
    shortest_path: int  # steps of the shortest way through the model


def align(automaton: Automaton, multiset: VariantMultiset, *, most_steps: int) -> Alignments:
    """Align every variant; each search settles at most `most_steps` (state, position) pairs (in a
    model of at most `SMALL_MODEL` states no search is needed, and none is given up).

    An open case need not reach the end of the model: what it has not done yet is not missing.
    """
    code = {label: number for number, label in enumerate(automaton.labels)}
    own = np.array([code.get(name, UNKNOWN) for name in multiset.names], dtype=np.int32)
    if automaton.states <= SMALL_MODEL:
        return _by_columns(automaton, multiset, own)
    longest = max((len(sequence) for sequence in multiset.sequences), default=0)
    settled = np.zeros((longest + 1) * automaton.states, dtype=np.int32)
    origin = np.zeros((len(settled), 3), dtype=np.int32)
    nothing = np.zeros(0, dtype=np.int32)
    found: list[Alignment | None] = []
    for number, sequence in enumerate(multiset.sequences):
        labels = own[sequence]
        is_open = bool(multiset.is_open[number])
        found.append(_aligned(automaton, labels, is_open, settled, origin, number + 1, most_steps))
    path = _aligned(
        automaton, nothing, False, settled, origin, len(multiset.sequences) + 1, len(settled) + 1
    )
    return Alignments(
        automaton=automaton,
        multiset=multiset,
        of_variant=tuple(found),
        shortest_path=path.cost if path else 0,
    )


def _by_columns(automaton: Automaton, multiset: VariantMultiset, own: Ids) -> Alignments:
    """All variants at once, the empty one last: its cost is the shortest path."""
    traces = [*(own[sequence] for sequence in multiset.sequences), np.zeros(0, dtype=np.int32)]
    is_open = np.append(multiset.is_open, False)
    costs, moves, begins = columns_aligned(automaton, traces, is_open)
    columns = tuple(np.ascontiguousarray(moves[:, column]) for column in range(4))
    found = []
    for number, cost in enumerate(costs[:-1].tolist()):
        here = slice(begins[number], begins[number + 1])
        found.append(
            Alignment(
                cost=cost,
                moves=columns[0][here],
                labels=columns[1][here],
                events=columns[2][here],
                states=columns[3][here],
            )
        )
    return Alignments(
        automaton=automaton,
        multiset=multiset,
        of_variant=tuple(found),
        shortest_path=int(costs[-1]),
    )


def _aligned(
    automaton: Automaton,
    labels: Ids,
    is_open: bool,  # noqa: FBT001 - one private call, beside the compiled one it mirrors
    settled: Ids,
    origin: Ids,
    stamp: int,
    most_steps: int,
) -> Alignment | None:
    cost, moves = _search(
        automaton.offsets,
        automaton.label,
        automaton.target,
        automaton.is_end,
        labels,
        is_open,
        settled,
        origin,
        stamp,
        most_steps,
    )
    if cost < 0:
        return None
    return Alignment(
        cost=cost, moves=moves[:, 0], labels=moves[:, 1], events=moves[:, 2], states=moves[:, 3]
    )


@compiled
def _search(
    offsets: Counts,
    label: Ids,
    target: Ids,
    is_end: np.ndarray,
    trace: Ids,
    is_open: bool,  # noqa: FBT001 - compiled functions take positions only
    settled: Ids,
    origin: Ids,
    stamp: int,
    most_steps: int,
) -> tuple[int, Ids]:
    """A shortest path over 0 and 1 costs: one stack for this cost, one for the next.

    `settled` holds the stamp of the search that settled a pair, so nothing has to be erased.
    `origin` is (pair before, move, label) of a settled pair.
    """
    states = len(is_end)
    length = len(trace)
    now = _push(np.empty((1024, 4), np.int32), 0, 0, -1, -1, -1)
    after = np.empty((1024, 4), np.int32)
    here, ahead, steps, cost = 1, 0, 0, 0
    while here or ahead:
        if here == 0:
            now, after, here, ahead = after, now, ahead, 0
            cost += 1
        here -= 1
        pair = now[here, 0]
        if settled[pair] == stamp:
            continue
        settled[pair] = stamp
        for column in range(3):
            origin[pair, column] = now[here, column + 1]
        place, state = pair // states, pair % states
        if place == length and (is_open or is_end[state]):
            return cost, _walked_back(pair, origin, states)
        steps += 1
        if steps > most_steps:
            break
        for edge in range(offsets[state], offsets[state + 1]):
            reached = place * states + target[edge]
            if settled[reached] == stamp:
                continue
            if label[edge] < 0:
                now = _push(now, here, reached, pair, -1, -1)
                here += 1
            else:
                after = _push(after, ahead, reached, pair, SKIP, label[edge])
                ahead += 1
        if place == length:
            continue
        wanted = trace[place]
        after = _push(after, ahead, pair + states, pair, EXTRA, wanted)
        ahead += 1
        # Last in, first out: agreeing with the model is tried before anything else.
        for edge in range(offsets[state], offsets[state + 1]):
            if label[edge] == wanted and wanted >= 0:
                reached = (place + 1) * states + target[edge]
                now = _push(now, here, reached, pair, BOTH, wanted)
                here += 1
    return -1, np.zeros((0, 4), np.int32)


@compiled
def _push(stack: Ids, count: int, pair: int, before: int, move: int, label: int) -> Ids:
    """The stack with one more row, in a larger place when it was full."""
    if count == len(stack):
        larger = np.empty((2 * count, 4), np.int32)
        larger[:count] = stack
        stack = larger
    stack[count, 0] = pair
    stack[count, 1] = before
    stack[count, 2] = move
    stack[count, 3] = label
    return stack


@compiled
def _walked_back(goal: int, origin: Ids, states: int) -> Ids:
    count, pair = 0, goal
    while origin[pair, 0] >= 0:
        count += origin[pair, 1] >= 0
        pair = origin[pair, 0]
    moves = np.empty((count, 4), np.int32)
    pair = goal
    while origin[pair, 0] >= 0:
        if origin[pair, 1] >= 0:
            count -= 1
            moves[count, 0] = origin[pair, 1]
            moves[count, 1] = origin[pair, 2]
            moves[count, 2] = pair // states - 1 if origin[pair, 1] != SKIP else -1
            moves[count, 3] = pair % states
        pair = origin[pair, 0]
    return moves
