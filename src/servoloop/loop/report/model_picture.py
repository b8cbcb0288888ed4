"""The picture of a discovered model: where each line and each word of the SVG goes."""

from dataclasses import dataclass

from servoloop.kernel.mining.discovery.layout import Arrow, Drawing, Shape
from servoloop.kernel.process.layout.graph import Point
from servoloop.kernel.process.layout.sizes import PADDING, broken_name

MARGIN = 12
LINE_HEIGHT = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text, centred on x."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A node; `kind` is its BPMN tag."""

    kind: str
    name: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """An arrow: `points` as SVG writes them, and the slash of a default way, if it is one."""

    points: str
    slash: tuple[float, float, float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Boxes over paths, in a frame that begins at 0, 0."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    paths: tuple[Path, ...]


def picture_of(drawing: Drawing) -> Picture:
    """Move the drawing into a frame of its own and break its names into lines."""
    points = [point for arrow in drawing.arrows for point in arrow.points]
    xs = [x for x, _ in points] + [e for s in drawing.shapes for e in (s.x, s.x + s.width)]
    ys = [y for _, y in points] + [e for s in drawing.shapes for e in (s.y, s.y + s.height)]
    left, top = min(xs) - MARGIN, min(ys) - MARGIN
    defaults = _defaults(drawing)
    return Picture(
        width=max(xs) - left + MARGIN,
        height=max(ys) - top + MARGIN,
        boxes=tuple(_box(shape, left, top) for shape in drawing.shapes),
        paths=tuple(_path(arrow, left, top, arrow.id in defaults) for arrow in drawing.arrows),
    )


def _defaults(drawing: Drawing) -> frozenset[str]:
    """Marked ways, and the unnamed way out of a loop, whose other way has a name."""
    choosing = {arrow.source for arrow in drawing.arrows if arrow.way}
    return frozenset(
        arrow.id
        for arrow in drawing.arrows
        if arrow.is_default or (arrow.source in choosing and not arrow.way)
    )


def _box(shape: Shape, left: float, top: float) -> Box:
    x, y = shape.middle
    broken = broken_name(shape.name, width=shape.width - PADDING)
    first = y - top - (len(broken) - 1) * LINE_HEIGHT / 2 + 4
    return Box(
        kind=shape.kind,
        name=shape.name,
        x=shape.x - left,
        y=shape.y - top,
        width=shape.width,
        height=shape.height,
        lines=tuple(
            Line(text=text, x=x - left, y=first + number * LINE_HEIGHT)
            for number, text in enumerate(broken)
        ),
    )


def _path(arrow: Arrow, left: float, top: float, is_default: bool) -> Path:  # noqa: FBT001 - private
    moved = [(x - left, y - top) for x, y in arrow.points]
    slash = None
    if is_default:
        (x, y), (to_x, to_y) = moved[0], moved[1]
        length = max(1.0, abs(to_x - x) + abs(to_y - y))
        at_x, at_y = x + 11 * (to_x - x) / length, y + 11 * (to_y - y) / length
        slash = (at_x - 4, at_y - 5, at_x + 4, at_y + 5)
    return Path(points=" ".join(f"{x:g},{y:g}" for x, y in moved), slash=slash)
