"""The view of one department: its lane cut out of a process, with what comes in and what goes out.

Where a flow crosses the border of the lane, a link event names the department and the step on the
other side; pools that exchange messages with the lane stay. The cut-out is for looking at and
printing: it is laid out anew and not meant to be run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from servoloop.kernel.process.document import Document, ProcessError, read_document
from servoloop.kernel.process.edit import rename
from servoloop.kernel.process.layout.diagram import draw_diagram
from servoloop.kernel.process.model import (
    GATEWAY_TYPES,
    Connection,
    FlowNode,
    Lane,
    Model,
    Participant,
    Process,
    SequenceFlow,
)
from servoloop.kernel.process.namespaces import BPMNDI, bpmn
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.words import NO_WORDS, Words


class UnknownLane(ProcessError):
    """No lane has this id."""

    def __init__(self, lane: str, known: tuple[str, ...]) -> None:
        self.lane = lane
        super().__init__(f"There is no lane '{lane}'. Known: {', '.join(known) or 'none'}.")


class Direction(StrEnum):
    IN = "in"
    OUT = "out"


class Means(StrEnum):
    FLOW = "flow"  # the work itself goes over
    MESSAGE = "message"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interface:
    """One crossing of the department's border."""

    direction: Direction
    means: Means
    flow: str  # BPMN id of the flow
    element: str  # BPMN id in the department
    name: Words
    other: str  # BPMN id on the other side
    other_name: Words  # of the step there; empty for a pool that keeps its inside to itself
    place: Words  # the other department or pool


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    id: str  # of the lane
    name: Words
    document: Document  # the cut-out
    interfaces: tuple[Interface, ...]  # incoming ones first, in the order of the file
    steps: tuple[str, ...]  # BPMN ids, in the order of the file


def lanes_of(document: Document) -> tuple[Lane, ...]:
    """Every lane of the file that holds something, in its order."""
    model = read_model(document)
    return tuple(lane for process in model.processes for lane in process.lanes if lane.nodes)


def cut_out(document: Document, lane: str) -> Department:
    """The department of a lane, lanes inside it included. Raises UnknownLane."""
    copy = read_document(document.to_bytes())
    model = read_model(copy)
    found = [(p, each) for p in model.processes for each in p.lanes if each.id == lane]
    if not found:
        raise UnknownLane(lane, tuple(each.id for p in model.processes for each in p.lanes))
    process, chosen = found[0]
    kept = _nodes_in(process, lane)
    interfaces = tuple(
        sorted(_interfaces(process, model, kept), key=lambda each: each.direction.value)
    )
    _prune(copy, process, model, kept=kept, lane=lane)
    for each in interfaces:
        if each.means is Means.FLOW:
            _add_link(copy, process, each)
    draw_diagram(copy)
    steps = tuple(each.id for each in process.nodes if each.id in kept and not each.container)
    return Department(id=lane, name=chosen.name, document=copy, interfaces=interfaces, steps=steps)


def _nodes_in(process: Process, lane: str) -> frozenset[str]:
    """Every node of the lane: also inside its lanes and sub-processes, and on its borders."""
    inner = {lane}
    for each in process.lanes:  # a lane stands before the lanes inside it
        if each.parent in inner:
            inner.add(each.id)
    kept: set[str] = set()
    for _ in range(2):  # a boundary event may stand before its host
        for node in process.nodes:
            holder = node.attached_to or node.container
            if node.lane in inner or (node.lane is None and holder in kept):
                kept.add(node.id)
    return frozenset(kept)


def _interfaces(process: Process, model: Model, kept: frozenset[str]) -> Iterator[Interface]:
    lanes = {each.id: each for each in process.lanes}
    for flow in process.flows:
        if (flow.source in kept) != (flow.target in kept):
            yield _over_flow(flow, process, lanes, kept, is_in=flow.target in kept)
    everything = {each.id: each for each in model.nodes()}
    pools = {each.id: each for one in model.collaborations for each in one.participants}
    for message in _messages(model):
        if (message.source in kept) != (message.target in kept):
            yield _over_message(message, everything, lanes, pools, is_in=message.target in kept)


def _messages(model: Model) -> Iterator[Connection]:
    for each in model.collaborations:
        yield from (one for one in each.connections if one.type == "messageFlow")


def _over_flow(
    flow: SequenceFlow,
    process: Process,
    lanes: Mapping[str, Lane],
    kept: frozenset[str],
    *,
    is_in: bool,
) -> Interface:
    nodes = {each.id: each for each in process.nodes}
    beyond = frozenset(nodes) - kept
    own, other = (flow.target, flow.source) if is_in else (flow.source, flow.target)
    return Interface(
        direction=Direction.IN if is_in else Direction.OUT,
        means=Means.FLOW,
        flow=flow.id,
        element=own,
        name=_name_along(own, process, within=kept, is_forward=is_in),
        other=other,
        other_name=_name_along(other, process, within=beyond, is_forward=not is_in),
        place=_lane_name(nodes.get(other), lanes),
    )


def _over_message(
    message: Connection,
    nodes: Mapping[str, FlowNode],
    lanes: Mapping[str, Lane],
    pools: Mapping[str, Participant],
    *,
    is_in: bool,
) -> Interface:
    own, other = (message.target, message.source) if is_in else (message.source, message.target)
    pool = pools.get(other)
    return Interface(
        direction=Direction.IN if is_in else Direction.OUT,
        means=Means.MESSAGE,
        flow=message.id,
        element=own,
        name=_name(nodes.get(own)),
        other=other,
        other_name=NO_WORDS if pool is not None else _name(nodes.get(other)),
        place=pool.name if pool is not None else _lane_name(nodes.get(other), lanes),
    )


def _name_along(id: str, process: Process, *, within: frozenset[str], is_forward: bool) -> Words:
    """The name of a node; of a gateway without one, that of what comes behind or before it.

    Empty when only gateways without a name lie `within` that way.
    """
    nodes = {each.id: each for each in process.nodes}
    flows = {each.id: each for each in process.flows}
    seen: set[str] = set()
    here = id
    while here in within and here not in seen:
        node = nodes[here]
        if node.name != NO_WORDS or node.type not in GATEWAY_TYPES:
            return _name(node)
        seen.add(here)
        ways = node.outgoing if is_forward else node.incoming
        if ways:
            here = flows[ways[0]].target if is_forward else flows[ways[0]].source
    return NO_WORDS


def _name(node: FlowNode | None) -> Words:
    if node is None:
        return NO_WORDS
    return node.name if node.name != NO_WORDS else Words(default=node.id)


def _lane_name(node: FlowNode | None, lanes: Mapping[str, Lane]) -> Words:
    lane = lanes.get(node.lane or "") if node is not None else None
    return lane.name if lane is not None else NO_WORDS


def _prune(
    document: Document, process: Process, model: Model, *, kept: frozenset[str], lane: str
) -> None:
    """Take out what does not belong to the department or touch it."""
    pools = {each.id for one in model.collaborations for each in one.participants}
    mine = {
        each.id
        for one in model.collaborations
        for each in one.participants
        if each.process == process.id
    }
    messages = [each for each in _messages(model) if {each.source, each.target} & kept]
    reached = {end for each in messages for end in (each.source, each.target)} & pools
    gone = [each.element for each in process.nodes if each.id not in kept]
    gone += [each.element for each in process.flows if not {each.source, each.target} <= kept]
    gone += [each.element for each in process.lanes if not _is_around(each, lane, process)]
    gone += [each.element for each in (*process.artifacts, *process.data)]
    gone += [each.element for each in process.connections]
    gone += [each.element for each in model.processes if each.id != process.id]
    for one in model.collaborations:
        gone += [each.element for each in one.connections if each not in messages]
        gone += [each.element for each in one.participants if each.id not in reached | mine]
        gone += [each.element for each in one.artifacts]
    gone += document.root.findall(f"{{{BPMNDI}}}BPMNDiagram")
    for element in gone:
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    for reference in list(document.root.iter(bpmn("flowNodeRef"), *map(bpmn, _ENDS))):
        text = (reference.text or "").strip()
        holder = reference.getparent()
        if holder is not None and text not in kept | _flows_left(document):
            holder.remove(reference)


_ENDS = ("incoming", "outgoing")


def _flows_left(document: Document) -> set[str]:
    return {each.get("id", "") for each in document.root.iter(bpmn("sequenceFlow"))}


def _is_around(lane: Lane, id: str, process: Process) -> bool:
    """Whether it is the lane with this id, or one inside it, or one around it."""
    lanes = {each.id: each for each in process.lanes}
    return id in _line(lane, lanes) or lane.id in _line(lanes[id], lanes)


def _line(lane: Lane, lanes: Mapping[str, Lane]) -> Iterator[str]:
    """The lane and those around it."""
    while True:
        yield lane.id
        if lane.parent is None or lane.parent not in lanes:
            return
        lane = lanes[lane.parent]


def _add_link(document: Document, process: Process, crossing: Interface) -> None:
    """An event at the border, and the flow between it and the step inside."""
    root = document.root
    inside = next(each for each in root.iter() if each.get("id") == crossing.element)
    holder = inside.getparent()
    assert holder is not None
    is_in = crossing.direction is Direction.IN
    kind = "intermediateCatchEvent" if is_in else "intermediateThrowEvent"
    link = f"link_{crossing.flow}"
    event = etree.SubElement(holder, bpmn(kind), id=link)
    etree.SubElement(event, bpmn("linkEventDefinition"), id=f"{link}_definition", name=link)
    ends = (link, crossing.element) if is_in else (crossing.element, link)
    etree.SubElement(
        holder,
        bpmn("sequenceFlow"),
        id=crossing.flow,
        sourceRef=ends[0],
        targetRef=ends[1],
    )
    lane = next(
        (
            reference.getparent()
            for reference in root.iter(bpmn("flowNodeRef"))
            if (reference.text or "").strip() == crossing.element
        ),
        None,
    )
    if lane is not None:
        etree.SubElement(lane, bpmn("flowNodeRef")).text = link
    rename(document, link, name=_border_words(crossing))


def _border_words(crossing: Interface) -> Words:
    """As 'from Agents: Answer'."""
    is_in = crossing.direction is Direction.IN
    words = {"en": "from" if is_in else "to", "zh": "来自" if is_in else "转至"}

    def said(language: str) -> str:
        place = crossing.place.in_language(language)
        step = crossing.other_name.in_language(language)
        joint = "：" if language == "zh" else ": "
        blank = "" if language == "zh" else " "
        return f"{words[language]}{blank}{joint.join(each for each in (place, step) if each)}"

    return Words(default=said("en"), translations={"zh-hans": said("zh")})
