"""Precision: how much of what the model allows ever happens.

The alignment-based 'escaping edges' metric (ETC-align; Adriansyah, Munoz-Gama, Carmona, van Dongen
& van der Aalst, 2015): for every beginning of a path that the log takes through the model, the
steps that the log takes next are compared with the steps that the model would allow next, weighted
by the cases that came this way. A beginning may leave the model in several states (silent steps
are not seen); what any of them allows counts. A model that allows nothing else has precision 1.
"""

from functools import cache

from servoloop.kernel.mining.conformance.align import EXTRA, Alignments
from servoloop.kernel.mining.conformance.automaton import Automaton

States = frozenset[int]


def etc_precision(alignments: Alignments) -> float:
    """0..1, on the aligned variants; 1.0 when no step was ever allowed."""
    children: list[dict[int, int]] = [{}]
    weight = [0]
    for alignment, cases in zip(
        alignments.of_variant, alignments.multiset.cases.tolist(), strict=True
    ):
        if alignment is None:
            continue
        node = 0
        for move, label in zip(alignment.moves.tolist(), alignment.labels.tolist(), strict=True):
            if move == EXTRA:
                continue
            weight[node] += cases
            if label not in children[node]:
                children[node][label] = len(children)
                children.append({})
                weight.append(0)
            node = children[node][label]
    allowed, taken = _counted(alignments.automaton, children, weight)
    return taken / allowed if allowed else 1.0


def _counted(
    automaton: Automaton, children: list[dict[int, int]], weight: list[int]
) -> tuple[int, int]:
    """Steps allowed and steps taken after each beginning that went on, by weight."""

    @cache
    def steps(state: int) -> dict[int, set[int]]:
        return automaton.next_steps(state)

    @cache
    def after(states: States) -> dict[int, States]:
        merged: dict[int, set[int]] = {}
        for state in states:
            for label, targets in steps(state).items():
                merged.setdefault(label, set()).update(targets)
        return {label: frozenset(targets) for label, targets in merged.items()}

    allowed = taken = 0
    waiting: list[tuple[int, States]] = [(0, frozenset((0,)))]
    while waiting:
        node, states = waiting.pop()
        if not weight[node]:
            continue
        reached = after(states)
        allowed += weight[node] * len(reached)
        taken += weight[node] * len(children[node])
        waiting.extend((child, reached[label]) for label, child in children[node].items())
    return allowed, taken
