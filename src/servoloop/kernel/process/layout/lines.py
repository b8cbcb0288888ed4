"""The lines that flows may run on, counted, not measured: their coordinates come later.

Between two columns, and between two rows, run several tracks. Through the middle of each column and
row runs one line, on which the boxes stand; beside the middle of a column run the slots of events
on the edge of a box and of messages.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from servoloop.kernel.process.layout.graph import Box, Cell, Graph, LinkKind

TRACKS, EDGE_TRACKS = 4, 3  # between columns or rows; along the edge of a band
MESSAGE_SLOT = 20.0
_COLUMN, _ROW, _STEP = 150, 110, 10  # nominal sizes, for the length of a route only


class Use(Enum):
    TRACK = auto()
    MIDDLE = auto()
    SLOT = auto()
    CLOSED = auto()  # a pool that nothing passes


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`gap` counts the tracks' channels; of a middle or slot it is the column or row."""

    use: Use
    gap: int
    offset: float = 0.0  # of a slot, from the middle
    at: float = 0.0  # nominal


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    xs: tuple[Line, ...]
    ys: tuple[Line, ...]
    middle_of: Mapping[int, int]  # column -> index in xs
    slots: Mapping[tuple[int, float], int]  # column, offset -> index in xs
    row_of: Mapping[tuple[int, int], int]  # band, row -> index in ys; row 0 of a closed band
    rows: tuple[tuple[int, int], ...]  # band and row by number, from the top
    taken: frozenset[tuple[int, int]]  # points inside boxes
    offsets: Mapping[str, float]  # of boxes on an edge, from the middle of their host
    sides: Mapping[str, int]  # of boxes on an edge: 1 below, -1 above


def grid_of(graph: Graph, cells: Mapping[str, Cell]) -> Grid:
    """All lines for these cells."""
    offsets = _offsets(graph)
    slots = _slot_offsets(graph, cells, offsets)
    columns = 1 + max((column for column, _, _ in cells.values()), default=0)
    xs, middle_of, slot_lines = _vertical(columns, slots)
    ys, row_of, rows = _horizontal(graph, cells)
    taken = set()
    for column, number, row in cells.values():
        y = row_of[number, row]
        inside = [middle_of[column], *(slot_lines[column, each] for each in slots[column])]
        taken |= {(x, y) for x in inside}
    for number, band in enumerate(graph.bands):
        if band.is_closed:
            taken |= {(x, row_of[number, 0]) for x in range(len(xs))}
    return Grid(
        xs=tuple(xs),
        ys=tuple(ys),
        middle_of=middle_of,
        slots=slot_lines,
        row_of=row_of,
        rows=tuple(rows),
        taken=frozenset(taken),
        offsets=offsets,
        sides=_sides(graph, cells, row_of),
    )


def _vertical(
    columns: int, slots: Mapping[int, set[float]]
) -> tuple[list[Line], dict[int, int], dict[tuple[int, float], int]]:
    xs: list[Line] = []
    middle_of: dict[int, int] = {}
    slot_lines: dict[tuple[int, float], int] = {}
    for column in range(columns + 1):
        left = column * _COLUMN
        first = -_STEP * (TRACKS - 1) / 2
        xs += [
            Line(use=Use.TRACK, gap=column, at=left + first + _STEP * track)
            for track in range(TRACKS)
        ]
        if column == columns:
            break
        middle = left + _COLUMN / 2
        for offset in sorted({0.0, *slots[column]}):
            use = Use.SLOT if offset else Use.MIDDLE
            if offset:
                slot_lines[column, offset] = len(xs)
            else:
                middle_of[column] = len(xs)
            nominal = max(-_COLUMN / 3, min(_COLUMN / 3, offset))
            xs.append(Line(use=use, gap=column, offset=offset, at=middle + nominal))
    return xs, middle_of, slot_lines


def _horizontal(
    graph: Graph, cells: Mapping[str, Cell]
) -> tuple[list[Line], dict[tuple[int, int], int], list[tuple[int, int]]]:
    counts = [0] * len(graph.bands)
    for _, number, row in cells.values():
        counts[number] = max(counts[number], row + 1)
    ys: list[Line] = []
    row_of: dict[tuple[int, int], int] = {}
    rows: list[tuple[int, int]] = []
    at, gap = 0.0, 0

    def tracks(count: int) -> None:
        nonlocal at, gap
        for _ in range(count):
            at += _STEP
            ys.append(Line(use=Use.TRACK, gap=gap, at=at))
        gap += 1

    for number, band in enumerate(graph.bands):
        for row in range(1 if band.is_closed else max(1, counts[number])):
            tracks(TRACKS if row else EDGE_TRACKS)
            at += _ROW / 2
            row_of[number, row] = len(ys)
            use = Use.CLOSED if band.is_closed else Use.MIDDLE
            ys.append(Line(use=use, gap=len(rows), at=at))
            rows.append((number, row))
            at += _ROW / 2
        tracks(EDGE_TRACKS)
    return ys, row_of, rows


def _offsets(graph: Graph) -> dict[str, float]:
    """Guests stand on the edge from right to left, as far apart as their host is wide."""
    hosts = {box.id: box for box in graph.boxes}
    guests: dict[str, list[Box]] = defaultdict(list)
    for box in graph.boxes:
        if box.host in hosts:
            guests[box.host or ""].append(box)
    offsets = {}
    for host, boxes in guests.items():
        reach = max(0.0, hosts[host].width / 2 - 28)
        step = min(60.0, 2 * reach / max(1, len(boxes) - 1))
        for number, box in enumerate(boxes):
            offset = round(reach - number * step)
            offsets[box.id] = float(offset or 1)  # the middle belongs to the host's own flows
    return offsets


def _slot_offsets(
    graph: Graph, cells: Mapping[str, Cell], offsets: Mapping[str, float]
) -> dict[int, set[float]]:
    slots: dict[int, set[float]] = defaultdict(set)
    for box in graph.boxes:
        if box.id in offsets and box.host is not None and box.host in cells:
            slots[cells[box.host][0]].add(offsets[box.id])
    for link in graph.links:
        if link.kind is LinkKind.MESSAGE:
            for end in (link.source, link.target):
                if end in cells:
                    slots[cells[end][0]] |= {MESSAGE_SLOT, -MESSAGE_SLOT}
    return slots


def _sides(
    graph: Graph, cells: Mapping[str, Cell], row_of: Mapping[tuple[int, int], int]
) -> dict[str, int]:
    """A guest stands on the edge that is nearer to where it leads; below when in doubt."""

    def level(id: str) -> int | None:
        return row_of[cells[id][1:]] if id in cells else None

    sides: dict[str, int] = {}
    for box in graph.boxes:
        if box.host is None or box.host not in cells:
            continue
        targets = _levels(level(link.target) for link in graph.links if link.source == box.id)
        here = row_of[cells[box.host][1:]]
        sides[box.id] = -1 if targets and max(targets) < here else 1
    return sides


def _levels(levels: Iterable[int | None]) -> list[int]:
    return [level for level in levels if level is not None]
