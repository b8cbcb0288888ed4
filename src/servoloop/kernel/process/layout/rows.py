"""The row of every box within its band: the main path straight, the other ways beside it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from servoloop.kernel.process.layout.graph import Box, Cell, Graph, Kind, Link
from servoloop.kernel.process.layout.ranks import Flow, Ranks, carriers, partners

# What a place costs, in rows of distance times ten.
_AWAY, _ABOVE, _NEW_ROW, _ON_A_LINE = 10, 3, 4, 4


@dataclass(slots=True, kw_only=True)
class _Band:
    """What stands where; `lines` are cells that a flow is meant to run through."""

    boxes: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))  # row -> columns
    lines: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))


def place(graph: Graph, ranks: Ranks) -> dict[str, Cell]:
    """A cell for every box without a host; no two share one."""
    placer = _Placer(graph, ranks)
    for chain in _chains(placer.flow, ranks):
        placer.put_chain(chain)
    placer.put_things()
    return placer.cells()


def _chains(flow: Flow, ranks: Ranks) -> list[list[str]]:
    """Paths that together hold every box once; each the longest way on from where it begins."""
    columns = ranks.columns
    length: dict[str, int] = {}
    order = flow.backwards()
    ahead = {
        id: [
            target
            for link in flow.out[id]
            if link.source == id
            and link.id not in flow.back
            and (
                columns[target := flow.carrier[link.target]] > columns[id]
                or {id, target} <= ranks.returning
            )
        ]
        for id in order
    }
    for id in order:
        length[id] = 1 + max((length[target] for target in ahead[id]), default=0)
    taken: set[str] = set()
    chains: list[list[str]] = []
    is_entry = {id: not flow.into[id] for id in order}
    by_guest = {id: any(link.source not in columns for link in flow.into[id]) for id in order}
    queue = sorted(
        (box.id for box in flow.boxes),
        key=lambda id: (
            by_guest[id],
            id in ranks.returning,
            not is_entry[id] or not flow.out[id],
            columns[id],
            -length[id],
        ),
    )
    for first in queue:
        if first in taken:
            continue
        chain = [first]
        taken.add(first)
        while True:
            ways = [each for each in ahead[chain[-1]] if each not in taken]
            ways = [
                each for each in ways if each not in ranks.returning or first in ranks.returning
            ]
            if not ways:
                break
            best = max(ways, key=lambda id: length[id])
            chain.append(best)
            taken.add(best)
        chains.append(chain)
    return chains


class _Placer:
    def __init__(self, graph: Graph, ranks: Ranks) -> None:
        self.graph = graph
        self.flow = Flow(graph)
        self._columns = ranks.columns
        self._boxes: Mapping[str, Box] = {box.id: box for box in graph.boxes}
        self._bands = [_Band() for _ in graph.bands]
        self._row: dict[str, int] = {}
        self._returning = ranks.returning

    def cells(self) -> dict[str, Cell]:
        """Rows as they are counted outside: from 0, without holes."""
        numbers = [
            {
                row: number
                for number, row in enumerate(sorted(r for r in band.boxes if band.boxes[r]))
            }
            for band in self._bands
        ]
        return {
            id: (self._columns[id], self._boxes[id].band, numbers[self._boxes[id].band][row])
            for id, row in self._row.items()
        }

    def put_chain(self, chain: list[str]) -> None:
        """Each stretch of the chain within one band goes on one row."""
        stretch: list[str] = []
        for id in chain:
            if stretch and self._boxes[id].band != self._boxes[stretch[0]].band:
                self._put(stretch)
                stretch = []
            stretch.append(id)
        self._put(stretch)

    def put_things(self) -> None:
        carrier = carriers(self.graph)
        for box in self.graph.boxes:
            if box.kind is not Kind.THING:
                continue
            near = partners(self.graph, box, self._columns, carrier)
            near = [each for each in near if each in self._row]
            wanted = self._row[near[0]] - 0.4 if near else 99
            self._take([box.id], wanted, lines=set())

    def _put(self, stretch: list[str]) -> None:
        band = self._boxes[stretch[0]].band
        first, last = self._columns[stretch[0]], self._columns[stretch[-1]]
        wanted, lines = 0.0, set[int]()
        before = self._neighbour(stretch[0], band, self.flow.into[stretch[0]], source=True)
        after = self._neighbour(stretch[-1], band, self.flow.out[stretch[-1]], source=False)
        if after is not None:
            wanted = self._row[after[0]]
            lines |= _between(last, self._columns[after[0]])
        if before is not None:
            wanted = self._row[before[0]] + int(before[1])
            lines |= _between(first, self._columns[before[0]])
        elif after is None and not self.flow.into[stretch[0]] and self._row:
            wanted = 1 + max(self._bands[band].boxes, default=-1)
        if stretch[0] in self._returning:
            wanted += 0.6
        self._take(stretch, wanted, lines=lines)

    def _neighbour(
        self, id: str, band: int, links: list[Link], *, source: bool
    ) -> tuple[str, bool] | None:
        """A placed neighbour in this band, and whether it is left by one of its boundary events."""
        for link in sorted(links, key=lambda each: each.id in self.flow.back):
            other = self.flow.carrier[link.source if source else link.target]
            if other != id and other in self._row and self._boxes[other].band == band:
                return other, source and link.source != other
        return None

    def _take(self, stretch: list[str], wanted: float, *, lines: set[int]) -> None:
        band = self._bands[self._boxes[stretch[0]].band]
        columns = {self._columns[id] for id in stretch}
        whole = set(range(min(columns), max(columns) + 1))
        known = [row for row in band.boxes if band.boxes[row]]
        rows = range(min(known, default=0) - 1, max(known, default=-1) + 2)
        free = [row for row in rows if not band.boxes[row] & whole]
        best = min(free, key=lambda row: (self._cost(band, row, wanted, whole, lines), row))
        band.boxes[best] |= columns
        band.lines[best] |= (whole - columns) | lines
        for id in stretch:
            self._row[id] = best

    def _cost(
        self, band: _Band, row: int, wanted: float, whole: set[int], lines: set[int]
    ) -> float:
        cost = _AWAY * abs(row - wanted) + (_ABOVE if row < wanted else 0)
        cost += _NEW_ROW if not band.boxes[row] else 0
        cost += _ON_A_LINE * len(band.lines[row] & whole)
        return cost + _ON_A_LINE * len(band.boxes[row] & lines)


def _between(one: int, other: int) -> set[int]:
    return set(range(min(one, other) + 1, max(one, other)))
