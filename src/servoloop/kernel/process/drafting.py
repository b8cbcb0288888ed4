"""A process told as plain values, written as a BPMN file with its diagram.

For processes that come from words, not from a drawing: an outline, answers to questions, a list of
steps. What is written can be edited like every other file.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.extension_writing import (
    form_element,
    label_elements,
    sheet_element,
    step_element,
    write_attribute,
    write_text,
)
from servoloop.kernel.process.layout.diagram import draw_diagram
from servoloop.kernel.process.namespaces import (
    BPMN,
    BPMNDI,
    DC,
    DI,
    SERVOLOOP,
    XSI,
    bpmn,
    servoloop,
)
from servoloop.kernel.process.step import NO_STEP, ProcessSheet, Step
from servoloop.kernel.process.words import NO_WORDS, Words

_NAMESPACES = {
    "bpmn": BPMN,
    "bpmndi": BPMNDI,
    "dc": DC,
    "di": DI,
    "xsi": XSI,
    "servoloop": SERVOLOOP,
}
_FEEL = "https://www.omg.org/spec/DMN/20191111/FEEL/"
_WITH_MESSAGE_ATTRIBUTE = ("sendTask", "receiveTask")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftNode:
    """An element of the flow; `type` is its BPMN tag."""

    id: str
    type: str
    name: Words = NO_WORDS
    lane: str = ""  # id
    container: str = ""  # id of the sub-process it stands in
    step: Step = NO_STEP
    attached_to: str = ""  # of a boundary event
    is_interrupting: bool = True
    timer: str = ""  # an ISO 8601 duration or a FEEL expression after '='
    is_working_time: bool = False
    message: str = ""  # name of what is sent or awaited
    payload: str = ""  # FEEL
    assign: tuple[str, str] | None = None  # variable and expression of a rule or script
    error: str = ""  # code


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFlow:
    """A flow without a condition out of a decision is its default."""

    source: str
    target: str
    name: Words = NO_WORDS
    condition: str = ""
    container: str = ""
    twin: int = 0  # tells apart several flows between the same two nodes

    @property
    def id(self) -> str:
        return f"{self.source}__{self.target}" + (f"__{self.twin}" if self.twin else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLane:
    id: str
    name: Words
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A whole process; nodes stand in the order in which they should be read."""

    id: str
    sheet: ProcessSheet
    lanes: tuple[DraftLane, ...]
    nodes: tuple[DraftNode, ...]
    flows: tuple[DraftFlow, ...]
    customer: Words = NO_WORDS  # name of the pool that messages come from and go to, if any do
    namespace: str = "urn:servoloop:draft"


def write_draft(draft: Draft) -> bytes:
    """The BPMN file, laid out. Raises BadEdit for text that XML cannot hold."""
    document = draft_document(draft)
    draw_diagram(document)
    return document.to_bytes()


def draft_document(draft: Draft) -> Document:
    """The process without a diagram. Raises BadEdit for text that XML cannot hold."""
    root = etree.Element(bpmn("definitions"), nsmap=_NAMESPACES, id=f"{draft.id}_definitions")
    root.set("targetNamespace", draft.namespace)
    root.set("expressionLanguage", _FEEL)
    _declare(root, draft)
    if draft.customer != NO_WORDS or draft.lanes:
        _write_collaboration(root, draft)  # editors draw lanes in a pool only
    process = _named(root, "process", draft.id, draft.sheet.name)
    process.set("isExecutable", "true")
    sheet = sheet_element(draft.sheet)
    if sheet is not None:
        _extension(process).append(sheet)
    _document(process, draft.sheet.description.default)
    _write_lanes(process, draft)
    scopes = {"": process}
    for node in draft.nodes:
        scopes[node.id] = _write_node(scopes[node.container], node, draft)
    for flow in draft.flows:
        _write_flow(scopes[flow.container], flow)
    for scope in scopes.values():
        _sort(scope)
    etree.indent(root)
    text = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return read_document(text)


def _declare(root: etree._Element, draft: Draft) -> None:
    for message in dict.fromkeys(node.message for node in draft.nodes if node.message):
        etree.SubElement(root, bpmn("message"), id=_message_id(message), name=message)
    for error in dict.fromkeys(node.error for node in draft.nodes if node.error):
        etree.SubElement(root, bpmn("error"), id=f"error_{error}", name=error, errorCode=error)


def _message_id(message: str) -> str:
    return "message_" + "".join(each if each.isalnum() else "_" for each in message)


def _write_collaboration(root: etree._Element, draft: Draft) -> None:
    collaboration = etree.SubElement(root, bpmn("collaboration"), id="collaboration")
    if draft.customer != NO_WORDS:
        _named(collaboration, "participant", "customer", draft.customer)
    _named(collaboration, "participant", "desk", draft.sheet.name).set("processRef", draft.id)
    for node in draft.nodes if draft.customer != NO_WORDS else ():
        ends = _touchpoint(node, draft)
        if ends is not None:
            flow = etree.SubElement(collaboration, bpmn("messageFlow"))
            flow.set("id", f"message_{ends[0]}__{ends[1]}")
            flow.set("sourceRef", ends[0])
            flow.set("targetRef", ends[1])


def _touchpoint(node: DraftNode, draft: Draft) -> tuple[str, str] | None:
    """From where to where a message passes between the customer and a node, if one does."""
    if node.type == "startEvent" and not node.container and (node.message or draft.sheet.form):
        return "customer", node.id
    if not node.message or node.container:
        return None
    sends = node.type in ("sendTask", "intermediateThrowEvent", "endEvent")
    return (node.id, "customer") if sends else ("customer", node.id)


def _write_lanes(process: etree._Element, draft: Draft) -> None:
    if not draft.lanes:
        return
    lanes = etree.SubElement(process, bpmn("laneSet"), id="lanes")
    for lane in draft.lanes:
        element = _named(lanes, "lane", lane.id, lane.name)
        if lane.role:
            write_attribute(element, servoloop("role"), lane.role)
        for node in draft.nodes:
            if node.lane == lane.id and not node.container:
                etree.SubElement(element, bpmn("flowNodeRef")).text = node.id


def _write_node(scope: etree._Element, node: DraftNode, draft: Draft) -> etree._Element:
    element = _named(scope, node.type, node.id, node.name)
    if node.attached_to:
        element.set("attachedToRef", node.attached_to)
        if not node.is_interrupting:
            element.set("cancelActivity", "false")
    if node.message and node.type in _WITH_MESSAGE_ATTRIBUTE:
        element.set("messageRef", _message_id(node.message))
    if node.payload:
        write_attribute(element, servoloop("payload"), node.payload)
    step = step_element(node.step)
    if step is not None:
        _extension(element).append(step)
    is_first = node.type == "startEvent" and not node.container
    form = form_element(draft.sheet.form) if is_first else None
    if form is not None:
        _extension(element).append(form)
    if node.assign is not None:
        assign = etree.SubElement(_extension(element), servoloop("assign"), variable=node.assign[0])
        write_text(assign, node.assign[1])
    _write_flow_ends(element, node, draft)
    _write_event(element, node)
    return element


def _write_flow_ends(element: etree._Element, node: DraftNode, draft: Draft) -> None:
    out = [flow for flow in draft.flows if flow.source == node.id]
    for flow in draft.flows:
        if flow.target == node.id:
            etree.SubElement(element, bpmn("incoming")).text = flow.id
    for flow in out:
        etree.SubElement(element, bpmn("outgoing")).text = flow.id
    plain = [flow for flow in out if not flow.condition]
    if node.type == "exclusiveGateway" and len(out) > 1 and len(plain) == 1:
        element.set("default", plain[0].id)


def _write_event(element: etree._Element, node: DraftNode) -> None:
    if node.timer:
        timer = etree.SubElement(element, bpmn("timerEventDefinition"), id=f"{node.id}_timer")
        if node.is_working_time:
            timer.set(servoloop("isWorkingTime"), "true")
        duration = etree.SubElement(timer, bpmn("timeDuration"))
        duration.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
        write_text(duration, node.timer)
    elif node.message and node.type not in _WITH_MESSAGE_ATTRIBUTE:
        event = etree.SubElement(element, bpmn("messageEventDefinition"), id=f"{node.id}_message")
        event.set("messageRef", _message_id(node.message))
    elif node.error:
        event = etree.SubElement(element, bpmn("errorEventDefinition"), id=f"{node.id}_error")
        event.set("errorRef", f"error_{node.error}")


def _write_flow(scope: etree._Element, flow: DraftFlow) -> None:
    element = _named(scope, "sequenceFlow", flow.id, flow.name)
    element.set("sourceRef", flow.source)
    element.set("targetRef", flow.target)
    if flow.condition:
        condition = etree.SubElement(element, bpmn("conditionExpression"))
        condition.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
        write_text(condition, flow.condition)


def _named(parent: etree._Element, tag: str, id: str, name: Words) -> etree._Element:
    element = etree.SubElement(parent, bpmn(tag), id=id)
    if name.default:
        write_attribute(element, "name", name.default)
    labels = label_elements(name)
    if labels:
        _extension(element).extend(labels)
    return element


def _extension(element: etree._Element) -> etree._Element:
    found = element.find(bpmn("extensionElements"))
    return etree.SubElement(element, bpmn("extensionElements")) if found is None else found


def _document(process: etree._Element, text: str) -> None:
    if text:
        said = etree.Element(bpmn("documentation"))
        write_text(said, text)
        process.insert(0, said)


def _sort(scope: etree._Element) -> None:
    """Flows stand after all nodes of their scope."""
    flows: Iterable[etree._Element] = scope.findall(bpmn("sequenceFlow"))
    for flow in flows:
        scope.remove(flow)
        scope.append(flow)
