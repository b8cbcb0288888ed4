"""Some of the events of a log as a log of their own."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.mining.event_log import Coded, EventLog, take

Rows = npt.NDArray[np.int64]


def log_of_rows(log: EventLog, rows: Rows) -> EventLog:
    """The events at `rows` (ascending), which keep their order and their `seq`.

    Cases, activities and other names that have none left are dropped; the log may be empty.
    """
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
        start=None if log.start is None else log.start[rows],
        resource=column(log.resource),
        team=column(log.team),
        lifecycle=column(log.lifecycle),
        attributes=log.attributes[rows] if has_attributes else pl.DataFrame(height=len(rows)),
        case_attributes=of_cases[kept] if of_cases.width else pl.DataFrame(height=len(kept)),
    )


def log_of_cases(log: EventLog, is_kept: npt.NDArray[np.bool_]) -> EventLog:
    """The cases that are kept, with all of their events; `is_kept` has one entry a case."""
    return log_of_rows(log, np.flatnonzero(is_kept[log.case.codes]))


def renamed_activities(log: EventLog, names: list[str]) -> EventLog:
    """The log with another name for each activity; activities that then share a name are one."""
    distinct = list(dict.fromkeys(names))
    place = {name: code for code, name in enumerate(distinct)}
    code = np.array([place[name] for name in names], dtype=np.int32)
    return replace(log, activity=Coded(codes=code[log.activity.codes], names=tuple(distinct)))


def _renumbered(coded: Coded) -> Coded:
    """The same column without the names that no longer occur."""
    used = np.zeros(len(coded.names) + 1, dtype=np.bool_)
    used[coded.codes] = True  # -1 marks the spare last place
    number = np.append(np.cumsum(used[:-1]) - 1, -1).astype(np.int32)
    names = tuple(name for name, is_used in zip(coded.names, used, strict=False) if is_used)
    return Coded(codes=number[coded.codes], names=names)
