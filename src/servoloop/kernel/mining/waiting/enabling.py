"""When the work on an event could have begun, and which event made that possible."""

from dataclasses import dataclass

import numpy as np

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.event_log import EventLog, Micros
from servoloop.kernel.mining.swept import Counts, Ids, begins
from servoloop.kernel.mining.waiting.concurrency import Concurrency


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Enabling:
    """Per event: `at` (microseconds, never after its start) and `by`, the row that enabled it.

    The enabling event is the last one of the case that ended before this one began and is not
    concurrent with it. Without one (the first event of a case) `by` is -1 and `at` the start: how
    long the case had been waiting before its first event is not in the log.
    """

    at: Micros
    by: Counts


def enabling(log: EventLog, *, concurrent: Concurrency) -> Enabling:
    """See `Enabling`; one pass over the events."""
    at, by = _enabling(log.activity.codes, begins(log), log.ts, log.offsets, concurrent)
    return Enabling(at=at, by=by)


@compiled
def _enabling(
    codes: Ids, began: Counts, ts: Counts, offsets: Counts, concurrent: Concurrency
) -> tuple[Counts, Counts]:
    at = began.copy()
    by = np.full(len(codes), -1, np.int64)
    for case in range(len(offsets) - 1):
        for row in range(offsets[case], offsets[case + 1]):
            for before in range(row - 1, offsets[case] - 1, -1):
                if ts[before] <= began[row] and not concurrent[codes[before], codes[row]]:
                    at[row] = ts[before]
                    by[row] = before
                    break
    return at, by
