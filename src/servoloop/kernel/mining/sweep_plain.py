"""The sweep in NumPy: short, and the oracle of the compiled one."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.distinct import distinct
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.swept import Counts, Ids, Sweep, begins


def sweep_plain(log: EventLog) -> Sweep:
    """See `Sweep`; cost is a few sorts of n."""
    edges = _Edges(log)
    repeats = _Repeats(log)
    variants = _variants(log)
    activities = len(log.activity.names)
    first, last = log.activity.codes[log.offsets[:-1]], log.activity.codes[log.offsets[1:] - 1]
    began = np.minimum.reduceat(begins(log), log.offsets[:-1]) if log.cases else log.ts[:0]
    return Sweep(
        activity_events=np.bincount(log.activity.codes, minlength=activities),
        activity_cases=repeats.cases,
        starts=np.bincount(first, minlength=activities),
        ends=np.bincount(last, minlength=activities),
        activity_repeats=repeats.events,
        activity_repeat_cases=repeats.repeat_cases,
        activity_self_loops=edges.self_loops,
        edge_source=edges.source,
        edge_target=edges.target,
        edge_transitions=edges.transitions,
        edge_cases=edges.cases,
        edge_wait_sum=edges.wait_sum,
        edge_wait_median=edges.quantile(0.5),
        edge_wait_p90=edges.quantile(0.9),
        variant_cases=variants[0],
        variant_first_case=variants[1],
        case_variant=variants[2],
        case_duration=log.ts[log.offsets[1:] - 1] - began,
        case_rarest_edge=edges.rarest_of_case,
        case_repeats=repeats.case_repeats,
    )


class _Edges:
    """All steps of all cases, the start and the end of the case included, grouped into edges."""

    def __init__(self, log: EventLog) -> None:
        activities = len(log.activity.names)
        starts = np.zeros(log.events, dtype=np.bool_)
        starts[log.offsets[:-1]] = True
        before = np.concatenate(([activities], log.activity.codes[:-1])).astype(np.int64)
        source = np.where(starts, activities, before)
        waits = begins(log) - np.concatenate(([0], log.ts[:-1]))
        waits = np.where(starts, 0, np.maximum(waits, 0))
        last = log.activity.codes[log.offsets[1:] - 1].astype(np.int64)
        keys = np.concatenate(
            (source * (activities + 1) + log.activity.codes, last * (activities + 1) + activities)
        )
        case = np.concatenate((log.case.codes, np.arange(log.cases, dtype=np.int32)))
        waits = np.concatenate((waits, np.zeros(log.cases, dtype=np.int64)))
        found, edge, transitions = np.unique(keys, return_inverse=True, return_counts=True)
        rank = np.lexsort((found, -transitions))
        place = np.empty(len(rank), dtype=np.int64)
        place[rank] = np.arange(len(rank))
        edge = place[edge]
        found = found[rank]
        self.source: Ids = (found // (activities + 1)).astype(np.int32)
        self.target: Ids = (found % (activities + 1)).astype(np.int32)
        self.transitions: Counts = transitions[rank].astype(np.int64)
        pairs = distinct(edge * max(1, log.cases) + case)
        self.cases: Counts = np.bincount(pairs // max(1, log.cases), minlength=len(found))
        self.wait_sum: Counts = np.zeros(len(found), dtype=np.int64)
        np.add.at(self.wait_sum, edge, waits)
        self._ends = np.cumsum(self.transitions)
        self._waits = waits[np.lexsort((waits, edge))]
        self.rarest_of_case: Ids = np.zeros(log.cases, dtype=np.int32)
        np.maximum.at(self.rarest_of_case, case, edge.astype(np.int32))
        self.self_loops: Counts = np.zeros(activities, dtype=np.int64)
        loops = self.source == self.target
        self.self_loops[self.source[loops]] = self.transitions[loops]

    def quantile(self, q: float) -> npt.NDArray[np.float64]:
        """The q-quantile of the waits of each edge, interpolated linearly."""
        position = (self.transitions - 1) * q
        low = np.floor(position).astype(np.int64)
        first = self._ends - self.transitions
        high = np.minimum(low + 1, self.transitions - 1)
        below, above = self._waits[first + low], self._waits[first + high]
        found: npt.NDArray[np.float64] = below + (above - below) * (position - low)
        return found


class _Repeats:
    """How often each activity occurs in each case."""

    def __init__(self, log: EventLog) -> None:
        activities = max(1, len(log.activity.names))
        pairs, times = np.unique(
            log.case.codes.astype(np.int64) * activities + log.activity.codes, return_counts=True
        )
        activity = pairs % activities
        again = times > 1
        length = len(log.activity.names)
        self.cases: Counts = np.bincount(activity, minlength=length)
        self.repeat_cases: Counts = np.bincount(activity[again], minlength=length)
        self.events: Counts = np.zeros(length, dtype=np.int64)
        np.add.at(self.events, activity, times - 1)
        self.case_repeats = np.zeros(log.cases, dtype=np.bool_)
        self.case_repeats[pairs[again] // activities] = True


def _variants(log: EventLog) -> tuple[Counts, Counts, Ids]:
    """Cases per variant, an example case of each, and the variant of every case."""
    known: dict[bytes, int] = {}
    codes, offsets = log.activity.codes, log.offsets
    of_case = np.fromiter(
        (
            known.setdefault(codes[begin:end].tobytes(), len(known))
            for begin, end in pairwise(offsets.tolist())
        ),
        dtype=np.int64,
        count=log.cases,
    )
    cases = np.bincount(of_case, minlength=len(known))
    first_case = np.full(len(known), log.cases, dtype=np.int64)
    np.minimum.at(first_case, of_case, np.arange(log.cases))
    rank = np.lexsort((first_case, -cases))
    place = np.empty(len(rank), dtype=np.int32)
    place[rank] = np.arange(len(rank), dtype=np.int32)
    return cases[rank], first_case[rank], place[of_case]
