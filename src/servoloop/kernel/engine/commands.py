"""What can be asked of a case. A command is a wish; only the events it leads to are facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from servoloop.kernel.events.event import SYSTEM, Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Begin a case: on the plain start, or on the one that waits for `message` or is `timer`."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    customer: str = ""
    channel: str = "portal"
    subject: str = ""
    message: str | None = None
    timer: str | None = None  # id of the timer start event that came due
    actor: Actor = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    task: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    task: int
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign:
    """A supervisor gives a task to somebody."""

    task: int
    person: str
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete:
    """Finish a task with the outputs that its step asks for."""

    task: int
    outputs: Mapping[str, Any]
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate:
    task: int
    reason: str
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEscalation:
    """Answer a question; with `assign_to` the task also changes hands."""

    escalation: int
    words: str
    actor: Actor
    assign_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message for the process. The same message_id is taken once."""

    name: str
    key: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    message_id: str = ""
    actor: Actor = SYSTEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """A turn of the conversation. What a customer says also arrives as message 'customer.reply'."""

    text: str
    actor: Actor
    channel: str = "portal"
    is_internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerDue:
    timer: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDone:
    job: int
    outputs: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed:
    """A worker gave up; `error` is a BPMN error code that the process may handle."""

    job: int
    words: str
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident:
    """Mend the variables and try the failed node again."""

    incident: int
    actor: Actor
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    reason: str
    actor: Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen:
    """Begin a closed case again from the start of its process; its clocks begin a new cycle."""

    reason: str
    actor: Actor


Command = (
    Open
    | Claim
    | Release
    | Assign
    | Complete
    | Escalate
    | AnswerEscalation
    | Message
    | Say
    | TimerDue
    | JobDone
    | JobFailed
    | ResolveIncident
    | Cancel
    | Reopen
)
