"""The shapes in which cases are shown, and how rows become them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from servoloop.kernel.process.program import Program
from servoloop.kernel.process.words import Words
from servoloop.storage.models import (
    Case,
    ClockRow,
    Customer,
    EscalationRow,
    EventRow,
    IncidentRow,
    Task,
)
from servoloop.storage.queries.step_words import process_name, step_name, step_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerCard:
    id: int
    key: str
    name: str
    email: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    id: int
    number: str
    subject: str
    process_key: str
    process: Words
    definition: int  # id; its XML is at `definition_xml`
    version: str
    customer: CustomerCard | None
    channel: str
    status: str  # open, closed or cancelled
    owner: str  # user name of the first-contact owner, "" while there is none
    outcome: str  # id of the end event
    outcome_words: Words
    opened_at: datetime
    closed_at: datetime | None
    waits_for_customer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn of the conversation."""

    seq: int
    at: datetime
    kind: str  # received, sent or noted (internal)
    text: str
    channel: str
    actor_kind: str
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    seq: int
    at: datetime
    kind: str  # of the catalogue
    activity: str | None
    step: Words
    actor_kind: str
    actor: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockEntry:
    no: int
    metric: str  # first_response, resolution or step_response
    cycle: int
    task: int  # 0: of the case
    step: Words
    status: str  # running, paused, met, breached or stopped
    target: timedelta  # working time
    started_at: datetime
    due_at: datetime | None
    remaining: timedelta | None  # working time, while paused
    ended_at: datetime | None
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntry:
    no: int
    node: str
    step: Words
    role: str
    status: str
    person: str
    opened_at: datetime
    due_at: datetime | None
    claimed_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationEntry:
    case: int
    number: str
    no: int
    task: int
    step: Words
    level: int  # 0 is the first
    levels: int  # length of the chain
    role: str  # who is asked now
    reason: str
    raised_by: str  # "" by the clock
    raised_at: datetime
    due_at: datetime | None
    calendar: str  # that the deadline counts on; "": around the clock
    status: str  # open, answered or withdrawn
    answered_by: str
    decision: str
    words: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEntry:
    case: int
    number: str
    no: int
    node: str
    step: Words
    cause: str  # stable code
    words: str
    raised_at: datetime
    status: str  # open, resolved or withdrawn
    resolved_by: str
    ended_at: datetime | None
    process: Words


CONVERSATION = {
    "conversation.received": "received",
    "conversation.sent": "sent",
    "conversation.noted": "noted",
}


def customer_card(row: Customer) -> CustomerCard:
    return CustomerCard(
        id=row.pk,
        key=row.key,
        name=row.name,
        email=row.email,
        phone=row.phone,
        language=row.language,
    )


def case_summary(row: Case, program: Program, *, waits_for_customer: bool) -> CaseSummary:
    """`row` with its definition and customer selected along."""
    return CaseSummary(
        id=row.pk,
        number=row.number,
        subject=row.subject,
        process_key=program.key,
        process=process_name(program),
        definition=row.definition_id,
        version=program.version,
        customer=None if row.customer is None else customer_card(row.customer),
        channel=row.channel,
        status=row.status,
        owner=row.owner,
        outcome=row.outcome,
        outcome_words=step_name(program, row.outcome),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        waits_for_customer=waits_for_customer,
    )


def turn(row: EventRow) -> Turn:
    return Turn(
        seq=row.seq,
        at=row.at,
        kind=CONVERSATION[row.kind],
        text=row.data["text"],
        channel=row.data.get("channel", ""),
        actor_kind=row.actor_kind,
        actor=row.actor,
    )


def timeline_entry(row: EventRow, program: Program) -> TimelineEntry:
    return TimelineEntry(
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        activity=row.activity,
        step=step_name(program, row.activity),
        actor_kind=row.actor_kind,
        actor=row.actor,
        data=row.data,
    )


def clock_entry(row: ClockRow, program: Program) -> ClockEntry:
    remaining = row.remaining_seconds
    return ClockEntry(
        no=row.no,
        metric=row.metric,
        cycle=row.cycle,
        task=row.task_no,
        step=step_name(program, row.node),
        status=row.status,
        target=timedelta(seconds=row.target_seconds),
        started_at=row.started_at,
        due_at=row.due_at,
        remaining=None if remaining is None else timedelta(seconds=remaining),
        ended_at=row.ended_at,
        calendar=row.calendar,
    )


def task_entry(row: Task, program: Program) -> TaskEntry:
    return TaskEntry(
        no=row.no,
        node=row.node,
        step=step_name(program, row.node),
        role=row.role,
        status=row.status,
        person=row.person,
        opened_at=row.opened_at,
        due_at=row.due_at,
        claimed_at=row.claimed_at,
        ended_at=row.ended_at,
    )


def escalation_entry(row: EscalationRow, program: Program, *, number: str) -> EscalationEntry:
    return EscalationEntry(
        case=row.case_id,
        number=number,
        no=row.no,
        task=row.task_no,
        step=step_name(program, row.node),
        level=row.level,
        levels=len(step_of(program, row.node).escalation),
        role=row.role,
        reason=row.reason,
        raised_by=row.raised_by,
        raised_at=row.raised_at,
        due_at=row.due_at,
        calendar=step_of(program, row.node).calendar or program.sheet.calendar or "",
        status=row.status,
        answered_by=row.answered_by,
        decision=row.decision,
        words=row.words,
        ended_at=row.ended_at,
    )


def incident_entry(row: IncidentRow, program: Program, *, number: str) -> IncidentEntry:
    return IncidentEntry(
        case=row.case_id,
        number=number,
        no=row.no,
        node=row.node,
        step=step_name(program, row.node),
        cause=row.cause,
        words=row.words,
        raised_at=row.raised_at,
        status=row.status,
        resolved_by=row.resolved_by,
        ended_at=row.ended_at,
        process=process_name(program),
    )
