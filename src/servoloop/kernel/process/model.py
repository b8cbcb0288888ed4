"""What a BPMN file says, as typed values; each keeps the lxml element that it was read from.

A model is a snapshot: after an edit of the document, read it again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from lxml import etree

from servoloop.kernel.process.findings import Finding, quoted
from servoloop.kernel.process.step import NO_STEP, Field, ProcessSheet, Step
from servoloop.kernel.process.words import NO_WORDS, Words


def _types(names: str) -> frozenset[str]:
    return frozenset(names.split())


EVENT_TYPES = _types(
    """startEvent endEvent intermediateCatchEvent intermediateThrowEvent boundaryEvent event
    implicitThrowEvent"""
)
TASK_TYPES = _types(
    """task userTask manualTask serviceTask sendTask receiveTask scriptTask
    businessRuleTask"""
)
SUB_PROCESS_TYPES = frozenset(("subProcess", "transaction", "adHocSubProcess"))
CHOREOGRAPHY_TYPES = frozenset(("choreographyTask", "subChoreography", "callChoreography"))
ACTIVITY_TYPES = TASK_TYPES | SUB_PROCESS_TYPES | {"callActivity"}
GATEWAY_TYPES = _types(
    """exclusiveGateway inclusiveGateway parallelGateway complexGateway
    eventBasedGateway"""
)
FLOW_NODE_TYPES = EVENT_TYPES | ACTIVITY_TYPES | GATEWAY_TYPES | CHOREOGRAPHY_TYPES
DATA_TYPES = _types(
    "dataObject dataObjectReference dataStoreReference dataStore dataInput dataOutput"
)
ARTIFACT_TYPES = frozenset(("group", "textAnnotation"))
CONVERSATION_TYPES = frozenset(("conversation", "subConversation", "callConversation"))
CONNECTION_TYPES = _types(
    """messageFlow association dataInputAssociation dataOutputAssociation
    conversationLink"""
)
DECLARATION_TYPES = _types(
    """message error signal escalation itemDefinition dataStore category interface resource
    correlationProperty partnerEntity partnerRole endPoint globalTask globalUserTask
    globalManualTask globalScriptTask globalBusinessRuleTask globalConversation
    globalChoreographyTask import relationship extension linkEventDefinition
    timerEventDefinition messageEventDefinition signalEventDefinition errorEventDefinition
    escalationEventDefinition conditionalEventDefinition compensateEventDefinition
    cancelEventDefinition terminateEventDefinition"""
)


NO_SHEET = ProcessSheet()


class Loop(StrEnum):
    STANDARD = "loop"
    PARALLEL = "parallel multi-instance"
    SEQUENTIAL = "sequential multi-instance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What every element has; `element` is its place in the document."""

    id: str
    type: str  # local tag name
    element: etree._Element = field(compare=False, repr=False)
    name: Words = NO_WORDS

    @property
    def quoted(self) -> str:
        return quoted(self.id, self.name.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An expression as the file has it, with the language that it claims (a URI or a word)."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefinition(Part):
    """`type` is the local tag name, e.g. 'timerEventDefinition'."""

    reference: str | None = None  # id of the message, signal, error or escalation
    timers: tuple[tuple[str, Text], ...] = ()  # (timeDate | timeDuration | timeCycle, text)
    is_working_time: bool = False
    condition: Text | None = None  # of a conditional event
    correlation_key: Text | None = None
    payload: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignation:
    """A script or rule as written: an expression or a decision, and where its value goes."""

    expression: Text
    variable: str
    decision: str = ""  # name of a decision in the process's model; then there is no expression


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowNode(Part):
    """An event, activity, gateway or choreography activity."""

    container: str = ""  # id of the enclosing sub-process, "" directly in the process
    lane: str | None = None  # id of the innermost lane
    incoming: tuple[str, ...] = ()  # flow ids
    outgoing: tuple[str, ...] = ()  # flow ids, in the order of the file
    default: str | None = None  # flow id
    events: tuple[EventDefinition, ...] = ()
    attached_to: str | None = None
    is_interrupting: bool = True
    is_parallel_multiple: bool = False
    loop: Loop | None = None
    called: str | None = None  # id of the called process
    is_event_sub_process: bool = False
    is_for_compensation: bool = False
    is_instantiating: bool = False
    gateway_type: str = ""  # of an event-based gateway: Exclusive or Parallel
    message: EventDefinition | None = None  # of a send or receive task
    assignation: Assignation | None = None
    fields: tuple[Field, ...] = ()  # the form of a start event
    step: Step = NO_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceFlow(Part):
    source: str
    target: str
    container: str = ""
    condition: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane(Part):
    nodes: tuple[str, ...] = ()
    parent: str | None = None  # enclosing lane
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection(Part):
    """A message flow, association, data association or conversation link."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Process(Part):
    is_executable: bool | None  # None when the file does not say
    nodes: tuple[FlowNode, ...] = ()
    flows: tuple[SequenceFlow, ...] = ()
    lanes: tuple[Lane, ...] = ()
    data: tuple[Part, ...] = ()
    artifacts: tuple[Part, ...] = ()
    connections: tuple[Connection, ...] = ()
    sheet: ProcessSheet = NO_SHEET


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant(Part):
    process: str | None = None  # None is a black box


@dataclass(frozen=True, slots=True, kw_only=True)
class Collaboration(Part):
    """`type` is collaboration, globalConversation or choreography."""

    participants: tuple[Participant, ...] = ()
    connections: tuple[Connection, ...] = ()
    conversations: tuple[Part, ...] = ()
    artifacts: tuple[Part, ...] = ()
    nodes: tuple[FlowNode, ...] = ()  # of a choreography
    flows: tuple[SequenceFlow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration(Part):
    """A root element that others refer to: message, error, signal, data store, …"""

    label: str = ""  # the name attribute, or a code where there is one
    code: str = ""  # of an error or escalation
    correlation_key: Text | None = None  # of a message


@dataclass(frozen=True, slots=True, kw_only=True)
class DiagramElement(Part):
    """A shape, edge, plane or label style; `shows` is the id of the element it draws."""

    shows: str
    bounds: tuple[float, float, float, float] | None = None  # x, y, width, height
    waypoints: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Model(Part):
    """The whole file; `type` is 'definitions'."""

    target_namespace: str
    exporter: str
    processes: tuple[Process, ...]
    collaborations: tuple[Collaboration, ...]
    declarations: tuple[Declaration, ...]
    diagram: tuple[DiagramElement, ...]
    findings: tuple[Finding, ...]  # what could not be understood while reading

    def nodes(self) -> Iterator[FlowNode]:
        for process in self.processes:
            yield from process.nodes
        for collaboration in self.collaborations:
            yield from collaboration.nodes

    def flows(self) -> Iterator[SequenceFlow]:
        for process in self.processes:
            yield from process.flows
        for collaboration in self.collaborations:
            yield from collaboration.flows

    def connections(self) -> Iterator[Connection]:
        for process in self.processes:
            yield from process.connections
        for collaboration in self.collaborations:
            yield from collaboration.connections
