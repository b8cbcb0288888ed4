"""Task page: the step's standard, the inputs, the clocks, and what may be done now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from servoloop.kernel.calendars.calendar import ALWAYS, Calendar
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.step import Option, Step
from servoloop.kernel.process.words import Words
from servoloop.storage.definitions import program_of
from servoloop.storage.models import (
    Case,
    ClockRow,
    EscalationRow,
    EventRow,
    Task,
    WorkingCalendar,
)
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.case_page import case_row, waits_for_customer
from servoloop.storage.queries.cases import (
    CONVERSATION,
    CaseSummary,
    ClockEntry,
    EscalationEntry,
    TaskEntry,
    Turn,
    case_summary,
    clock_entry,
    escalation_entry,
    task_entry,
    turn,
)
from servoloop.storage.queries.step_words import step_name, step_of
from servoloop.storage.queries.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    case: CaseSummary
    task: TaskEntry
    name: Words
    step: Step  # SOP, standard time, fields (`inputs`, `outputs`), escalation chain
    variables: Mapping[str, Any]  # of the case; the inputs are read from them
    outcomes: tuple[Option, ...]  # the allowed outcomes; empty when the step declares none
    outcome_field: str  # name of the output that the outcome goes into, "" without outcomes
    clocks: tuple[ClockEntry, ...]  # the step's own, then the case's of this cycle
    escalation: EscalationEntry | None  # the open one of this task
    conversation: tuple[Turn, ...]
    standard_ends_at: datetime | None  # claimed_at + standard time on the step's calendar
    may_claim: bool
    may_release: bool
    may_complete: bool  # the viewer holds it
    may_escalate: bool
    may_answer: bool  # the open escalation is the viewer's to answer


def task_page(viewer: Viewer, case: int, task: int) -> TaskPage:
    """One task. Raises NotFound for anybody but a colleague. Five queries.

    Reads the calendar of the step with a query more while somebody works on the task.
    """
    row = case_row(viewer, case)
    found = Task.objects.filter(case_id=case, no=task).first()
    if found is None:
        raise NotFound("task", f"{task} of case {row.number}")
    program = program_of(row.definition.key, row.definition.version)
    step = step_of(program, found.node)
    asked = EscalationRow.objects.filter(case_id=case, task_no=task, status="open").first()
    is_live = found.ended_at is None
    is_holder = is_live and bool(viewer.person) and found.person == viewer.person
    holds_role = found.role in viewer.roles
    return TaskPage(
        case=case_summary(row, program, waits_for_customer=waits_for_customer(row)),
        task=task_entry(found, program),
        name=step_name(program, found.node),
        step=step,
        variables=row.state["variables"],
        outcomes=step.outcome.options if step.outcome else (),
        outcome_field=step.outcome.name if step.outcome else "",
        clocks=_clocks(row, found, program),
        escalation=None if asked is None else escalation_entry(asked, program, number=row.number),
        conversation=_conversation(case),
        standard_ends_at=_standard_end(found, step, program),
        may_claim=holds_role
        and (found.status == "open" or (is_holder and found.status == "assigned")),
        may_release=is_holder,
        may_complete=is_holder and found.status == "claimed",
        may_escalate=is_live
        and asked is None
        and bool(step.escalation)
        and (is_holder or holds_role),
        may_answer=asked is not None
        and any(level.role in viewer.roles for level in step.escalation[asked.level :]),
    )


def _clocks(row: Case, task: Task, program: Program) -> tuple[ClockEntry, ...]:
    """The step's own first, then those of the case in its present cycle."""
    found = ClockRow.objects.filter(
        Q(task_no=task.no) | Q(task_no=0, cycle=row.state["cycle"]), case_id=row.pk
    )
    return tuple(clock_entry(clock, program) for clock in found.order_by("-task_no", "no"))


def _conversation(case: int) -> tuple[Turn, ...]:
    said = EventRow.objects.filter(case_id=case, kind__in=list(CONVERSATION))
    return tuple(turn(event) for event in said.order_by("seq"))


def _standard_end(task: Task, step: Step, program: Program) -> datetime | None:
    """When the work should be done, counted from the moment it was begun."""
    if task.claimed_at is None or task.ended_at is not None or step.standard_time is None:
        return None
    name = step.calendar or program.sheet.calendar or ""
    kept = WorkingCalendar.objects.filter(name=name).first() if name else None
    calendar = Calendar.from_data(kept.data) if kept else ALWAYS
    return calendar.add(task.claimed_at, step.standard_time)
