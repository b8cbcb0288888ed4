"""The diagram of a file drawn anew: pools, lanes, shapes and edges, in place of what was there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from servoloop.kernel.process.document import Document
from servoloop.kernel.process.layout.arrange import arrange
from servoloop.kernel.process.layout.graph import Link, Picture, Point, Rect, Size
from servoloop.kernel.process.layout.reading import Sheet, graph_of, read_sheet
from servoloop.kernel.process.layout.sizes import TASK_HEIGHT, TASK_WIDTH
from servoloop.kernel.process.model import SUB_PROCESS_TYPES, Lane, Model
from servoloop.kernel.process.namespaces import BPMNDI, DC, DI
from servoloop.kernel.process.reader import read_model

HEADER = 30.0  # the strip that carries the name of a pool or lane
_LEFT, _TOP = 160.0, 80.0
_INSIDE, _INSIDE_TOP = 24.0, 30.0  # from the edge of a sub-process to what it holds
_NAMESPACES = {"bpmndi": BPMNDI, "dc": DC, "di": DI}


@dataclass(slots=True, kw_only=True)
class Drawn:
    """Where everything of a file goes, by id."""

    shapes: dict[str, Rect] = field(default_factory=dict)
    edges: dict[str, tuple[Point, ...]] = field(default_factory=dict)
    labels: dict[str, Rect] = field(default_factory=dict)
    upright: frozenset[str] = frozenset()  # pools and lanes, whose names run upwards
    open_blocks: frozenset[str] = frozenset()  # sub-processes drawn with their inside


def has_diagram(document: Document) -> bool:
    """Whether every flow node of the file has a shape."""
    model = read_model(document)
    shown = {each.shows for each in model.diagram if each.bounds is not None}
    return all(node.id in shown for node in model.nodes())


def draw_diagram(document: Document) -> None:
    """Replace the diagram of the document, or give it one. Everything else stays as it is."""
    model = read_model(document)
    drawn = drawing_of(model)
    root = document.root
    for old in root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
        root.remove(old)
    _write(root, model, drawn)


def drawing_of(model: Model) -> Drawn:
    """The layout of everything that the file holds."""
    sheet = read_sheet(model)
    pictures: dict[str, Picture] = {}
    sizes: dict[str, Size] = {}
    for block in reversed(sheet.blocks):
        picture = arrange(graph_of(sheet, block, sizes), margin=_INSIDE)
        pictures[block] = picture
        sizes[block] = Size(
            width=max(TASK_WIDTH, picture.width), height=max(TASK_HEIGHT, picture.height)
        )
    has_pools = any(pool.participant is not None for pool in sheet.pools)
    has_lanes = any(pool.lanes for pool in sheet.pools)
    main = arrange(graph_of(sheet, "", sizes), margin=50.0 if has_pools or has_lanes else 0.0)
    headers = HEADER * has_pools + HEADER * max(map(_depth, _all_lanes(sheet)), default=0)
    drawn = Drawn(upright=frozenset(_upright(sheet)), open_blocks=frozenset(sheet.blocks))
    _put(drawn, main, _LEFT + headers, _TOP)
    for block in sheet.blocks:  # outer ones first
        frame = drawn.shapes[block]
        _put(drawn, pictures[block], frame.x, frame.y)
    _frame(drawn, sheet, main, headers=headers, has_pools=has_pools)
    for link in sheet.far:
        _reach(drawn, link)
    return drawn


def _put(drawn: Drawn, picture: Picture, x: float, y: float) -> None:
    drawn.shapes |= {id: rect.moved(x, y) for id, rect in picture.boxes.items()}
    drawn.labels |= {id: rect.moved(x, y) for id, rect in picture.labels.items()}
    drawn.edges |= {
        id: tuple((px + x, py + y) for px, py in way) for id, way in picture.routes.items()
    }


# Pools and lanes


def _all_lanes(sheet: Sheet) -> list[tuple[Lane, Mapping[str, Lane]]]:
    found: list[tuple[Lane, Mapping[str, Lane]]] = []
    for pool in sheet.pools:
        if pool.process is not None:
            known = {lane.id: lane for lane in pool.process.lanes}
            found += [(lane, known) for lane in pool.lanes]
    return found


def _depth(entry: tuple[Lane, Mapping[str, Lane]]) -> int:
    """1 for a lane directly in its process."""
    lane, known = entry
    depth = 1
    while lane.parent is not None and lane.parent in known:
        lane, depth = known[lane.parent], depth + 1
    return depth


def _upright(sheet: Sheet) -> list[str]:
    pools = [pool.participant.id for pool in sheet.pools if pool.participant is not None]
    lanes = [lane.id for pool in sheet.pools if pool.process for lane in pool.process.lanes]
    return [*pools, *lanes]


def _frame(drawn: Drawn, sheet: Sheet, main: Picture, *, headers: float, has_pools: bool) -> None:
    """Pools and lanes around their bands; all pools end at the same right edge."""
    right = _LEFT + headers + main.width
    number = 0
    for pool in sheet.pools:
        bands = main.bands[number : number + max(1, len(pool.lanes))]
        number += len(bands)
        top, bottom = bands[0].y + _TOP, bands[-1].bottom + _TOP
        if pool.participant is not None:
            drawn.shapes[pool.participant.id] = _rect(_LEFT, top, right, bottom)
        if pool.process is None or not pool.lanes:
            continue
        known = {lane.id: lane for lane in pool.process.lanes}
        spans: dict[str, tuple[float, float]] = {}
        for lane, band in zip(pool.lanes, bands, strict=True):
            above: str | None = lane.id
            while above is not None and above in known:
                low, high = spans.get(above, (band.y, band.bottom))
                spans[above] = (min(low, band.y), max(high, band.bottom))
                above = known[above].parent
        for id, (low, high) in spans.items():
            left = _LEFT + HEADER * has_pools + HEADER * (_depth((known[id], known)) - 1)
            drawn.shapes[id] = _rect(left, low + _TOP, right, high + _TOP)


def _rect(x: float, y: float, right: float, bottom: float) -> Rect:
    return Rect(x=x, y=y, width=right - x, height=bottom - y)


def _reach(drawn: Drawn, link: Link) -> None:
    """A link across borders: straight up or down where it can be, else by one bend."""
    source, target = drawn.shapes.get(link.source), drawn.shapes.get(link.target)
    if source is None or target is None:
        middle = _middle_of(drawn, link.source), _middle_of(drawn, link.target)
        if middle[0] is not None and middle[1] is not None:
            drawn.edges[link.id] = (middle[0], middle[1])
        return
    if target.x <= source.middle[0] <= target.right:
        drawn.edges[link.id] = _upright_line(source.middle[0], source, target)
    elif source.x <= target.middle[0] <= source.right:
        drawn.edges[link.id] = _upright_line(target.middle[0], source, target)
    else:
        x = source.right if target.x > source.x else source.x
        end = target.y if target.y > source.middle[1] else target.bottom
        corner = (target.middle[0], source.middle[1])
        drawn.edges[link.id] = ((x, source.middle[1]), corner, (target.middle[0], end))


def _upright_line(x: float, source: Rect, target: Rect) -> tuple[Point, ...]:
    if source.middle[1] < target.middle[1]:
        return ((x, source.bottom), (x, target.y if target.y > source.y else target.bottom))
    return ((x, source.y), (x, target.bottom if target.bottom < source.bottom else target.y))


def _middle_of(drawn: Drawn, id: str) -> Point | None:
    """Of a shape, or of an edge that an annotation belongs to."""
    if id in drawn.shapes:
        return drawn.shapes[id].middle
    way = drawn.edges.get(id)
    if way is None:
        return None
    (x, y), (to_x, to_y) = way[len(way) // 2 - 1], way[len(way) // 2]
    return (x + to_x) / 2, (y + to_y) / 2


# Writing


def _write(root: etree._Element, model: Model, drawn: Drawn) -> None:
    used = {id for element in root.iter("*") if (id := element.get("id"))}

    def fresh(wanted: str) -> str:
        while wanted in used:
            wanted += "_"
        used.add(wanted)
        return wanted

    diagram = etree.Element(f"{{{BPMNDI}}}BPMNDiagram", nsmap=_NAMESPACES, id=fresh("diagram"))
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=fresh("plane"))
    plane.set("bpmnElement", _subject(model))
    gateways = {node.id for node in model.nodes() if node.type == "exclusiveGateway"}
    blocks = {
        node.id for node in model.nodes() if node.type in SUB_PROCESS_TYPES | {"subChoreography"}
    }
    for id in _in_order(drawn):
        rect = drawn.shapes[id]
        shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=fresh(f"{id}_di"))
        shape.set("bpmnElement", id)
        if id in drawn.upright:
            shape.set("isHorizontal", "true")
        if id in gateways:
            shape.set("isMarkerVisible", "true")
        if id in blocks:
            shape.set("isExpanded", "true" if id in drawn.open_blocks else "false")
        _bounds(shape, rect)
        _label(shape, drawn.labels.get(id))
    for id, way in drawn.edges.items():
        edge = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=fresh(f"{id}_di"))
        edge.set("bpmnElement", id)
        for x, y in way:
            etree.SubElement(edge, f"{{{DI}}}waypoint", x=_number(x), y=_number(y))
        _label(edge, drawn.labels.get(id))
    _append(root, diagram)


def _subject(model: Model) -> str:
    for collaboration in model.collaborations:
        if collaboration.participants or collaboration.type == "choreography":
            return collaboration.id
    return next((process.id for process in model.processes), "")


def _in_order(drawn: Drawn) -> list[str]:
    """What lies behind comes first: pools, lanes, then the rest as it was put."""
    frames = [id for id in drawn.shapes if id in drawn.upright]
    frames.sort(key=lambda id: (drawn.shapes[id].x, drawn.shapes[id].y))
    return [*frames, *(id for id in drawn.shapes if id not in drawn.upright)]


def _append(root: etree._Element, diagram: etree._Element) -> None:
    etree.indent(diagram, space="  ", level=1)
    if len(root):
        root[-1].tail = "\n  "
    root.append(diagram)
    diagram.tail = "\n"


def _label(element: etree._Element, rect: Rect | None) -> None:
    if rect is not None:
        _bounds(etree.SubElement(element, f"{{{BPMNDI}}}BPMNLabel"), rect)


def _bounds(element: etree._Element, rect: Rect) -> None:
    etree.SubElement(
        element,
        f"{{{DC}}}Bounds",
        x=_number(rect.x),
        y=_number(rect.y),
        width=_number(rect.width),
        height=_number(rect.height),
    )


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
