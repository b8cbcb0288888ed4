"""Keeping drafts: every save names the one that it follows, so nobody overwrites anybody."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.words import Words
from servoloop.storage import draft_models as tables
from servoloop.storage.definitions import words_from_data, words_to_data
from servoloop.storage.not_found import NotFound

TEXTS_KEPT = 50  # former texts of a draft; a copy that is older is grafted onto the present one


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    id: int
    key: str  # id of the process in it; "" while there is none
    name: Words
    xml: str
    base: int | None  # definition that it began as
    rev: int
    author: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    origin: str
    closed_at: datetime | None
    closed_as: str  # discarded or published


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftText:
    """What is written by a save."""

    xml: str
    key: str
    name: Words


class DraftMoved(ServoloopError):
    """Somebody else has saved in between; `draft` is how it stands now."""

    def __init__(self, draft: Draft, *, rev: int) -> None:
        self.draft = draft
        super().__init__(
            f"Draft {draft.id} was saved by {draft.updated_by} at {draft.updated_at:%H:%M} as"
            f" revision {draft.rev}; this change was made to revision {rev}."
        )


class DraftClosed(ServoloopError):
    """The draft was published or discarded."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        super().__init__(
            f"Draft {draft.id} was {draft.closed_as}; reopen it or keep your text as a new draft."
        )


def add_draft(
    text: DraftText, *, person: str, at: datetime, origin: str, base: int | None = None
) -> Draft:
    row = tables.Draft.objects.create(
        key=text.key,
        name=words_to_data(text.name),
        xml=text.xml,
        base_id=base,
        author=person,
        created_at=at,
        updated_by=person,
        updated_at=at,
        origin=origin,
    )
    return _draft(row)


def load_draft(id: int) -> Draft:
    """Raises NotFound. One query."""
    row = tables.Draft.objects.filter(pk=id).first()
    if row is None:
        raise NotFound("draft", id)
    return _draft(row)


def open_draft(id: int, *, rev: int) -> Draft:
    """The draft as it was loaded. Raises NotFound, DraftClosed and DraftMoved. One query."""
    return _as_loaded(load_draft(id), rev=rev)


def replace_text(id: int, text: DraftText, *, rev: int, person: str, at: datetime) -> Draft:
    """Write the next revision; the former text is kept. Raises as `open_draft`."""
    with transaction.atomic():
        row = tables.Draft.objects.select_for_update().filter(pk=id).first()
        if row is None:
            raise NotFound("draft", id)
        _as_loaded(_draft(row), rev=rev)
        tables.DraftText.objects.create(
            draft=row, rev=row.rev, xml=row.xml, saved_by=row.updated_by, saved_at=row.updated_at
        )
        row.xml, row.key, row.name = text.xml, text.key, words_to_data(text.name)
        row.rev, row.updated_by, row.updated_at = rev + 1, person, at
        row.save()
        row.texts.filter(rev__lte=row.rev - TEXTS_KEPT).delete()
    return _draft(row)


def _as_loaded(draft: Draft, *, rev: int) -> Draft:
    if draft.closed_as:
        raise DraftClosed(draft)
    if draft.rev != rev:
        raise DraftMoved(draft, rev=rev)
    return draft


def text_at(id: int, *, rev: int) -> str | None:
    """What the draft said at a revision; None when that is no longer kept. One or two queries."""
    present = tables.Draft.objects.filter(pk=id, rev=rev).values_list("xml", flat=True).first()
    if present is not None:
        return present
    former = tables.DraftText.objects.filter(draft=id, rev=rev)
    return former.values_list("xml", flat=True).first()


def close_draft(id: int, *, closed_as: str, at: datetime, rev: int | None = None) -> bool:
    """Close it, if it is open (and still at `rev`, where given); whether this call closed it."""
    row = tables.Draft.objects.filter(pk=id, closed_at=None)
    if rev is not None:
        row = row.filter(rev=rev)
    return bool(row.update(closed_at=at, closed_as=closed_as))


def reopen_draft(id: int) -> None:
    """Take back that it was discarded. Raises NotFound when it was not."""
    row = tables.Draft.objects.filter(pk=id, closed_as="discarded")
    if not row.update(closed_at=None, closed_as=""):
        raise NotFound("discarded draft", id)


def rebase_draft(id: int, *, base: int) -> None:
    """What the draft is compared with from now on."""
    tables.Draft.objects.filter(pk=id).update(base=base)


def _draft(row: tables.Draft) -> Draft:
    return Draft(
        id=row.pk,
        key=row.key,
        name=words_from_data(row.name),
        xml=row.xml,
        base=row.base_id,
        rev=row.rev,
        author=row.author,
        created_at=row.created_at,
        updated_by=row.updated_by,
        updated_at=row.updated_at,
        origin=row.origin,
        closed_at=row.closed_at,
        closed_as=row.closed_as,
    )
