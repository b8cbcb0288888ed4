"""Variants: the distinct sequences of activities, and how many cases follow each."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.swept import Sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A sequence of activities, the cases that follow it exactly and how long they take."""

    activities: tuple[str, ...]
    cases: int
    share: float  # 0..1 of all cases
    coverage: float  # 0..1: this variant and all more frequent ones together
    median_duration: timedelta
    example_case: str


def variants(log: EventLog, swept: Sweep, *, top: int | None = None) -> tuple[Variant, ...]:
    """The most frequent variants (all when `top` is None), by cases descending."""
    kept = len(swept.variant_cases) if top is None else min(top, len(swept.variant_cases))
    coverage = np.cumsum(swept.variant_cases) / max(1, log.cases)
    medians = _median_durations(swept)
    found = []
    for index in range(kept):
        case = int(swept.variant_first_case[index])
        codes = log.activity.codes[log.offsets[case] : log.offsets[case + 1]]
        found.append(
            Variant(
                activities=tuple(log.activity.names[code] for code in codes),
                cases=int(swept.variant_cases[index]),
                share=float(swept.variant_cases[index] / log.cases),
                coverage=float(coverage[index]),
                median_duration=timedelta(microseconds=float(medians[index])),
                example_case=log.case.names[case],
            )
        )
    return tuple(found)


def _median_durations(swept: Sweep) -> npt.NDArray[np.float64]:
    order = np.lexsort((swept.case_duration, swept.case_variant))
    durations = swept.case_duration[order]
    ends = np.cumsum(swept.variant_cases)
    first = ends - swept.variant_cases
    low = first + (swept.variant_cases - 1) // 2
    high = first + swept.variant_cases // 2
    medians: npt.NDArray[np.float64] = (durations[low] + durations[high]) / 2
    return medians
