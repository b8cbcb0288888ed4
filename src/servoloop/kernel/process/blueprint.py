"""The service blueprint: what happens before the customer's eyes, and what stands behind it.

Layers from top to bottom: evidence, what the customer does, frontstage, backstage, support; between
them the lines of interaction, of visibility and of internal interaction. Derived from the process
file alone: a step's explicit layer wins, otherwise messages to and from other pools, people and
machines decide (after Shostack 1984; Bitner, Ostrom and Morgan 2008).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from servoloop.kernel.feel import tree
from servoloop.kernel.process.blueprint_ranks import Shown, rank, shown_links
from servoloop.kernel.process.iso8601 import BadTime, parse_duration
from servoloop.kernel.process.model import Model
from servoloop.kernel.process.program import Node, Op, Program, TimerKind
from servoloop.kernel.process.step import Layer
from servoloop.kernel.process.words import Words

_CUSTOMER_MESSAGE = "customer."  # what a customer says arrives as customer.reply

_WAITS = (Op.RECEIVE, Op.WAIT)


class Evidence(StrEnum):
    """What the customer can see or keep of a touchpoint."""

    FORM = "form"
    MESSAGE = "message"
    DATA = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibit:
    """One piece of evidence; `name` is empty for an unnamed message or the form."""

    kind: Evidence
    name: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class FailPoint:
    """Where the step may go wrong, and what then."""

    event: str  # id of the boundary event
    name: Words
    kind: Op  # BOUNDARY_ERROR or BOUNDARY_TIMER
    has_recovery: bool  # a step follows before the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One step in the blueprint."""

    id: str
    name: Words
    op: Op
    layer: Layer
    column: int  # from 0, in the direction of time
    role: str | None
    owner: str | None
    standard_time: timedelta | None
    response_time: timedelta | None
    wait: timedelta | None  # of a wait: how long it lasts by standard or by its timer
    is_wait: bool
    exhibits: tuple[Exhibit, ...]
    fails: tuple[FailPoint, ...]


class LinkKind(StrEnum):
    FLOW = "flow"
    BACK = "back"  # to an earlier column
    EXCEPTION = "exception"  # from a boundary event


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    source: str  # cell ids
    target: str
    kind: LinkKind


class Hint(StrEnum):
    """What a blueprint should not have; never bars publication."""

    NO_REPLY = "touchpoint-without-reply"
    NO_EVIDENCE = "frontstage-without-evidence"
    NO_RECOVERY = "fail-point-without-recovery"
    NO_WAITING_TIME = "wait-without-time"


HINTS: Mapping[Hint, Words] = {
    Hint.NO_REPLY: Words(
        default="After {element} nothing is said to the customer any more.",
        translations={"zh": "{element}之后不再有任何答复给客户。"},
    ),
    Hint.NO_EVIDENCE: Words(
        default="{element} happens in front of the customer but leaves nothing to see or keep.",
        translations={"zh": "{element}面向客户，却没有留下任何可见的凭证。"},
    ),
    Hint.NO_RECOVERY: Words(
        default="When {element} fails, the case ends without another step.",
        translations={"zh": "{element}失败后没有补救步骤，工单直接结束。"},
    ),
    Hint.NO_WAITING_TIME: Words(
        default="Nobody knows how long {element} should take.",
        translations={"zh": "{element}应当等多久没有标准。"},
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HintFound:
    hint: Hint
    element: str
    name: Words

    def words(self, language: str) -> str:
        name = self.name.in_language(language) or self.element
        return HINTS[self.hint].in_language(language).format(element=f"“{name}”")


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    name: Words
    columns: int
    cells: tuple[Cell, ...]  # by column, then in the order of the file
    links: tuple[Link, ...]
    hints: tuple[HintFound, ...]

    def in_layer(self, layer: Layer) -> tuple[Cell, ...]:
        return tuple(each for each in self.cells if each.layer is layer)


def draw_blueprint(program: Program, model: Model) -> Blueprint:
    """The blueprint of a compiled process; `model` is its file, for pools and data."""
    outside = _Outside(program, model)
    shown = [node for node in program.nodes if _is_shown(node, program)]
    links = shown_links(program, [node.index for node in shown])
    columns = rank(program, links)
    cells = [_cell(node, program, outside, columns[node.index]) for node in shown]
    cells.sort(key=lambda each: (each.column, program.by_id[each.id]))
    return Blueprint(
        name=program.sheet.name,
        columns=1 + max((each.column for each in cells), default=-1),
        cells=tuple(cells),
        links=tuple(_links(links, program, columns)),
        hints=tuple(_hints(cells, links, program)),
    )


@dataclass(slots=True)
class _Outside:
    """What the file says about other pools: messages over the border, and data."""

    program: Program
    model: Model
    sent: dict[str, list[Words]] = field(default_factory=lambda: defaultdict(list))
    received: dict[str, list[Words]] = field(default_factory=lambda: defaultdict(list))
    data: dict[str, list[Words]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        names = {part.id: part.name for process in self.model.processes for part in process.data}
        for connection in self.model.connections():
            source, target = connection.source, connection.target
            if connection.type == "messageFlow":
                if source in self.program.by_id:
                    self.sent[source].append(connection.name)
                if target in self.program.by_id:
                    self.received[target].append(connection.name)
        for process in self.model.processes:
            for connection in process.connections:
                owner = connection.element.getparent()
                task = "" if owner is None else owner.get("id", "")
                for end in (connection.source, connection.target):
                    if end in names and task in self.program.by_id:
                        self.data[task].append(names[end])

    def touches(self, node: Node) -> bool:
        return node.id in self.sent or node.id in self.received


def _is_shown(node: Node, program: Program) -> bool:
    """Steps and waits; gateways, plain ends and what is inside a called process are not."""
    around = node.scope
    while around >= 0:
        if program.nodes[around].bpmn_type == "callActivity":
            return False
        around = program.nodes[around].scope
    if node.op is Op.START:
        return node.scope == -1
    if node.op is Op.SCOPE:
        return node.bpmn_type == "callActivity"
    return node.op in (Op.HUMAN, Op.SERVICE, Op.SEND, Op.SCRIPT, Op.RULE, *_WAITS, Op.MESSAGE_END)


def _cell(node: Node, program: Program, outside: _Outside, column: int) -> Cell:
    layer = _layer(node, outside)
    is_wait = node.op in _WAITS
    return Cell(
        id=node.id,
        name=node.name if node.name.default or node.name.translations else Words(default=node.id),
        op=node.op,
        layer=layer,
        column=column,
        role=node.step.role if node.op is Op.HUMAN else None,
        owner=node.step.owner,
        standard_time=node.step.standard_time,
        response_time=node.step.response_time,
        wait=(node.step.standard_time or _timer_length(node)) if is_wait else None,
        is_wait=is_wait,
        exhibits=tuple(_exhibits(node, program, outside, layer)),
        fails=tuple(_fails(node, program)),
    )


def _layer(node: Node, outside: _Outside) -> Layer:
    if node.step.layer is not None:
        return node.step.layer
    if node.op is Op.START:
        return Layer.SUPPORT if node.timer is not None else Layer.CUSTOMER
    if node.op is Op.RECEIVE and _is_from_customer(node, outside):
        return Layer.CUSTOMER
    if node.op in (Op.SEND, Op.MESSAGE_END, Op.HUMAN) and outside.touches(node):
        return Layer.FRONTSTAGE
    if node.op is Op.HUMAN:
        return Layer.BACKSTAGE
    return Layer.SUPPORT


def _is_from_customer(node: Node, outside: _Outside) -> bool:
    name = node.message.name if node.message is not None else ""
    is_named = name.startswith(_CUSTOMER_MESSAGE)
    return is_named or node.step.waits_for_customer or node.id in outside.received


def _exhibits(node: Node, program: Program, outside: _Outside, layer: Layer) -> Iterator[Exhibit]:
    """Evidence belongs to what the customer does or sees."""
    if layer not in (Layer.CUSTOMER, Layer.FRONTSTAGE):
        return
    if node.op is Op.START and program.sheet.form:
        yield Exhibit(kind=Evidence.FORM, name=Words())
    elif node.op in (Op.SEND, Op.MESSAGE_END, Op.RECEIVE):
        yield Exhibit(kind=Evidence.MESSAGE, name=Words())
    else:
        for name in (*outside.sent[node.id], *outside.received[node.id]):
            yield Exhibit(kind=Evidence.MESSAGE, name=name)
    for name in outside.data[node.id]:
        yield Exhibit(kind=Evidence.DATA, name=name)


def _fails(node: Node, program: Program) -> Iterator[FailPoint]:
    for index in node.boundary:
        event = program.nodes[index]
        if event.op is Op.BOUNDARY_ERROR or (
            event.op is Op.BOUNDARY_TIMER and event.is_interrupting
        ):
            yield FailPoint(
                event=event.id,
                name=event.name,
                kind=event.op,
                has_recovery=_leads_to_a_step(event, program),
            )


def _leads_to_a_step(event: Node, program: Program) -> bool:
    waiting, seen = [event.index], {event.index}
    while waiting:
        for flow in program.nodes[waiting.pop()].outgoing:
            target = program.nodes[program.flows[flow].target]
            if _is_shown(target, program):
                return True
            if target.index not in seen:
                seen.add(target.index)
                waiting.append(target.index)
    return False


def _timer_length(node: Node) -> timedelta | None:
    """Of a timer written as a literal duration."""
    if node.timer is None or node.timer.kind is not TimerKind.DURATION:
        return None
    syntax = node.timer.expression.syntax
    if not isinstance(syntax, tree.Literal) or not isinstance(syntax.value, str):
        return None
    try:
        return parse_duration(syntax.value)
    except BadTime:
        return None


def _links(shown: Shown, program: Program, columns: Mapping[int, int]) -> Iterator[Link]:
    for (source, target), is_exception in shown.items():
        kind = LinkKind.EXCEPTION if is_exception else LinkKind.FLOW
        if columns[target] <= columns[source]:
            kind = LinkKind.BACK
        yield Link(source=program.nodes[source].id, target=program.nodes[target].id, kind=kind)


def _hints(cells: list[Cell], links: Shown, program: Program) -> Iterator[HintFound]:
    following: dict[int, list[int]] = defaultdict(list)
    for source, target in links:
        following[source].append(target)
    frontstage = {program.by_id[each.id] for each in cells if each.layer is Layer.FRONTSTAGE}
    for cell in cells:
        for hint in _of_cell(cell, following, frontstage, program):
            yield HintFound(hint=hint, element=cell.id, name=cell.name)


def _of_cell(
    cell: Cell, following: Mapping[int, list[int]], frontstage: set[int], program: Program
) -> Iterator[Hint]:
    is_asking = cell.layer is Layer.CUSTOMER and cell.op in (Op.START, Op.RECEIVE)
    if is_asking and not frontstage & _reached(program.by_id[cell.id], following):
        yield Hint.NO_REPLY
    if cell.layer is Layer.FRONTSTAGE and not cell.exhibits:
        yield Hint.NO_EVIDENCE
    if any(not each.has_recovery for each in cell.fails):
        yield Hint.NO_RECOVERY
    if cell.is_wait and cell.wait is None:
        yield Hint.NO_WAITING_TIME


def _reached(start: int, following: Mapping[int, list[int]]) -> set[int]:
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        for each in following.get(waiting.pop(), ()):
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return seen
