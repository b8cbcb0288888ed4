"""The events of all live cases as columns, for mining."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from servoloop.kernel.engine.state import CaseStatus
from servoloop.storage.definitions import program_of
from servoloop.storage.models import Case
from servoloop.storage.queries.step_words import step_name, step_of
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
    role: tuple[str, ...]  # of the step; "" for a machine's
    actor_kind: tuple[str, ...]
    process: tuple[str, ...]  # key
    version: tuple[str, ...]  # of the process that the case is pinned to

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


def unfinished_cases(*, process: str | None = None) -> frozenset[str]:
    """The numbers of the cases that did not reach their end: open or cancelled. One query."""
    cases = Case.objects.exclude(status=CaseStatus.CLOSED.value)
    if process:
        cases = cases.filter(definition__key=process)
    return frozenset(cases.values_list("number", flat=True))


def case_numbers(cases: Collection[int]) -> dict[int, str]:
    """What people call these cases. One query."""
    return dict(Case.objects.filter(pk__in=cases).values_list("pk", "number"))


def cases_by_process(numbers: Collection[str]) -> dict[str, frozenset[str]]:
    """Which of these cases run by which process. One query."""
    found: dict[str, set[str]] = defaultdict(set)
    cases = Case.objects.filter(number__in=numbers)
    for key, number in cases.values_list("definition__key", "number"):
        found[key].add(number)
    return {key: frozenset(each) for key, each in found.items()}


def _columns(rows: list[tuple[Any, ...]], language: str) -> LiveColumns:
    number, seq, at, element, lifecycle, actor, actor_kind, key, version = zip(*rows, strict=True)
    places = list(zip(key, version, element, strict=True))
    known = {place: _step(*place, language) for place in set(places)}
    return LiveColumns(
        case=number,
        seq=seq,
        at=at,
        element=element,
        activity=tuple(known[place][0] for place in places),
        lifecycle=lifecycle,
        resource=actor,
        role=tuple(known[place][1] for place in places),
        actor_kind=actor_kind,
        process=key,
        version=version,
    )


def _step(key: str, version: str, element: str, language: str) -> tuple[str, str]:
    """Name and role of a step."""
    program = program_of(key, version)
    name = step_name(program, element).in_language(language) or element
    return name, step_of(program, element).role or ""
