"""Lines get their coordinates: as much room as boxes, words and the tracks in use need."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from servoloop.kernel.process.layout.graph import Cell, Graph, Kind, Rect, Size
from servoloop.kernel.process.layout.lines import Grid, Use
from servoloop.kernel.process.layout.routing import Step

GAP, ROW_GAP, PADDING, TRACK = 46.0, 36.0, 28.0, 14.0
CLOSED_HEIGHT, POOL_GAP, LEAST_BAND = 60.0, 30.0, 120.0
_WORD_GAP = 22.0  # of words on a flow, together on both sides


@dataclass(frozen=True, slots=True, kw_only=True)
class Spaced:
    xs: tuple[float, ...]  # of each vertical line
    ys: tuple[float, ...]
    bands: tuple[Rect, ...]
    width: float
    height: float


def space(
    graph: Graph,
    grid: Grid,
    cells: Mapping[str, Cell],
    routes: Mapping[str, tuple[Step, ...]],
    *,
    margin: float,
) -> Spaced:
    """Coordinates from the upper left corner of the first band; `margin` is kept inside it."""
    used = _used_tracks(grid, routes)
    xs, width = _vertical(graph, grid, cells, routes, used[0], margin=margin)
    ys, tops, height = _horizontal(graph, grid, cells, used[1])
    bands = tuple(Rect(x=0, y=top, width=width, height=tall) for top, tall in tops)
    return Spaced(xs=tuple(xs), ys=tuple(ys), bands=bands, width=width, height=height)


def _used_tracks(
    grid: Grid, routes: Mapping[str, tuple[Step, ...]]
) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """By gap, the lines on which some flow runs; those that are only crossed do not count."""
    upright: set[int] = set()
    level: set[int] = set()
    for way in routes.values():
        for one, other in pairwise(way):
            if one[0] == other[0]:
                upright.add(one[0])
            else:
                level.add(one[1])
    xs: dict[int, list[int]] = defaultdict(list)
    ys: dict[int, list[int]] = defaultdict(list)
    for number in sorted(upright):
        if grid.xs[number].use is Use.TRACK:
            xs[grid.xs[number].gap].append(number)
    for number in sorted(level):
        if grid.ys[number].use is Use.TRACK:
            ys[grid.ys[number].gap].append(number)
    return xs, ys


def _spread(lines: Iterable[int], used: list[int], start: float, room: float) -> dict[int, float]:
    """Used tracks at even distances in the gap; the others where they do no harm."""
    places = {
        line: start + room * (number + 1) / (len(used) + 1) for number, line in enumerate(used)
    }
    return {line: places.get(line, start + room / 2) for line in lines}


def _vertical(
    graph: Graph,
    grid: Grid,
    cells: Mapping[str, Cell],
    routes: Mapping[str, tuple[Step, ...]],
    used: Mapping[int, list[int]],
    *,
    margin: float,
) -> tuple[list[float], float]:
    widths = _widths(graph, cells)
    words = _word_gaps(graph, grid, cells, routes)
    gaps: dict[int, list[int]] = defaultdict(list)
    for number, line in enumerate(grid.xs):
        if line.use is Use.TRACK:
            gaps[line.gap].append(number)
    columns = len(grid.middle_of)
    places: dict[int, float] = {}
    at = 0.0
    for gap in range(columns + 1):
        count = len(used.get(gap, ()))
        room = max(GAP, TRACK * (count + 1), words.get(gap, 0.0))
        if gap in (0, columns):
            room = max(margin, TRACK * (count + 1))
        places |= _spread(gaps[gap], used.get(gap, []), at, room)
        at += room
        if gap < columns:
            for number, line in enumerate(grid.xs):
                if line.use is not Use.TRACK and line.gap == gap:
                    places[number] = at + widths[gap] / 2 + line.offset
            at += widths[gap]
    return [places[number] for number in range(len(grid.xs))], at


def _widths(graph: Graph, cells: Mapping[str, Cell]) -> dict[int, float]:
    """Columns as wide as their widest box or word; neighbours may lean over by half a gap."""
    widths: dict[int, float] = defaultdict(lambda: 36.0)
    for box in graph.boxes:
        if box.id in cells:
            words = 0.0 if box.label is None else box.label.width - GAP / 2
            column = cells[box.id][0]
            widths[column] = max(widths[column], box.width, words)
    return widths


def _word_gaps(
    graph: Graph,
    grid: Grid,
    cells: Mapping[str, Cell],
    routes: Mapping[str, tuple[Step, ...]],
) -> dict[int, float]:
    """The room that words on flows need to the right (or left) of where they leave."""
    gaps: dict[int, float] = {}
    boxes = {box.id: box for box in graph.boxes}
    widths = _widths(graph, cells)
    for link in graph.links:
        way = routes.get(link.id)
        if link.label is None or way is None or link.source not in cells:
            continue
        column = cells[link.source][0]
        spare = (widths[column] - boxes[link.source].width) / 2
        if way[0][1] == way[1][1]:
            gap = column + 1 if way[1][0] > way[0][0] else column
            need = link.label.width + _WORD_GAP - spare
        else:
            gap = column + 1  # beside a line that goes up or down, from the middle of the box
            need = link.label.width + 8 - widths[column] / 2
        gaps[gap] = max(gaps.get(gap, 0.0), need)
    return gaps


def _horizontal(
    graph: Graph, grid: Grid, cells: Mapping[str, Cell], used: Mapping[int, list[int]]
) -> tuple[list[float], list[tuple[float, float]], float]:
    halves = _halves(graph, grid, cells)
    gaps: dict[int, list[int]] = defaultdict(list)
    for number, line in enumerate(grid.ys):
        if line.use is Use.TRACK:
            gaps[line.gap].append(number)
    places: dict[int, float] = {}
    tops: list[tuple[float, float]] = []
    at, gap = 0.0, 0
    for number, band in enumerate(graph.bands):
        if band.begins_pool and number:
            at += POOL_GAP
        rows = [each for each in grid.rows if each[0] == number]
        if band.is_closed:
            at, gap = _closed(places, gaps, grid, number, at, gap)
            tops.append((at - CLOSED_HEIGHT, CLOSED_HEIGHT))
            continue
        top = at
        needs = [sum(halves[row]) for row in rows]
        rooms = [
            max(PADDING if edge else ROW_GAP, TRACK * (len(used.get(gap + index, ())) + 1))
            for index in range(len(rows) + 1)
            for edge in (index in (0, len(rows)),)
        ]
        spare = max(0.0, LEAST_BAND - sum(needs) - sum(rooms)) / 2
        rooms[0], rooms[-1] = rooms[0] + spare, rooms[-1] + spare
        for index, row in enumerate(rows):
            places |= _spread(gaps[gap], used.get(gap, []), at, rooms[index])
            at += rooms[index]
            places[grid.row_of[row]] = at + halves[row][0]
            at += needs[index]
            gap += 1
        places |= _spread(gaps[gap], used.get(gap, []), at, rooms[-1])
        at += rooms[-1]
        gap += 1
        tops.append((top, at - top))
    return [places[number] for number in range(len(grid.ys))], tops, at


def _closed(
    places: dict[int, float],
    gaps: Mapping[int, list[int]],
    grid: Grid,
    band: int,
    at: float,
    gap: int,
) -> tuple[float, int]:
    """A pool that nothing passes: its tracks lie on its edges."""
    places |= dict.fromkeys(gaps[gap], at)
    places[grid.row_of[band, 0]] = at + CLOSED_HEIGHT / 2
    at += CLOSED_HEIGHT
    places |= dict.fromkeys(gaps[gap + 1], at)
    return at, gap + 2


def _halves(
    graph: Graph, grid: Grid, cells: Mapping[str, Cell]
) -> dict[tuple[int, int], tuple[float, float]]:
    """What a row needs above and below its line, words included."""
    above: dict[tuple[int, int], float] = defaultdict(lambda: 18.0)
    below: dict[tuple[int, int], float] = defaultdict(lambda: 18.0)
    heights = {box.id: box.height for box in graph.boxes}
    for box in graph.boxes:
        place = cells.get(box.id if box.host is None else box.host)
        if place is None:
            continue
        row = place[1:]
        half = box.height / 2
        words = _words(box.label)
        if box.host is not None:
            reach = heights[box.host] / 2 + half + words / 2
            if grid.sides[box.id] > 0:
                below[row] = max(below[row], reach)
            else:
                above[row] = max(above[row], reach)
            continue
        is_above = box.kind is Kind.GATEWAY
        above[row] = max(above[row], half + (words if is_above else 0))
        below[row] = max(below[row], half + (0 if is_above else words))
    return {row: (above[row], below[row]) for row in grid.rows}


def _words(label: Size | None) -> float:
    return 0.0 if label is None else label.height + 4
