"""Escalations that wait for an answer."""

from django.db.models import F, QuerySet

from servoloop.storage.definitions import program_of
from servoloop.storage.models import EscalationRow
from servoloop.storage.queries.cases import EscalationEntry, escalation_entry
from servoloop.storage.queries.viewer import Viewer


def waiting_escalations(viewer: Viewer, *, limit: int = 200) -> tuple[EscalationEntry, ...]:
    """Open ones that now ask one of the viewer's roles, most urgent first. One query."""
    if not viewer.is_colleague:
        return ()
    return _entries(_open().filter(role__in=viewer.roles)[:limit])


def all_open_escalations(viewer: Viewer, *, limit: int = 200) -> tuple[EscalationEntry, ...]:
    """Every open one, for colleagues, most urgent first. One query."""
    return _entries(_open()[:limit]) if viewer.is_colleague else ()


def _open() -> QuerySet[EscalationRow]:
    """One that has run out of levels has no deadline left: it is the most urgent of all."""
    rows = EscalationRow.objects.filter(status="open").select_related("case__definition")
    rows = rows.defer("case__state", "case__definition__xml", "case__definition__library")
    return rows.order_by(F("due_at").asc(nulls_first=True), "case_id", "no")


def _entries(rows: QuerySet[EscalationRow]) -> tuple[EscalationEntry, ...]:
    return tuple(
        escalation_entry(
            row,
            program_of(row.case.definition.key, row.case.definition.version),
            number=row.case.number,
        )
        for row in rows
    )
