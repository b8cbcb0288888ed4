"""A process file as graphs to lay out: one for the whole, one for each sub-process."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from servoloop.kernel.process.layout.graph import Band, Box, Graph, Kind, Link, LinkKind, Size
from servoloop.kernel.process.layout.sizes import EVENT, GATEWAY, label_size, task_size
from servoloop.kernel.process.model import (
    ACTIVITY_TYPES,
    CHOREOGRAPHY_TYPES,
    EVENT_TYPES,
    GATEWAY_TYPES,
    SUB_PROCESS_TYPES,
    Collaboration,
    Connection,
    FlowNode,
    Lane,
    Model,
    Part,
    Participant,
    Process,
)
from servoloop.kernel.process.namespaces import bpmn, bpmn_type, text_of
from servoloop.kernel.process.words import Words

_REFERENCES = ("dataObjectReference", "dataStoreReference", "dataInput", "dataOutput")
_BLOCKS = SUB_PROCESS_TYPES | {"subChoreography"}
_WIDEST_NOTE, _WIDEST_NAME = 150, 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """A participant, or a process on its own; its lanes from top to bottom, the innermost only."""

    participant: Participant | None
    process: Process | None
    lanes: tuple[Lane, ...] = ()


@dataclass(slots=True, kw_only=True)
class Sheet:
    """The file cut into what is laid out together."""

    pools: list[Pool] = field(default_factory=list)
    bands: list[Band] = field(default_factory=list)
    boxes: dict[str, list[Box]] = field(default_factory=lambda: defaultdict(list))  # by container
    links: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    far: list[Link] = field(default_factory=list)  # between different containers, or to a pool
    blocks: list[str] = field(default_factory=list)  # sub-processes, outer ones first


def read_sheet(model: Model) -> Sheet:
    """Everything that has a shape or an edge; ids that are used twice count once."""
    sheet = Sheet()
    collaboration = next(iter(model.collaborations), None)
    band_of = _pools(sheet, model, collaboration)
    home: dict[str, str] = {}
    for process in model.processes:
        lanes = _lanes_of(process.nodes, process.lanes, band_of, band_of.get(process.id, 0))
        _nodes(sheet, process.nodes, home, lanes)
        _things(sheet, (*process.data, *process.artifacts), home, band_of.get(process.id, 0))
    for each in model.collaborations:
        _nodes(sheet, each.nodes, home, {})
        _things(sheet, (*each.artifacts, *each.conversations), home, 0)
    pools = {band.id for band in sheet.bands if band.is_closed}
    for link in _links(model):
        ends = {home.get(link.source), home.get(link.target)}
        closed = pools & {link.source, link.target}
        ends -= {None} if closed else set()
        if len(ends) == 1 and None not in ends and (not closed or ends == {""}):
            sheet.links[next(iter(ends)) or ""].append(link)
        else:
            sheet.far.append(link)
    return sheet


def graph_of(sheet: Sheet, container: str, sizes: Mapping[str, Size]) -> Graph:
    """One container, its sub-processes as large as their insides made them."""
    boxes = [
        Box(id=box.id, kind=Kind.BLOCK, width=sizes[box.id].width, height=sizes[box.id].height,
            band=box.band, label=box.label, host=box.host)
        if box.id in sizes else box
        for box in sheet.boxes[container]
    ]  # fmt: skip
    bands = tuple(sheet.bands) if not container else (Band(),)
    return Graph(boxes=tuple(boxes), links=tuple(sheet.links[container]), bands=bands)


# Pools and lanes


def _pools(sheet: Sheet, model: Model, collaboration: Collaboration | None) -> dict[str, int]:
    """Fills pools and bands; the band of each lane, and the first of each process."""
    processes = {process.id: process for process in model.processes}
    shown: set[str] = set()
    band_of: dict[str, int] = {}
    participants = [] if collaboration is None else list(collaboration.participants)
    if collaboration is not None and collaboration.type == "choreography":
        participants = []
    for participant in participants:
        process = processes.get(participant.process or "")
        if process is not None and (process.id in shown or _is_empty(process)):
            process = None
        if process is not None:
            shown.add(process.id)
        _add_pool(sheet, band_of, participant, process)
    for process in model.processes:
        if process.id not in shown and not _is_empty(process):
            _add_pool(sheet, band_of, None, process)
    if not sheet.bands or all(band.is_closed for band in sheet.bands):
        sheet.bands.append(Band())
        sheet.pools.append(Pool(participant=None, process=None))
    return band_of


def _is_empty(process: Process) -> bool:
    return not (process.nodes or process.data or process.artifacts or process.lanes)


def _add_pool(
    sheet: Sheet,
    band_of: dict[str, int],
    participant: Participant | None,
    process: Process | None,
) -> None:
    parents = set() if process is None else {lane.parent for lane in process.lanes}
    lanes = () if process is None else tuple(x for x in process.lanes if x.id not in parents)
    sheet.pools.append(Pool(participant=participant, process=process, lanes=lanes))
    first = len(sheet.bands)
    if process is None:
        assert participant is not None  # a pool is one or the other
        sheet.bands.append(Band(id=participant.id, is_closed=True, begins_pool=True))
        return
    band_of[process.id] = first
    for number, lane in enumerate(lanes):
        band_of[lane.id] = len(sheet.bands)
        sheet.bands.append(Band(id=lane.id, begins_pool=not number))
    if not lanes:
        sheet.bands.append(Band(id=process.id, begins_pool=True))


def _lanes_of(
    nodes: tuple[FlowNode, ...],
    lanes: tuple[Lane, ...],
    band_of: Mapping[str, int],
    first: int,
) -> dict[str, int]:
    """The band of every node: of its lane, else of its host or predecessor, else the first."""
    parents = {lane.id: lane.parent for lane in lanes}
    leaves = {lane.id for lane in lanes} - set(parents.values())
    inner = {lane: next((x for x in _below(lane, lanes) if x in leaves), lane) for lane in parents}
    found = {
        node.id: band_of.get(inner.get(node.lane, node.lane), first)
        for node in nodes
        if node.lane is not None
    }
    for node in nodes:
        if node.id not in found:
            found[node.id] = found.get(node.attached_to or "", first)
    return found


def _below(lane: str, lanes: tuple[Lane, ...]) -> Iterator[str]:
    yield lane
    for each in lanes:
        if each.parent == lane:
            yield from _below(each.id, lanes)


# Boxes


def _nodes(
    sheet: Sheet, nodes: tuple[FlowNode, ...], home: dict[str, str], bands: Mapping[str, int]
) -> None:
    filled = {node.container for node in nodes}
    known = {node.id: node.container for node in nodes}
    for node in nodes:
        if node.id in home:
            continue
        home[node.id] = node.container
        band = bands.get(node.id, 0) if not node.container else 0
        has_host = known.get(node.attached_to or "") == node.container
        is_block = node.type in _BLOCKS and node.id in filled
        if is_block:
            sheet.blocks.append(node.id)
        sheet.boxes[node.container].append(
            _box_of(node, band, host=node.attached_to if has_host else None, is_block=is_block)
        )


def _box_of(node: FlowNode, band: int, *, host: str | None, is_block: bool) -> Box:
    names = spoken(node.name)
    kind, size, label = Kind.TASK, task_size(names), None
    if node.type in EVENT_TYPES:
        kind, size = Kind.EVENT, Size(width=EVENT, height=EVENT)
        label = label_size(names)
    elif node.type in GATEWAY_TYPES:
        kind, size = Kind.GATEWAY, Size(width=GATEWAY, height=GATEWAY)
        label = label_size(names, widest=_WIDEST_NAME)
    elif is_block:
        kind = Kind.BLOCK
    elif node.type not in ACTIVITY_TYPES | CHOREOGRAPHY_TYPES:
        kind = Kind.TASK
    return Box(
        id=node.id, kind=kind, width=size.width, height=size.height, band=band, label=label,
        host=host,
    )  # fmt: skip


def _things(sheet: Sheet, parts: Iterable[Part], home: dict[str, str], band: int) -> None:
    for part in parts:
        if part.id in home or not is_drawn(part):
            continue
        container = _container_of(part, sheet)
        home[part.id] = container
        sheet.boxes[container].append(_thing(part, band if not container else 0))


def is_drawn(part: Part) -> bool:
    """Data objects are drawn by their references, the data of a task not at all."""
    if part.type in ("dataObject", "dataStore"):
        return False
    if part.type in ("dataInput", "dataOutput"):
        holder = part.element.getparent()
        owner = None if holder is None else holder.getparent()
        return owner is not None and bpmn_type(owner) == "process"
    return True


def _container_of(part: Part, sheet: Sheet) -> str:
    parent = part.element.getparent()
    while parent is not None and bpmn_type(parent) == "ioSpecification":
        parent = parent.getparent()
    id = "" if parent is None else parent.get("id", "")
    return id if id in sheet.blocks else ""


def _thing(part: Part, band: int) -> Box:
    label = None
    if part.type == "textAnnotation":
        text = part.element.find(bpmn("text"))
        size = label_size(["" if text is None else text_of(text)], widest=_WIDEST_NOTE)
        size = size or Size(width=60, height=14)
        size = Size(width=size.width + 16, height=size.height + 16)
    elif part.type in _REFERENCES:
        is_store = part.type == "dataStoreReference"
        size = Size(width=50 if is_store else 36, height=50)
        label = label_size(spoken(part.name))
    elif part.type == "group":
        size = Size(width=120, height=80)
    else:
        size = Size(width=60, height=52)  # a conversation
        label = label_size(spoken(part.name))
    return Box(
        id=part.id, kind=Kind.THING, width=size.width, height=size.height, band=band, label=label
    )


def spoken(words: Words) -> tuple[str, ...]:
    """The name in every language it is told in."""
    return (words.default, *words.translations.values())


# Links


def _links(model: Model) -> Iterator[Link]:
    seen: set[str] = set()
    for flow in model.flows():
        if flow.id not in seen:
            seen.add(flow.id)
            label = label_size(spoken(flow.name))
            yield Link(id=flow.id, source=flow.source, target=flow.target, label=label)
    for connection in model.connections():
        if connection.id and connection.id not in seen:
            seen.add(connection.id)
            source, target = ends_of(connection)
            is_message = connection.type == "messageFlow"
            yield Link(
                id=connection.id,
                source=source,
                target=target,
                kind=LinkKind.MESSAGE if is_message else LinkKind.ASSOCIATION,
                label=label_size(spoken(connection.name)) if is_message else None,
            )


def ends_of(connection: Connection) -> tuple[str, str]:
    """Data goes from and to the activity that declares the association, not its inputs."""
    parent = connection.element.getparent()
    owner = "" if parent is None else parent.get("id", "")
    if connection.type == "dataInputAssociation":
        return connection.source, owner
    if connection.type == "dataOutputAssociation":
        return owner, connection.target
    return connection.source, connection.target
