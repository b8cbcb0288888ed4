"""A graph laid out: columns, rows, ways, room, words."""

from collections.abc import Mapping

from servoloop.kernel.process.layout.graph import (
    Box,
    Cell,
    Graph,
    Kind,
    Link,
    Picture,
    Point,
    Rect,
)
from servoloop.kernel.process.layout.labels import place_labels
from servoloop.kernel.process.layout.lines import Grid, grid_of
from servoloop.kernel.process.layout.ranks import rank
from servoloop.kernel.process.layout.routing import Step, route
from servoloop.kernel.process.layout.rows import place
from servoloop.kernel.process.layout.spacing import Spaced, space


def arrange(graph: Graph, *, margin: float = 40.0) -> Picture:
    """Everything in its place; `margin` is kept left and right inside the bands.

    Links whose ends have no box get no route.
    """
    ranks = rank(graph)
    cells = place(graph, ranks)
    grid = grid_of(graph, cells)
    ways = route(graph, grid, cells, ranks)
    spaced = space(graph, grid, cells, ways, margin=margin)
    boxes = _boxes(graph, grid, cells, spaced)
    bands = {band.id: spaced.bands[n] for n, band in enumerate(graph.bands) if band.is_closed}
    kinds = {box.id: box for box in graph.boxes}
    routes = {
        link.id: _points(link, ways[link.id], spaced, boxes, bands, kinds)
        for link in graph.links
        if link.id in ways
    }
    return Picture(
        width=spaced.width,
        height=spaced.height,
        boxes=boxes,
        routes=routes,
        labels=place_labels(graph, boxes, routes),
        bands=spaced.bands,
    )


def _boxes(graph: Graph, grid: Grid, cells: Mapping[str, Cell], spaced: Spaced) -> dict[str, Rect]:
    found: dict[str, Rect] = {}
    for box in graph.boxes:
        if box.id not in cells:
            continue
        column, band, row = cells[box.id]
        x, y = spaced.xs[grid.middle_of[column]], spaced.ys[grid.row_of[band, row]]
        found[box.id] = _around(box, x, y)
    for box in graph.boxes:
        host = found.get(box.host) if box.host is not None else None
        if host is not None:
            x = host.middle[0] + grid.offsets[box.id]
            y = host.bottom if grid.sides[box.id] > 0 else host.y
            found[box.id] = _around(box, x, y)
    return found


def _around(box: Box, x: float, y: float) -> Rect:
    return Rect(x=x - box.width / 2, y=y - box.height / 2, width=box.width, height=box.height)


def _points(
    link: Link,
    way: tuple[Step, ...],
    spaced: Spaced,
    boxes: Mapping[str, Rect],
    bands: Mapping[str, Rect],
    kinds: Mapping[str, Box],
) -> tuple[Point, ...]:
    points = [(spaced.xs[x], spaced.ys[y]) for x, y in way]
    source = boxes.get(link.source) or bands[link.source]
    target = boxes.get(link.target) or bands[link.target]
    points[0] = _edge(source, points[0], points[1], _is_round(link.source, kinds))
    points[-1] = _edge(target, points[-1], points[-2], _is_round(link.target, kinds))
    return tuple(_tidy(points))


def _is_round(id: str, kinds: Mapping[str, Box]) -> bool:
    return id in kinds and kinds[id].kind in (Kind.EVENT, Kind.GATEWAY)


def _edge(shape: Rect, inside: Point, outside: Point, is_round: bool) -> Point:  # noqa: FBT001 - private
    """Where the line from inside to outside leaves the shape."""
    (x, y), (to_x, to_y) = inside, outside
    if abs(to_x - x) >= abs(to_y - y):
        edge = shape.right if to_x > x else shape.x
        return (edge, shape.middle[1] if is_round else y)
    return (
        shape.middle[0] if is_round and x == shape.middle[0] else x,
        shape.bottom if to_y > y else shape.y,
    )


def _tidy(points: list[Point]) -> list[Point]:
    """Without points that stand in a straight line."""
    kept = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        in_line = before[0] == here[0] == after[0] or before[1] == here[1] == after[1]
        if not in_line and here != kept[-1]:
            kept.append(here)
    return [*kept, points[-1]]
