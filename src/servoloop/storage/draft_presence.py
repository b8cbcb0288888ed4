"""Who has a draft open for editing now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from servoloop.storage import draft_models as tables

FRESH = timedelta(seconds=45)  # three heartbeats of an editor


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    person: str
    since: datetime


def be_present(draft: int, *, person: str, at: datetime) -> None:
    """One heartbeat; somebody who comes back after a while counts from now. One or two queries."""
    mine = tables.DraftPresence.objects.filter(draft=draft, person=person)
    if mine.filter(seen_at__gt=at - FRESH).update(seen_at=at):
        return
    tables.DraftPresence.objects.update_or_create(
        draft_id=draft, person=person, defaults={"since": at, "seen_at": at}
    )


def leave_draft(draft: int, *, person: str) -> None:
    tables.DraftPresence.objects.filter(draft=draft, person=person).delete()


def editors_of(draft: int, *, at: datetime, besides: str = "") -> tuple[Editing, ...]:
    """Who edits now, first come first, without `besides`. One query."""
    seen = tables.DraftPresence.objects.filter(draft=draft, seen_at__gt=at - FRESH)
    rows = seen.exclude(person=besides).order_by("since", "person")
    return tuple(Editing(person=row.person, since=row.since) for row in rows)
