"""A sound model for a log: the best of several, and how good it is. The door of this package.

One filter setting does not suit all logs: rare behaviour that is noise in one is the point of
another. So trees are mined for a small grid of settings (how much of the cases, most frequent
variants first, and how much of the rare relations to leave out), each is measured against a sample
of the cases, and the best few against all of them.
"""

from dataclasses import dataclass

import numpy as np

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.conformance.check import Conformance, Limits, conformance_of
from servoloop.kernel.mining.discovery.inductive import mine_tree
from servoloop.kernel.mining.discovery.relations import Trace
from servoloop.kernel.mining.discovery.tree import Block, Operator, Tree, net_of_tree
from servoloop.kernel.mining.multiset import VariantMultiset

COVERAGES = (1.0, 0.9, 0.8, 0.6, 0.4)
FILTERS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9)
MOST_VARIANTS = 1_000
"""Mined from at most so many, the most frequent: beyond them nearly all occur once."""
SAMPLE = 800
"""Settings are compared on so many cases, evenly spaced over the variants by frequency, when the
log has more variants than that."""
SAMPLE_LIMITS = Limits(states=3_000, steps=60_000)
FINALISTS = 5
LEEWAY = 0.002
"""Among finalists this close in F-score the smallest is taken."""


class NothingToDiscover(ServoloopError):
    """The log has no cases, so there is no model of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """A tree, the settings that led to it, and its agreement with all cases of the log.

    `size` counts the nodes of its BPMN: events, steps and gateways.
    """

    tree: Tree
    coverage: float  # 0..1 of the cases, most frequent variants first
    filter: float  # 0..1
    size: int
    quality: Conformance


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    tree: Tree
    coverage: float
    filter: float
    f_score: float


def discover(multiset: VariantMultiset, *, limits: Limits | None = None) -> Discovered:
    """The model with the best F-score of fitness and precision over the grid of settings.

    Raises NothingToDiscover on an empty log.
    """
    if not multiset.total:
        raise NothingToDiscover("The log has no cases: there is nothing to discover a model from.")
    sample = _sampled(multiset)
    best: dict[Tree, _Candidate] = {}
    for coverage in COVERAGES:
        for filter in FILTERS:
            tree = _tree(multiset, coverage, filter)
            if tree not in best:
                measured = conformance_of(net_of_tree(tree), sample, limits=SAMPLE_LIMITS)
                best[tree] = _Candidate(
                    tree=tree, coverage=coverage, filter=filter, f_score=_score(measured)
                )
    ranked = sorted(best.values(), key=lambda each: -each.f_score)[:FINALISTS]
    finalists = [
        _measured(each.tree, multiset, each.coverage, each.filter, limits) for each in ranked
    ]
    top = max(_score(each.quality) for each in finalists)
    good = [each for each in finalists if _score(each.quality) >= top - LEEWAY]
    return min(good, key=lambda each: (each.size, -_score(each.quality)))


def discover_with(
    multiset: VariantMultiset, *, coverage: float, filter: float, limits: Limits | None = None
) -> Discovered:
    """The model of one setting, for a user who moves the sliders; see `Discovered`."""
    if not multiset.total:
        raise NothingToDiscover("The log has no cases: there is nothing to discover a model from.")
    return _measured(_tree(multiset, coverage, filter), multiset, coverage, filter, limits)


def model_size(tree: Tree) -> int:
    """The nodes of the tree's BPMN, start and end included."""
    return 2 + _nodes(tree)


def _nodes(tree: Tree) -> int:
    if not isinstance(tree, Block):
        return 0 if tree.activity is None else 1
    gateways = 0 if tree.operator is Operator.SEQUENCE else 2
    return gateways + sum(_nodes(child) for child in tree.children)


def _tree(multiset: VariantMultiset, coverage: float, filter: float) -> Tree:
    traces: dict[Trace, int] = {}
    covered = 0
    for sequence, cases in zip(multiset.sequences, multiset.cases.tolist(), strict=True):
        if covered >= coverage * multiset.total or len(traces) == MOST_VARIANTS:
            break
        trace = tuple(sequence.tolist())
        traces[trace] = traces.get(trace, 0) + cases
        covered += cases
    return mine_tree(traces, names=multiset.names, filter=filter)


def _measured(
    tree: Tree,
    multiset: VariantMultiset,
    coverage: float,
    filter: float,
    limits: Limits | None,
) -> Discovered:
    return Discovered(
        tree=tree,
        coverage=coverage,
        filter=filter,
        size=model_size(tree),
        quality=conformance_of(net_of_tree(tree), multiset, limits=limits or Limits()),
    )


def _score(quality: Conformance) -> float:
    """The F-score; nothing for a model too large to align, or aligned for half of the cases."""
    if quality.f_score is None or 2 * quality.cases_left_out > quality.cases:
        return 0.0
    return quality.f_score


def _sampled(multiset: VariantMultiset) -> VariantMultiset:
    """Evenly spaced cases, the frequent variants first: no chance, so no seed."""
    if len(multiset.sequences) <= SAMPLE:
        return multiset
    ends = np.cumsum(multiset.cases)
    places = (np.arange(SAMPLE) + 0.5) * multiset.total / SAMPLE
    chosen, cases = np.unique(np.searchsorted(ends, places, side="right"), return_counts=True)
    return VariantMultiset(
        names=multiset.names,
        sequences=tuple(multiset.sequences[number] for number in chosen),
        cases=cases.astype(np.int64),
        example=tuple(multiset.example[number] for number in chosen),
        is_open=multiset.is_open[chosen],
        of_case=np.zeros(0, dtype=np.int32),
    )
