"""The elements that the rules look at, whether the file can be executed yet or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from servoloop.kernel.process.compile import Compiled
from servoloop.kernel.process.findings import Finding
from servoloop.kernel.process.model import FlowNode, Lane, Process
from servoloop.kernel.process.operations import operation_of
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.step import Step
from servoloop.kernel.process.words import Words

WORK = frozenset((Op.HUMAN, Op.SERVICE, Op.SEND, Op.SCRIPT, Op.RULE))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One rule not kept at one place."""

    rule: str
    elements: tuple[str, ...]  # BPMN ids, the one that is named first; empty: the whole file
    name: Words
    parameters: Mapping[str, str | Words] = field(default_factory=dict)
    cause: Finding | None = None  # when the check of the file found it


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An activity or event, with its own role or that of its lane."""

    id: str
    name: Words
    op: Op
    is_task: bool  # an activity that takes time, not an event that only happens
    step: Step
    role: str | None

    @property
    def is_human(self) -> bool:
        return self.op is Op.HUMAN

    def gap(self, rule: str, **parameters: str | Words) -> Gap:
        return Gap(rule=rule, elements=(self.id,), name=self.name, parameters=parameters)


def places_of(compiled: Compiled, program: Program | None) -> tuple[Place, ...]:
    """Of the program when there is one (called processes included), else of what was read."""
    if program is not None:
        return tuple(_placed(node) for node in program.nodes)
    return tuple(place for process in compiled.processes for place in _read(process))


def _placed(node: Node) -> Place:
    return Place(
        id=node.id,
        name=node.name,
        op=node.op,
        is_task=node.op in WORK and node.bpmn_type.lower().endswith("task"),
        step=node.step,
        role=node.step.role,
    )


def _read(process: Process) -> Iterator[Place]:
    lanes = {lane.id: lane for lane in process.lanes}
    for node in process.nodes:
        op = operation_of(node)
        if isinstance(op, Op):
            yield Place(
                id=node.id,
                name=node.name,
                op=op,
                is_task=op in WORK and node.type.lower().endswith("task"),
                step=node.step,
                role=node.step.role or _role_of(node, lanes),
            )


def _role_of(node: FlowNode, lanes: Mapping[str, Lane]) -> str | None:
    """The role of the lane, else of the lane around it."""
    lane = lanes.get(node.lane or "")
    while lane is not None and lane.role is None:
        lane = lanes.get(lane.parent or "")
    return lane.role if lane is not None else None
