"""Does a log keep to a definition? The door of this package."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.conformance.align import Alignments, align
from servoloop.kernel.mining.conformance.automaton import automaton_of
from servoloop.kernel.mining.conformance.deviations import (
    Deviation,
    aligned_deviations,
    replayed_deviations,
)
from servoloop.kernel.mining.conformance.net import Net, labels_of, net_of
from servoloop.kernel.mining.conformance.precision import etc_precision
from servoloop.kernel.mining.conformance.replay import replay, replay_fitness
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.multiset import VariantMultiset, variant_multiset
from servoloop.kernel.process.program import Program

Method = Literal["alignment", "token replay"]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much work an answer may cost before a coarser method takes over."""

    states: int = 50_000  # of the model
    steps: int = 2_000_000  # of the search for one variant
    table: int = 12_000_000  # states x positions of the longest variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """How well a log and a model agree.

    `fitness` by alignment: mean over cases of 1 - cost / (events + shortest way through the model);
    by token replay: see `replay_fitness`. `precision` is that of `etc_precision`, None by token
    replay. `conforming_cases` agree in every step. `cases_left_out` could not be aligned within the
    limits; they count in the precision only.
    """

    method: Method
    cases: int
    variants: int
    fitness: float  # 0..1
    precision: float | None  # 0..1
    conforming_cases: int
    cases_left_out: int
    conforms: Flags  # per case of the log
    deviations: tuple[Deviation, ...]
    steps_never_seen: tuple[str, ...]
    activities_not_in_model: tuple[str, ...]

    @property
    def f_score(self) -> float | None:
        """The harmonic mean of fitness and precision."""
        if self.precision is None:
            return None
        both = self.fitness + self.precision
        return 2 * self.fitness * self.precision / both if both else 0.0


def check_conformance(
    log: EventLog,
    program: Program,
    *,
    aliases: Mapping[str, str] | None = None,
    open_cases: Flags | None = None,
    limits: Limits | None = None,
) -> Conformance:
    """Compare every case of a log with a definition.

    Activities are matched to the steps of the definition by id or name in any language; `aliases`
    (activity -> element id) settles the rest. Cases flagged in `open_cases` need not have reached
    the end.
    """
    labels = labels_of(program, log.activity.names, aliases=aliases or {})
    multiset = variant_multiset(log, open_cases=open_cases)
    return conformance_of(net_of(program, labels), multiset, limits=limits or Limits())


def conformance_of(net: Net, multiset: VariantMultiset, *, limits: Limits) -> Conformance:
    """Align where the model is small enough, else replay tokens and say so."""
    alignments = aligned(net, multiset, limits=limits)
    if alignments is None:
        return _by_replay(net, multiset)
    return _by_alignment(net, alignments)


def aligned(net: Net, multiset: VariantMultiset, *, limits: Limits) -> Alignments | None:
    """The alignments of all variants; None when the model is too large for it."""
    automaton = automaton_of(net, most_states=limits.states)
    longest = max((len(sequence) for sequence in multiset.sequences), default=0)
    if automaton is None or automaton.states * (longest + 1) > limits.table:
        return None
    return align(automaton, multiset, most_steps=limits.steps)


def alignment_fitness(alignments: Alignments) -> float:
    """The mean over the aligned cases; 1.0 when there are none."""
    total = weight = 0.0
    for alignment, sequence, cases in zip(
        alignments.of_variant,
        alignments.multiset.sequences,
        alignments.multiset.cases.tolist(),
        strict=True,
    ):
        if alignment is not None:
            worst = len(sequence) + alignments.shortest_path
            total += cases * (1.0 - alignment.cost / worst if worst else 1.0)
            weight += cases
    return total / weight if weight else 1.0


def _by_alignment(net: Net, alignments: Alignments) -> Conformance:
    multiset = alignments.multiset
    fits = np.array([each is not None and each.cost == 0 for each in alignments.of_variant])
    lost = np.array([each is None for each in alignments.of_variant])
    return Conformance(
        method="alignment",
        cases=multiset.total,
        variants=len(multiset.sequences),
        fitness=alignment_fitness(alignments),
        precision=etc_precision(alignments.automaton, multiset),
        conforming_cases=int(multiset.cases[fits].sum()),
        cases_left_out=int(multiset.cases[lost].sum()),
        conforms=fits[multiset.of_case],
        deviations=aligned_deviations(alignments),
        **_strangers(net, multiset),
    )


def _by_replay(net: Net, multiset: VariantMultiset) -> Conformance:
    replayed = replay(net, multiset)
    fits = np.array([each.fits for each in replayed])
    return Conformance(
        method="token replay",
        cases=multiset.total,
        variants=len(multiset.sequences),
        fitness=replay_fitness(replayed, multiset),
        precision=None,
        conforming_cases=int(multiset.cases[fits].sum()),
        cases_left_out=0,
        conforms=fits[multiset.of_case],
        deviations=replayed_deviations(replayed, multiset),
        **_strangers(net, multiset),
    )


def _strangers(net: Net, multiset: VariantMultiset) -> dict[str, tuple[str, ...]]:
    steps, activities = set(net.labels), set(multiset.names)
    return {
        "steps_never_seen": tuple(sorted(steps - activities)),
        "activities_not_in_model": tuple(sorted(activities - steps)),
    }
