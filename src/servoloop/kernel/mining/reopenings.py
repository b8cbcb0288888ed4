"""Reopenings: cases that go on after an activity that usually ends a case."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import EventLog, Micros
from servoloop.kernel.mining.swept import Counts, Sweep

USUALLY_LAST = 0.75
"""An activity closes cases when this share of the cases that have it ends with its first run."""
WORTH_CLOSING = 0.01
"""And it does so for this share of all cases."""


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
    if closing is None:
        codes = closing_codes(ends_at_first(log), swept.activity_cases, cases=log.cases)
    else:
        codes = _given(log, closing)
    closed, spent = reopened(log, codes)
    return reopenings_of(
        spent, closing=tuple(log.activity.names[code] for code in codes), closed=closed
    )


def reopenings_of(spent: Micros, *, closing: tuple[str, ...], closed: int) -> Reopenings:
    """Of cases that were found already: `spent` is the time after the closing, one each."""
    after = timedelta(microseconds=float(np.median(spent))) if len(spent) else timedelta()
    return Reopenings(
        closing=closing,
        closed=closed,
        cases=len(spent),
        share=len(spent) / max(1, closed),
        median_after=after,
    )


def ends_at_first(log: EventLog) -> Counts:
    """By activity: the cases that it ends with its first run."""
    last = log.activity.codes[log.offsets[1:] - 1]
    of_last = log.activity.codes == last[log.case.codes]
    begins_run = np.ones(log.events, dtype=np.bool_)
    begins_run[1:] = log.activity.codes[1:] != log.activity.codes[:-1]
    begins_run[log.offsets[:-1]] = True
    runs = np.add.reduceat((of_last & begins_run).astype(np.int64), log.offsets[:-1])
    return np.bincount(last[runs == 1], minlength=len(log.activity.names))


def closing_codes(ends: Counts, activity_cases: Counts, *, cases: int) -> Counts:
    """Activities after whose first run the case is usually over, in a hundredth of all cases."""
    share = ends / np.maximum(1, activity_cases)
    codes = np.flatnonzero((share >= USUALLY_LAST) & (ends >= WORTH_CLOSING * cases))
    return codes[np.argsort(-ends[codes], kind="stable")]


def reopened(log: EventLog, closing: Counts) -> tuple[int, Micros]:
    """How many cases closed, and for each that went on how long from its first closing on."""
    is_closing = np.zeros(len(log.activity.names), dtype=np.bool_)
    is_closing[closing] = True
    closes = is_closing[log.activity.codes]
    closed = np.zeros(log.cases, dtype=np.bool_)
    closed[log.case.codes[closes]] = True
    # A row reopens when the row before it closed the same case and it is no closing itself.
    same_case = log.case.codes[1:] == log.case.codes[:-1]
    rows = np.flatnonzero(same_case & closes[:-1] & ~closes[1:]) + 1
    of_case = log.case.codes[rows]  # ascending
    rows = rows[np.append(True, of_case[1:] != of_case[:-1])] if len(rows) else rows
    spent = log.ts[log.offsets[log.case.codes[rows] + 1] - 1] - log.ts[rows - 1]
    return int(closed.sum()), spent


def _given(log: EventLog, closing: tuple[str, ...]) -> npt.NDArray[np.int64]:
    known = [log.activity.names.index(name) for name in closing if name in log.activity.names]
    return np.array(known, dtype=np.int64)
