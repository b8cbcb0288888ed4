"""Publications that wait for the owner of a process to say yes or no."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.words import Words
from servoloop.storage import draft_models as tables
from servoloop.storage.definitions import words_from_data, words_to_data
from servoloop.storage.not_found import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A draft's text as it was handed over; what is drawn afterwards is not in it."""

    id: int
    draft: int
    rev: int
    key: str
    name: Words
    xml: str
    owner: str  # who decides
    requested_by: str
    requested_at: datetime
    reason: str
    status: str  # waiting, approved, declined or withdrawn
    decided_by: str
    decided_at: datetime | None
    words: str  # why it was declined


class AlreadyAsked(ServoloopError):
    """The draft waits for approval already."""


class AlreadyDecided(ServoloopError):
    """Somebody has decided, or the request was withdrawn."""


def add_request(
    *,
    draft: int,
    rev: int,
    key: str,
    name: Words,
    xml: str,
    owner: str,
    person: str,
    at: datetime,
    reason: str,
) -> Request:
    """Raises AlreadyAsked: a draft waits for one answer at a time."""
    try:
        with transaction.atomic():
            row = tables.PublicationRequest.objects.create(
                draft_id=draft,
                rev=rev,
                key=key,
                name=words_to_data(name),
                xml=xml,
                owner=owner,
                requested_by=person,
                requested_at=at,
                reason=reason,
            )
    except IntegrityError:
        raise AlreadyAsked(f"Draft {draft} waits for approval already.") from None
    return _request(row)


def load_request(id: int) -> Request:
    """Raises NotFound."""
    row = tables.PublicationRequest.objects.filter(pk=id).first()
    if row is None:
        raise NotFound("publication request", id)
    return _request(row)


def decide_request(
    id: int,
    *,
    status: str,
    person: str,
    at: datetime,
    words: str = "",
    definition: int | None = None,
) -> None:
    """Approve, decline or withdraw what still waits. Raises AlreadyDecided."""
    waiting = tables.PublicationRequest.objects.filter(pk=id, status="waiting")
    changed = waiting.update(
        status=status, decided_by=person, decided_at=at, words=words, definition_id=definition
    )
    if not changed:
        raise AlreadyDecided(f"Publication request {id} does not wait any more.")


def requests_of_draft(draft: int) -> tuple[Request, ...]:
    """Newest first. One query."""
    rows = tables.PublicationRequest.objects.filter(draft=draft).order_by("-requested_at", "-id")
    return tuple(_request(row) for row in rows)


def waiting_requests(*, owner: str | None = None) -> tuple[Request, ...]:
    """Oldest first; those that `owner` decides, where one is named. One query."""
    rows = tables.PublicationRequest.objects.filter(status="waiting").defer("xml")
    if owner is not None:
        rows = rows.filter(owner=owner)
    return tuple(_request(row, xml="") for row in rows.order_by("requested_at", "id"))


def _request(row: tables.PublicationRequest, *, xml: str | None = None) -> Request:
    return Request(
        id=row.pk,
        draft=row.draft_id,
        rev=row.rev,
        key=row.key,
        name=words_from_data(row.name),
        xml=row.xml if xml is None else xml,
        owner=row.owner,
        requested_by=row.requested_by,
        requested_at=row.requested_at,
        reason=row.reason,
        status=row.status,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        words=row.words,
    )
