"""What people say about a draft or a version, element by element."""

from dataclasses import dataclass
from datetime import datetime

from servoloop.storage import draft_models as tables
from servoloop.storage.not_found import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    id: int
    draft: int | None
    definition: int | None  # exactly one of the two
    element: str  # BPMN id, "" for the whole
    author: str
    text: str
    at: datetime
    resolved_at: datetime | None
    resolved_by: str


def add_comment(
    *,
    draft: int | None = None,
    definition: int | None = None,
    element: str,
    author: str,
    text: str,
    at: datetime,
) -> Comment:
    """Raises IntegrityError unless it is about exactly one of draft and definition."""
    row = tables.Comment.objects.create(
        draft_id=draft, definition_id=definition, element=element, author=author, text=text, at=at
    )
    return _comment(row)


def resolve_comment(id: int, *, person: str, at: datetime) -> Comment:
    """Mark it as done; one that is done already stays as it is. Raises NotFound."""
    open_ = tables.Comment.objects.filter(pk=id, resolved_at=None)
    open_.update(resolved_at=at, resolved_by=person)
    return load_comment(id)


def reopen_comment(id: int) -> Comment:
    """Raises NotFound."""
    tables.Comment.objects.filter(pk=id).update(resolved_at=None, resolved_by="")
    return load_comment(id)


def load_comment(id: int) -> Comment:
    """Raises NotFound."""
    row = tables.Comment.objects.filter(pk=id).first()
    if row is None:
        raise NotFound("comment", id)
    return _comment(row)


def comments_on(*, draft: int | None = None, definition: int | None = None) -> tuple[Comment, ...]:
    """Oldest first, resolved ones included. One query."""
    about = tables.Comment.objects.filter(draft=draft, definition=definition)
    return tuple(_comment(row) for row in about.order_by("at", "id"))


def _comment(row: tables.Comment) -> Comment:
    return Comment(
        id=row.pk,
        draft=row.draft_id,
        definition=row.definition_id,
        element=row.element,
        author=row.author,
        text=row.text,
        at=row.at,
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
    )
