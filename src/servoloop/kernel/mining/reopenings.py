"""Reopenings: cases that go on after an activity that usually ends a case."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.swept import Sweep

USUALLY_LAST = 0.75
"""An activity closes cases when this share of the cases that have it ends with its first run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopenings:
    """Cases in which another activity follows a closing one.

    `closing` are the activities taken for closing, by the cases they end, descending; `cases` were
    reopened, `share` of the `closed` cases that have a closing activity at all; `median_after` is
    the median time from the (first) closing to the end of a reopened case, 0 when there is none.
    """

    closing: tuple[str, ...]
    closed: int
    cases: int
    share: float  # 0..1
    median_after: timedelta


def reopenings(
    log: EventLog, swept: Sweep, *, closing: tuple[str, ...] | None = None
) -> Reopenings:
    """Find the closing activities (unless given) and the cases that did not end there."""
    codes = _closing(log, swept) if closing is None else _given(log, closing)
    is_closing = np.isin(log.activity.codes, codes)
    closed = np.zeros(log.cases, dtype=np.bool_)
    closed[log.case.codes[is_closing]] = True
    # A row reopens when the row before it closed the same case and it is no closing itself.
    goes_on = np.zeros(log.events, dtype=np.bool_)
    same_case = log.case.codes[1:] == log.case.codes[:-1]
    goes_on[1:] = same_case & is_closing[:-1] & ~is_closing[1:]
    cases = np.unique(log.case.codes[goes_on])
    return Reopenings(
        closing=tuple(log.activity.names[code] for code in codes),
        closed=int(closed.sum()),
        cases=len(cases),
        share=len(cases) / max(1, int(closed.sum())),
        median_after=_median_after(log, cases, goes_on),
    )


def _closing(log: EventLog, swept: Sweep) -> npt.NDArray[np.int64]:
    """Activities after whose first run the case is usually over, in a hundredth of all cases."""
    last = log.activity.codes[log.offsets[1:] - 1]
    of_last = log.activity.codes == last[log.case.codes]
    begins_run = np.ones(log.events, dtype=np.bool_)
    begins_run[1:] = log.activity.codes[1:] != log.activity.codes[:-1]
    begins_run[log.offsets[:-1]] = True
    runs = np.add.reduceat((of_last & begins_run).astype(np.int64), log.offsets[:-1])
    ends = np.bincount(last[runs == 1], minlength=len(log.activity.names))
    share = ends / np.maximum(1, swept.activity_cases)
    codes = np.flatnonzero((share >= USUALLY_LAST) & (ends >= 0.01 * log.cases))
    return codes[np.argsort(-ends[codes], kind="stable")]


def _given(log: EventLog, closing: tuple[str, ...]) -> npt.NDArray[np.int64]:
    known = [log.activity.names.index(name) for name in closing if name in log.activity.names]
    return np.array(known, dtype=np.int64)


def _median_after(
    log: EventLog, cases: npt.NDArray[np.int32], goes_on: npt.NDArray[np.bool_]
) -> timedelta:
    if not len(cases):
        return timedelta()
    rows = np.flatnonzero(goes_on)
    first = rows[np.unique(log.case.codes[rows], return_index=True)[1]]
    spent = log.ts[log.offsets[cases.astype(np.int64) + 1] - 1] - log.ts[first - 1]
    return timedelta(microseconds=float(np.median(spent)))
