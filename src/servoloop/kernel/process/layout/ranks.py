"""The column of every box: to the right of all that leads to it, ways back left out.

After Sugiyama, Tagawa and Toda (1981): break the circles, then the longest path gives the layer.
A way back that passes through steps of its own is turned round, so that it runs to the left.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from servoloop.kernel.process.layout.graph import Box, Graph, Kind, Link, LinkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranks:
    columns: Mapping[str, int]  # of every box without a host
    back: frozenset[str]  # links that close a circle
    returning: frozenset[str]  # boxes on a way back


def rank(graph: Graph) -> Ranks:
    """Columns from 0. A box on the edge of another has that one's column and is left out."""
    flow = Flow(graph)
    columns = _longest_paths(flow, {})
    turned = _turn_round(flow, columns)
    columns = _longest_paths(flow, turned)
    returning = set(turned)
    _spread_loners(graph, flow, columns)
    _put_beside(graph, columns)
    return Ranks(columns=columns, back=flow.back, returning=frozenset(returning))


class Flow:
    """The sequence flows between boxes that have a place of their own; hosts stand for guests."""

    def __init__(self, graph: Graph) -> None:
        self.boxes = [box for box in graph.boxes if box.host is None and box.kind is not Kind.THING]
        self.carrier = carriers(graph)
        known = {box.id for box in self.boxes}
        self.links = [
            link
            for link in graph.links
            if link.kind is LinkKind.FLOW
            and {self.carrier.get(link.source), self.carrier.get(link.target)} <= known
        ]
        self.out: dict[str, list[Link]] = defaultdict(list)
        self.into: dict[str, list[Link]] = defaultdict(list)
        for link in self.links:
            self.out[self.carrier[link.source]].append(link)
            self.into[self.carrier[link.target]].append(link)
        self.back = self._circles()

    def forward(self, id: str) -> list[str]:
        return [self.carrier[link.target] for link in self.out[id] if link.id not in self.back]

    def before(self, id: str) -> list[str]:
        return [self.carrier[link.source] for link in self.into[id] if link.id not in self.back]

    def backwards(self) -> list[str]:
        """Every box after all that follow it, ways back left out."""
        waiting = {box.id: len(self.forward(box.id)) for box in self.boxes}
        ready = [id for id, count in waiting.items() if not count]
        for id in ready:  # grows while it is read
            for before in self.before(id):
                waiting[before] -= 1
                if not waiting[before]:
                    ready.append(before)
        return ready

    def _circles(self) -> frozenset[str]:
        """The links that lead to a box on the path by which it was reached, depth first."""
        back: set[str] = set()
        state: dict[str, int] = {}  # 1 on the path, 2 done
        starts = [box.id for box in self.boxes if not self.into[box.id]]
        for root in (*starts, *(box.id for box in self.boxes)):
            if root in state:
                continue
            state[root] = 1
            path = [(root, iter(self.out[root]))]
            while path:
                id, rest = path[-1]
                link = next(rest, None)
                if link is None:
                    state[id] = 2
                    path.pop()
                    continue
                target = self.carrier[link.target]
                if state.get(target) == 1:
                    back.add(link.id)
                elif target not in state:
                    state[target] = 1
                    path.append((target, iter(self.out[target])))
        return frozenset(back)


def carriers(graph: Graph) -> dict[str, str]:
    """For every box the one whose place it has: itself, or the box it sits on."""
    known = {box.id: box for box in graph.boxes}
    found: dict[str, str] = {}
    for box in graph.boxes:
        host = known.get(box.host) if box.host is not None else None
        found[box.id] = host.id if host is not None else box.id
    return found


def _longest_paths(flow: Flow, fixed: Mapping[str, int]) -> dict[str, int]:
    columns = {box.id: fixed.get(box.id, 0) for box in flow.boxes}
    waiting = {box.id: len(flow.before(box.id)) for box in flow.boxes}
    ready = [id for id, count in waiting.items() if not count]
    for id in ready:  # grows while it is read
        for target in flow.forward(id):
            if target not in fixed:
                columns[target] = max(columns[target], columns[id] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return columns


def _turn_round(flow: Flow, columns: Mapping[str, int]) -> dict[str, int]:
    """Steps that only lead back stand between the two ends of the way back, right to left."""
    turned: dict[str, int] = {}
    for link in flow.links:
        if link.id not in flow.back:
            continue
        head = flow.carrier[link.target]
        chain: list[str] = []
        way, step = link, flow.carrier[link.source]
        while way.source == step != head and _is_passage(flow, step):
            chain.insert(0, step)
            way = flow.into[step][0]
            step = flow.carrier[way.source]
        if way.source == step != head and chain and _is_meeting(flow, step):
            chain.insert(0, step)  # several ways come back together
            step = min(flow.before(step), key=lambda id: columns[id])
        room = columns[step] - columns[head]
        if not chain or room < len(chain) - 1 or turned.keys() & {step, head}:
            continue
        shift = 1 if room > len(chain) - 1 and room > 0 else 0
        spare = (room - shift - (len(chain) - 1)) // 2 if len(chain) == 1 else 0
        for number, id in enumerate(chain):
            turned[id] = columns[step] - shift - spare - number
    return turned


def _is_passage(flow: Flow, id: str) -> bool:
    ways = [link for link in flow.out[id] if link.source == id]
    return len(flow.into[id]) == 1 == len(ways) and len(flow.before(id)) == 1


def _is_meeting(flow: Flow, id: str) -> bool:
    """Whether several ways end here and one goes on."""
    return len(flow.before(id)) == len(flow.into[id]) > 1 == len(flow.out[id])


def _spread_loners(graph: Graph, flow: Flow, columns: dict[str, int]) -> None:
    """Boxes without any flow stand side by side instead of in one tall pile."""
    loners = [box.id for box in flow.boxes if not flow.out[box.id] and not flow.into[box.id]]
    if len(loners) < 2:
        return
    width = max(4, max(columns.values(), default=0) + 1)
    for number, id in enumerate(loners):
        columns[id] = number % width


def _put_beside(graph: Graph, columns: dict[str, int]) -> None:
    """Data and annotations take the column of what they belong to."""
    carrier = carriers(graph)
    things = [box for box in graph.boxes if box.kind is Kind.THING]
    for number, box in enumerate(things):
        near = next(iter(partners(graph, box, columns, carrier)), None)
        columns[box.id] = columns[near] if near is not None else number
    if columns and not any(box.kind is not Kind.THING for box in graph.boxes):
        for number, box in enumerate(things):
            columns[box.id] = number % 4


def partners(
    graph: Graph, box: Box, columns: Mapping[str, int], carrier: Mapping[str, str]
) -> list[str]:
    """The boxes with a column that a thing is linked with."""
    found = []
    for link in graph.links:
        if box.id in (link.source, link.target):
            other = link.target if link.source == box.id else link.source
            place = carrier.get(other)
            if place is not None and place in columns and place != box.id:
                found.append(place)
    return found
