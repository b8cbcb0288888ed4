"""The state of a case: what the fold of its events remembers.

`State` is a value: `decide` and `evolve` never change the one they are given. Inside one decision a
private copy is changed in place, which is what makes the engine fast.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from servoloop.kernel.events.event import CaseId
from servoloop.kernel.service_levels.clock import Clock


class CaseStatus(StrEnum):
    NEW = "new"  # no event yet
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class TaskStatus(StrEnum):
    OPEN = "open"  # in the queue of its role
    ASSIGNED = "assigned"  # given to a person who has not begun
    CLAIMED = "claimed"  # a person works on it


class TimerPurpose(StrEnum):
    """Why a timer was armed; `subject` is the id of the thing meant here."""

    WAIT = "wait"  # token at a catching timer event (or one armed by an event-based gateway)
    BOUNDARY = "boundary"  # token of the activity that carries the boundary event
    CLOCK = "clock"  # clock
    ESCALATION = "escalation"  # escalation


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    id: int
    node: str
    flow: str = ""  # sequence flow it came by; a parallel join waits for one token of each
    parent: int = 0  # token of the enclosing scope, 0 at the top
    is_done: bool = False  # the node's own work is done; only the way out is left


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    id: int
    token: int
    node: str
    role: str
    status: TaskStatus
    person: str
    opened_at: datetime
    claimed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    id: int
    token: int
    node: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmedTimer:
    id: int
    node: str
    purpose: TimerPurpose
    subject: int
    due: datetime
    repeats: int  # further firings of a cycle; -1 without end
    every: timedelta  # between the firings of a cycle


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    id: int
    token: int
    node: str
    name: str
    key: str
    is_customer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    id: int
    task: int
    node: str
    level: int  # index into the step's chain
    role: str
    raised_at: datetime
    due: datetime | None  # None on the last level once its deadline has passed
    reason: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    id: int
    token: int
    node: str
    cause: str  # stable code: "condition", "no_branch", "timer", "script", "job", "error", …
    words: str
    raised_at: datetime


@dataclass(slots=True, kw_only=True)
class State:
    """One case at one moment. Equal to the fold of its events, field by field."""

    case: CaseId
    status: CaseStatus = CaseStatus.NEW
    seq: int = 0  # of the last event
    last_id: int = 0  # tokens, tasks, timers … of a case share one counter
    cycle: int = 1  # 1 + number of reopenings
    process: str = ""
    version: str = ""
    customer: str = ""
    channel: str = ""
    owner: str = ""  # first-contact owner
    outcome: str = ""
    variables: dict[str, Any] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    jobs: dict[int, Job] = field(default_factory=dict)
    timers: dict[int, ArmedTimer] = field(default_factory=dict)
    subscriptions: dict[int, Subscription] = field(default_factory=dict)
    escalations: dict[int, Escalation] = field(default_factory=dict)
    incidents: dict[int, Incident] = field(default_factory=dict)
    clocks: dict[int, Clock] = field(default_factory=dict)  # running and paused ones only
    message_ids: tuple[str, ...] = ()  # taken so far, for de-duplication

    def copy(self) -> "State":
        """A copy whose containers may be changed; the records inside are immutable.

        Written out, because every decision begins with it: dataclasses.replace() takes four times
        as long.
        """
        return State(
            case=self.case,
            status=self.status,
            seq=self.seq,
            last_id=self.last_id,
            cycle=self.cycle,
            process=self.process,
            version=self.version,
            customer=self.customer,
            channel=self.channel,
            owner=self.owner,
            outcome=self.outcome,
            variables=self.variables,  # replaced as a whole, never changed in place
            tokens=self.tokens.copy(),
            tasks=self.tasks.copy(),
            jobs=self.jobs.copy(),
            timers=self.timers.copy(),
            subscriptions=self.subscriptions.copy(),
            escalations=self.escalations.copy(),
            incidents=self.incidents.copy(),
            clocks=self.clocks.copy(),
            message_ids=self.message_ids,
        )
