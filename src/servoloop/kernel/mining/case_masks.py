"""Masks over the cases of a log: which of them some rows touch, and to which something happened."""

from typing import assert_never

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import NOT_GIVEN, EventLog
from servoloop.kernel.mining.filters import Happening
from servoloop.kernel.mining.handover_summary import passed_work
from servoloop.kernel.mining.reopenings import reopenings
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.swept import Sweep

Rows = npt.NDArray[np.int64]
Kept = npt.NDArray[np.bool_]
"""One truth value for each case, in the order of `log.case.names`."""


def touched(log: EventLog, rows: Rows) -> Kept:
    """The cases of some rows."""
    found: Kept = np.zeros(log.cases, dtype=np.bool_)
    found[log.case.codes[rows]] = True
    return found


def happened(
    log: EventLog, what: Happening, swept: Sweep | None, closing: tuple[str, ...] | None
) -> Kept:
    """The cases to which it happened; see `filters.Happened`, and `kept_cases` for the rest."""
    match what:
        case "reopened":
            return _reopened(log, swept, closing)
        case "ping_pong":
            return _came_back(log)
        case "transferred":
            return _transferred(log)
        case "owned":
            return _owned(log)
        case _:
            assert_never(what)


def _transferred(log: EventLog) -> Kept:
    """As the KPI counts it: the same activity twice in a row, by two known people (or teams)."""
    group = log.resource or log.team
    if group is None:
        return np.zeros(log.cases, dtype=np.bool_)
    codes, activity = group.codes, log.activity.codes
    known = (codes[1:] != NOT_GIVEN) & (codes[:-1] != NOT_GIVEN)
    passed = known & (codes[1:] != codes[:-1]) & (activity[1:] == activity[:-1])
    rows = np.flatnonzero(passed) + 1
    return touched(log, rows[log.case.codes[rows] == log.case.codes[rows - 1]])


def _owned(log: EventLog) -> Kept:
    """As the KPI counts it, by the first and the last known person (or team) of the case."""
    owned: Kept = np.zeros(log.cases, dtype=np.bool_)
    group = log.resource or log.team
    if group is None:
        return owned
    rows = np.flatnonzero(group.codes != NOT_GIVEN)
    case = log.case.codes[rows]
    first = rows[np.flatnonzero(np.diff(case, prepend=-1))]
    last = rows[np.flatnonzero(np.diff(case, append=-1))]
    owned[log.case.codes[first]] = group.codes[first] == group.codes[last]
    return owned


def _reopened(log: EventLog, swept: Sweep | None, closing: tuple[str, ...] | None) -> Kept:
    if closing is None:
        closing = reopenings(log, swept or sweep(log)).closing
    codes = [log.activity.names.index(name) for name in closing if name in log.activity.names]
    closes = np.isin(log.activity.codes, codes)
    rows = np.flatnonzero(closes[:-1] & ~closes[1:]) + 1
    return touched(log, rows[log.case.codes[rows] == log.case.codes[rows - 1]])


def _came_back(log: EventLog) -> Kept:
    passed = passed_work(log)
    if passed is None:
        return np.zeros(log.cases, dtype=np.bool_)
    came_back: Kept = passed.ping_pongs_of_case > 0
    return came_back
