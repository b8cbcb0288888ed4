"""The versions of a process: who published them and why, their cases, and what was done since."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from servoloop.kernel.process.words import Words
from servoloop.storage.definitions import words_from_data
from servoloop.storage.draft_models import DefinitionAct
from servoloop.storage.models import Definition
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.viewer import Viewer
from servoloop.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLine:
    id: int
    version: str  # hash
    former: str  # hash of the version published before, "" for the first
    is_current: bool
    published_at: datetime
    retired_at: datetime | None
    author: str
    reason: str
    approved_by: str
    approved_at: datetime | None
    open_cases: int
    closed_cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    version: str
    kind: str  # published, rolled_back or retired
    person: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsPage:
    key: str
    name: Words
    owner: str
    versions: tuple[VersionLine, ...]  # newest first
    acts: tuple[Act, ...]  # newest first

    @property
    def current(self) -> VersionLine | None:
        """None when the process is retired."""
        return next((each for each in self.versions if each.is_current), None)

    @property
    def open_cases(self) -> int:
        return sum(each.open_cases for each in self.versions)


def versions_page(viewer: Viewer, key: str) -> VersionsPage:
    """Colleagues only. Raises NotFound. Three queries."""
    rows = []
    if viewer.is_colleague:
        with connection.cursor() as cursor:
            cursor.execute(statement("process_versions"), {"key": key})
            rows = cursor.fetchall()
    if not rows:
        raise NotFound("process", key)
    newest = Definition.objects.filter(key=key).order_by("-is_current", "-published_at", "-id")
    name, owner = newest.values_list("name", "owner")[0]
    formers = [row[1] for row in rows[1:]] + [""]
    return VersionsPage(
        key=key,
        name=words_from_data(name),
        owner=owner,
        versions=tuple(_line(row, former) for row, former in zip(rows, formers, strict=True)),
        acts=_acts(key),
    )


def _line(row: tuple[object, ...], former: str) -> VersionLine:
    names = (
        *("id", "version", "is_current", "published_at", "retired_at", "author", "reason"),
        *("approved_by", "approved_at", "open_cases", "closed_cases"),
    )
    return VersionLine(former=former, **dict(zip(names, row, strict=True)))  # type: ignore[arg-type]  # the columns of the statement


def _acts(key: str) -> tuple[Act, ...]:
    rows = DefinitionAct.objects.filter(definition__key=key).order_by("-at", "-id")
    return tuple(
        Act(version=version, kind=kind, person=person, at=at, reason=reason)
        for version, kind, person, at, reason in rows.values_list(
            "definition__version", "kind", "person", "at", "reason"
        )
    )
