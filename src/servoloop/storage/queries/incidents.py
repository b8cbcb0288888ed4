"""Incidents: where a process cannot go on until somebody mends the cause."""

from servoloop.storage.definitions import program_of
from servoloop.storage.models import IncidentRow
from servoloop.storage.queries.cases import IncidentEntry, incident_entry
from servoloop.storage.queries.viewer import Viewer


def open_incidents(viewer: Viewer, *, limit: int = 200) -> tuple[IncidentEntry, ...]:
    """Oldest first; colleagues only. One query."""
    if not viewer.is_colleague:
        return ()
    rows = IncidentRow.objects.filter(status="open").select_related("case__definition")
    rows = rows.defer("case__state", "case__definition__xml", "case__definition__library")
    return tuple(
        incident_entry(
            row,
            program_of(row.case.definition.key, row.case.definition.version),
            number=row.case.number,
        )
        for row in rows.order_by("raised_at", "case_id", "no")[:limit]
    )
