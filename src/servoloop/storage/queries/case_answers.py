"""What the forms that opened cases were answered with: kinds and numbers, never free text."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from servoloop.kernel.process.step import FieldType
from servoloop.storage.definitions import program_of
from servoloop.storage.statements import statement

CHUNK = 5_000  # rows
KINDS = frozenset((FieldType.CHOICE, FieldType.BOOLEAN, FieldType.NUMBER, FieldType.MONEY))
"""Fields by which cases can be told apart; what customers write is not among them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAnswers:
    case: int
    number: str  # SL-000123
    process: str
    channel: str
    answers: Mapping[str, str | float]  # field -> value; fields without an answer are left out


def case_answers(*, process: str = "") -> Iterator[CaseAnswers]:
    """Of every case, by id. One query, streamed."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement("case_answers"), {"process": process})
        while rows := cursor.fetchmany(CHUNK):
            for case, number, key, version, channel, variables in rows:
                given = json.loads(variables or "{}")
                fields = program_of(key, version).sheet.form
                yield CaseAnswers(
                    case=case,
                    number=number,
                    process=key,
                    channel=channel,
                    answers={
                        field.name: _plain(given[field.name])
                        for field in fields
                        if field.type in KINDS and given.get(field.name) is not None
                    },
                )


def _plain(value: Any) -> str | float:
    """A truth as a word, a number as a number, and everything else as text."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return float(value) if isinstance(value, int | float) else str(value)
