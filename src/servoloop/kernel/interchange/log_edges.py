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
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEdges:
    """Counts; None where the log has too few cases away from that edge to judge by."""

    cut_at_start: int | None  # cases
    open_at_end: int | None  # cases
    before_opening: int  # events earlier than the activity that opens their kind of case


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CutCases:
    """One entry a case; None where the log has too few cases away from that edge to judge by."""

    at_start: Mask | None
    at_end: Mask | None


def log_edges(log: EventLog) -> LogEdges:
    """Judge the edges and orders of a log of at least one event."""
    cut, events = _judged(log)
    return LogEdges(
        cut_at_start=None if cut.at_start is None else int(cut.at_start.sum()),
        open_at_end=None if cut.at_end is None else int(cut.at_end.sum()),
        before_opening=_before_opening(log, log.activity.codes[log.offsets[:-1]], events),
    )


def cut_cases(log: EventLog) -> CutCases:
    """Which cases of a log of at least one event its edges cut."""
    return _judged(log)[0]


def _judged(log: EventLog) -> tuple[CutCases, Counts]:
    """The cases that the edges cut, and the events of each activity."""
    first, last = log.offsets[:-1], log.offsets[1:] - 1
    begins, ends = log.ts[first], log.ts[last]
    window = _window(log, ends - begins)
    early = begins < log.ts.min() + window
    late = ends > log.ts.max() - window
    neither, only_early, only_late, both = _events(log, early + 2 * late)
    starts, stops = log.activity.codes[first], log.activity.codes[last]
    cut = CutCases(
        at_start=_unusual(starts, at_edge=early, in_all=neither + only_late),
        at_end=_unusual(stops, at_edge=late, in_all=neither + only_early),
    )
    return cut, neither + only_early + only_late + both


def _events(log: EventLog, kind: Codes) -> Counts:
    """Events by kind of case (0..3) and activity, in one count: four masks cost three times it."""
    known = len(log.activity.names)
    begins = np.repeat(kind * np.int64(known), np.diff(log.offsets))
    counts: Counts = np.bincount(begins + log.activity.codes, minlength=4 * known)
    return counts.reshape(4, known)


def _window(log: EventLog, durations: npt.NDArray[np.int64]) -> int:
    span = int(log.ts.max() - log.ts.min())
    return int(min(np.quantile(durations, WINDOW_QUANTILE), span * LONGEST_WINDOW))


def _unusual(activity: Codes, *, at_edge: Mask, in_all: Counts) -> Mask | None:
    """The cases at the edge whose first (or last) activity is not one that is usual elsewhere.

    `in_all` are the events by activity of the cases elsewhere.
    """
    elsewhere = int((~at_edge).sum())
    if elsewhere < ENOUGH_CASES:
        return None
    as_edge = np.bincount(activity[~at_edge], minlength=len(in_all))
    usual = (as_edge >= USUAL_OF_CASES * elsewhere) | (as_edge > USUAL_OF_EVENTS * in_all)
    return at_edge & ~usual[activity]


def _before_opening(log: EventLog, starts: Codes, in_all: Counts) -> int:
    as_start = np.bincount(starts, minlength=len(in_all))
    candidates = np.flatnonzero((as_start >= ENOUGH_CASES) & (as_start >= USUAL_OF_EVENTS * in_all))
    return sum(_earlier_than(log, int(activity)) for activity in candidates)


def _earlier_than(log: EventLog, activity: int) -> int:
    """Events strictly before the first event of an activity, if it opens nearly all its cases."""
    rows = np.flatnonzero(log.activity.codes == activity)
    in_case = log.case.codes[rows]  # ascending, as the rows are
    is_first = np.append(True, in_case[1:] != in_case[:-1])
    cases, opening = in_case[is_first], rows[is_first]
    begins = log.offsets[cases]
    late = log.ts[begins] < log.ts[opening]
    if not late.any() or 1 - late.mean() < OPENING:
        return 0
    pairs = zip(begins[late].tolist(), opening[late].tolist(), strict=True)
    return sum(
        int(np.searchsorted(log.ts[begin:row], log.ts[row], side="left")) for begin, row in pairs
    )
