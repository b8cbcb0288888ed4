"""Which operation of the engine an element becomes, or what it is that cannot be executed."""

from collections.abc import Mapping

from servoloop.kernel.process.model import (
    CHOREOGRAPHY_TYPES,
    EVENT_TYPES,
    FlowNode,
    Loop,
)
from servoloop.kernel.process.program import Op

_OPERATIONS: Mapping[str, Op] = {
    "task": Op.HUMAN,
    "userTask": Op.HUMAN,
    "manualTask": Op.HUMAN,
    "serviceTask": Op.SERVICE,
    "sendTask": Op.SEND,
    "receiveTask": Op.RECEIVE,
    "scriptTask": Op.SCRIPT,
    "businessRuleTask": Op.RULE,
    "exclusiveGateway": Op.EXCLUSIVE,
    "parallelGateway": Op.PARALLEL,
    "eventBasedGateway": Op.EVENT_GATEWAY,
    "subProcess": Op.SCOPE,
    "callActivity": Op.SCOPE,
}
_EVENTS: Mapping[tuple[str, str], Op] = {
    ("startEvent", ""): Op.START,
    ("startEvent", "message"): Op.START,
    ("startEvent", "timer"): Op.START,
    ("endEvent", ""): Op.END,
    ("endEvent", "terminate"): Op.TERMINATE,
    ("endEvent", "error"): Op.ERROR_END,
    ("endEvent", "message"): Op.MESSAGE_END,
    ("intermediateCatchEvent", "message"): Op.RECEIVE,
    ("intermediateCatchEvent", "timer"): Op.WAIT,
    ("intermediateThrowEvent", ""): Op.THROW_NONE,
    ("intermediateThrowEvent", "message"): Op.SEND,
    ("boundaryEvent", "timer"): Op.BOUNDARY_TIMER,
    ("boundaryEvent", "message"): Op.BOUNDARY_MESSAGE,
    ("boundaryEvent", "error"): Op.BOUNDARY_ERROR,
}
_NOUNS: Mapping[str, str] = {
    "startEvent": "start event",
    "endEvent": "end event",
    "intermediateCatchEvent": "catching event",
    "intermediateThrowEvent": "throwing event",
    "implicitThrowEvent": "implicit throwing event",
    "boundaryEvent": "boundary event",
    "inclusiveGateway": "inclusive gateway",
    "complexGateway": "complex gateway",
    "transaction": "transaction",
    "adHocSubProcess": "ad-hoc sub-process",
    "choreographyTask": "choreography task",
    "subChoreography": "sub-choreography",
    "callChoreography": "call of a choreography",
}


def operation_of(node: FlowNode) -> Op | str:
    """The operation, or in words what the element is when no operation exists for it."""
    if peculiarity := _peculiarity(node):
        return _with_article(peculiarity)
    if node.type in EVENT_TYPES:
        return _event_operation(node)
    return _OPERATIONS.get(node.type) or _with_article(_NOUNS.get(node.type, node.type))


def event_kind(node: FlowNode) -> str:
    """'' for a plain event, else what it waits for or throws: 'timer', 'message', 'signal', …"""
    if len(node.events) > 1:
        return "parallel multiple" if node.is_parallel_multiple else "multiple"
    if not node.events:
        return ""
    kind = node.events[0].type.removesuffix("EventDefinition")
    return {"compensate": "compensation", "event": "unknown"}.get(kind, kind)


def described(node: FlowNode) -> str:
    """What an event is, in words: 'a timer start event'."""
    noun = _NOUNS.get(node.type, node.type)
    return _with_article(f"{event_kind(node)} {noun}".strip())


def _event_operation(node: FlowNode) -> Op | str:
    return _EVENTS.get((node.type, event_kind(node))) or described(node)


def _peculiarity(node: FlowNode) -> str:
    if node.type in CHOREOGRAPHY_TYPES:
        return _NOUNS[node.type]
    if node.is_event_sub_process:
        return "event sub-process"
    if node.is_for_compensation:
        return "compensation activity"
    if node.loop is not None:
        return "loop activity" if node.loop is Loop.STANDARD else f"{node.loop} activity"
    if node.is_instantiating:
        return f"{'receive task' if node.type == 'receiveTask' else 'gateway'} that starts cases"
    if node.gateway_type == "Parallel":
        return "parallel event-based gateway"
    if _wants_several_tokens(node):
        return "activity that takes or gives several tokens"
    return ""


def _wants_several_tokens(node: FlowNode) -> bool:
    quantities = (node.element.get(each, "1") for each in ("startQuantity", "completionQuantity"))
    return any(each.strip() != "1" for each in quantities)


def _with_article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
