"""Activity instances: start and complete events of one piece of work joined into one event."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.event_log import NO_TIME, Coded, EventLog
from servoloop.kernel.mining.rows import log_of_rows
from servoloop.kernel.mining.swept import Counts, Ids

OTHER, START, COMPLETE = range(3)


def has_instances(log: EventLog) -> bool:
    """Whether the log tells starts only through lifecycle events, so that joining makes sense."""
    if log.start is not None or log.lifecycle is None:
        return False
    return {START, COMPLETE} <= set(_transitions(log.lifecycle).tolist())


def joined_instances(log: EventLog) -> EventLog:
    """The complete events, each with the start of its instance; other lifecycles are left out.

    Within a case and an activity, a completion takes the earliest start that is still open (first
    in, first out). A completion without one has no start (`NO_TIME`); a start that is never
    completed is left out. The log itself when there is nothing to join.
    """
    if log.lifecycle is None or not has_instances(log):
        return log
    transition = _transitions(log.lifecycle)[log.lifecycle.codes]
    transition[log.lifecycle.codes < 0] = OTHER
    start = _starts(log.activity.codes, log.ts, log.offsets, transition, len(log.activity.names))
    rows = np.flatnonzero(transition == COMPLETE)
    return replace(log_of_rows(log, rows), start=start[rows])


def _transitions(lifecycle: Coded) -> npt.NDArray[np.int64]:
    known = {"start": START, "complete": COMPLETE}
    kinds = [known.get(name.casefold(), OTHER) for name in lifecycle.names]
    return np.array(kinds or [OTHER], dtype=np.int64)


@compiled
def _starts(codes: Ids, ts: Counts, offsets: Counts, transition: Counts, activities: int) -> Counts:
    started = np.full(len(codes), NO_TIME, np.int64)
    oldest = np.zeros(activities, np.int64)  # the row from which to look for an open start
    taken = np.zeros(len(codes), np.bool_)
    for case in range(len(offsets) - 1):
        for row in range(offsets[case], offsets[case + 1]):
            oldest[codes[row]] = offsets[case]
        for row in range(offsets[case], offsets[case + 1]):
            if transition[row] != COMPLETE:
                continue
            code = codes[row]
            other = oldest[code]
            while other < row and (
                codes[other] != code or transition[other] != START or taken[other]
            ):
                other += 1
            if other < row:
                taken[other] = True
                started[row] = ts[other]
            oldest[code] = other
    return started
