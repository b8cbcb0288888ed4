"""THE event: the one record of everything that happens to a case.

Live cases, simulated cases and logs imported from other systems all have this shape, so every
reader (audit trail, clocks, metrics, mining) is written once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType

CaseId = NewType("CaseId", int)


class ActorKind(StrEnum):
    """Who acted: kept apart so that bots and timers never pollute people's figures."""

    PERSON = "person"
    CUSTOMER = "customer"
    BOT = "bot"
    SYSTEM = "system"


class Lifecycle(StrEnum):
    """The XES lifecycle transition of an activity; the analyst's log is read from these."""

    SCHEDULE = "schedule"
    ASSIGN = "assign"
    START = "start"
    SUSPEND = "suspend"
    RESUME = "resume"
    COMPLETE = "complete"
    ABORT = "ate_abort"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    kind: ActorKind
    id: str = ""  # user name of a person, key of a customer, name of a bot; empty for the system


SYSTEM = Actor(kind=ActorKind.SYSTEM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to one case; (case, seq) is unique and seq has no gaps.

    Ordered by seq, not by `at`: two events of one command share a moment.
    """

    case: CaseId
    seq: int  # 1, 2, 3 … within the case
    at: datetime  # aware, UTC
    kind: str  # a name of the catalogue, e.g. "task.completed"
    activity: str | None = None  # BPMN element id, where the event belongs to a node
    lifecycle: Lifecycle | None = None
    actor: Actor = SYSTEM
    data: Mapping[str, Any] = field(default_factory=dict)  # JSON values only
