"""Published definitions, and the programs compiled from them, kept for the life of the process.

A version is the hash of its text, so a program found under it is right for ever.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.words import Words
from servoloop.storage.models import Definition
from servoloop.storage.not_found import NotFound

_programs: dict[tuple[str, str], Program] = {}
_compiling = threading.Lock()


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


def publish(program: Program, *, xml: str, library: Mapping[str, str], at: datetime) -> Published:
    """Make this version the current one of its key; a version published before serves again.

    Running cases keep the version that they were opened on.
    """
    with transaction.atomic():
        # One publication of a key at a time: the lock makes 'the current one' unambiguous.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [program.key])
        Definition.objects.filter(key=program.key, is_current=True).exclude(
            version=program.version
        ).update(is_current=False, retired_at=at)
        row, is_new = Definition.objects.update_or_create(
            key=program.key,
            version=program.version,
            defaults={"is_current": True, "retired_at": None},
            create_defaults={
                "xml": xml,
                "library": dict(library),
                "name": words_to_data(program.sheet.name),
                "owner": program.sheet.owner or "",
                "has_form": bool(program.sheet.form),
                "is_current": True,
                "published_at": at,
            },
        )
    _programs[(program.key, program.version)] = program
    return Published(id=row.pk, key=program.key, version=program.version, is_new=is_new)


def is_published(key: str) -> bool:
    """Whether a version of the process was ever published."""
    return Definition.objects.filter(key=key).exists()


def retire(key: str, *, at: datetime) -> None:
    """No new cases of this process. Raises NotFound when none is current."""
    changed = Definition.objects.filter(key=key, is_current=True)
    if not changed.update(is_current=False, retired_at=at):
        raise NotFound("process", key)
