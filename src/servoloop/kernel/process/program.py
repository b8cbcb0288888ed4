"""The program: a definition compiled into flat tables that the engine walks by index.

Called processes are inlined as scopes at compile time, so one case is one program and one version.
Inner node ids are then 'call_id/inner_id'.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from servoloop.kernel.decisions.program import DecisionProgram
from servoloop.kernel.feel.expression import Expression
from servoloop.kernel.process.step import NO_STEP, ProcessSheet, Step
from servoloop.kernel.process.words import NO_WORDS, Words


class Op(StrEnum):
    """What the engine does when a token arrives at a node."""

    START = "start"
    END = "end"
    TERMINATE = "terminate"
    ERROR_END = "error_end"
    MESSAGE_END = "message_end"  # a throw that also ends the token
    HUMAN = "human"  # user, manual and plain task: a person does it
    SERVICE = "service"  # service task: a worker does it by topic
    SEND = "send"  # send task and throwing message event: a message leaves, the token goes on
    SCRIPT = "script"  # FEEL expression into a variable
    RULE = "rule"  # business-rule task: FEEL or DMN into a variable
    RECEIVE = "receive"  # receive task and catching message event
    WAIT = "wait"  # catching timer event
    THROW_NONE = "throw_none"  # intermediate none event: a milestone
    EXCLUSIVE = "exclusive"
    PARALLEL = "parallel"
    EVENT_GATEWAY = "event_gateway"
    SCOPE = "scope"  # embedded sub-process or inlined call activity
    BOUNDARY_TIMER = "boundary_timer"
    BOUNDARY_MESSAGE = "boundary_message"
    BOUNDARY_ERROR = "boundary_error"


class TimerKind(StrEnum):
    DATE = "date"
    DURATION = "duration"
    CYCLE = "cycle"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerRule:
    """When a timer event is due.

    The expression yields a moment (DATE), a duration or ISO 8601 duration text (DURATION), or ISO
    8601 repetition text such as 'R3/PT10M' (CYCLE). A literal in the file is a string literal here.
    """

    kind: TimerKind
    expression: Expression
    is_working_time: bool = False  # counted on the process's calendar instead of around the clock


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRule:
    name: str
    key: Expression | None = None  # correlation key, evaluated once when the wait begins
    payload: Expression | None = None  # of a throw


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRule:
    """A script or rule: an expression whose value goes into a variable."""

    expression: Expression
    variable: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRule:
    """A business rule: a decision of the process's decision model into a variable."""

    decision: str  # name in the model
    variable: str
    program: DecisionProgram


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    index: int
    id: str
    source: int  # node index
    target: int  # node index
    name: Words = NO_WORDS
    condition: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    index: int
    id: str
    op: Op
    name: Words = NO_WORDS
    bpmn_type: str = ""  # local tag name, e.g. "userTask"
    scope: int = -1  # index of the enclosing SCOPE node, -1 at the top
    lane: str | None = None  # name of the lane
    incoming: tuple[int, ...] = ()  # flow indices
    outgoing: tuple[int, ...] = ()  # flow indices, in the order of the file
    default: int = -1  # flow index
    step: Step = NO_STEP
    timer: TimerRule | None = None
    message: MessageRule | None = None
    error: str | None = None  # code thrown (ERROR_END) or caught (BOUNDARY_ERROR; None catches all)
    assign: AssignRule | None = None
    decide: DecideRule | None = None
    inner_start: int = -1  # of a SCOPE: the node where its token begins
    boundary: tuple[int, ...] = ()  # boundary events attached to this node
    attached_to: int = -1  # of a boundary event
    is_interrupting: bool = True  # of a boundary event


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One executable process, immutable; `version` is the hash of the canonical XML."""

    key: str  # BPMN process id
    version: str  # sha256 hex
    sheet: ProcessSheet
    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    start: int  # the none (or portal form) start of the top scope, -1 when there is none
    message_starts: Mapping[str, int]  # message name -> start node
    timer_starts: tuple[int, ...]
    by_id: Mapping[str, int]

    def node(self, node_id: str) -> Node:
        return self.nodes[self.by_id[node_id]]
