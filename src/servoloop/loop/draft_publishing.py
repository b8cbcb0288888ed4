"""From a draft to a version: through the gate, and past the owner where the process asks for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from django.db import transaction

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.compile import compile
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.readiness.readiness import NotReady, Readiness, assess
from servoloop.kernel.process.readiness.waivers import Waiver, write_waiver
from servoloop.kernel.process.step import Approval
from servoloop.loop import design
from servoloop.loop.drafts import library_of, main_process
from servoloop.storage import drafts
from servoloop.storage import publication_requests as requests
from servoloop.storage.definitions import Published, Signature, current_text
from servoloop.storage.drafts import Draft
from servoloop.storage.publication_requests import Request


class NotYours(ServoloopError):
    """Somebody else decides about this request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Whose word a new version needs besides that of its author."""

    approval: Approval
    owner: str = ""  # who gives it, for Approval.OWNER

    def is_needed_by(self, person: str) -> bool:
        """Whether this person cannot publish alone."""
        match self.approval:
            case Approval.OWNER:
                return self.owner not in ("", person)
            case Approval.SECOND_PERSON:
                return True
            case Approval.NOBODY:
                return False
        assert_never(self.approval)


NOBODY = Consent(approval=Approval.NOBODY)


def publish_draft(
    id: int,
    *,
    rev: int,
    person: str,
    at: datetime,
    reason: str,
    waivers: tuple[Waiver, ...] = (),
) -> Published | Request:
    """Publish a draft through the gate, or ask somebody else for approval.

    Approval is asked for where the current version or the draft itself says so; an owner who
    publishes asks nobody. Raises DraftMoved, DraftClosed, NotFound, NotReady, BadWaiver,
    UnknownElement and AlreadyAsked.
    """
    draft = drafts.open_draft(id, rev=rev)
    document = read_document(draft.xml.encode())
    for waiver in waivers:
        write_waiver(document, waiver)
    readiness = _pass(document, at=at)
    consent = consent_for(draft, document)
    if consent.is_needed_by(person):
        return requests.add_request(
            draft=id,
            rev=rev,
            key=draft.key,
            name=draft.name,
            xml=design.as_text(document),
            owner=consent.owner,
            person=person,
            at=at,
            reason=reason,
        )
    assert readiness.program is not None
    signature = Signature(author=person, reason=reason)
    return _publish(draft, document, rev=rev, at=at, signature=signature)


def approve_request(id: int, *, person: str, at: datetime) -> Published:
    """Publish what was handed over. Raises NotYours, AlreadyDecided and NotReady."""
    request = _to_decide(id, person=person)
    document = read_document(request.xml.encode())
    _pass(document, at=at)
    signature = Signature(
        author=request.requested_by, reason=request.reason, approved_by=person, approved_at=at
    )
    draft = drafts.load_draft(request.draft)
    with transaction.atomic():
        published = _publish(draft, document, rev=request.rev, at=at, signature=signature)
        requests.decide_request(
            id, status="approved", person=person, at=at, definition=published.id
        )
    return published


def decline_request(id: int, *, person: str, at: datetime, words: str) -> None:
    """Leave everything as it is and say why. Raises NotYours and AlreadyDecided."""
    _to_decide(id, person=person)
    requests.decide_request(id, status="declined", person=person, at=at, words=words)


def withdraw_request(id: int, *, person: str, at: datetime) -> None:
    """Take back a request of one's own. Raises NotYours and AlreadyDecided."""
    request = requests.load_request(id)
    if person != request.requested_by:
        raise NotYours(f"Request {id} is {request.requested_by}'s to withdraw.")
    requests.decide_request(id, status="withdrawn", person=person, at=at)


def program_in(xml: str) -> Program | None:
    """The program of a draft; None while it cannot be executed. One query for called processes."""
    document = read_document(xml.encode())
    return compile(document, library=library_of(document)).program


def consent_for(draft: Draft, document: Document | None = None) -> Consent:
    """Whose word publishing needs. One query.

    The current version is asked first: a draft cannot take the question away by itself.
    """
    drawn = document or read_document(draft.xml.encode())
    current = current_text(draft.key) if draft.key else None
    texts = [drawn] if current is None else [read_document(current.encode()), drawn]
    for text in texts:
        process = main_process(read_model(text))
        if process is not None and process.sheet.approval is not Approval.NOBODY:
            is_owners = process.sheet.approval is Approval.OWNER
            owner = (process.sheet.owner or "") if is_owners else ""
            return Consent(approval=process.sheet.approval, owner=owner)
    return NOBODY


def may_decide(request: Request, person: str) -> bool:
    """The owner, where one is named; else anybody but the asker (who may publish at all)."""
    return person == request.owner if request.owner else person != request.requested_by


def _to_decide(id: int, *, person: str) -> Request:
    request = requests.load_request(id)
    if not may_decide(request, person):
        raise NotYours(f"Request {id} is {request.owner or 'a second person'}'s to decide.")
    if request.status != "waiting":
        raise requests.AlreadyDecided(f"Publication request {id} does not wait any more.")
    return request


def _pass(document: Document, *, at: datetime) -> Readiness:
    """The verdict of the gate, which must be yes. Raises NotReady."""
    readiness = assess(
        document, library=library_of(document), organisation=design.organisation(at=at)
    )
    if readiness.program is None or not readiness.is_ready:
        raise NotReady(readiness)
    return readiness


def _publish(
    draft: Draft, document: Document, *, rev: int, at: datetime, signature: Signature
) -> Published:
    """Publish and close the draft; one that was drawn on since stays open, on the new base."""
    library = {key: design.as_text(each).encode() for key, each in library_of(document).items()}
    with transaction.atomic():
        published = design.publish(
            design.as_text(document).encode(), at=at, library=library, signature=signature
        )
        drafts.rebase_draft(draft.id, base=published.id)
        drafts.close_draft(draft.id, closed_as="published", at=at, rev=rev)
    return published
