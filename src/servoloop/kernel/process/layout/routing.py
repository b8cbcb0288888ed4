"""Ways for the flows along the lines of the grid: short, with few bends and few crossings.

Every flow is led by A* along the lines. What is already drawn costs: crossing it a little, running
on it so much that it happens only where flows come together at their end.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import pairwise

from servoloop.kernel.process.layout.graph import Box, Cell, Graph, Kind, Link, LinkKind
from servoloop.kernel.process.layout.lines import MESSAGE_SLOT, Grid, Use
from servoloop.kernel.process.layout.ranks import Ranks

Step = tuple[int, int]  # indices of a vertical and a horizontal line
Side = tuple[int, int]  # (1, 0) right, (-1, 0) left, (0, 1) below, (0, -1) above
RIGHT, LEFT, BELOW, ABOVE = (1, 0), (-1, 0), (0, 1), (0, -1)
_BEND, _CROSSING, _TOUCH, _TOGETHER = 45.0, 40.0, 120.0, 600.0
_PARTING = 500.0  # of two flows to one place that had come together
_MIXED, _SHARED_OUT, _SHARED_IN, _ONE_OF_FEW = 400.0, 90.0, 15.0, 60.0
_LEAVE: Mapping[Kind, Mapping[Side, float]] = {
    Kind.GATEWAY: {RIGHT: 0, BELOW: 5, ABOVE: 8, LEFT: 120},
    Kind.EVENT: {RIGHT: 0, BELOW: 70, ABOVE: 50, LEFT: 90},
    Kind.TASK: {RIGHT: 0, BELOW: 50, ABOVE: 55, LEFT: 90},
}
_ENTER: Mapping[Kind, Mapping[Side, float]] = {
    Kind.GATEWAY: {LEFT: 0, BELOW: 5, ABOVE: 5, RIGHT: 110},
    Kind.EVENT: {LEFT: 0, BELOW: 60, ABOVE: 40, RIGHT: 80},
    Kind.TASK: {LEFT: 0, BELOW: 30, ABOVE: 30, RIGHT: 70},
}
_ALIKE: Mapping[Side, float] = {RIGHT: 10, LEFT: 10, BELOW: 0, ABOVE: 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a flow leaves or enters: the point in the box, the first one outside, and what for."""

    inside: Step
    outside: Step
    side: Side
    cost: float


@dataclass(slots=True, kw_only=True)
class _Drawn:
    """What is drawn so far."""

    along: dict[tuple[int, int, int], list[Link]] = field(
        default_factory=lambda: defaultdict(list)
    )  # x, y, 0 to the right or 1 downwards
    points: dict[Step, list[tuple[Link, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # direction: 0 level, 1 upright, 2 a bend
    doors: dict[tuple[str, Side], list[tuple[Link, bool]]] = field(
        default_factory=lambda: defaultdict(list)
    )  # and whether the link leaves there


def route(
    graph: Graph, grid: Grid, cells: Mapping[str, Cell], ranks: Ranks
) -> dict[str, tuple[Step, ...]]:
    """The corners of every link that has a way, from inside its source to inside its target."""
    router = _Router(graph, grid, cells)
    routes: dict[str, tuple[Step, ...]] = {}
    for link in sorted(graph.links, key=lambda each: router.priority(each, ranks)):
        way = router.lead(link)
        if way:
            routes[link.id] = corners(way)
    return routes


class _Router:
    def __init__(self, graph: Graph, grid: Grid, cells: Mapping[str, Cell]) -> None:
        self._grid = grid
        self._cells = cells
        self._boxes = {box.id: box for box in graph.boxes}
        self._pools = {band.id: n for n, band in enumerate(graph.bands) if band.is_closed}
        self._drawn = _Drawn()
        self._ends: Counter[tuple[str, bool]] = Counter()  # of flows, by box and whether they leave
        for link in graph.links:
            if link.kind is LinkKind.FLOW:
                self._ends[link.source, True] += 1
                self._ends[link.target, False] += 1

    def priority(self, link: Link, ranks: Ranks) -> tuple[float, ...]:
        """Straight and short flows first; ways back, messages and associations last."""
        kind = list(LinkKind).index(link.kind)
        ends = [self._place(each) for each in (link.source, link.target)]
        if ends[0] is None or ends[1] is None:
            return (kind, 0, 0, 0)
        (from_x, from_y), (to_x, to_y) = ends[0], ends[1]
        is_guest = link.source in self._grid.offsets
        return (
            kind,
            link.id in ranks.back,
            from_y != to_y or is_guest,
            abs(from_x - to_x) + 3 * abs(from_y - to_y),
        )

    def _place(self, id: str) -> Step | None:
        box = self._boxes.get(id)
        id = box.host if box is not None and box.host is not None else id
        if id not in self._cells:
            return None
        column, band, row = self._cells[id]
        return self._grid.middle_of[column], self._grid.row_of[band, row]

    def lead(self, link: Link) -> list[Step]:
        """All points of the way, empty when an end has no place on the grid."""
        sources, targets = self._doors(link, leaves=True), self._doors(link, leaves=False)
        if not sources or not targets:
            return []
        found = self._search(link, sources, targets)
        if found is None:
            return []
        source, way, target = found
        whole = [*_between(source.inside, source.outside), *way]
        whole += reversed(_between(target.inside, target.outside))
        self._keep(link, whole, source, target)
        return whole

    # Doors

    def _doors(self, link: Link, *, leaves: bool) -> list[Door]:
        id = link.source if leaves else link.target
        if id in self._pools:
            return self._pool_doors(self._pools[id], other=link.target if leaves else link.source)
        box, place = self._boxes.get(id), self._place(id)
        if box is None or place is None:
            return []
        if id in self._grid.offsets:
            return self._guest_doors(box, place, leaves=leaves)
        if link.kind is LinkKind.MESSAGE:
            return self._message_doors(id)
        kind = box.kind if box.kind in (Kind.GATEWAY, Kind.EVENT) else Kind.TASK
        costs = (_LEAVE if leaves else _ENTER)[kind]
        if link.kind is LinkKind.ASSOCIATION:
            costs = _ALIKE
        # Above and below are for the many: the ways out of a split, the ways into a join.
        is_one_of_few = self._ends[id, leaves] < self._ends[id, not leaves]
        upright = _ONE_OF_FEW if kind is Kind.GATEWAY and is_one_of_few else 0.0
        return [
            self._door(
                place,
                side,
                cost
                + (upright + 120.0 * self._has_guest(id, side)) * abs(side[1])
                + self._shared(id, side, leaves=leaves),
            )
            for side, cost in costs.items()
        ]

    def _door(self, place: Step, side: Side, cost: float) -> Door:
        """The first line outside the box: past its slots, or the next track above or below."""
        x, y = place
        if side in (BELOW, ABOVE):
            return Door(inside=place, outside=(x, y + side[1]), side=side, cost=cost)
        while self._grid.xs[x].use is not Use.TRACK:
            x += side[0]
        return Door(inside=place, outside=(x, y), side=side, cost=cost)

    def _guest_doors(self, box: Box, place: Step, *, leaves: bool) -> list[Door]:
        column = self._cells[box.host or ""][0]
        x = self._grid.slots[column, self._grid.offsets[box.id]]
        side = BELOW if self._grid.sides[box.id] > 0 else ABOVE
        return [self._door((x, place[1]), side, 0.0 if leaves else 50.0)]

    def _message_doors(self, id: str) -> list[Door]:
        column, band, row = self._cells[id]
        y = self._grid.row_of[band, row]
        places = [(self._grid.middle_of[column], 40.0)]
        if self._boxes[id].width > 2 * MESSAGE_SLOT:
            places.append((self._grid.slots[column, MESSAGE_SLOT], 0.0))
            places.append((self._grid.slots[column, -MESSAGE_SLOT], 5.0))
        return [
            self._door((x, y), side, cost + self._uses((x, y), side))
            for x, cost in places
            for side in (ABOVE, BELOW)
            if not self._is_near_guest(id, self._grid.xs[x].offset, side)
        ]

    def _has_guest(self, id: str, side: Side) -> bool:
        sides = self._grid.sides
        return any(sides[g] == side[1] and self._boxes[g].host == id for g in sides)

    def _is_near_guest(self, id: str, offset: float, side: Side) -> bool:
        return any(
            self._boxes[guest].host == id
            and self._grid.sides[guest] == side[1]
            and abs(place - offset) < self._boxes[guest].width / 2 + 4
            for guest, place in self._grid.offsets.items()
        )

    def _uses(self, inside: Step, side: Side) -> float:
        x, y = inside
        key = (x, y if side == BELOW else y - 1, 1)
        return 200.0 * len(self._drawn.along[key])

    def _pool_doors(self, band: int, *, other: str) -> list[Door]:
        """Anywhere along the edge of a closed pool, best right across from the other end."""
        y, place = self._grid.row_of[band, 0], self._place(other)
        if place is None:
            return []
        side = BELOW if place[1] > y else ABOVE
        return [Door(inside=(x, y), outside=(x, y + side[1]), side=side, cost=0.0)
                for x in range(len(self._grid.xs))]  # fmt: skip

    def _shared(self, id: str, side: Side, *, leaves: bool) -> float:
        cost = 0.0
        for _other, other_leaves in self._drawn.doors[id, side]:
            if other_leaves is not leaves:
                cost += _MIXED
            elif leaves:
                cost += _SHARED_OUT
            else:
                is_gateway = self._boxes[id].kind is Kind.GATEWAY
                cost += _SHARED_IN * (3 if is_gateway else 1)
        return cost

    # The search

    def _search(
        self, link: Link, sources: Iterable[Door], targets: Iterable[Door]
    ) -> tuple[Door, list[Step], Door] | None:
        xs = [line.at for line in self._grid.xs]
        ys = [line.at for line in self._grid.ys]
        goals: dict[Step, list[Door]] = defaultdict(list)
        for door in targets:
            if door.outside not in self._grid.taken and self._is_inside(door.outside):
                goals[door.outside].append(door)
        if not goals:
            return None
        low_x, high_x = min(xs[x] for x, _ in goals), max(xs[x] for x, _ in goals)
        low_y, high_y = min(ys[y] for _, y in goals), max(ys[y] for _, y in goals)

        def ahead(step: Step) -> float:
            x, y = xs[step[0]], ys[step[1]]
            return max(low_x - x, 0, x - high_x) + max(low_y - y, 0, y - high_y)

        costs: dict[tuple[Step, int], float] = {}
        came: dict[tuple[Step, int], tuple[Step, int] | Door] = {}
        heap: list[tuple[float, int, Step, int, Door | None]] = []
        number = 0
        for door in sources:
            if door.outside in self._grid.taken or not self._is_inside(door.outside):
                continue
            start = (door.outside, 0 if door.side[0] else 1)
            cost = door.cost + self._stub(link, door)
            if cost < costs.get(start, 1e18):
                costs[start], came[start] = cost, door
                number += 1
                heappush(heap, (cost + ahead(door.outside), number, *start, None))
        while heap:
            _, _, step, direction, reached = heappop(heap)
            state = (step, direction)
            if reached is not None:
                return self._traced(came, state, reached)
            cost = costs[state]
            before = came[state]
            joined = self._joined(link, before[0], step) if isinstance(before, tuple) else False
            for door in goals.get(step, ()):
                turn = 0.0 if (direction == 0) == (door.side[0] != 0) else self._turn(link, step)
                number += 1
                total = cost + turn + door.cost + self._stub(link, door)
                heappush(heap, (total, number, step, direction, door))
            for way, (dx, dy) in ((0, (1, 0)), (0, (-1, 0)), (1, (0, 1)), (1, (0, -1))):
                following = (step[0] + dx, step[1] + dy)
                if following in self._grid.taken or not self._is_inside(following):
                    continue
                length = abs(xs[following[0]] - xs[step[0]]) + abs(ys[following[1]] - ys[step[1]])
                total = cost + length + self._along(link, step, following)
                if joined and not self._joined(link, step, following):
                    total += _PARTING
                total += self._pass(link, step, way) if way == direction else self._turn(link, step)
                target = (following, way)
                if total < costs.get(target, 1e18):
                    costs[target], came[target] = total, state
                    number += 1
                    heappush(heap, (total + ahead(following), number, *target, None))
        return None

    def _is_inside(self, step: Step) -> bool:
        return 0 <= step[0] < len(self._grid.xs) and 0 <= step[1] < len(self._grid.ys)

    def _traced(
        self,
        came: Mapping[tuple[Step, int], tuple[Step, int] | Door],
        state: tuple[Step, int],
        target: Door,
    ) -> tuple[Door, list[Step], Door]:
        way = [state[0]]
        before = came[state]
        while not isinstance(before, Door):
            way.append(before[0])
            before = came[before]
        return before, way[::-1], target

    # What drawn lines cost

    def _stub(self, link: Link, door: Door) -> float:
        way = [*_between(door.inside, door.outside), door.outside]
        return sum(self._along(link, *pair) for pair in pairwise(way))

    def _along(self, link: Link, one: Step, other: Step) -> float:
        is_upright = one[0] == other[0]
        key = (min(one[0], other[0]), min(one[1], other[1]), int(is_upright))
        cost = 0.0
        for drawn in self._drawn.along.get(key, ()):
            if drawn.target == link.target and drawn.kind is link.kind:
                cost += 2.0
            elif drawn.source == link.source and drawn.kind is link.kind:
                cost += 30.0
            else:
                cost += _TOGETHER
        return cost

    def _joined(self, link: Link, one: Step, other: Step) -> bool:
        """Whether a flow to the same place is drawn there already."""
        key = (min(one[0], other[0]), min(one[1], other[1]), int(one[0] == other[0]))
        drawn = self._drawn.along.get(key, ())
        return any(each.target == link.target and each.kind is link.kind for each in drawn)

    def _pass(self, link: Link, step: Step, way: int) -> float:
        cost = 0.0
        for drawn, drawn_way in self._drawn.points.get(step, ()):
            if drawn.target == link.target or drawn.source == link.source:
                continue
            if drawn_way == 2:
                cost += _TOUCH
            elif drawn_way != way:
                is_message = LinkKind.FLOW is not link.kind
                cost += _CROSSING / 4 if is_message else _CROSSING
        return cost

    def _turn(self, link: Link, step: Step) -> float:
        cost = _BEND
        for drawn, _ in self._drawn.points.get(step, ()):
            if drawn.target != link.target and drawn.source != link.source:
                cost += _TOUCH
        return cost

    def _keep(self, link: Link, way: list[Step], source: Door, target: Door) -> None:
        for one, other in pairwise(way):
            is_upright = one[0] == other[0]
            key = (min(one[0], other[0]), min(one[1], other[1]), int(is_upright))
            self._drawn.along[key].append(link)
        for before, here, after in zip(way, way[1:], way[2:], strict=False):
            if before[0] == here[0] == after[0]:
                self._drawn.points[here].append((link, 1))
            elif before[1] == here[1] == after[1]:
                self._drawn.points[here].append((link, 0))
            else:
                self._drawn.points[here].append((link, 2))
        self._drawn.doors[link.source, source.side].append((link, True))
        self._drawn.doors[link.target, target.side].append((link, False))


def _between(inside: Step, outside: Step) -> list[Step]:
    """The points from the box to just before the one outside."""
    (x, y), (to_x, to_y) = inside, outside
    step_x, step_y = (to_x > x) - (to_x < x), (to_y > y) - (to_y < y)
    points = []
    while (x, y) != outside:
        points.append((x, y))
        x, y = x + step_x, y + step_y
    return points


def corners(way: list[Step]) -> tuple[Step, ...]:
    """The first, the last, and every point where the way bends."""
    kept = [way[0]]
    for before, here, after in zip(way, way[1:], way[2:], strict=False):
        if (before[0] == here[0]) != (here[0] == after[0]):
            kept.append(here)
    return (*kept, way[-1])
