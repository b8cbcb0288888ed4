"""Activity instances: start and complete events of one piece of work joined into one event."""

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.event_log import NO_TIME, Coded, EventLog, take
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
    return _taken(log, rows, start[rows])


def _transitions(lifecycle: Coded) -> npt.NDArray[np.int64]:
    known = {"start": START, "complete": COMPLETE}
    kinds = [known.get(name.casefold(), OTHER) for name in lifecycle.names]
    return np.array(kinds or [OTHER], dtype=np.int64)


def _taken(log: EventLog, rows: npt.NDArray[np.int64], start: Counts) -> EventLog:
    """The log of some of its rows; cases and activities that have none left are dropped."""
    case = _renumbered(take(log.case, rows))
    kept = np.unique(log.case.codes[rows])

    def column(coded: Coded | None) -> Coded | None:
        return None if coded is None else _renumbered(take(coded, rows))

    has_attributes = log.attributes.width > 0
    of_cases = log.case_attributes
    return EventLog(
        case=case,
        activity=_renumbered(take(log.activity, rows)),
        ts=log.ts[rows],
        seq=log.seq[rows],
        offsets=np.searchsorted(case.codes, np.arange(len(case.names) + 1)),
        start=start,
        resource=column(log.resource),
        team=column(log.team),
        lifecycle=column(log.lifecycle),
        attributes=log.attributes[rows] if has_attributes else pl.DataFrame(height=len(rows)),
        case_attributes=of_cases[kept] if of_cases.width else pl.DataFrame(height=len(kept)),
    )


def _renumbered(coded: Coded) -> Coded:
    """The same column without the names that no longer occur."""
    used = np.zeros(len(coded.names) + 1, dtype=np.bool_)
    used[coded.codes] = True  # -1 marks the spare last place
    number = np.append(np.cumsum(used[:-1]) - 1, -1).astype(np.int32)
    names = tuple(name for name, is_used in zip(coded.names, used, strict=False) if is_used)
    return Coded(codes=number[coded.codes], names=names)


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
