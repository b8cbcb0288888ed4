"""A small picture of a process from the diagram of its file, in one language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from servoloop.kernel.process.layout.graph import Point, Rect
from servoloop.kernel.process.layout.sizes import LABEL_LINE, LABEL_WIDTH, broken_name
from servoloop.kernel.process.model import (
    ACTIVITY_TYPES,
    EVENT_TYPES,
    GATEWAY_TYPES,
    DiagramElement,
    Model,
    Part,
)
from servoloop.kernel.process.words import Words

MARGIN = 10.0
_LINE = 14.5  # of the words in a task
_HEADER = 15.0  # middle of the strip with the name of a pool or lane


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A line of words centred on x, with its base line on y; `turned` runs upwards."""

    words: str
    x: float
    y: float
    turned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A shape; `kind` is pool, lane, block, task, event, gateway or thing.

    `sign` is the BPMN tag that the small drawing inside stands for.
    """

    id: str
    kind: str
    sign: str
    title: str
    at: Rect
    is_thick: bool = False  # an end event
    is_double: bool = False  # an intermediate event
    is_dashed: bool = False  # a boundary event that does not interrupt


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A line; `points` as SVG writes them, `kind` is flow, message or association."""

    kind: str
    points: str
    slash: tuple[Point, Point] | None = None  # of a default flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """Frames behind ways behind marks, in a frame that begins at 0, 0."""

    width: float
    height: float
    frames: tuple[Mark, ...]
    ways: tuple[Way, ...]
    marks: tuple[Mark, ...]
    texts: tuple[Text, ...]


def sketch_of(model: Model, *, language: str) -> Sketch | None:
    """The picture that the file's diagram shows; None when it shows nothing."""
    parts = _parts(model)
    shapes = [each for each in model.diagram if each.bounds is not None and each.shows in parts]
    edges = [each for each in model.diagram if each.waypoints]
    if not shapes:
        return None
    left, top, right, bottom = _extent(shapes, edges)
    move = (MARGIN - left, MARGIN - top)
    marks = [_mark(parts[each.shows], _rect(each).moved(*move), language) for each in shapes]
    names = {each.shows: parts[each.shows].name.in_language(language) for each in shapes}
    texts = [text for mark in marks for text in _texts(mark, names[mark.id])]
    for each in (*shapes, *edges):
        texts += _label(each, parts, move, language)
    defaults = {node.default for node in model.nodes() if node.default}
    kinds = {each.id: _kind(each.type) for each in model.connections()}
    return Sketch(
        width=right - left + 2 * MARGIN,
        height=bottom - top + 2 * MARGIN,
        frames=tuple(mark for mark in marks if mark.kind in ("pool", "lane")),
        ways=tuple(_way(each, kinds, move, each.shows in defaults) for each in edges),
        marks=tuple(mark for mark in marks if mark.kind not in ("pool", "lane")),
        texts=tuple(texts),
    )


def _parts(model: Model) -> Mapping[str, Part]:
    found: dict[str, Part] = {}
    for process in model.processes:
        parts = (*process.nodes, *process.lanes, *process.data, *process.artifacts, *process.flows)
        found |= {part.id: part for part in parts}
    for each in model.collaborations:
        inside = (*each.participants, *each.nodes, *each.artifacts, *each.conversations)
        found |= {part.id: part for part in inside}
    return found


def _rect(element: DiagramElement) -> Rect:
    x, y, width, height = element.bounds or (0.0, 0.0, 0.0, 0.0)
    return Rect(x=x, y=y, width=width, height=height)


def _extent(
    shapes: list[DiagramElement], edges: list[DiagramElement]
) -> tuple[float, float, float, float]:
    rects = [_rect(each) for each in shapes]
    points = [point for each in edges for point in each.waypoints]
    xs = [*(r.x for r in rects), *(r.right for r in rects), *(x for x, _ in points)]
    ys = [*(r.y for r in rects), *(r.bottom for r in rects), *(y for _, y in points)]
    return min(xs), min(ys), max(xs), max(ys)


def _mark(part: Part, at: Rect, language: str) -> Mark:
    kind, sign = "thing", part.type
    is_guest = part.type == "boundaryEvent"
    if part.type == "participant":
        kind = "pool"
    elif part.type == "lane":
        kind = "lane"
    elif part.type in EVENT_TYPES:
        kind = "event"
        events = getattr(part, "events", ())
        sign = events[0].type if events else ""
    elif part.type in GATEWAY_TYPES:
        kind = "gateway"
    elif part.type in ACTIVITY_TYPES:
        kind = "block" if at.height > 90 and "rocess" in part.type else "task"
    return Mark(
        id=part.id,
        kind=kind,
        sign=sign,
        title=part.name.in_language(language),
        at=at,
        is_thick=part.type == "endEvent",
        is_double=is_guest or part.type.startswith("intermediate"),
        is_dashed=is_guest and not getattr(part, "is_interrupting", True),
    )


def _texts(mark: Mark, name: str) -> Iterator[Text]:
    """The words inside a shape."""
    x, y = mark.at.middle
    if mark.kind in ("pool", "lane"):
        yield Text(words=name, x=mark.at.x + _HEADER, y=y, turned=True)
    elif mark.kind == "block":
        yield Text(words=name, x=x, y=mark.at.y + 18)
    elif mark.kind == "task":
        lines = broken_name(name, width=mark.at.width - 10)
        first = y - (len(lines) - 1) * _LINE / 2 + 4
        for number, line in enumerate(lines):
            yield Text(words=line, x=x, y=first + number * _LINE)


def _label(
    element: DiagramElement, parts: Mapping[str, Part], move: Point, language: str
) -> Iterator[Text]:
    """The words beside a shape or line, where the diagram puts them."""
    part = parts.get(element.shows)
    words = part.name if part is not None else Words()
    name = words.in_language(language)
    place = element.element.find(".//{*}BPMNLabel/{*}Bounds")
    if not name or place is None:
        return
    x, y, width = (float(place.get(each) or 0) for each in ("x", "y", "width"))
    middle = x + width / 2 + move[0]
    for number, line in enumerate(broken_name(name, width=max(width, LABEL_WIDTH))):
        yield Text(words=line, x=middle, y=y + move[1] + 11 + number * LABEL_LINE)


def _kind(type: str) -> str:
    return "message" if type == "messageFlow" else "association"


def _way(element: DiagramElement, kinds: Mapping[str, str], move: Point, marked: bool) -> Way:  # noqa: FBT001 - private
    points = [(x + move[0], y + move[1]) for x, y in element.waypoints]
    return Way(
        kind=kinds.get(element.shows, "flow"),
        points=" ".join(f"{x:g},{y:g}" for x, y in points),
        slash=_slash(points) if marked else None,
    )


def _slash(points: list[Point]) -> tuple[Point, Point] | None:
    for (x, y), (to_x, to_y) in pairwise(points):
        length = max(1.0, abs(to_x - x) + abs(to_y - y))
        at_x, at_y = x + 12 * (to_x - x) / length, y + 12 * (to_y - y) / length
        return (at_x - 4, at_y - 5), (at_x + 4, at_y + 5)
    return None
