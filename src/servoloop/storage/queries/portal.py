"""What a customer may see: services to choose, their own cases, the way of one case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from servoloop.kernel.process.program import Program
from servoloop.kernel.process.step import Field, Layer
from servoloop.kernel.process.words import Words
from servoloop.kernel.service_levels.clock import RESOLUTION
from servoloop.storage.definitions import current_programs, program_of
from servoloop.storage.models import Case, ClockRow, Definition, EventRow
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.case_page import waits_for_customer
from servoloop.storage.queries.cases import Turn, turn
from servoloop.storage.queries.step_words import process_name, step_name, step_of
from servoloop.storage.queries.viewer import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalService:
    """A published process with a form for customers."""

    key: str
    name: Words
    description: Words
    form: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalStep:
    """One activity that customers may know of: what we did or are doing."""

    name: Words
    reached_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalCaseRow:
    id: int
    number: str
    subject: str
    service: Words
    status: str  # PortalStatus value
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalCase:
    id: int
    number: str
    customer_key: str  # who speaks here, as Actor(kind=CUSTOMER, id=…); "" without a customer
    secret: str  # of the link that follows the case without a login
    subject: str
    service: Words
    status: str  # in_progress, waiting_for_you, closed or cancelled
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None  # when the promise to resolve falls due; None while paused or ended
    outcome: Words
    asked: tuple[tuple[Field, Any], ...]  # what the customer filled in when the case was opened
    conversation: tuple[Turn, ...]  # internal notes are not among them
    steps: tuple[PortalStep, ...]
    may_reply: bool


def portal_services() -> tuple[PortalService, ...]:
    """Current definitions with a form for customers, by key. One query."""
    sheets = ((program, program.sheet) for program in current_programs())
    return tuple(_service(each) for each, sheet in sheets if sheet.form and not sheet.is_internal)


def portal_service(key: str) -> PortalService:
    """Raises NotFound. One query."""
    found = Definition.objects.filter(key=key, is_current=True, has_form=True)
    version = found.values_list("version", flat=True).first()
    if version is None:
        raise NotFound("service", key)
    return _service(program_of(key, version))


def _service(program: Program) -> PortalService:
    return PortalService(
        key=program.key,
        name=process_name(program),
        description=program.sheet.description,
        form=program.sheet.form,
    )


def portal_cases(viewer: Viewer, *, limit: int = 50) -> tuple[PortalCaseRow, ...]:
    """The viewer's own cases, newest first; none for anybody who is no customer. One query."""
    if viewer.customer is None:
        return ()
    rows = _cases().filter(customer=viewer.customer).order_by("-id")[:limit]
    return tuple(
        PortalCaseRow(
            id=row.pk,
            number=row.number,
            subject=row.subject,
            service=process_name(_program(row)),
            status=_status(row),
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )
        for row in rows
    )


def portal_case(viewer: Viewer, number: str) -> PortalCase:
    """One of the viewer's own cases. Raises NotFound. Three queries."""
    row = None
    if viewer.customer is not None:
        row = _cases().filter(customer=viewer.customer, number=number).first()
    if row is None:
        raise NotFound("case", number)
    return _portal_case(row)


def portal_case_by_secret(secret: str) -> PortalCase:
    """The case behind a follow-up link, for whoever holds the link. Raises NotFound."""
    row = _cases().filter(secret=secret).first()
    if row is None:
        raise NotFound("case", "behind this link")
    return _portal_case(row)


def _cases() -> QuerySet[Case]:
    rows = Case.objects.select_related("definition")
    return rows.defer("definition__xml", "definition__library")


def _program(row: Case) -> Program:
    return program_of(row.definition.key, row.definition.version)


def _status(row: Case) -> str:
    if row.status != "open":
        return row.status
    return "waiting_for_you" if waits_for_customer(row) else "in_progress"


def _portal_case(row: Case) -> PortalCase:
    program = _program(row)
    events = EventRow.objects.filter(case_id=row.pk, kind__in=[_OPENED, *_HEARD, *_STEP_KINDS])
    told = list(events.order_by("seq"))
    promise = ClockRow.objects.filter(case_id=row.pk, metric=RESOLUTION, status="running")
    return PortalCase(
        id=row.pk,
        number=row.number,
        secret=row.secret,
        customer_key=row.state["customer"],
        subject=row.subject,
        service=process_name(program),
        status=_status(row),
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        due_at=promise.values_list("due_at", flat=True).first(),
        outcome=step_name(program, row.outcome),
        asked=_asked(told, program),
        conversation=tuple(turn(event) for event in told if event.kind in _HEARD),
        steps=_steps([event for event in told if event.kind in _STEP_KINDS], program),
        may_reply=row.status == "open",
    )


_OPENED = "case.opened"
_HEARD = ("conversation.received", "conversation.sent")  # notes stay inside
_STEP_KINDS = ("task.opened", "task.completed", "task.withdrawn")
_INNER_LAYERS = (Layer.BACKSTAGE, Layer.SUPPORT)


def _asked(events: Sequence[EventRow], program: Program) -> tuple[tuple[Field, Any], ...]:
    """The answers given at the opening: what a step changed later is no word of the customer's."""
    given: Mapping[str, Any] = next(
        (each.data["variables"] for each in events if each.kind == _OPENED), {}
    )
    return tuple((each, given[each.name]) for each in program.sheet.form if each.name in given)


def _steps(events: Sequence[EventRow], program: Program) -> tuple[PortalStep, ...]:
    """People's work in front of the line of visibility, in the order in which it began."""
    begun: dict[int, PortalStep] = {}
    for event in events:
        if step_of(program, event.activity).layer in _INNER_LAYERS:
            continue
        number = event.data["task"]
        if event.kind == "task.opened":
            name = step_name(program, event.activity)
            begun[number] = PortalStep(name=name, reached_at=event.at, ended_at=None)
        else:
            begun[number] = replace(begun[number], ended_at=event.at)
    return tuple(begun.values())
