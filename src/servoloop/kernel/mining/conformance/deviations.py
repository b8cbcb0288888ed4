"""Deviations in the words of the business: which step was skipped, done out of order, or extra."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from servoloop.kernel.mining.conformance.align import Alignments
from servoloop.kernel.mining.conformance.align_columns import EXTRA, SKIP
from servoloop.kernel.mining.conformance.replay import Replayed
from servoloop.kernel.mining.multiset import VariantMultiset


class DeviationKind(StrEnum):
    SKIPPED = "skipped"
    OUT_OF_ORDER = "out_of_order"
    EXTRA = "extra"  # the definition has the step, but not here or not so often
    UNKNOWN = "unknown"  # the definition has no such step


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One kind of departure at one step; `occurrences` counts a case as often as it departs."""

    kind: DeviationKind
    step: str
    cases: int
    occurrences: int
    share: float  # 0..1 of the cases that were checked
    example_case: str

    @property
    def sentence(self) -> str:
        """For example: Step 'Approve' skipped in 312 cases, 4.1 % of all."""
        what = _WORDS[self.kind].format(step=self.step)
        cases = "1 case" if self.cases == 1 else f"{self.cases:,} cases"
        return f"{what} in {cases}, {self.share:.1%} of all.".replace("%", " %")


_WORDS = {
    DeviationKind.SKIPPED: "Step '{step}' skipped",
    DeviationKind.OUT_OF_ORDER: "Step '{step}' done out of order",
    DeviationKind.EXTRA: "Step '{step}' done once more than foreseen",
    DeviationKind.UNKNOWN: "'{step}' done, which the definition does not have,",
}

Found = dict[tuple[DeviationKind, str], int]


def aligned_deviations(alignments: Alignments) -> tuple[Deviation, ...]:
    """By cases, descending. A step both skipped and extra in a case was done out of order."""
    names = alignments.multiset.names
    found: list[Found] = []
    for alignment, sequence in zip(
        alignments.of_variant, alignments.multiset.sequences, strict=True
    ):
        skipped: dict[str, int] = defaultdict(int)
        extra: dict[str, int] = defaultdict(int)
        if alignment is not None:
            moves = zip(
                alignment.moves.tolist(),
                alignment.labels.tolist(),
                alignment.events.tolist(),
                strict=True,
            )
            for move, label, event in moves:
                if move == SKIP:
                    skipped[alignments.automaton.labels[label]] += 1
                elif move == EXTRA:
                    extra[names[sequence[event]]] += 1
        found.append(_told_apart(skipped, extra, frozenset(alignments.automaton.labels)))
    return _ranked(found, alignments.multiset)


def replayed_deviations(
    replayed: Sequence[Replayed], multiset: VariantMultiset
) -> tuple[Deviation, ...]:
    """Token replay cannot tell a skip from a wrong order: both show as out of order."""
    found: list[Found] = []
    for each in replayed:
        of_variant: Found = defaultdict(int)
        for step in each.out_of_place:
            of_variant[DeviationKind.OUT_OF_ORDER, step] += 1
        for step in each.unknown:
            of_variant[DeviationKind.UNKNOWN, step] += 1
        found.append(of_variant)
    return _ranked(found, multiset)


def _told_apart(skipped: dict[str, int], extra: dict[str, int], known: frozenset[str]) -> Found:
    found: Found = {}
    for step in skipped.keys() | extra.keys():
        moved = min(skipped.get(step, 0), extra.get(step, 0))
        missing, more = skipped.get(step, 0) - moved, extra.get(step, 0) - moved
        kind = DeviationKind.EXTRA if step in known else DeviationKind.UNKNOWN
        if moved:
            found[DeviationKind.OUT_OF_ORDER, step] = moved
        if missing:
            found[DeviationKind.SKIPPED, step] = missing
        if more:
            found[kind, step] = more
    return found


def _ranked(found: list[Found], multiset: VariantMultiset) -> tuple[Deviation, ...]:
    cases: dict[tuple[DeviationKind, str], int] = defaultdict(int)
    occurrences: dict[tuple[DeviationKind, str], int] = defaultdict(int)
    example: dict[tuple[DeviationKind, str], str] = {}
    for number, of_variant in enumerate(found):
        weight = int(multiset.cases[number])
        for key, times in of_variant.items():
            cases[key] += weight
            occurrences[key] += weight * times
            example.setdefault(key, multiset.example[number])
    deviations = [
        Deviation(
            kind=kind,
            step=step,
            cases=count,
            occurrences=occurrences[kind, step],
            share=count / multiset.total,
            example_case=example[kind, step],
        )
        for (kind, step), count in cases.items()
    ]
    return tuple(sorted(deviations, key=lambda each: (-each.cases, each.step, each.kind)))
