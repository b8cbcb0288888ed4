"""The events of all live cases as columns, for mining."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from servoloop.kernel.process.words import Words
from servoloop.storage.definitions import program_of
from servoloop.storage.queries.step_words import step_name
from servoloop.storage.statements import statement

CHUNK = 20_000  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveColumns:
    """Equally long columns: one row for each event of an activity that has a lifecycle."""

    case: tuple[str, ...]  # number
    seq: tuple[int, ...]
    at: tuple[datetime, ...]  # UTC
    element: tuple[str, ...]  # BPMN element id
    activity: tuple[str, ...]  # its name in the language asked for
    lifecycle: tuple[str, ...]  # schedule, assign, start, complete, …
    resource: tuple[str, ...]  # user name; "" for the system
    actor_kind: tuple[str, ...]
    process: tuple[str, ...]  # key

    def __len__(self) -> int:
        return len(self.case)


def live_log(*, language: str = "en", process: str | None = None) -> Iterator[LiveColumns]:
    """Chunks of whole columns, ordered by case and seq, read through a server-side cursor.

    Only activities that people or machines carry out: start, gateways and ends are left out.
    """
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement("live_log"), {"process": process or ""})
        while rows := cursor.fetchmany(CHUNK):
            yield _columns(rows, language)


def _columns(rows: list[tuple[Any, ...]], language: str) -> LiveColumns:
    number, seq, at, element, lifecycle, actor, actor_kind, key, version = zip(*rows, strict=True)
    names: dict[tuple[str, str, str], str] = {}
    for place in set(zip(key, version, element, strict=True)):
        names[place] = _name(*place, language)
    return LiveColumns(
        case=number,
        seq=seq,
        at=at,
        element=element,
        activity=tuple(names[place] for place in zip(key, version, element, strict=True)),
        lifecycle=lifecycle,
        resource=actor,
        actor_kind=actor_kind,
        process=key,
    )


def _name(key: str, version: str, element: str, language: str) -> str:
    words: Words = step_name(program_of(key, version), element)
    return words.in_language(language) or element
