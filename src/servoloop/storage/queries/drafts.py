"""Drafts as pages show them; for colleagues only."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from servoloop.kernel.process.words import Words
from servoloop.storage import draft_models as tables
from servoloop.storage.definitions import words_from_data
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.viewer import Viewer

LISTED = 200  # discarded and published drafts beyond these are found by their process


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPage:
    """One draft without its text."""

    id: int
    key: str
    name: Words
    rev: int
    author: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    origin: str
    base: int | None  # definition
    base_version: str  # "" when it did not begin as a published version
    closed_at: datetime | None
    closed_as: str  # discarded or published; "" while it is open


def draft_page(viewer: Viewer, id: int) -> DraftPage:
    """Raises NotFound. One query."""
    row = _visible(viewer).filter(pk=id).first()
    if row is None:
        raise NotFound("draft", id)
    return _page(row)


def draft_list(viewer: Viewer, *, key: str | None = None) -> tuple[DraftPage, ...]:
    """The open drafts, last saved first; `key` narrows them to one process. One query."""
    rows = _visible(viewer).filter(closed_at=None)
    if key is not None:
        rows = rows.filter(key=key)
    return tuple(_page(row) for row in rows.order_by("-updated_at", "-id")[:LISTED])


def draft_xml(viewer: Viewer, id: int) -> tuple[str, int]:
    """The text and its revision. Raises NotFound. One query."""
    row = _visible(viewer).filter(pk=id).values_list("xml", "rev").first()
    if row is None:
        raise NotFound("draft", id)
    xml, rev = row
    return str(xml), int(rev)


def _visible(viewer: Viewer) -> QuerySet[tables.Draft]:
    rows = tables.Draft.objects.select_related("base").defer("xml", "base__xml", "base__library")
    return rows if viewer.is_colleague else rows.none()


def _page(row: tables.Draft) -> DraftPage:
    return DraftPage(
        id=row.pk,
        key=row.key,
        name=words_from_data(row.name),
        rev=row.rev,
        author=row.author,
        created_at=row.created_at,
        updated_by=row.updated_by,
        updated_at=row.updated_at,
        origin=row.origin,
        base=row.base_id,
        base_version=row.base.version if row.base is not None else "",
        closed_at=row.closed_at,
        closed_as=row.closed_as,
    )
