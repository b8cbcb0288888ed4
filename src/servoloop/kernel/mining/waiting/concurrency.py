"""Which activities of a process run side by side, told from the log.

Two activities are concurrent when both orders occur and neither dominates (the heuristic relation
of Weijters & van der Aalst), or when their work overlaps in time in most cases that hold them.
"""

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.swept import Counts, Ids, begins

WEAK_DEPENDENCY = 0.9
"""|a>b - b>a| / (a>b + b>a + 1) below this leaves the order open."""
SHORT_LOOP = 0.9
"""(aba + bab) / (aba + bab + 1) from here on is a loop of two, not concurrency."""
MOSTLY_OVERLAPPING = 0.5
"""Overlapping pairs, as a share of the rarer activity's events."""

Concurrency = npt.NDArray[np.bool_]


def concurrent_activities(log: EventLog) -> Concurrency:
    """A symmetric A x A table, False on the diagonal: an activity never runs beside itself."""
    activities = len(log.activity.names)
    follows, loops, overlaps = _relations(
        log.activity.codes, begins(log), log.ts, log.offsets, activities
    )
    both, either = np.minimum(follows, follows.T), follows + follows.T
    dependency = np.abs(follows - follows.T) / (either + 1)
    looping = (loops + loops.T) / (loops + loops.T + 1)
    found: Concurrency = (both > 0) & (dependency < WEAK_DEPENDENCY) & (looping < SHORT_LOOP)
    events = np.bincount(log.activity.codes, minlength=activities)
    rarer = np.minimum.outer(events, events)
    found |= (overlaps + overlaps.T) >= MOSTLY_OVERLAPPING * np.maximum(rarer, 1)
    np.fill_diagonal(found, False)
    return found


@compiled
def _relations(
    codes: Ids, began: Counts, ts: Counts, offsets: Counts, activities: int
) -> tuple[Counts, Counts, Counts]:
    """Directly-follows counts, a-b-a counts and overlapping pairs, each A x A."""
    follows = np.zeros((activities, activities), np.int64)
    loops = np.zeros((activities, activities), np.int64)
    overlaps = np.zeros((activities, activities), np.int64)
    for case in range(len(offsets) - 1):
        begin = offsets[case]
        for row in range(begin + 1, offsets[case + 1]):
            follows[codes[row - 1], codes[row]] += 1
            if row - 1 > begin and codes[row - 2] == codes[row] != codes[row - 1]:
                loops[codes[row], codes[row - 1]] += 1
            other = row - 1
            while other >= begin and ts[other] > began[row]:
                overlaps[codes[other], codes[row]] += 1
                other -= 1
    return follows, loops, overlaps
