"""Placed elements turned into the rows of a program, with everything that keeps them from running.

The rules of BPMN that concern one element and its neighbours are checked here; what concerns whole
paths is the business of soundness.
"""

from collections import defaultdict
from dataclasses import replace

from servoloop.kernel.process.decision_models import DecisionModels
from servoloop.kernel.process.expressions import ExpressionReader
from servoloop.kernel.process.findings import Finding, finding
from servoloop.kernel.process.model import ACTIVITY_TYPES, Process
from servoloop.kernel.process.operations import described, event_kind, operation_of
from servoloop.kernel.process.placing import PlacedFlow, PlacedNode, Placing
from servoloop.kernel.process.program import (
    AssignRule,
    DecideRule,
    Flow,
    MessageRule,
    Node,
    Op,
    TimerRule,
)
from servoloop.kernel.process.step import Step
from servoloop.kernel.process.words import Words

_CATCHING = frozenset((Op.RECEIVE, Op.WAIT))
_WITH_MESSAGE = frozenset((Op.SEND, Op.RECEIVE, Op.MESSAGE_END, Op.BOUNDARY_MESSAGE))
_SENDING = frozenset((Op.SEND, Op.MESSAGE_END))
_ENDS = frozenset((Op.END, Op.TERMINATE, Op.ERROR_END, Op.MESSAGE_END))
_GATEWAYS = frozenset((Op.EXCLUSIVE, Op.PARALLEL, Op.EVENT_GATEWAY))


class Table:
    """Builds nodes and flows; `findings` grows as it goes."""

    def __init__(self, placing: Placing) -> None:
        self.findings: list[Finding] = []
        self._decisions = DecisionModels()
        self._placing = placing
        self._incoming: dict[int, list[PlacedFlow]] = defaultdict(list)
        self._outgoing: dict[int, list[PlacedFlow]] = defaultdict(list)
        for flow in placing.flows:
            self._outgoing[flow.source].append(flow)
            self._incoming[flow.target].append(flow)
        self._attached: dict[int, list[int]] = defaultdict(list)
        self._starts: dict[int, list[PlacedNode]] = defaultdict(list)
        for placed in placing.nodes:
            if placed.node.type == "startEvent":
                self._starts[placed.scope].append(placed)
            if placed.node.type == "boundaryEvent":
                self._attached[self._host(placed)].append(placed.index)
        self._scopes = {placed.scope for placed in placing.nodes}
        self._operations = [self._operation(placed) for placed in placing.nodes]

    def nodes(self) -> tuple[Node, ...]:
        nodes = tuple(self._node(placed) for placed in self._placing.nodes)
        self.findings += self._decisions.findings
        return nodes

    def flows(self) -> tuple[Flow, ...]:
        return tuple(self._flow(placed) for placed in self._placing.flows)

    def check_start(self, process: Process) -> None:
        """There is a way to begin, and only one plain one."""
        starts = self._starts[-1]
        plain = [each for each in starts if not each.node.events]
        if not starts:
            self._add("no-start", id=process.id, name=process.name)
        if len(plain) > 1:
            self._add("several-starts", id=process.id, name=process.name, count=str(len(plain)))
        messages: set[str] = set()
        for each in starts:
            rule = self._message_of(each) if event_kind(each.node) == "message" else None
            if rule is not None and rule.name in messages:
                self._found("same-message-start", each, message=rule.name)
            elif rule is not None:
                messages.add(rule.name)

    def _operation(self, placed: PlacedNode) -> Op | None:
        found = operation_of(placed.node)
        if isinstance(found, Op):
            return found
        self._found("not-executable", placed, what=found)
        return None

    def _node(self, placed: PlacedNode) -> Node:
        """One row; an element without an operation gets a row that is never used."""
        node, op = placed.node, self._operations[placed.index]
        self._check_neighbours(placed, op)
        return Node(
            index=placed.index,
            id=placed.id,
            op=op or Op.THROW_NONE,
            name=node.name,
            bpmn_type=node.type,
            scope=placed.scope,
            lane=self._lane(placed),
            incoming=tuple(each.index for each in self._incoming[placed.index]),
            outgoing=tuple(each.index for each in self._outgoing[placed.index]),
            default=self._default(placed, op),
            step=self._step(placed, op),
            timer=self._timer(placed, op),
            message=self._message(placed, op),
            error=self._error(placed, op),
            assign=self._assign(placed, op),
            decide=self._decide(placed, op),
            inner_start=self._inner_start(placed) if op is Op.SCOPE else -1,
            boundary=tuple(self._attached[placed.index]),
            attached_to=self._host(placed) if node.type == "boundaryEvent" else -1,
            is_interrupting=node.is_interrupting or op is Op.BOUNDARY_ERROR,
        )

    def _flow(self, placed: PlacedFlow) -> Flow:
        condition = None
        if self._decides(placed):
            text = placed.flow.condition
            if text is not None and text.text:
                condition = self._expressions(placed).expression(text)
            else:
                source = self._placing.nodes[placed.source]
                self._found("no-condition", placed, gateway=source.node.quoted)
        elif placed.flow.condition is not None:
            self._check_useless_condition(placed)
        return Flow(
            index=placed.index,
            id=placed.id,
            source=placed.source,
            target=placed.target,
            name=placed.flow.name,
            condition=condition,
        )

    def _decides(self, placed: PlacedFlow) -> bool:
        """Whether the flow leaves an exclusive split by another way than its default."""
        return (
            self._operations[placed.source] is Op.EXCLUSIVE
            and len(self._outgoing[placed.source]) > 1
            and self._placing.nodes[placed.source].node.default != placed.flow.id
        )

    def _check_useless_condition(self, placed: PlacedFlow) -> None:
        source = self._placing.nodes[placed.source]
        op = self._operations[placed.source]
        if op is None or source.node.default == placed.flow.id:
            return
        rule = "condition-ignored" if op in _GATEWAYS else "conditional-flow"
        self._found(rule, placed, source=source.node.quoted)

    def _check_neighbours(self, placed: PlacedNode, op: Op | None) -> None:
        incoming, outgoing = self._incoming[placed.index], self._outgoing[placed.index]
        if placed.node.type == "boundaryEvent":
            self._check_boundary(placed)
        elif op is Op.START and incoming:
            self._found("start-incoming", placed)
        elif op in _ENDS and outgoing:
            self._found("end-outgoing", placed)
        elif op is Op.EVENT_GATEWAY:
            self._check_event_gateway(placed)
        if op is not None and op not in _GATEWAYS:
            if len(outgoing) > 1 and op not in _ENDS:
                self._found("implicit-split", placed)
            if len(incoming) > 1 and op not in _ENDS:
                self._found("implicit-merge", placed)

    def _check_boundary(self, placed: PlacedNode) -> None:
        host = self._host(placed)
        if host < 0 or self._placing.nodes[host].node.type not in ACTIVITY_TYPES:
            self._found("bad-attachment", placed, host=f"'{placed.node.attached_to or ''}'")
        if self._incoming[placed.index]:
            self._found("boundary-incoming", placed)

    def _check_event_gateway(self, placed: PlacedNode) -> None:
        for flow in self._outgoing[placed.index]:
            target = self._placing.nodes[flow.target]
            is_catch = self._operations[flow.target] in _CATCHING
            if not is_catch or len(self._incoming[flow.target]) > 1:
                self._found("event-gateway-target", placed, target=target.node.quoted)

    def _host(self, placed: PlacedNode) -> int:
        host = self._placing.by_id.get(placed.prefix + (placed.node.attached_to or ""), -1)
        return host if host >= 0 and self._placing.nodes[host].scope == placed.scope else -1

    def _default(self, placed: PlacedNode, op: Op | None) -> int:
        if placed.node.default is None:
            return -1
        for flow in self._outgoing[placed.index]:
            if flow.flow.id == placed.node.default:
                if op is Op.EXCLUSIVE:
                    return flow.index
                self._found("default-ignored", placed)
                return -1
        self._found(
            "broken-reference", placed, reference=placed.node.default, attribute="default flow"
        )
        return -1

    def _inner_start(self, placed: PlacedNode) -> int:
        plain = [each for each in self._starts[placed.index] if not each.node.events]
        for each in self._starts[placed.index]:
            if each.node.events:
                self._found("misplaced-start", each, what=described(each.node))
        is_unknown_call = placed.node.type == "callActivity" and placed.index not in self._scopes
        if not plain and not is_unknown_call:
            self._found("no-start", placed)
        if len(plain) > 1:
            self._found("several-starts", placed, count=str(len(plain)))
        return plain[0].index if plain else -1

    def _lane(self, placed: PlacedNode) -> str | None:
        lane = placed.home.lanes.get(placed.node.lane or "")
        return None if lane is None else lane.name.default or lane.id

    def _step(self, placed: PlacedNode, op: Op | None) -> Step:
        """The step as declared; a person's step without a role has the role of its lane."""
        step = placed.node.step
        if op is Op.SERVICE and step.topic is None:
            self._found("no-topic", placed)
        lane = placed.home.lanes.get(placed.node.lane or "")
        while op is Op.HUMAN and step.role is None and lane is not None:
            step = replace(step, role=lane.role)
            lane = placed.home.lanes.get(lane.parent or "")
        return step

    def _timer(self, placed: PlacedNode, op: Op | None) -> TimerRule | None:
        if op is None or event_kind(placed.node) != "timer":
            return None
        return self._expressions(placed).timer(placed.node.events[0])

    def _message(self, placed: PlacedNode, op: Op | None) -> MessageRule | None:
        is_start = op is Op.START and event_kind(placed.node) == "message"
        if op not in _WITH_MESSAGE and not is_start:
            return None
        rule = self._message_of(placed)
        if rule is None and not (op in _SENDING and placed.node.step.topic):
            self._found("no-message", placed)
        return rule

    def _message_of(self, placed: PlacedNode) -> MessageRule | None:
        event = placed.node.message or placed.node.events[0]
        if event.reference is None:
            return None
        message = placed.home.declarations.get(event.reference)
        if message is None or message.type != "message":
            self._found("broken-reference", placed, reference=event.reference, attribute="message")
            return None
        expressions = self._expressions(placed)
        return MessageRule(
            name=message.label or message.id,
            key=expressions.optional(event.correlation_key or message.correlation_key),
            payload=expressions.optional(event.payload),
        )

    def _error(self, placed: PlacedNode, op: Op | None) -> str | None:
        if op not in (Op.ERROR_END, Op.BOUNDARY_ERROR):
            return None
        reference = placed.node.events[0].reference
        if reference is None:
            return "" if op is Op.ERROR_END else None
        error = placed.home.declarations.get(reference)
        if error is None or error.type != "error":
            self._found("broken-reference", placed, reference=reference, attribute="error")
            return None
        return error.code or error.label or error.id

    def _assign(self, placed: PlacedNode, op: Op | None) -> AssignRule | None:
        if op not in (Op.SCRIPT, Op.RULE):
            return None
        said = placed.node.assignation
        if said is not None and said.decision:
            return None
        if said is None or not said.expression.text or not said.variable:
            self._found("no-assignment", placed)
            return None
        if said.expression.language and "feel" not in said.expression.language.lower():
            self._found("script-format", placed, format=said.expression.language)
            return None
        expression = self._expressions(placed).expression(said.expression)
        if expression is None:
            return None
        return AssignRule(expression=expression, variable=said.variable)

    def _decide(self, placed: PlacedNode, op: Op | None) -> DecideRule | None:
        said = placed.node.assignation
        if op not in (Op.SCRIPT, Op.RULE) or said is None or not said.decision:
            return None
        if not said.variable:
            self._found("no-assignment", placed)
            return None
        program = self._decisions.of(placed.home.process)
        if program is None or said.decision not in program.names:
            known = ", ".join(program.names) if program else "none"
            self._found("unknown-decision", placed, decision=said.decision, known=known)
            return None
        return DecideRule(decision=said.decision, variable=said.variable, program=program)

    def _expressions(self, placed: PlacedNode | PlacedFlow) -> ExpressionReader:
        part = placed.node if isinstance(placed, PlacedNode) else placed.flow
        return ExpressionReader(id=placed.id, name=part.name.default, findings=self.findings)

    def _found(self, rule: str, placed: PlacedNode | PlacedFlow, **parameters: str) -> None:
        part = placed.node if isinstance(placed, PlacedNode) else placed.flow
        self._add(rule, id=placed.id, name=part.name, **parameters)

    def _add(self, rule: str, *, id: str, name: Words, **parameters: str) -> None:
        self.findings.append(finding(rule, id=id, name=name.default, parameters=parameters))
