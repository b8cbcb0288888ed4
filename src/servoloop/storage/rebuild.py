"""Making the rows of a case again from its events, as if they had been lost."""

import json
from typing import Any

from django.db import connection, transaction

from servoloop.kernel.engine.codec import moment_to_text, state_to_data
from servoloop.kernel.engine.evolve import evolve
from servoloop.kernel.engine.state import State
from servoloop.kernel.events.event import CaseId
from servoloop.storage.event_reader import events_of
from servoloop.storage.not_found import NotFound
from servoloop.storage.projection import RECORDS, Rows, project
from servoloop.storage.statements import statement

_TABLES = (*RECORDS, "subscription", "timer")


def replay(case: CaseId) -> tuple[State, Rows]:
    """The state and the rows that the log of a case leads to, event by event."""
    state, rows = State(case=case), Rows()
    for event in events_of(case):
        following = evolve(state, event)
        project(rows, before=state, after=following, events=[event])
        state = following
    return state, rows


def rebuild(case: CaseId) -> None:
    """Replace the rows of a case by those of its log. Raises NotFound.

    Timers that were armed and have since become irrelevant are not set again.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute('SELECT FROM "case" WHERE id = %s FOR UPDATE', [case])
        if cursor.fetchone() is None:
            raise NotFound("case", case)
        state, rows = replay(case)
        for table in _TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE case_id = %s", [case])  # noqa: S608 (own names)
        cursor.execute(statement("rebuild"), {"document": json.dumps(_document(state, rows))})


def _document(state: State, rows: Rows) -> dict[str, Any]:
    document: dict[str, Any] = {table: list(rows.begun[table].values()) for table in RECORDS}
    document["subscription"] = list(rows.subscribed.values())
    document["timers"] = [
        {
            "case_id": int(state.case),
            "no": timer.id,
            "kind": str(timer.purpose),
            "due_at": moment_to_text(timer.due),
        }
        for timer in state.timers.values()
    ]
    document["case"] = {
        "id": int(state.case),
        "seq": state.seq,
        "state": state_to_data(state),
        **rows.cases[int(state.case)],
    }
    return document


def every_case() -> list[CaseId]:
    with connection.cursor() as cursor:
        cursor.execute('SELECT id FROM "case" ORDER BY id')
        return [CaseId(row[0]) for row in cursor.fetchall()]
