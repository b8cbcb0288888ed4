"""What is laid out, and the picture that comes of it; neither knows BPMN or XML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Point = tuple[float, float]
Cell = tuple[int, int, int]  # column, band, row in the band; rows count from 0 at the top


class Kind(StrEnum):
    TASK = "task"
    EVENT = "event"
    GATEWAY = "gateway"
    BLOCK = "block"  # a sub-process with its inside
    THING = "thing"  # data, an annotation: beside the flow


class LinkKind(StrEnum):
    FLOW = "flow"
    MESSAGE = "message"
    ASSOCIATION = "association"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rect:
    """An upright rectangle; x and y are its upper left corner, y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def moved(self, dx: float, dy: float) -> "Rect":
        return Rect(x=self.x + dx, y=self.y + dy, width=self.width, height=self.height)

    def overlap(self, other: "Rect") -> float:
        """The area that both cover."""
        width = min(self.right, other.right) - max(self.x, other.x)
        height = min(self.bottom, other.bottom) - max(self.y, other.y)
        return max(0.0, width) * max(0.0, height)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Something with a shape. One with a `host` sits on the edge of that other box."""

    id: str
    kind: Kind
    width: float
    height: float
    band: int = 0
    label: Size | None = None  # of the words outside the shape
    host: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    id: str
    source: str
    target: str
    kind: LinkKind = LinkKind.FLOW
    label: Size | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A lane, or a pool without lanes. A closed one holds no boxes but can be linked by `id`."""

    id: str = ""
    is_closed: bool = False
    begins_pool: bool = False  # keeps a distance from the band above


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Boxes in their order in the file, which breaks every tie; bands from top to bottom."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    bands: tuple[Band, ...] = (Band(),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Where everything goes; the upper left corner of the first band is at 0, 0."""

    width: float
    height: float
    boxes: Mapping[str, Rect]
    routes: Mapping[str, tuple[Point, ...]]
    labels: Mapping[str, Rect] = field(default_factory=dict)  # of boxes and links, by id
    bands: tuple[Rect, ...] = ()
