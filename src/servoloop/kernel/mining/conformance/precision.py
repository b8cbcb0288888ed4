"""Precision: how much of what the model allows ever happens.

The 'escaping edges' metric (Muñoz-Gama & Carmona, 2010): for every beginning that cases share, the
steps that some case takes next are compared with the steps that the model allows next, weighted by
the cases that went on from there. A model that allows nothing else has precision 1. Silent steps
are not seen, so the model may stand in several states; what any of them allows counts. Beginnings
that the model cannot follow say nothing about it and are left out (as in PM4Py, whose figures these
are); read it beside the fitness, which says how much that is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from servoloop.kernel.mining.conformance.automaton import Automaton
from servoloop.kernel.mining.multiset import VariantMultiset

States = frozenset[int]


def etc_precision(automaton: Automaton, multiset: VariantMultiset) -> float:
    """0..1; 1.0 when no step was ever allowed."""
    known = {label: number for number, label in enumerate(automaton.labels)}
    label_of = [known.get(name, -1) for name in multiset.names]
    model = _Model(automaton)
    allowed = escaping = 0
    for beginning, states in _followed(_beginnings(multiset), model, label_of):
        enabled = model.after(states).keys()
        taken = {label_of[activity] for activity in beginning.next}
        allowed += beginning.went_on * len(enabled)
        escaping += beginning.went_on * len(enabled - taken)
    return 1.0 - escaping / allowed if allowed else 1.0


@dataclass(slots=True, kw_only=True)
class _Beginning:
    """How many cases went on from a beginning that they share, and to what."""

    went_on: int = 0
    next: dict[int, "_Beginning"] = field(default_factory=dict)


def _beginnings(multiset: VariantMultiset) -> _Beginning:
    root = _Beginning()
    for sequence, cases in zip(multiset.sequences, multiset.cases.tolist(), strict=True):
        at = root
        for activity in sequence.tolist():
            at.went_on += cases
            at = at.next.setdefault(activity, _Beginning())
    return root


def _followed(
    root: _Beginning, model: "_Model", label_of: list[int]
) -> Iterator[tuple[_Beginning, States]]:
    """The beginnings that the model can follow and that went on, with where it may stand."""
    waiting: list[tuple[_Beginning, States]] = [(root, frozenset((0,)))]
    while waiting:
        beginning, states = waiting.pop()
        if not beginning.went_on:
            continue
        yield beginning, states
        after = model.after(states)
        for activity, longer in beginning.next.items():
            if label_of[activity] in after:
                waiting.append((longer, after[label_of[activity]]))


class _Model:
    """The automaton seen from outside: sets of states it may be in, stepped by visible labels."""

    def __init__(self, automaton: Automaton) -> None:
        self._automaton = automaton
        self._steps: dict[int, dict[int, set[int]]] = {}
        self._after: dict[States, dict[int, States]] = {}

    def after(self, states: States) -> dict[int, States]:
        """The labels that can come next, each with the states it can lead to."""
        if states not in self._after:
            merged: dict[int, set[int]] = {}
            for state in states:
                if state not in self._steps:
                    self._steps[state] = self._automaton.next_steps(state)
                for label, targets in self._steps[state].items():
                    merged.setdefault(label, set()).update(targets)
            self._after[states] = {label: frozenset(found) for label, found in merged.items()}
        return self._after[states]
