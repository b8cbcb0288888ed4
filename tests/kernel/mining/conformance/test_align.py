"""Alignments are the cheapest explanations, and real ones."""

from heapq import heappop, heappush

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.mining.conformance.align import SMALL_MODEL, Alignment, align
from servoloop.kernel.mining.conformance.align_columns import BOTH, EXTRA
from servoloop.kernel.mining.conformance.automaton import SILENT, Automaton
from servoloop.kernel.mining.multiset import VariantMultiset, variant_multiset
from servoloop.kernel.mining.sweep import sweep
from tests.kernel.mining.cast import log_of
from tests.kernel.mining.test_sweep import ROWS

LABELS = ("a", "b", "c")
EDGES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(SILENT, 2), st.integers(0, 5)), max_size=12
)
TRACES = st.lists(
    st.tuples(st.lists(st.integers(0, 3), max_size=7), st.booleans()), min_size=1, max_size=6
)
"""Activity 3 is one that no model here has."""


@settings(deadline=None, max_examples=150)
@given(EDGES, TRACES)
def test_an_alignment_costs_what_the_cheapest_explanation_costs(edges, traces):
    model, variants = automaton(edges, states=6), multiset(traces)
    found = align(model, variants, most_steps=10_000)
    for alignment, sequence, is_open in zip(
        found.of_variant, variants.sequences, variants.is_open, strict=True
    ):
        assert alignment is not None
        assert alignment.cost == cheapest(model, sequence.tolist(), is_open=bool(is_open))
        assert explains(model, alignment, sequence.tolist(), is_open=bool(is_open))
    assert found.shortest_path == cheapest(model, [], is_open=False)


def test_a_model_too_large_for_columns_is_searched_to_the_same_cost():
    model = automaton([(0, 0, 0)], states=SMALL_MODEL + 1)
    variants = multiset([([0, 1, 2, 0, 3], True), ([2, 2, 1], True)])
    costs = [cheapest(model, sequence.tolist(), is_open=True) for sequence in variants.sequences]
    found = align(model, variants, most_steps=1_000_000)
    assert [each.cost for each in found.of_variant if each is not None] == costs


@settings(deadline=None, max_examples=40)
@given(ROWS, st.lists(st.booleans(), min_size=3, max_size=3))
def test_variants_are_the_same_with_and_without_a_sweep(rows, is_open):
    log = log_of(rows)
    flags = np.array(is_open[: log.cases])
    one = variant_multiset(log, open_cases=flags)
    other = variant_multiset(log, open_cases=flags, swept=sweep(log, compiled=False))
    assert one.example == other.example
    assert one.of_case.tolist() == other.of_case.tolist()
    assert one.cases.tolist() == other.cases.tolist()
    assert [s.tolist() for s in one.sequences] == [s.tolist() for s in other.sequences]


def automaton(edges: list[tuple[int, int, int]], *, states: int) -> Automaton:
    """Beyond the given edges every state leads on to the next with a label of its turn."""
    line = [(state, state % 3, state + 1) for state in range(states - 1)]
    out = sorted({*edges, *line})
    counts = np.bincount([source for source, _, _ in out], minlength=states)
    is_end = np.zeros(states, dtype=np.bool_)
    is_end[-1] = True
    return Automaton(
        labels=LABELS,
        offsets=np.concatenate(([0], np.cumsum(counts))),
        label=np.array([label for _, label, _ in out], dtype=np.int32),
        target=np.array([target for _, _, target in out], dtype=np.int32),
        is_end=is_end,
    )


def multiset(traces: list[tuple[list[int], bool]]) -> VariantMultiset:
    return VariantMultiset(
        names=(*LABELS, "d"),
        sequences=tuple(np.array(trace, dtype=np.int32) for trace, _ in traces),
        cases=np.ones(len(traces), dtype=np.int64),
        example=tuple(f"case {number}" for number in range(len(traces))),
        is_open=np.array([is_open for _, is_open in traces]),
        of_case=np.arange(len(traces), dtype=np.int32),
    )


def cheapest(model: Automaton, trace: list[int], *, is_open: bool) -> int:
    """By the book: Dijkstra over pairs of a position and a state."""
    queue, settled = [(0, 0, 0)], set()
    while queue:
        cost, place, state = heappop(queue)
        if (place, state) in settled:
            continue
        settled.add((place, state))
        if place == len(trace) and (is_open or model.is_end[state]):
            return cost
        if place < len(trace):
            heappush(queue, (cost + 1, place + 1, state))
        for edge in range(int(model.offsets[state]), int(model.offsets[state + 1])):
            label, target = int(model.label[edge]), int(model.target[edge])
            heappush(queue, (cost + (label != SILENT), place, target))
            if place < len(trace) and label == trace[place]:
                heappush(queue, (cost, place + 1, target))
    raise AssertionError("The end can be reached from everywhere.")


def explains(model: Automaton, found: Alignment, trace: list[int], *, is_open: bool) -> bool:
    """Whether the moves are a way through the model that tells every event once, in order."""
    states = silently(model, {0})
    told = []
    for move, label, event, state in zip(
        found.moves, found.labels, found.events, found.states, strict=True
    ):
        if event >= 0:
            told.append(int(event))
        if move == EXTRA:
            continue
        if move == BOTH and trace[int(event)] != label:
            return False
        states = silently(model, {t for s in states for t in model_steps(model, s, int(label))})
        if int(state) not in states:
            return False
        states = silently(model, {int(state)})
    ends = is_open or any(model.is_end[state] for state in states)
    paid = sum(int(move) != BOTH for move in found.moves)
    return ends and told == list(range(len(trace))) and paid == found.cost


def model_steps(model: Automaton, state: int, label: int) -> set[int]:
    edges = range(int(model.offsets[state]), int(model.offsets[state + 1]))
    return {int(model.target[edge]) for edge in edges if model.label[edge] == label}


def silently(model: Automaton, states: set[int]) -> set[int]:
    reached, waiting = set(states), list(states)
    while waiting:
        for target in model_steps(model, waiting.pop(), SILENT):
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return reached
