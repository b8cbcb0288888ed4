"""How long the steps of a version really wait, and how often they are late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from servoloop.storage.queries.viewer import Viewer
from servoloop.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTimes:
    """One human step over all cases of the version, around the clock."""

    tasks: int
    open_tasks: int
    p90_wait: timedelta  # until somebody takes it
    late: float  # 0..1: ended or still open after its response time


def step_times(viewer: Viewer, definition: int, *, at: datetime) -> Mapping[str, StepTimes]:
    """By BPMN id; colleagues only. One query."""
    if not viewer.is_colleague:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(statement("step_times"), {"definition": definition, "at": at})
        rows = cursor.fetchall()
    return {
        node: StepTimes(
            tasks=tasks,
            open_tasks=open_tasks,
            p90_wait=timedelta(seconds=float(wait)),
            late=float(late or 0),
        )
        for node, tasks, open_tasks, wait, late in rows
    }
