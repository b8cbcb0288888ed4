"""What the beginning and the end of a log cut off, and orders that cannot be: judged by the cases.

A case that begins near the beginning of the log with an activity that elsewhere stands in the
middle was begun before the log was; one that ends near the end with an activity after which others
go on is still open. Near means within the time that 90 % of the cases take (a third of the log at
most): the same window on each side, in which the log is no witness of what cases usually do.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import EventLog

ENOUGH_CASES = 20
"""With fewer cases away from an edge (or with an opening activity) nothing is judged."""
WINDOW_QUANTILE, LONGEST_WINDOW = 0.9, 1 / 3
USUAL_OF_CASES, USUAL_OF_EVENTS = 0.05, 0.5
"""An activity usually ends cases if it ends this share of them, or this share of its events do."""
OPENING = 0.95
"""An activity opens its cases if it stands first in this share of those that have it."""

Codes = npt.NDArray[np.signedinteger]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEdges:
    """Counts; None where the log has too few cases away from that edge to judge by."""

    cut_at_start: int | None  # cases
    open_at_end: int | None  # cases
    before_opening: int  # events earlier than the activity that opens their kind of case


def log_edges(log: EventLog) -> LogEdges:
    """Judge the edges and orders of a log of at least one event."""
    first, last = log.offsets[:-1], log.offsets[1:] - 1
    begins, ends = log.ts[first], log.ts[last]
    window = _window(log, ends - begins)
    early = begins < log.ts.min() + window
    late = ends > log.ts.max() - window
    starts = log.activity.codes[first]
    stops = log.activity.codes[last]
    return LogEdges(
        cut_at_start=_unusual(log, starts, at_edge=early),
        open_at_end=_unusual(log, stops, at_edge=late),
        before_opening=_before_opening(log, starts),
    )


def _window(log: EventLog, durations: npt.NDArray[np.int64]) -> int:
    span = int(log.ts.max() - log.ts.min())
    return int(min(np.quantile(durations, WINDOW_QUANTILE), span * LONGEST_WINDOW))


def _unusual(log: EventLog, activity: Codes, *, at_edge: Mask) -> int | None:
    """The cases at the edge whose first (or last) activity is not one that is usual elsewhere."""
    elsewhere = int((~at_edge).sum())
    if elsewhere < ENOUGH_CASES:
        return None
    known = len(log.activity.names)
    as_edge = np.bincount(activity[~at_edge], minlength=known)
    in_all = np.bincount(log.activity.codes[~at_edge[log.case.codes]], minlength=known)
    usual = (as_edge >= USUAL_OF_CASES * elsewhere) | (as_edge > USUAL_OF_EVENTS * in_all)
    return int((at_edge & ~usual[activity]).sum())


def _before_opening(log: EventLog, starts: Codes) -> int:
    known = len(log.activity.names)
    as_start = np.bincount(starts, minlength=known)
    in_all = np.bincount(log.activity.codes, minlength=known)
    candidates = np.flatnonzero((as_start >= ENOUGH_CASES) & (as_start >= USUAL_OF_EVENTS * in_all))
    return sum(_earlier_than(log, int(activity)) for activity in candidates)


def _earlier_than(log: EventLog, activity: int) -> int:
    """Events strictly before the first event of an activity, if it opens nearly all its cases."""
    rows = np.flatnonzero(log.activity.codes == activity)
    cases, at = np.unique(log.case.codes[rows], return_index=True)
    opening = rows[at]
    begins = log.offsets[cases]
    late = log.ts[begins] < log.ts[opening]
    if not late.any() or 1 - late.mean() < OPENING:
        return 0
    pairs = zip(begins[late].tolist(), opening[late].tolist(), strict=True)
    return sum(
        int(np.searchsorted(log.ts[begin:row], log.ts[row], side="left")) for begin, row in pairs
    )
