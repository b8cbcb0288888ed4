"""The timer start events of the current definitions, and those that have come due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from servoloop.kernel.engine.starts import StartSchedule
from servoloop.storage.models import StartTimer


@dataclass(frozen=True, slots=True, kw_only=True)
class DueStart:
    """One case to open: the process, its timer start event and the moment meant."""

    process: str
    node: str
    due: datetime


def keep_start_timers(definition: int, key: str, *, schedules: Iterable[StartSchedule]) -> None:
    """Set the timers of a version; those of the other versions of its process end."""
    StartTimer.objects.filter(definition__key=key).delete()
    StartTimer.objects.bulk_create(
        StartTimer(
            definition_id=definition,
            node=schedule.node,
            due_at=schedule.due,
            repeats=schedule.repeats,
            every=schedule.every,
        )
        for schedule in schedules
    )


def drop_start_timers(key: str) -> None:
    StartTimer.objects.filter(definition__key=key).delete()


def claim_due_starts(*, at: datetime, limit: int) -> list[DueStart]:
    """Take what is due, in a transaction of the caller's, and set the next time of each.

    A repetition counts from the moment that was due, so it cannot drift. Rows that another worker
    holds are left to it.
    """
    rows = (
        StartTimer.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(due_at__lte=at)
        .select_related("definition")
        .order_by("due_at")[:limit]
    )
    return [_take(row) for row in rows]


def _take(row: StartTimer) -> DueStart:
    taken = DueStart(process=row.definition.key, node=row.node, due=row.due_at)
    if row.repeats:
        row.due_at += row.every
        row.repeats -= row.repeats > 0
        row.save(update_fields=["due_at", "repeats"])
    else:
        row.delete()
    return taken
