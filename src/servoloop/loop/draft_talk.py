"""Working on a draft together: who is there, and what is said about which element."""

from dataclasses import dataclass
from datetime import datetime

from servoloop.kernel.errors import ServoloopError
from servoloop.storage import comments, draft_presence, drafts
from servoloop.storage.comments import Comment
from servoloop.storage.draft_presence import Editing
from servoloop.storage.drafts import Draft
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_exists

LONGEST = 10_000  # characters of a comment


class EmptyComment(ServoloopError):
    """Nothing was said, or too much at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who else edits a draft, and how it stands."""

    draft: Draft
    others: tuple[Editing, ...]


def be_present(draft: int, *, person: str, at: datetime) -> Company:
    """A heartbeat of an editor. Raises NotFound. Three or four queries."""
    found = drafts.load_draft(draft)
    draft_presence.be_present(draft, person=person, at=at)
    return Company(draft=found, others=draft_presence.editors_of(draft, at=at, besides=person))


def company_of(draft: int, *, person: str, at: datetime) -> Company:
    """As `be_present`, for somebody who only reads. Raises NotFound. Two queries."""
    found = drafts.load_draft(draft)
    return Company(draft=found, others=draft_presence.editors_of(draft, at=at, besides=person))


def leave_draft(draft: int, *, person: str) -> None:
    draft_presence.leave_draft(draft, person=person)


def comment_on_draft(draft: int, *, element: str, text: str, person: str, at: datetime) -> Comment:
    """Raises NotFound and EmptyComment."""
    drafts.load_draft(draft)
    return comments.add_comment(
        draft=draft, element=element, author=person, text=_said(text), at=at
    )


def comment_on_version(
    definition: int, *, element: str, text: str, person: str, at: datetime
) -> Comment:
    """Raises NotFound and EmptyComment."""
    if not definition_exists(definition):
        raise NotFound("definition", definition)
    return comments.add_comment(
        definition=definition, element=element, author=person, text=_said(text), at=at
    )


def resolve_comment(id: int, *, person: str, at: datetime) -> Comment:
    """Raises NotFound."""
    return comments.resolve_comment(id, person=person, at=at)


def reopen_comment(id: int) -> Comment:
    """Raises NotFound."""
    return comments.reopen_comment(id)


def _said(text: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise EmptyComment(f"A comment has 1 to {LONGEST} characters; this one has {len(said)}.")
    return said
