"""Reading events back: of one case, or of all."""

from collections.abc import Iterator

from servoloop.kernel.events.event import Actor, ActorKind, CaseId, Event, Lifecycle
from servoloop.storage.models import EventRow


def events_of(case: CaseId) -> list[Event]:
    """The log of a case in order; empty for an unknown case. One query."""
    return [_event(row) for row in EventRow.objects.filter(case_id=case).order_by("seq")]


def all_events() -> Iterator[Event]:
    """Every event, case by case in order, streamed."""
    rows = EventRow.objects.order_by("case_id", "seq")
    return (_event(row) for row in rows.iterator(chunk_size=5000))


def _event(row: EventRow) -> Event:
    return Event(
        case=CaseId(row.case_id),
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        activity=row.activity,
        lifecycle=Lifecycle(row.lifecycle) if row.lifecycle else None,
        actor=Actor(kind=ActorKind(row.actor_kind), id=row.actor),
        data=row.data,
    )
