"""Words beside shapes and flows go where they cover nothing."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from servoloop.kernel.process.layout.graph import Graph, Kind, Link, Point, Rect, Size

_APART = 4.0


def place_labels(
    graph: Graph, boxes: Mapping[str, Rect], routes: Mapping[str, tuple[Point, ...]]
) -> dict[str, Rect]:
    """A place for every word; of several the one that covers least, the first when equal."""
    lines = [rect for way in routes.values() for rect in _rects(way)]
    solid = [boxes[box.id] for box in graph.boxes if box.kind is not Kind.BLOCK]
    placed: dict[str, Rect] = {}

    def best(places: Iterable[Rect]) -> Rect:
        def cover(place: Rect) -> float:
            return (
                4 * sum(place.overlap(other) for other in solid)
                + 4 * sum(place.overlap(other) for other in placed.values())
                + 3 * sum(place.overlap(line) for line in lines)
            )

        return min(places, key=cover)

    for link in graph.links:
        if link.label is not None and link.id in routes:
            placed[link.id] = best(_along(link, routes[link.id], link.label))
    for box in graph.boxes:
        if box.label is not None:
            is_gateway = box.kind is Kind.GATEWAY
            around = _around(
                boxes[box.id], box.label, is_above=is_gateway, guest=box.host is not None
            )
            placed[box.id] = best(around)
    return placed


def _rects(way: tuple[Point, ...]) -> Iterator[Rect]:
    """Every stretch as a thin rectangle."""
    for (x, y), (to_x, to_y) in pairwise(way):
        yield Rect(
            x=min(x, to_x) - 1,
            y=min(y, to_y) - 1,
            width=abs(to_x - x) + 2,
            height=abs(to_y - y) + 2,
        )


def _along(link: Link, way: tuple[Point, ...], size: Size) -> Iterator[Rect]:
    """Beside the first stretch, near the source; then beside the others."""
    for (x, y), (to_x, to_y) in pairwise(way):
        if y == to_y:
            left = x + 8 if to_x > x else x - 8 - size.width
            for shift in (0.0, 14.0, 28.0):
                start = left + (shift if to_x > x else -shift)
                yield _at(start, y - size.height - 3, size)
                yield _at(start, y + 3, size)
        else:
            first = y + _APART if to_y > y else y - _APART - size.height
            for shift in (0.0, 14.0, 28.0, 48.0):
                top = first + (shift if to_y > y else -shift)
                yield _at(x + 5, top, size)
                yield _at(x - 5 - size.width, top, size)


def _around(box: Rect, size: Size, *, is_above: bool, guest: bool) -> Iterator[Rect]:
    middle, _ = box.middle
    above, below = box.y - _APART - size.height, box.bottom + _APART
    beside_right, beside_left = box.right + 2, box.x - 2 - size.width
    if guest:
        for y in (below - 8, above + 8):
            yield _at(beside_right - 2, y, size)
            yield _at(beside_left + 2, y, size)
    first, second = (above, below) if is_above else (below, above)
    for y in (first, second):
        yield _at(middle - size.width / 2, y, size)
    for y in (first, second):
        shift = 6 if is_above else -6
        yield _at(middle + 5, y + shift, size)
        yield _at(middle - 5 - size.width, y + shift, size)
    for y in (first, second):
        yield _at(beside_right, y, size)
        yield _at(beside_left, y, size)
    for away in (10, 20):
        for y in (above - away, below + away):
            yield _at(middle - size.width / 2, y, size)
            yield _at(middle + 5, y, size)
            yield _at(middle - 5 - size.width, y, size)


def _at(x: float, y: float, size: Size) -> Rect:
    return Rect(x=x, y=y, width=size.width, height=size.height)
