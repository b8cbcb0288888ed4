"""A log that is swept in parts, each holding whole cases: equal to the sweep of the whole.

Sums add up; names, cases, edges and variants are put into the order of the whole at the end; the
quantiles of waits look at every wait twice (`exact_quantiles`). Memory holds one part, about 50
bytes a case, the distinct variants and 27 kB an edge, whatever the number of events.
"""

from collections.abc import Callable, Iterable

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.exact_quantiles import ExactQuantiles
from servoloop.kernel.mining.naming import Naming
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.swept import Counts, Ids, Sweep, begins
from servoloop.kernel.mining.variants import Examples

Parts = Callable[[], Iterable[EventLog]]
"""The parts of a log, from the first again at every call; `seq` counts through all of them."""

OUTSIDE = -1
"""The start of a case as a source, its end as a target."""

DENSE_PAIRS = 1 << 22


class SweptParts:
    """Collects the sweeps of parts: every part to `add`, then every part again to `add_waits`."""

    def __init__(self) -> None:
        self.activities = Naming()
        self.events = 0
        self.cases = 0
        self._edges: dict[tuple[int, int], int] = {}
        self._edge_sums: list[Counts] = []  # transitions, cases, total wait
        self._activity_sums: list[Counts] = []  # cases, cases with repeats
        self._waits = ExactQuantiles()
        self._variants: dict[bytes, int] = {}
        self._case_first: list[Counts] = []
        self._case_variant: list[Ids] = []
        self._case_duration: list[Counts] = []
        self._case_repeats: list[npt.NDArray[np.bool_]] = []
        self._examples: list[str] = []
        self._example_first: list[int] = []

    def add(self, part: EventLog) -> None:
        """Count a part of at least one event."""
        swept = sweep(part)
        own = self.activities.numbered(part.activity, part.seq)
        self.events += part.events
        self.cases += part.cases
        self._add_activities(own, swept)
        edges = self._add_edges(own, swept)
        edge_of, waits = _waits(part, swept)
        self._waits.count(edges[edge_of], waits)
        self._add_cases(part, swept, own)

    def add_waits(self, part: EventLog) -> None:
        """Look at the waits of a part again; the sweep need not be made again for it."""
        own = self.activities.numbered(part.activity, part.seq)
        width = len(self.activities)
        pairs = np.array([*self._edges], dtype=np.int64).reshape(-1, 2)
        within = np.flatnonzero((pairs != OUTSIDE).all(axis=1))
        edges = _Lookup(pairs[within, 0] * width + pairs[within, 1], within, width**2)
        source, target, waits = _steps(part)
        self._waits.keep(edges.of(own[source] * width + own[target]), waits)

    def swept(self) -> Sweep:
        """The sweep of the whole log."""
        place = self.activities.places()
        outside = len(place)
        pairs = np.array([*self._edges], dtype=np.int64).reshape(-1, 2)
        source, target = (np.append(place, outside)[pairs[:, column]] for column in (0, 1))
        sums = np.array(self._edge_sums)
        order = np.lexsort((target, source, -sums[:, 0]))
        source, target, sums = source[order], target[order], sums[order]
        medians, p90s = (each[order] for each in self._waits.found(len(order)))
        rank, of_case, case_order = self._ranked_variants()
        of_activity = self.activity_cases()
        events = _summed(target, sums[:, 0], outside)
        return Sweep(
            activity_events=events,
            activity_cases=of_activity[:, 0],
            starts=_summed(target[source == outside], sums[source == outside, 0], outside),
            ends=_summed(source[target == outside], sums[target == outside, 0], outside),
            activity_repeats=events - of_activity[:, 0],
            activity_repeat_cases=of_activity[:, 1],
            activity_self_loops=_summed(
                source[source == target], sums[source == target, 0], outside
            ),
            edge_source=source.astype(np.int32),
            edge_target=target.astype(np.int32),
            edge_transitions=sums[:, 0],
            edge_cases=sums[:, 1],
            edge_wait_sum=sums[:, 2],
            edge_wait_median=medians,
            edge_wait_p90=p90s,
            variant_cases=np.bincount(of_case, minlength=len(rank)),
            variant_first_case=_first_of_each(of_case, len(rank)),
            case_variant=of_case,
            case_duration=np.concatenate(self._case_duration)[case_order],
            case_rarest_edge=self._rarest_edges(source, target, rank)[of_case],
            case_repeats=np.concatenate(self._case_repeats)[case_order],
        )

    def activity_cases(self) -> Counts:
        """Cases with each activity, and with repeats of it: one row an activity, in order."""
        return np.array(self._activity_sums)[np.argsort(self.activities.places())]

    def examples(self, *, top: int | None = None) -> Examples:
        """The first case of each of the most frequent variants."""
        rank = self._ranked_variants()[0][:top]
        keys = [*self._variants]
        paths = [np.frombuffer(keys[number], dtype=np.int32) for number in rank.tolist()]
        return Examples(
            activities=self.activities.names,
            codes=self.activities.places()[np.concatenate(paths)].astype(np.int32),
            offsets=np.cumsum([0, *map(len, paths)]),
            cases=tuple(self._examples[number] for number in rank.tolist()),
        )

    def _add_activities(self, own: Counts, swept: Sweep) -> None:
        while len(self._activity_sums) < len(self.activities.names):
            self._activity_sums.append(np.zeros(2, dtype=np.int64))
        columns = np.stack((swept.activity_cases, swept.activity_repeat_cases), axis=1)
        for number, row in zip(own.tolist(), columns, strict=True):
            self._activity_sums[number] += row

    def _add_edges(self, own: Counts, swept: Sweep) -> Counts:
        """The numbers here of the edges of the part."""
        own = np.append(own, OUTSIDE)
        pairs = zip(own[swept.edge_source].tolist(), own[swept.edge_target].tolist(), strict=True)
        numbers = [self._edges.setdefault(pair, len(self._edges)) for pair in pairs]
        while len(self._edge_sums) < len(self._edges):
            self._edge_sums.append(np.zeros(3, dtype=np.int64))
        columns = np.stack((swept.edge_transitions, swept.edge_cases, swept.edge_wait_sum), axis=1)
        for number, row in zip(numbers, columns, strict=True):
            self._edge_sums[number] += row
        return np.array(numbers, dtype=np.int64)

    def _add_cases(self, part: EventLog, swept: Sweep, own: Counts) -> None:
        first = np.minimum.reduceat(part.seq, part.offsets[:-1])
        numbers = np.empty(len(swept.variant_cases), dtype=np.int32)
        codes = own[part.activity.codes].astype(np.int32)
        for variant, case in enumerate(swept.variant_first_case.tolist()):
            path = codes[part.offsets[case] : part.offsets[case + 1]].tobytes()
            number = self._variants.setdefault(path, len(self._variants))
            numbers[variant] = number
            if number == len(self._examples):
                self._examples.append(part.case.names[case])
                self._example_first.append(int(first[case]))
            elif first[case] < self._example_first[number]:
                self._examples[number] = part.case.names[case]
                self._example_first[number] = int(first[case])
        self._case_first.append(first)
        self._case_variant.append(numbers[swept.case_variant])
        self._case_duration.append(swept.case_duration)
        self._case_repeats.append(swept.case_repeats)

    def _ranked_variants(self) -> tuple[Counts, Ids, Counts]:
        """The variants by rank, the rank of the variant of each case, and the order of cases."""
        variant_of = np.concatenate(self._case_variant)
        cases = np.bincount(variant_of, minlength=len(self._variants))
        rank = np.lexsort((np.array(self._example_first), -cases))
        place = np.empty(len(rank), dtype=np.int32)
        place[rank] = np.arange(len(rank), dtype=np.int32)
        order = np.argsort(np.concatenate(self._case_first), kind="stable")
        return rank, place[variant_of[order]], order

    def _rarest_edges(self, source: Counts, target: Counts, rank: Counts) -> Ids:
        """For each variant by rank the highest edge on its path."""
        width = len(self.activities.names) + 1
        edges = _Lookup(source * width + target, np.arange(len(source)), width**2)
        place = self.activities.places()
        keys = [*self._variants]
        found = np.zeros(len(rank), dtype=np.int32)
        for begin in range(0, len(rank), 4096):
            some = [np.frombuffer(keys[number], np.int32) for number in rank[begin : begin + 4096]]
            path = place[np.concatenate(some)]
            ends = np.cumsum([len(each) for each in some])
            starts = np.append(0, ends[:-1])
            before = np.append(width - 1, path[:-1])
            before[starts] = width - 1
            highest = np.maximum.reduceat(edges.of(before * width + path), starts)
            last = edges.of(path[ends - 1] * width + width - 1)
            found[begin : begin + 4096] = np.maximum(highest, last)
        return found


def sweep_parts(parts: Parts) -> SweptParts:
    """Both looks at a log of at least one event."""
    found = SweptParts()
    for part in parts():
        found.add(part)
    for part in parts():
        found.add_waits(part)
    return found


def _steps(part: EventLog) -> tuple[Ids, Ids, Counts]:
    """Activity before, activity after and wait of all steps within cases."""
    inside = np.ones(part.events, dtype=np.bool_)
    inside[part.offsets[:-1]] = False
    after = np.flatnonzero(inside)
    waits = np.maximum(begins(part)[after] - part.ts[after - 1], 0)
    return part.activity.codes[after - 1], part.activity.codes[after], waits


def _waits(part: EventLog, swept: Sweep) -> tuple[Counts, Counts]:
    """The edge (of the part's sweep) and the wait of all steps within cases."""
    width = np.int64(len(part.activity.names) + 1)
    keys = swept.edge_source * width + swept.edge_target
    edges = _Lookup(keys, np.arange(len(keys)), int(width) ** 2)
    source, target, waits = _steps(part)
    return edges.of(source * width + target), waits


class _Lookup:
    """Numbers by key: a table where all possible keys fit into one, else a search."""

    def __init__(self, keys: Counts, numbers: Counts, possible: int) -> None:
        self._table: Counts | None = None
        order = np.argsort(keys)
        self._keys, self._numbers = keys[order], numbers[order]
        if possible <= DENSE_PAIRS:
            self._table = np.zeros(possible, dtype=np.int64)
            self._table[keys] = numbers

    def of(self, keys: Counts) -> Counts:
        """The number of each key, all of which are known."""
        if self._table is not None:
            return self._table[keys]
        return self._numbers[np.searchsorted(self._keys, keys)]


def _summed(place: Counts, counts: Counts, places: int) -> Counts:
    """Counts by place; those beyond the last place are left out."""
    sums = np.zeros(max(places, int(place.max(initial=0)) + 1), dtype=np.int64)
    np.add.at(sums, place, counts)
    return sums[:places]


def _first_of_each(of_case: Ids, variants: int) -> Counts:
    first = np.full(variants, len(of_case), dtype=np.int64)
    np.minimum.at(first, of_case, np.arange(len(of_case)))
    return first
