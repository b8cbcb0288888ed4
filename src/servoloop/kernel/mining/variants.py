"""Variants: the distinct sequences of activities, and how many cases follow each."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.swept import Counts, Ids, Sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A sequence of activities, the cases that follow it exactly and how long they take."""

    activities: tuple[str, ...]
    cases: int
    share: float  # 0..1 of all cases
    coverage: float  # 0..1: this variant and all more frequent ones together
    median_duration: timedelta
    example_case: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examples:
    """One case for each of the first variants of a sweep, in their order.

    The activities of example i are `codes[offsets[i]:offsets[i + 1]]`, numbers of `activities`.
    """

    activities: tuple[str, ...]
    codes: Ids
    offsets: Counts  # one more than there are examples
    cases: tuple[str, ...]


def variants(log: EventLog, swept: Sweep, *, top: int | None = None) -> tuple[Variant, ...]:
    """The most frequent variants (all when `top` is None), by cases descending."""
    return variants_of(swept, examples_of(log, swept, top=top))


def examples_of(log: EventLog, swept: Sweep, *, top: int | None = None) -> Examples:
    """The first case of each of the most frequent variants (of all when `top` is None)."""
    first = swept.variant_first_case[:top]
    lengths = log.offsets[first + 1] - log.offsets[first]
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    rows = np.arange(offsets[-1]) + np.repeat(log.offsets[first] - offsets[:-1], lengths)
    return Examples(
        activities=log.activity.names,
        codes=log.activity.codes[rows],
        offsets=offsets,
        cases=tuple(log.case.names[case] for case in first.tolist()),
    )


def variants_of(swept: Sweep, examples: Examples) -> tuple[Variant, ...]:
    """The variants that there are examples of, with their figures."""
    kept = len(examples.cases)
    total = max(1, len(swept.case_variant))
    cases = swept.variant_cases[:kept]
    path = [examples.activities[code] for code in examples.codes.tolist()]
    ends = examples.offsets.tolist()
    return tuple(
        Variant(
            activities=tuple(path[ends[index] : ends[index + 1]]),
            cases=count,
            share=share,
            coverage=coverage,
            median_duration=timedelta(microseconds=median),
            example_case=examples.cases[index],
        )
        for index, (count, share, coverage, median) in enumerate(
            zip(
                cases.tolist(),
                (cases / total).tolist(),
                (np.cumsum(cases) / total).tolist(),
                _median_durations(swept, kept).tolist(),
                strict=True,
            )
        )
    )


def _median_durations(swept: Sweep, kept: int) -> npt.NDArray[np.float64]:
    """Of the first `kept` variants; the cases of the others are not sorted."""
    of_kept = np.flatnonzero(swept.case_variant < kept)
    durations, variant = swept.case_duration[of_kept], swept.case_variant[of_kept]
    durations = durations[np.lexsort((durations, variant))]
    cases = swept.variant_cases[:kept]
    first = np.cumsum(cases) - cases
    low, high = first + (cases - 1) // 2, first + cases // 2
    medians: npt.NDArray[np.float64] = (durations[low] + durations[high]) / 2
    return medians
