"""Drawing a process tree as BPMN: blocks side by side and below each other, never across.

A sequence runs to the right on one line. The ways of a choice or a fork lie below each other, the
first on the line. The way back of a loop lies below its body and runs to the left.
"""

from dataclasses import dataclass, replace
from itertools import pairwise
from unicodedata import east_asian_width

from servoloop.kernel.mining.discovery.tree import NOTHING, Block, Leaf, Operator, Tree

TASK_WIDTH, WIDEST_TASK, TASK_HEIGHT, PADDING = 110, 220, 80, 10
GATEWAY, EVENT = 50, 36
GAP, ROW_GAP, EMPTY_ROW = 45, 30, 24
Point = tuple[float, float]


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
class _Piece:
    """A part of the drawing. It is entered at (0, axis) and left at (width, axis).

    `first` and `last` are the shapes there; None when the piece is nothing but a line.
    """

    width: float
    height: float
    axis: float
    first: Shape | None = None
    last: Shape | None = None
    shapes: tuple[Shape, ...] = ()
    arrows: tuple[Arrow, ...] = ()


def draw(tree: Tree) -> Drawing:
    """The whole process, from its start event to its end event."""
    draughtsman = _Draughtsman()
    start = draughtsman.shape("startEvent", "", EVENT, EVENT)
    body = draughtsman.piece(tree)
    end = draughtsman.shape("endEvent", "", EVENT, EVENT)
    whole = draughtsman.line([start, body, end])
    moved = _moved(whole, 150, 100)
    return Drawing(shapes=moved.shapes, arrows=moved.arrows)


def text_width(text: str) -> float:
    """About how wide a text of 12 px is in a plain sans-serif; capitals and Chinese are wider."""
    return sum(
        12.5 if east_asian_width(each) in "WF" else 8.8 if each.isupper() or each == "_" else 6.9
        for each in text
    )


def _task_width(name: str) -> float:
    """Wide enough for the longest word and for the name on two lines, beside the task's sign."""
    words = [word for word in name.split() if not any(east_asian_width(c) in "WF" for c in word)]
    longest = max(map(text_width, words), default=0.0)
    wanted = max(longest, text_width(name) / 1.7) + 2 * PADDING
    return min(WIDEST_TASK, max(TASK_WIDTH, 2 * round(wanted / 2)))


class _Draughtsman:
    """Numbers the elements and puts the pieces together."""

    def __init__(self) -> None:
        self._shapes = 0
        self._arrows = 0

    def piece(self, tree: Tree) -> _Piece:
        if isinstance(tree, Leaf):
            if tree.activity is None:
                return _Piece(width=0, height=EMPTY_ROW, axis=EMPTY_ROW / 2)
            return self.shape("userTask", tree.activity, _task_width(tree.activity), TASK_HEIGHT)
        if tree.operator is Operator.SEQUENCE:
            return self.line([self.piece(child) for child in tree.children])
        if tree.operator is Operator.LOOP:
            return self._loop(tree)
        return self._branches(tree)

    def shape(self, kind: str, name: str, width: float, height: float) -> _Piece:
        self._shapes += 1
        drawn = Shape(
            id=f"{kind}_{self._shapes}", kind=kind, name=name, x=0, y=0, width=width, height=height
        )
        return _Piece(
            width=width, height=height, axis=height / 2, first=drawn, last=drawn, shapes=(drawn,)
        )

    def line(self, pieces: list[_Piece]) -> _Piece:
        """Pieces one after another on one axis."""
        axis = max(piece.axis for piece in pieces)
        x = 0.0
        placed: list[_Piece] = []
        for piece in pieces:
            placed.append(_moved(piece, x, axis - piece.axis))
            x += piece.width + (GAP if piece.first is not None else 0)
        whole = [piece for piece in placed if piece.first is not None]
        arrows = []
        for before, after in pairwise(whole):
            assert before.last is not None
            assert after.first is not None
            arrows.append(self._arrow(before.last, after.first))
        return _Piece(
            width=x - GAP,
            height=max(axis - piece.axis + piece.height for piece in pieces),
            axis=axis,
            first=whole[0].first,
            last=whole[-1].last,
            shapes=tuple(shape for piece in placed for shape in piece.shapes),
            arrows=tuple(arrow for piece in placed for arrow in piece.arrows) + tuple(arrows),
        )

    def _branches(self, tree: Block) -> _Piece:
        is_choice = tree.operator is Operator.CHOICE
        kind = "exclusiveGateway" if is_choice else "parallelGateway"
        children = sorted(tree.children, key=lambda child: child == NOTHING)
        rows = [self.piece(child) for child in children]
        split, join = (self.shape(kind, "", GATEWAY, GATEWAY) for _ in range(2))
        inner = max(row.width for row in rows)
        axis = max(GATEWAY / 2, rows[0].axis)
        fork = _only(_moved(split, 0, axis - GATEWAY / 2))
        merge = _only(_moved(join, GATEWAY + 2 * GAP + inner, axis - GATEWAY / 2))
        y = axis - rows[0].axis
        shapes, arrows = [fork, merge], []
        for number, (child, row) in enumerate(zip(children, rows, strict=True)):
            placed = _moved(row, GATEWAY + GAP + (inner - row.width) / 2, y)
            way = _first_steps(child) if is_choice else ""
            default = is_choice and number == len(children) - 1
            arrows += self._through(fork, placed, merge, y + row.axis, way, default)
            shapes += placed.shapes
            y += row.height + ROW_GAP
        return _Piece(
            width=2 * (GATEWAY + GAP) + inner,
            height=max(y - ROW_GAP, axis + GATEWAY / 2),
            axis=axis,
            first=fork,
            last=merge,
            shapes=tuple(shapes),
            arrows=tuple(arrows),
        )

    def _loop(self, tree: Block) -> _Piece:
        body, back = (self.piece(child) for child in tree.children)
        join, split = (self.shape("exclusiveGateway", "", GATEWAY, GATEWAY) for _ in range(2))
        inner = max(body.width, back.width, GAP)
        axis = max(GATEWAY / 2, body.axis)
        entry = _only(_moved(join, 0, axis - GATEWAY / 2))
        leave = _only(_moved(split, GATEWAY + 2 * GAP + inner, axis - GATEWAY / 2))
        middle = _moved(body, GATEWAY + GAP + (inner - body.width) / 2, axis - body.axis)
        y = max(axis - body.axis + body.height, axis + GATEWAY / 2) + ROW_GAP
        below = _moved(_mirrored(back), GATEWAY + GAP + (inner - back.width) / 2, y)
        forth = self._through(entry, middle, leave, axis, "", is_default=False)
        way = _first_steps(tree.children[1]) or _first_steps(tree.children[0])
        return _Piece(
            width=2 * (GATEWAY + GAP) + inner,
            height=y + back.height,
            axis=axis,
            first=entry,
            last=leave,
            shapes=(entry, *middle.shapes, leave, *below.shapes),
            arrows=(*forth, *self._through(leave, below, entry, y + back.axis, way, False)),
        )

    def _through(
        self,
        source: Shape,
        piece: _Piece,
        target: Shape,
        axis: float,
        way: str,
        is_default: bool,  # noqa: FBT001 - one private call with positions that read in order
    ) -> list[Arrow]:
        """The arrows from a gateway through a piece to the other gateway, and those inside."""
        if piece.first is None or piece.last is None:
            return [self._arrow(source, target, axis, way=way, is_default=is_default)]
        enter = self._arrow(source, piece.first, axis, way=way, is_default=is_default)
        return [enter, *piece.arrows, self._arrow(piece.last, target, axis)]

    def _arrow(
        self,
        source: Shape,
        target: Shape,
        axis: float | None = None,
        *,
        way: str = "",
        is_default: bool = False,
    ) -> Arrow:
        self._arrows += 1
        return Arrow(
            id=f"flow_{self._arrows}",
            source=source.id,
            target=target.id,
            points=_route(source, target, axis),
            way="" if is_default else way,
            is_default=is_default,
        )


def _route(source: Shape, target: Shape, axis: float | None) -> tuple[Point, ...]:
    """Along the line when both lie on it, else down from (or up to) the gateway off the line."""
    (source_x, source_y), (target_x, target_y) = source.middle, target.middle
    level = source_y if axis is None else axis
    to_right = target_x > source_x
    points: list[Point] = []
    if level == source_y:
        points.append((source.x + source.width if to_right else source.x, level))
    else:
        points += [(source_x, source.y + source.height), (source_x, level)]
    if level == target_y:
        points.append((target.x if to_right else target.x + target.width, level))
    else:
        points += [(target_x, level), (target_x, target.y + target.height)]
    return tuple(points)


def _only(piece: _Piece) -> Shape:
    (shape,) = piece.shapes
    return shape


def _moved(piece: _Piece, dx: float, dy: float) -> _Piece:
    def move(shape: Shape) -> Shape:
        return replace(shape, x=shape.x + dx, y=shape.y + dy)

    return replace(
        piece,
        first=None if piece.first is None else move(piece.first),
        last=None if piece.last is None else move(piece.last),
        shapes=tuple(move(shape) for shape in piece.shapes),
        arrows=tuple(
            replace(arrow, points=tuple((x + dx, y + dy) for x, y in arrow.points))
            for arrow in piece.arrows
        ),
    )


def _mirrored(piece: _Piece) -> _Piece:
    """The same piece, running to the left."""

    def mirror(shape: Shape) -> Shape:
        return replace(shape, x=piece.width - shape.x - shape.width)

    return replace(
        piece,
        first=None if piece.first is None else mirror(piece.first),
        last=None if piece.last is None else mirror(piece.last),
        shapes=tuple(mirror(shape) for shape in piece.shapes),
        arrows=tuple(
            replace(arrow, points=tuple((piece.width - x, y) for x, y in arrow.points))
            for arrow in piece.arrows
        ),
    )


def _first_steps(tree: Tree) -> str:
    """The step, or steps, with which a block begins: 'Wait' or 'Accept / Decline'."""
    if isinstance(tree, Leaf):
        return tree.activity or ""
    if tree.operator in (Operator.CHOICE, Operator.PARALLEL):
        joint = " / " if tree.operator is Operator.CHOICE else " + "
        return joint.join(name for name in map(_first_steps, tree.children) if name)
    return next((name for name in map(_first_steps, tree.children) if name), "")
