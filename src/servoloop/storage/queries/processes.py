"""Processes: the published definitions, each step's standard, and where their open cases stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.words import Words
from servoloop.storage.definitions import program_of, words_from_data
from servoloop.storage.models import Definition
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.step_words import process_name
from servoloop.storage.queries.viewer import Viewer
from servoloop.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessRow:
    key: str
    name: Words
    owner: str
    version: str
    published_at: datetime
    open_cases: int  # of all versions
    closed_cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    id: int
    version: str
    is_current: bool
    published_at: datetime
    retired_at: datetime | None
    open_cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredProcess:
    key: str
    name: Words
    retired_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessPage:
    key: str
    name: Words
    description: Words
    owner: str
    definition: int
    xml: str
    program: Program
    steps: tuple[Node, ...]  # the activities, in the order of the file
    open_at: Mapping[str, int]  # BPMN element id -> tokens there, in open cases of this version
    versions: tuple[VersionRow, ...]  # newest first

    @property
    def has_departments(self) -> bool:
        return any(node.lane for node in self.program.nodes)


def process_list(viewer: Viewer) -> tuple[ProcessRow, ...]:
    """Current definitions by key; colleagues only. One query."""
    if not viewer.is_colleague:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(statement("process_list"))
        rows = cursor.fetchall()
    return tuple(
        ProcessRow(
            key=key,
            name=process_name(program_of(key, version)),
            owner=owner,
            version=version,
            published_at=published_at,
            open_cases=open_cases,
            closed_cases=closed_cases,
        )
        for key, version, owner, published_at, open_cases, closed_cases in rows
    )


def retired_processes(viewer: Viewer) -> tuple[RetiredProcess, ...]:
    """Processes without a current version, by key; colleagues only. One query."""
    if not viewer.is_colleague:
        return ()
    served = Definition.objects.filter(is_current=True).values("key")
    rows = Definition.objects.exclude(key__in=served).order_by("key", "-published_at", "-id")
    return tuple(
        RetiredProcess(key=row.key, name=words_from_data(row.name), retired_at=row.retired_at)
        for row in rows.distinct("key").only("key", "name", "retired_at")
    )


def process_page(viewer: Viewer, key: str, *, version: str | None = None) -> ProcessPage:
    """One process, in its current version unless another is named. Three queries.

    Raises NotFound; a process without a current version shows its newest one.
    """
    rows = _versions(viewer, key)
    shown = [row for row in rows if row.version == version] if version else rows
    if not shown:
        raise NotFound("process", key if version is None else f"{key} in version {version[:12]}")
    chosen = next((row for row in shown if row.is_current), shown[0])
    program = program_of(key, chosen.version)
    return ProcessPage(
        key=key,
        name=process_name(program),
        description=program.sheet.description,
        owner=program.sheet.owner or "",
        definition=chosen.id,
        xml=definition_xml(viewer, chosen.id),
        program=program,
        steps=tuple(node for node in program.nodes if node.op in _ACTIVITIES),
        open_at=_open_at(chosen.id),
        versions=rows,
    )


_ACTIVITIES = (Op.HUMAN, Op.SERVICE, Op.SEND, Op.SCRIPT, Op.RULE, Op.RECEIVE)


def _versions(viewer: Viewer, key: str) -> tuple[VersionRow, ...]:
    """Newest first."""
    if not viewer.is_colleague:
        return ()
    rows = Definition.objects.filter(key=key).defer("xml", "library")
    counted = rows.annotate(running=Count("cases", filter=Q(cases__status="open")))
    return tuple(
        VersionRow(
            id=row.pk,
            version=row.version,
            is_current=row.is_current,
            published_at=row.published_at,
            retired_at=row.retired_at,
            open_cases=row.running,
        )
        for row in counted.order_by("-published_at", "-id")
    )


def _open_at(definition: int) -> Mapping[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement("open_at_nodes"), {"definition": definition})
        return dict(cursor.fetchall())


def definition_xml(viewer: Viewer, definition: int) -> str:
    """The BPMN text for the diagram viewer; colleagues only. Raises NotFound. One query."""
    xml = None
    if viewer.is_colleague:
        found = Definition.objects.filter(pk=definition)
        xml = found.values_list("xml", flat=True).first()
    if xml is None:
        raise NotFound("definition", definition)
    return xml
