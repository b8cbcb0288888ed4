"""Published definitions, and the programs compiled from them, kept for the life of the process.

A version is the hash of its text, so a program found under it is right for ever.
"""

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.words import Words
from servoloop.storage.draft_models import DefinitionAct
from servoloop.storage.models import Definition
from servoloop.storage.not_found import NotFound

_programs: dict[tuple[str, str], Program] = {}
_compiling = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who publishes a version and why; and who approved it, where somebody had to."""

    author: str = ""
    reason: str = ""
    approved_by: str = ""
    approved_at: datetime | None = None


UNSIGNED = Signature()


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What `publish` made or found."""

    id: int
    key: str
    version: str
    is_new: bool


def program_of(key: str, version: str) -> Program:
    """The program of a published version; one query the first time. Raises NotFound."""
    found = _programs.get((key, version))
    if found is not None:
        return found
    with _compiling:  # several threads may need it at once; compiling takes a while
        if (key, version) not in _programs:
            _programs[(key, version)] = _load(key, version)
    return _programs[(key, version)]


def _load(key: str, version: str) -> Program:
    try:
        row = Definition.objects.only("xml", "library").get(key=key, version=version)
    except Definition.DoesNotExist:
        raise NotFound("process", f"{key} in version {version[:12]}") from None
    return compiled(row.xml, key=key, library=row.library)


def compiled(xml: str, *, key: str, library: Mapping[str, str]) -> Program:
    """The program of a stored text. Raises ProcessError."""
    documents = {name: read_document(text.encode()) for name, text in library.items()}
    return load_program(xml.encode(), process=key, library=documents)


def current_programs() -> list[Program]:
    """The programs of all current versions, by key. One query once they are compiled."""
    current = Definition.objects.filter(is_current=True).order_by("key")
    return [program_of(key, version) for key, version in current.values_list("key", "version")]


def words_to_data(words: Words) -> dict[str, str]:
    return {"": words.default, **words.translations}


def words_from_data(data: Mapping[str, str]) -> Words:
    return Words(
        default=data.get("", ""), translations={tag: text for tag, text in data.items() if tag}
    )


def publish(
    program: Program,
    *,
    xml: str,
    library: Mapping[str, str],
    at: datetime,
    signature: Signature = UNSIGNED,
) -> Published:
    """Make this version the current one of its key; a version published before serves again.

    Running cases keep the version that they were opened on.
    """
    with transaction.atomic():
        _step_down(program.key, besides=program.version, at=at)
        row, is_new = Definition.objects.update_or_create(
            key=program.key,
            version=program.version,
            defaults={"is_current": True, "retired_at": None},
            create_defaults={
                "xml": xml,
                "library": dict(library),
                "name": words_to_data(program.sheet.name),
                "owner": program.sheet.owner or "",
                "has_form": bool(program.sheet.form) and not program.sheet.is_internal,
                "is_current": True,
                "published_at": at,
                "author": signature.author,
                "reason": signature.reason,
                "approved_by": signature.approved_by,
                "approved_at": signature.approved_at,
            },
        )
        record_act(
            row.pk, kind="published", person=signature.author, at=at, reason=signature.reason
        )
    _programs[(program.key, program.version)] = program
    return Published(id=row.pk, key=program.key, version=program.version, is_new=is_new)


def _step_down(key: str, *, besides: str, at: datetime) -> None:
    """In a transaction: no version of the key is current, unless it is `besides` already."""
    # One publication of a key at a time: the lock makes 'the current one' unambiguous.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    current = Definition.objects.filter(key=key, is_current=True).exclude(version=besides)
    current.update(is_current=False, retired_at=at)


def serve_again(key: str, version: str, *, at: datetime) -> Published:
    """Make a version that was published before the current one. Raises NotFound."""
    with transaction.atomic():
        row = Definition.objects.only("id", "version").filter(key=key, version=version).first()
        if row is None:
            raise NotFound("process", f"{key} in version {version[:12]}")
        _step_down(key, besides=version, at=at)
        Definition.objects.filter(pk=row.pk).update(is_current=True, retired_at=None)
    return Published(id=row.pk, key=key, version=version, is_new=False)


def record_act(definition: int, *, kind: str, person: str, at: datetime, reason: str) -> None:
    """Write down who published, rolled back or retired a version."""
    DefinitionAct.objects.create(
        definition_id=definition, kind=kind, person=person, at=at, reason=reason
    )


def current_text(key: str) -> str | None:
    """The XML of the current version; None without one. One query."""
    current = Definition.objects.filter(key=key, is_current=True)
    return current.values_list("xml", flat=True).first()


def called_texts(keys: Collection[str]) -> dict[str, str]:
    """The current XML of these processes and of those that they call. One query."""
    rows = Definition.objects.filter(key__in=keys, is_current=True)
    texts: dict[str, str] = {}
    for key, xml, library in rows.values_list("key", "xml", "library"):
        texts |= {**library, key: xml}
    return texts


def is_published(key: str) -> bool:
    """Whether a version of the process was ever published."""
    return Definition.objects.filter(key=key).exists()


def retire(key: str, *, person: str, at: datetime, reason: str) -> None:
    """No new cases of this process. Raises NotFound when none is current."""
    with transaction.atomic():
        current = Definition.objects.select_for_update().filter(key=key, is_current=True)
        found = current.values_list("id", flat=True).first()
        if found is None:
            raise NotFound("process", key)
        Definition.objects.filter(pk=found).update(is_current=False, retired_at=at)
        record_act(found, kind="retired", person=person, at=at, reason=reason)
