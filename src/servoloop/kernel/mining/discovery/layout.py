"""A process tree as the elements and arrows of a diagram, laid out like every other process."""

from dataclasses import dataclass, field
from itertools import pairwise

from servoloop.kernel.mining.discovery.tree import NOTHING, Block, Leaf, Operator, Tree
from servoloop.kernel.process.layout.arrange import arrange
from servoloop.kernel.process.layout.graph import Box, Graph, Kind, Link, Point, Rect
from servoloop.kernel.process.layout.sizes import EVENT, GATEWAY, task_size

_LEFT, _TOP = 150, 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A node of the diagram; `kind` is its BPMN tag, x and y its upper left corner."""

    id: str
    kind: str
    name: str
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A sequence flow; `way` names the step it leads to where its source has to choose."""

    id: str
    source: str
    target: str
    points: tuple[Point, ...]
    way: str = ""  # empty: no choice, or what happens when no other way was chosen
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    shapes: tuple[Shape, ...]
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    source: str
    target: str
    to: str = ""  # the step it leads to, at a choice
    is_default: bool = False


_Ends = tuple[str, str] | None
"""The first and last node of a part; None for a part that is nothing but a line."""


def draw(tree: Tree) -> Drawing:
    """The whole process, from its start event to its end event."""
    parts = _Parts()
    start = parts.node("startEvent")
    body = parts.part(tree)
    end = parts.node("endEvent")
    parts.line([start, body, end])
    links = [
        Link(id=f"flow_{number}", source=way.source, target=way.target)
        for number, way in enumerate(parts.ways, start=1)
    ]
    graph = Graph(boxes=tuple(map(_box, parts.nodes)), links=tuple(links))
    picture = arrange(graph, margin=0.0)
    return Drawing(
        shapes=tuple(_shape(node, picture.boxes[node.id]) for node in parts.nodes),
        arrows=tuple(
            Arrow(
                id=link.id,
                source=way.source,
                target=way.target,
                points=tuple((x + _LEFT, y + _TOP) for x, y in picture.routes[link.id]),
                way="" if way.is_default else way.to,
                is_default=way.is_default,
            )
            for link, way in zip(links, parts.ways, strict=True)
        ),
    )


def _box(node: _Node) -> Box:
    if node.kind == "userTask":
        size = task_size([node.name])
        return Box(id=node.id, kind=Kind.TASK, width=size.width, height=size.height)
    if node.kind.endswith("Event"):
        return Box(id=node.id, kind=Kind.EVENT, width=EVENT, height=EVENT)
    return Box(id=node.id, kind=Kind.GATEWAY, width=GATEWAY, height=GATEWAY)


def _shape(node: _Node, at: Rect) -> Shape:
    place = at.moved(_LEFT, _TOP)
    return Shape(
        id=node.id,
        kind=node.kind,
        name=node.name,
        x=place.x,
        y=place.y,
        width=place.width,
        height=place.height,
    )


@dataclass(slots=True, kw_only=True)
class _Parts:
    """Numbers the elements and puts the parts together."""

    nodes: list[_Node] = field(default_factory=list)
    ways: list[_Way] = field(default_factory=list)

    def node(self, kind: str, name: str = "") -> tuple[str, str]:
        id = f"{kind}_{len(self.nodes) + 1}"
        self.nodes.append(_Node(id=id, kind=kind, name=name))
        return id, id

    def part(self, tree: Tree) -> _Ends:
        if isinstance(tree, Leaf):
            return None if tree.activity is None else self.node("userTask", tree.activity)
        if tree.operator is Operator.SEQUENCE:
            return self.line([self.part(child) for child in tree.children])
        if tree.operator is Operator.LOOP:
            return self._loop(tree)
        return self._branches(tree)

    def line(self, parts: list[_Ends]) -> _Ends:
        """Parts one after another."""
        whole = [part for part in parts if part is not None]
        for before, after in pairwise(whole):
            self.ways.append(_Way(source=before[1], target=after[0]))
        return (whole[0][0], whole[-1][1]) if whole else None

    def _branches(self, tree: Block) -> _Ends:
        is_choice = tree.operator is Operator.CHOICE
        kind = "exclusiveGateway" if is_choice else "parallelGateway"
        (split, _) = self.node(kind)
        children = sorted(tree.children, key=lambda child: child == NOTHING)
        parts = [self.part(child) for child in children]
        (join, _) = self.node(kind)
        for number, (child, part) in enumerate(zip(children, parts, strict=True)):
            to = _first_steps(child) if is_choice else ""
            self._through(split, part, join, to, is_choice and number == len(children) - 1)
        return split, join

    def _loop(self, tree: Block) -> _Ends:
        (join, _) = self.node("exclusiveGateway")
        body = self.part(tree.children[0])
        (split, _) = self.node("exclusiveGateway")
        back = self.part(tree.children[1])
        self._through(join, body, split, "", is_default=False)
        to = _first_steps(tree.children[1]) or _first_steps(tree.children[0])
        self._through(split, back, join, to, is_default=False)
        return join, split

    def _through(
        self,
        source: str,
        part: _Ends,
        target: str,
        to: str,
        is_default: bool,  # noqa: FBT001 - private calls with positions that read in order
    ) -> None:
        """From a gateway through a part to the other gateway."""
        first = target if part is None else part[0]
        self.ways.append(_Way(source=source, target=first, to=to, is_default=is_default))
        if part is not None:
            self.ways.append(_Way(source=part[1], target=target))


def _first_steps(tree: Tree) -> str:
    """The step, or steps, with which a block begins: 'Wait' or 'Accept / Decline'."""
    if isinstance(tree, Leaf):
        return tree.activity or ""
    if tree.operator in (Operator.CHOICE, Operator.PARALLEL):
        joint = " / " if tree.operator is Operator.CHOICE else " + "
        return joint.join(name for name in map(_first_steps, tree.children) if name)
    return next((name for name in map(_first_steps, tree.children) if name), "")
