"""Case page for colleagues: the matter, the conversation, the timeline, clocks, the diagram."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from servoloop.kernel.process.program import Program
from servoloop.kernel.process.words import Words
from servoloop.storage.definitions import program_of, words_from_data
from servoloop.storage.models import (
    Case,
    ClockRow,
    EscalationRow,
    EventRow,
    IncidentRow,
    Task,
)
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.cases import (
    CONVERSATION,
    CaseSummary,
    ClockEntry,
    EscalationEntry,
    IncidentEntry,
    TaskEntry,
    TimelineEntry,
    Turn,
    case_summary,
    clock_entry,
    escalation_entry,
    incident_entry,
    task_entry,
    timeline_entry,
    turn,
)
from servoloop.storage.queries.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    case: CaseSummary
    conversation: tuple[Turn, ...]
    timeline: tuple[TimelineEntry, ...]  # oldest first
    clocks: tuple[ClockEntry, ...]
    tasks: tuple[TaskEntry, ...]
    escalations: tuple[EscalationEntry, ...]
    incidents: tuple[IncidentEntry, ...]
    active: tuple[str, ...]  # BPMN element ids that hold a token
    passed: tuple[str, ...]  # BPMN element ids that were reached, in order, each once
    variables: Mapping[str, Any]
    program: Program


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    id: int
    number: str
    subject: str
    process: Words
    customer: str  # name
    status: str
    owner: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseList:
    rows: tuple[CaseRow, ...]  # newest first
    next: str | None


def case_page(viewer: Viewer, case: int) -> CasePage:
    """Everything of one case. Raises NotFound for anybody but a colleague. Six queries."""
    row = case_row(viewer, case)
    program = program_of(row.definition.key, row.definition.version)
    events = list(EventRow.objects.filter(case_id=case).order_by("seq"))
    return CasePage(
        case=case_summary(row, program, waits_for_customer=waits_for_customer(row)),
        conversation=tuple(turn(event) for event in events if event.kind in CONVERSATION),
        timeline=tuple(timeline_entry(event, program) for event in events),
        clocks=tuple(
            clock_entry(clock, program)
            for clock in ClockRow.objects.filter(case_id=case).order_by("no")
        ),
        tasks=tuple(
            task_entry(task, program) for task in Task.objects.filter(case_id=case).order_by("no")
        ),
        escalations=tuple(
            escalation_entry(each, program, number=row.number)
            for each in EscalationRow.objects.filter(case_id=case).order_by("no")
        ),
        incidents=tuple(
            incident_entry(each, program, number=row.number)
            for each in IncidentRow.objects.filter(case_id=case).order_by("no")
        ),
        active=tuple(dict.fromkeys(token["node"] for token in row.state["tokens"])),
        passed=_passed(events),
        variables=row.state["variables"],
        program=program,
    )


def case_row(viewer: Viewer, case: int) -> Case:
    """The one door to a case for colleagues. Raises NotFound. One query."""
    found = None
    if viewer.is_colleague:
        rows = Case.objects.select_related("definition", "customer")
        found = rows.defer("definition__xml", "definition__library").filter(pk=case).first()
    if found is None:
        raise NotFound("case", case)
    return found


def waits_for_customer(row: Case) -> bool:
    return any(wait["is_customer"] for wait in row.state["subscriptions"])


def _passed(events: Sequence[EventRow]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(event.activity for event in events if event.activity))


def case_list(
    viewer: Viewer,
    *,
    status: str | None = None,
    process: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> CaseList:
    """Cases, newest first; colleagues only (others get an empty list). One query.

    `after` is the `next` of the page before; text that is no such mark begins at the start.
    """
    if not viewer.is_colleague:
        return CaseList(rows=(), next=None)
    rows = Case.objects.order_by("-id")
    if status is not None:
        rows = rows.filter(status=status)
    if process is not None:
        rows = rows.filter(definition__key=process)
    if after is not None and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    columns = rows.values_list(
        "id", "number", "subject", "definition__name", "definition__key", "customer__name",
        "status", "owner", "opened_at", "closed_at",
    )  # fmt: skip
    found = [_list_row(*values) for values in columns[: limit + 1]]
    return CaseList(
        rows=tuple(found[:limit]), next=str(found[limit - 1].id) if len(found) > limit else None
    )


def _list_row(
    id: int,
    number: str,
    subject: str,
    name: Mapping[str, str],
    key: str,
    customer: str | None,
    status: str,
    owner: str,
    opened_at: datetime,
    closed_at: datetime | None,
) -> CaseRow:
    words = words_from_data(name)
    return CaseRow(
        id=id,
        number=number,
        subject=subject,
        process=words if words.in_language("en") else Words(default=key),
        customer=customer or "",
        status=status,
        owner=owner,
        opened_at=opened_at,
        closed_at=closed_at,
    )
