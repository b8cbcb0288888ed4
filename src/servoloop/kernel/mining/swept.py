"""What a sweep over an event log counts."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import NO_TIME, EventLog, Micros

Counts = npt.NDArray[np.int64]
Ids = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MapCounts:
    """Counts of the activities and edges of a log with A activities and E edges.

    An edge leads from an activity code to the next of the case; code A stands for the start of a
    case as a source and for its end as a target. Edges are ordered by (transitions descending,
    source, target). Waits are microseconds: the start of an event (its timestamp where no start is
    known) minus the timestamp of the event before, never below 0; medians and p90 interpolate
    linearly between order statistics and are 0 for edges from the start or to the end.
    """

    # per activity, length A
    activity_events: Counts
    activity_cases: Counts
    starts: Counts
    ends: Counts
    activity_repeats: Counts  # events after the first of the activity in the case
    activity_repeat_cases: Counts  # cases in which the activity occurs more than once
    activity_self_loops: Counts  # events that follow the same activity directly
    # per edge, length E
    edge_source: Ids
    edge_target: Ids
    edge_transitions: Counts
    edge_cases: Counts
    edge_wait_sum: Counts | npt.NDArray[np.object_]  # whole numbers that may outgrow 64 bits
    edge_wait_median: npt.NDArray[np.float64]
    edge_wait_p90: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sweep(MapCounts):
    """The counts of the map, and those over C cases and V variants.

    Variants are ordered by (cases descending, first case); `variant_first_case` is an example.
    """

    # per variant, length V
    variant_cases: Counts
    variant_first_case: Counts
    # per case, length C
    case_variant: Ids
    case_duration: Micros  # last timestamp minus first start or timestamp
    case_rarest_edge: Ids  # the highest edge index on the path of the case
    case_repeats: npt.NDArray[np.bool_]  # whether some activity occurs more than once


def begins(log: EventLog) -> Micros:
    """When each event began: its start where known, else its timestamp."""
    if log.start is None:
        return log.ts
    return np.where(log.start == NO_TIME, log.ts, log.start)
