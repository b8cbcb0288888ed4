"""Where the live cases of a version go, wait and run late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from servoloop.storage.queries.viewer import Viewer
from servoloop.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class StepHeat:
    """One human step over the cases of the period; spans are around the clock."""

    tasks: int
    p90_wait: timedelta  # until somebody takes it
    median_work: timedelta | None  # from then to the end; None before anybody took one
    mean_wait: timedelta
    mean_work: timedelta | None
    late: float | None  # 0..1: not done within its response time; None without one
    escalated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    cases: int
    passes: Mapping[str, int]  # of elements and flows by BPMN id; inner ones are 'call/inner'
    steps: Mapping[str, StepHeat]


def heat(viewer: Viewer, definition: int, *, since: datetime, at: datetime) -> Heat:
    """Over the cases opened at or after `since`; colleagues only. Three queries."""
    if not viewer.is_colleague:
        return Heat(cases=0, passes={}, steps={})
    period: dict[str, int | datetime] = {"definition": definition, "since": since, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(
            'SELECT count(*) FROM "case" WHERE definition_id = %(definition)s '
            "AND opened_at >= %(since)s",
            period,
        )
        (cases,) = cursor.fetchone()
        cursor.execute(statement("heat_passes"), period)
        passes = dict(cursor.fetchall())
        cursor.execute(statement("heat_tasks"), period)
        steps = {row[0]: _step(*row[1:]) for row in cursor.fetchall()}
    return Heat(cases=cases, passes=passes, steps=steps)


def _step(
    tasks: int,
    wait: float,
    work: float | None,
    mean_wait: float,
    mean_work: float | None,
    late: float | None,
    escalated: int,
) -> StepHeat:
    return StepHeat(
        tasks=tasks,
        p90_wait=timedelta(seconds=float(wait)),
        median_work=None if work is None else timedelta(seconds=float(work)),
        mean_wait=timedelta(seconds=float(mean_wait)),
        mean_work=None if mean_work is None else timedelta(seconds=float(mean_work)),
        late=None if late is None else float(late),
        escalated=escalated,
    )
