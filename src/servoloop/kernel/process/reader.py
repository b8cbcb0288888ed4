"""The tree of a process file mapped to the typed model, element by element."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from servoloop.kernel.process.diagram_reader import read_diagram
from servoloop.kernel.process.document import Document
from servoloop.kernel.process.extension import (
    read_flag,
    read_form,
    read_name,
    read_role,
    read_sheet,
)
from servoloop.kernel.process.extension_values import Reading
from servoloop.kernel.process.findings import Finding, finding
from servoloop.kernel.process.model import (
    ARTIFACT_TYPES,
    CONNECTION_TYPES,
    CONVERSATION_TYPES,
    DATA_TYPES,
    DECLARATION_TYPES,
    FLOW_NODE_TYPES,
    Collaboration,
    Connection,
    Declaration,
    EventDefinition,
    FlowNode,
    Lane,
    Model,
    Part,
    Participant,
    Process,
    SequenceFlow,
    Text,
)
from servoloop.kernel.process.namespaces import (
    bpmn,
    bpmn_children,
    bpmn_type,
    text_of,
)
from servoloop.kernel.process.node_details import (
    assignation_of,
    expression_text,
    loop_of,
    maybe_boolean,
    own_text,
    step_of,
    zeebe_element,
)
from servoloop.kernel.process.words import Words

_COLLABORATION_TYPES = ("collaboration", "globalConversation", "choreography")
_TIMERS = ("timeDate", "timeDuration", "timeCycle")
_TASKS_OF_MESSAGES = ("sendTask", "receiveTask")
_REFERENCES = ("messageRef", "signalRef", "errorRef", "escalationRef")


def read_model(document: Document) -> Model:
    """Everything in the file; what cannot be understood is a finding, never an exception."""
    root = document.root
    reader = _Reader(root=root)
    processes = tuple(reader.process(each) for each in root.iterchildren(bpmn("process")))
    collaborations = tuple(
        reader.collaboration(each)
        for kind, each in bpmn_children(root)
        if kind in _COLLABORATION_TYPES
    )
    declarations = tuple(
        reader.declaration(each) for kind, each in bpmn_children(root) if kind in DECLARATION_TYPES
    )
    return Model(
        id=root.get("id", ""),
        type="definitions",
        element=root,
        name=reader.words(root),
        target_namespace=root.get("targetNamespace", ""),
        exporter=root.get("exporter", ""),
        processes=processes,
        collaborations=collaborations,
        declarations=declarations,
        diagram=tuple(read_diagram(root, resolve=reader.reference)),
        findings=(*_duplicates(root), *reader.findings),
    )


def _ids_of(root: etree._Element) -> frozenset[str]:
    return frozenset(id for element in root.iter("*") if (id := element.get("id")))


def _duplicates(root: etree._Element) -> Iterator[Finding]:
    """Ids that several BPMN elements share; foreign elements keep their own books."""
    seen: set[str] = set()
    told: set[str] = set()
    for element in root.iter("*"):
        id = element.get("id")
        if not id or not bpmn_type(element):
            continue
        if id in seen and id not in told:
            told.add(id)
            yield finding("duplicate-id", id=id, parameters={"id": id})
        seen.add(id)


@dataclass(slots=True, kw_only=True)
class _Contents:
    """What one process or choreography holds, sub-processes included."""

    nodes: list[FlowNode] = field(default_factory=list)
    flows: list[SequenceFlow] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    data: list[Part] = field(default_factory=list)
    artifacts: list[Part] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)


class _Reader:
    def __init__(self, *, root: etree._Element) -> None:
        self._root = root
        self._ids = _ids_of(root)
        self._shared_events = {
            child.get("id"): (kind, child)
            for kind, child in bpmn_children(root)
            if kind.endswith("EventDefinition")
        }
        self.findings: list[Finding] = []

    def words(self, element: etree._Element) -> Words:
        return read_name(element, self._reading(element))

    def process(self, element: etree._Element) -> Process:
        contents = self._contents(element)
        name = self.words(element)
        form = next(
            (n.fields for n in contents.nodes if n.type == "startEvent" and not n.container), ()
        )
        return Process(
            id=self._id(element),
            type="process",
            element=element,
            name=name,
            is_executable=maybe_boolean(element.get("isExecutable")),
            nodes=tuple(contents.nodes),
            flows=tuple(contents.flows),
            lanes=tuple(contents.lanes),
            data=tuple(contents.data),
            artifacts=tuple(contents.artifacts),
            connections=tuple(contents.connections),
            sheet=read_sheet(element, name=name, form=form, reading=self._reading(element)),
        )

    def collaboration(self, element: etree._Element) -> Collaboration:
        contents = self._contents(element)
        return Collaboration(
            id=element.get("id", ""),
            type=bpmn_type(element),
            element=element,
            name=self.words(element),
            participants=tuple(map(self._participant, element.iterchildren(bpmn("participant")))),
            connections=tuple(contents.connections),
            conversations=tuple(
                self._part(each)
                for kind, each in bpmn_children(element)
                if kind in CONVERSATION_TYPES
            ),
            artifacts=tuple(contents.artifacts),
            nodes=tuple(contents.nodes),
            flows=tuple(contents.flows),
        )

    def declaration(self, element: etree._Element) -> Declaration:
        subscription = zeebe_element(element, "subscription")
        key = own_text(element, "correlationKey")
        if (
            key is None
            and subscription is not None
            and (text := subscription.get("correlationKey"))
        ):
            key = Text(text=text, language="feel")
        return Declaration(
            id=element.get("id", ""),
            type=bpmn_type(element),
            element=element,
            name=self.words(element),
            label=element.get("name", ""),
            code=element.get("errorCode") or element.get("escalationCode") or "",
            correlation_key=key,
        )

    def _contents(self, element: etree._Element) -> _Contents:
        contents = _Contents()
        self._fill(contents, element, container="")
        lane_of = _innermost(contents.lanes)
        outgoing: dict[str, list[str]] = defaultdict(list)
        incoming: dict[str, list[str]] = defaultdict(list)
        for flow in contents.flows:
            outgoing[flow.source].append(flow.id)
            incoming[flow.target].append(flow.id)
        contents.nodes = [
            replace(
                node,
                lane=lane_of.get(node.id) or lane_of.get(node.container),
                incoming=tuple(incoming[node.id]),
                outgoing=tuple(outgoing[node.id]),
            )
            for node in contents.nodes
        ]
        return contents

    def _fill(self, contents: _Contents, element: etree._Element, *, container: str) -> None:
        for kind, child in bpmn_children(element):
            if kind in FLOW_NODE_TYPES:
                contents.nodes.append(self._node(child, kind, container=container))
                self._fill(contents, child, container=child.get("id", ""))
            elif kind == "sequenceFlow":
                contents.flows.append(self._flow(child, container=container))
            elif kind == "laneSet":
                self._lanes(contents, child, parent=None)
            elif kind in CONNECTION_TYPES:
                contents.connections.append(self._connection(child, kind))
            elif kind in DATA_TYPES:
                contents.data.append(self._part(child))
            elif kind in ARTIFACT_TYPES:
                contents.artifacts.append(self._part(child))
            elif kind == "ioSpecification":
                self._fill(contents, child, container=container)

    def _lanes(self, contents: _Contents, element: etree._Element, *, parent: str | None) -> None:
        for lane in element.iterchildren(bpmn("lane")):
            references = (text_of(each) for each in lane.iterchildren(bpmn("flowNodeRef")))
            contents.lanes.append(
                Lane(
                    id=self._id(lane),
                    type="lane",
                    element=lane,
                    name=self.words(lane),
                    nodes=tuple(filter(None, map(self.reference, references))),
                    parent=parent,
                    role=read_role(lane, self._reading(lane)),
                )
            )
            for inner in lane.iterchildren(bpmn("childLaneSet")):
                self._lanes(contents, inner, parent=lane.get("id", ""))

    def _node(self, element: etree._Element, kind: str, *, container: str) -> FlowNode:
        reading = self._reading(element)
        events = tuple(
            self._event(each, child)
            for each, child in bpmn_children(element)
            if each.endswith("EventDefinition")
        )
        referred = tuple(
            self._referred_event(text_of(each))
            for each in element.iterchildren(bpmn("eventDefinitionRef"))
        )
        return FlowNode(
            id=self._id(element),
            type=kind,
            element=element,
            name=read_name(element, reading),
            container=container,
            default=self.reference(element.get("default")),
            events=(*events, *referred),
            attached_to=self.reference(element.get("attachedToRef")),
            is_interrupting=maybe_boolean(element.get("cancelActivity")) is not False,
            is_parallel_multiple=maybe_boolean(element.get("parallelMultiple")) is True,
            loop=loop_of(element),
            called=self._called(element) if kind == "callActivity" else None,
            is_event_sub_process=maybe_boolean(element.get("triggeredByEvent")) is True,
            is_for_compensation=maybe_boolean(element.get("isForCompensation")) is True,
            is_instantiating=maybe_boolean(element.get("instantiate")) is True,
            gateway_type=element.get("eventGatewayType", ""),
            message=self._event(kind, element) if kind in _TASKS_OF_MESSAGES else None,
            assignation=assignation_of(element, kind),
            fields=read_form(element, reading) if kind == "startEvent" else (),
            step=step_of(element, reading),
        )

    def _event(self, kind: str, element: etree._Element) -> EventDefinition:
        reading = self._reading(element)
        reference = next((element.get(each) for each in _REFERENCES if element.get(each)), None)
        condition = element.find(bpmn("condition"))
        return EventDefinition(
            id=element.get("id", ""),
            type=kind,
            element=element,
            name=Words(default=element.get("name", "")),
            reference=self.reference(reference),
            timers=tuple(
                (each, expression_text(child))
                for each, child in bpmn_children(element)
                if each in _TIMERS
            ),
            is_working_time=read_flag(element, "isWorkingTime", reading),
            condition=None if condition is None else expression_text(condition),
            correlation_key=own_text(element, "correlationKey"),
            payload=own_text(element, "payload"),
        )

    def _referred_event(self, reference: str) -> EventDefinition:
        """An event definition that stands at the root of the file and is shared by name."""
        id = self.reference(reference)
        if id in self._shared_events:
            return self._event(*self._shared_events[id])
        return EventDefinition(
            id=id or "", type="eventDefinition", element=self._root, reference=id
        )

    def _flow(self, element: etree._Element, *, container: str) -> SequenceFlow:
        condition = element.find(bpmn("conditionExpression"))
        return SequenceFlow(
            id=self._id(element),
            type="sequenceFlow",
            element=element,
            name=self.words(element),
            source=self.reference(element.get("sourceRef")) or "",
            target=self.reference(element.get("targetRef")) or "",
            container=container,
            condition=None if condition is None else expression_text(condition),
        )

    def _connection(self, element: etree._Element, kind: str) -> Connection:
        return Connection(
            id=element.get("id", ""),
            type=kind,
            element=element,
            name=self.words(element),
            source=self._end(element, "sourceRef"),
            target=self._end(element, "targetRef"),
        )

    def _end(self, element: etree._Element, name: str) -> str:
        """Flows write their ends as attributes, data associations as child elements."""
        if (value := element.get(name)) is None:
            child = element.find(bpmn(name))
            value = None if child is None else text_of(child)
        return self.reference(value) or ""

    def _participant(self, element: etree._Element) -> Participant:
        return Participant(
            id=self._id(element),
            type="participant",
            element=element,
            name=self.words(element),
            process=self.reference(element.get("processRef")),
        )

    def _part(self, element: etree._Element) -> Part:
        return Part(
            id=element.get("id", ""),
            type=bpmn_type(element),
            element=element,
            name=self.words(element),
        )

    def _called(self, element: etree._Element) -> str | None:
        zeebe = zeebe_element(element, "calledElement")
        found = element.get("calledElement") or (zeebe is not None and zeebe.get("processId"))
        return self.reference(found or None)

    def _id(self, element: etree._Element) -> str:
        id = element.get("id", "")
        if not id:
            name = element.get("name") or f"{bpmn_type(element)} on line {element.sourceline}"
            self.findings.append(finding("no-id", name=name))
        return id

    def reference(self, value: str | None) -> str | None:
        """An id; a qualified name such as 'tns:order' means the id without its prefix."""
        if value is None or value in self._ids:
            return value
        return value.strip().rpartition(":")[2] or None

    def _reading(self, element: etree._Element) -> Reading:
        owner = element
        while not owner.get("id") and (parent := owner.getparent()) is not None:
            owner = parent
        return Reading(id=owner.get("id", ""), name=owner.get("name", ""), findings=self.findings)


def _innermost(lanes: Iterable[Lane]) -> Mapping[str, str]:
    """Node id to lane id; an inner lane comes after its outer one and so wins."""
    return {node: lane.id for lane in lanes for node in lane.nodes}
