"""Rework: work that is done again in the same case."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.swept import Sweep


@dataclass(frozen=True, slots=True, kw_only=True)
class Rework:
    """A case has rework when some activity occurs in it more than once.

    The medians compare the cycle time of cases with and without it (0 where there are none).
    """

    cases: int
    share: float  # 0..1 of all cases
    repeated_events: int  # events after the first of their activity in the case
    repeated_share: float  # 0..1 of all events
    median_with: timedelta
    median_without: timedelta


def rework(log: EventLog, swept: Sweep) -> Rework:
    """Count the rework of a log."""
    return rework_of(swept, events=log.events)


def rework_of(swept: Sweep, *, events: int) -> Rework:
    """The same for a log that was swept in parts."""
    repeated = int(swept.activity_repeats.sum())
    cases = int(swept.case_repeats.sum())
    return Rework(
        cases=cases,
        share=cases / max(1, len(swept.case_repeats)),
        repeated_events=repeated,
        repeated_share=repeated / max(1, events),
        median_with=_median(swept.case_duration[swept.case_repeats]),
        median_without=_median(swept.case_duration[~swept.case_repeats]),
    )


def _median(durations: np.ndarray) -> timedelta:
    return timedelta(microseconds=float(np.median(durations)) if len(durations) else 0.0)
