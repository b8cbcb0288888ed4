"""Room in a drawing for what is new: everything beyond a line moves on, nothing else is touched."""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from servoloop.kernel.process.indentation import insert_indented, remove_indented
from servoloop.kernel.process.namespaces import BPMN, BPMNDI, DC, DI

Point = tuple[float, float]
TASK, GATEWAY, EVENT = (100.0, 80.0), (50.0, 50.0), (36.0, 36.0)
GAP = 45.0  # between two shapes of a line
ROW = 40.0  # between two rows
_HOLDERS = frozenset(("participant", "lane", "subProcess", "transaction", "adHocSubProcess"))
_SNAP = 2.0  # coordinates closer than this are the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """x and y of the upper left corner, y downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


class Picture:
    """The diagram of a file while it is changed; without a diagram every change does nothing."""

    def __init__(self, root: etree._Element) -> None:
        self._plane = root.find(f".//{{{BPMNDI}}}BPMNPlane")
        known = {e.get("id"): e for e in root.iter(f"{{{BPMN}}}*") if e.get("id")}
        self._known = known
        self._shapes: dict[str, etree._Element] = {}
        self._edges: dict[str, etree._Element] = {}
        for each in () if self._plane is None else self._plane.iterchildren("*"):
            drawn = self._shapes if each.tag == f"{{{BPMNDI}}}BPMNShape" else self._edges
            drawn[each.get("bpmnElement", "")] = each

    def know(self, element: etree._Element) -> None:
        """An element of the process that is new."""
        self._known[element.get("id", "")] = element

    def box(self, id: str) -> Box | None:
        shape = self._shapes.get(id)
        bounds = None if shape is None else shape.find(f"{{{DC}}}Bounds")
        if bounds is None:
            return None
        x, y, width, height = (float(bounds.get(k, "0")) for k in ("x", "y", "width", "height"))
        return Box(x=x, y=y, width=width, height=height)

    def points(self, flow: str) -> list[Point]:
        edge = self._edges.get(flow)
        marks = [] if edge is None else edge.findall(f"{{{DI}}}waypoint")
        return [(float(each.get("x", "0")), float(each.get("y", "0"))) for each in marks]

    # Room

    def make_room(self, *, beyond: float, by: float, is_down: bool = False) -> None:
        """Shift what lies right of (or below) a line; what holds things grows over it."""
        moved = {id for id in self._shapes if self._is_beyond(id, beyond, is_down=is_down)}
        for id, shape in self._shapes.items():
            if id in moved:
                _shift_all(shape, by, is_down=is_down)
            elif self._holds(id) and self._spans(id, beyond, is_down=is_down):
                _grow(shape, by, is_down=is_down)
        for id, edge in self._edges.items():
            self._shift_edge(id, edge, moved, beyond, by, is_down=is_down)

    def _holds(self, id: str) -> bool:
        element = self._known.get(id)
        name = "" if element is None else etree.QName(element).localname
        shape = self._shapes[id]
        return name in ("participant", "lane") or (
            name in _HOLDERS and shape.get("isExpanded", "").lower() == "true"
        )

    def _is_beyond(self, id: str, line: float, *, is_down: bool) -> bool:
        element = self._known.get(id)
        host = None if element is None else element.get("attachedToRef")
        box = self.box(host if host in self._shapes else id)
        if box is None:
            return False
        if self._holds(host or id):
            return (box.y if is_down else box.x) >= line
        return box.middle[is_down] >= line

    def _spans(self, id: str, line: float, *, is_down: bool) -> bool:
        box = self.box(id)
        if box is None:
            return False
        low, high = (box.y, box.bottom) if is_down else (box.x, box.right)
        return low < line <= high

    def _shift_edge(
        self,
        id: str,
        edge: etree._Element,
        moved: set[str],
        line: float,
        by: float,
        *,
        is_down: bool,
    ) -> None:
        element = self._known.get(id)
        ends = ["", ""] if element is None else [element.get(k, "") for k in _ENDS]
        fixed = [e in self._shapes and not self._holds(e) for e in ends]
        marks = edge.findall(f"{{{DI}}}waypoint")
        axis = "y" if is_down else "x"
        is_pool_end = any(e in self._shapes and self._holds(e) for e in ends)
        for place, mark in enumerate(marks):
            value = float(mark.get(axis, "0"))
            end = 0 if place == 0 else 1 if place == len(marks) - 1 else None
            if is_pool_end and any(fixed) and not is_down:
                # A message from or to a pool hangs on its other end, straight up or down.
                goes = ends[fixed.index(True)] in moved
            elif end is not None and fixed[end]:
                goes = ends[end] in moved
            else:
                goes = value >= line
            if goes:
                mark.set(axis, _number(value + by))
        for bounds in edge.findall(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds"):
            value = float(bounds.get(axis, "0"))
            if value >= line:
                bounds.set(axis, _number(value + by))

    # Shapes

    def place(self, id: str, box: Box, *, is_marked: bool = False) -> None:
        """Draw a new node, or move one that was drawn."""
        if self._plane is None:
            return
        shape = self._shapes.get(id)
        if shape is None:
            shape = etree.SubElement(self._plane, f"{{{BPMNDI}}}BPMNShape")
            self._plane.remove(shape)
            shape.set("id", f"{id}_di")
            shape.set("bpmnElement", id)
            if is_marked:
                shape.set("isMarkerVisible", "true")
            etree.SubElement(shape, f"{{{DC}}}Bounds")
            insert_indented(self._plane, shape, position=self._after_shapes())
            self._shapes[id] = shape
        old = self.box(id)
        for bounds in shape.findall(f"{{{DC}}}Bounds"):
            for key in ("x", "y", "width", "height"):
                bounds.set(key, _number(getattr(box, key)))
        for label in shape.findall(f"{{{BPMNDI}}}BPMNLabel/{{{DC}}}Bounds"):
            if old is not None:
                label.set("x", _number(float(label.get("x", "0")) + box.x - old.x))
                label.set("y", _number(float(label.get("y", "0")) + box.y - old.y))

    def connect(self, flow: str, points: Iterable[Point]) -> None:
        """Draw a flow, or draw it another way."""
        if self._plane is None:
            return
        edge = self._edges.get(flow)
        if edge is None:
            edge = etree.SubElement(self._plane, f"{{{BPMNDI}}}BPMNEdge")
            self._plane.remove(edge)
            edge.set("id", f"{flow}_di")
            edge.set("bpmnElement", flow)
            self._edges[flow] = edge
            insert_indented(self._plane, edge, position=len(self._plane))
        for old in (*edge.findall(f"{{{DI}}}waypoint"), *edge.findall(f"{{{BPMNDI}}}BPMNLabel")):
            remove_indented(old)
        for place, (x, y) in enumerate(points):
            mark = etree.SubElement(edge, f"{{{DI}}}waypoint")
            edge.remove(mark)
            mark.set("x", _number(x))
            mark.set("y", _number(y))
            insert_indented(edge, mark, position=place)

    def drop(self, id: str) -> None:
        """Take the drawing of an element away."""
        for drawn in (self._shapes, self._edges):
            if (element := drawn.pop(id, None)) is not None:
                remove_indented(element)

    def link(self, flow: str, source: str, target: str) -> None:
        """Draw a flow between two shapes by the shortest orthogonal way."""
        one, other = self.box(source), self.box(target)
        if one is not None and other is not None:
            self.connect(flow, route(one, other))

    def _after_shapes(self) -> int:
        assert self._plane is not None
        children = list(self._plane)
        drawn = [n for n, each in enumerate(children) if each.tag == f"{{{BPMNDI}}}BPMNShape"]
        return drawn[-1] + 1 if drawn else len(children)


def route(source: Box, target: Box) -> list[Point]:
    """Straight along a row; else out to the right and in from the left, or over one corner."""
    (sx, sy), (tx, ty) = source.middle, target.middle
    if target.x >= source.right - _SNAP:
        if abs(sy - ty) < _SNAP:
            return [(source.right, sy), (target.x, sy)]
        is_gateway = source.width == source.height
        if is_gateway:  # down (or up) from the gateway, then to the right
            return [(sx, source.bottom if ty > sy else source.y), (sx, ty), (target.x, ty)]
        if target.width == target.height:  # to the right, then into the gateway from above or below
            return [(source.right, sy), (tx, sy), (tx, target.y if ty > sy else target.bottom)]
        bend = (source.right + target.x) / 2
        return [(source.right, sy), (bend, sy), (bend, ty), (target.x, ty)]
    if abs(sx - tx) < _SNAP:
        down = ty > sy
        return [
            (sx, source.bottom if down else source.y),
            (tx, target.y if down else target.bottom),
        ]
    if target.y >= source.bottom or target.bottom <= source.y:
        down = target.y >= source.bottom
        bend = (source.bottom + target.y) / 2 if down else (source.y + target.bottom) / 2
        return [
            (sx, source.bottom if down else source.y),
            (sx, bend),
            (tx, bend),
            (tx, target.y if down else target.bottom),
        ]
    below = max(source.bottom, target.bottom) + ROW / 2
    return [(sx, source.bottom), (sx, below), (tx, below), (tx, target.bottom)]


_ENDS = ("sourceRef", "targetRef")


def _shift_all(shape: etree._Element, by: float, *, is_down: bool) -> None:
    axis = "y" if is_down else "x"
    for bounds in shape.iter(f"{{{DC}}}Bounds"):
        bounds.set(axis, _number(float(bounds.get(axis, "0")) + by))


def _grow(shape: etree._Element, by: float, *, is_down: bool) -> None:
    side = "height" if is_down else "width"
    bounds = shape.find(f"{{{DC}}}Bounds")
    if bounds is not None:
        bounds.set(side, _number(float(bounds.get(side, "0")) + by))


def _number(value: float) -> str:
    return f"{value:g}" if value != int(value) else str(int(value))
