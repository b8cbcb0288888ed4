"""Writing: the events of commands and everything that follows from them, in one transaction.

The caller opens the transaction. `lock_case` reads a case and keeps others from changing it;
`commit` writes any number of decisions in one call. Nothing else writes case-scoped tables.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from servoloop.kernel.engine.codec import (
    event_to_data,
    moment_to_text,
    state_from_data,
    state_to_data,
)
from servoloop.kernel.engine.decide import Decision
from servoloop.kernel.engine.run import Effect
from servoloop.kernel.engine.state import ArmedTimer, State
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.events.event import CaseId, Event
from servoloop.storage.not_found import NotFound
from servoloop.storage.projection import RECORDS, Rows, project
from servoloop.storage.statements import statement

NOTIFY_CHANNEL = "servoloop"
EFFECT_TASK = "servoloop.effect"


# The escape for NUL, unless its backslash is itself escaped.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class Conflict(ServoloopError):
    """Somebody else changed the case between reading and writing; try again."""

    def __init__(self, cases: Sequence[int]) -> None:
        listed = ", ".join(map(str, cases))
        super().__init__(f"Case {listed} was changed by somebody else meanwhile; try again.")
        self.cases = tuple(cases)


class UnstorableText(ServoloopError):
    """A value holds a character that no database text can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCase:
    """A case locked for the length of the transaction."""

    state: State
    customer: int | None
    stamp: int  # of the workplace
    repeated: Mapping[str, Any] | None  # the answer of the command with the same key, if applied


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a case about to be opened stands on."""

    case: CaseId
    definition: int
    version: str
    customer: int | None
    stamp: int  # of the workplace
    repeated: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The columns of a new case that its events do not say."""

    number: str
    definition: int
    customer: int | None
    secret: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one command does to one case."""

    before: State
    decision: Decision
    at: datetime
    customer: int | None = None
    opening: Opening | None = None
    dedupe_key: str | None = None
    result: Mapping[str, Any] | None = None  # answered again when the key is repeated


def lock_case(case: CaseId, *, dedupe_key: str | None) -> LoadedCase:
    """Read a case and lock its row. Raises NotFound."""
    with connection.cursor() as cursor:
        cursor.execute(statement("lock_case"), {"case": case, "key": dedupe_key or ""})
        row = cursor.fetchone()
    if row is None:
        raise NotFound("case", case)
    state, customer, stamp, repeated = row
    return LoadedCase(
        state=state_from_data(json.loads(state)),
        customer=customer,
        stamp=stamp,
        repeated=None if repeated is None else json.loads(repeated),
    )


def begin_case(process: str, *, customer: str, dedupe_key: str | None) -> Beginning:
    """Draw the id of a new case of the current version. Raises NotFound."""
    asked = {"process": process, "customer": customer, "key": dedupe_key or ""}
    with connection.cursor() as cursor:
        cursor.execute(statement("begin_case"), asked)
        row = cursor.fetchone()
    if row is None:
        raise NotFound("process", process)
    case, definition, version, known_customer, stamp, repeated = row
    if customer and known_customer is None:
        raise NotFound("customer", customer)
    return Beginning(
        case=CaseId(case),
        definition=definition,
        version=version,
        customer=known_customer,
        stamp=stamp,
        repeated=None if repeated is None else json.loads(repeated),
    )


def repeated_result(dedupe_key: str) -> Mapping[str, Any] | None:
    """The answer that the command with this key gave; None when none was applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT result FROM command WHERE key = %s", [dedupe_key])
        row = cursor.fetchone()
    return None if row is None else json.loads(row[0])


def commit(moves: Sequence[Move]) -> None:
    """Write the moves, at most one for each case. Raises Conflict when a case has moved on.

    After the transaction has ended well, whoever watches is told to look again.
    """
    writing = [move for move in moves if move.decision.events]
    if not writing:
        return
    rows = Rows()
    for move in writing:
        project(
            rows,
            before=move.before,
            after=move.decision.state,
            events=move.decision.events,
        )
        if move.customer is not None:
            rows.topics.add(f"customer:{move.customer}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT commit_moves(%s::jsonb)", [_to_text(_document(writing, rows))])
        passed_by = cursor.fetchone()[0]
    if passed_by:
        raise Conflict(passed_by)
    topics = sorted(rows.topics)
    transaction.on_commit(lambda: tell(topics))


def tell(topics: Sequence[str]) -> None:
    """NOTIFY the live process, after the commit and not in it.

    PostgreSQL lets only one transaction that notifies commit at a time, flush included; inside
    the commands' transactions that would end group commit. A hint lost to a crash in between costs
    nothing durable: browsers ask again when their stream is renewed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic",
            [NOTIFY_CHANNEL, list(topics)],
        )


def _document(moves: Sequence[Move], rows: Rows) -> dict[str, Any]:
    document: dict[str, Any] = {
        "opened": [_opened(move, rows) for move in moves if move.opening is not None],
        "moved": [_moved(move, rows) for move in moves if move.opening is None],
        "events": [_event(event) for move in moves for event in move.decision.events],
        "subscription": list(rows.subscribed.values()),
        "unsubscribed": [{"case_id": case, "no": no} for case, no in rows.unsubscribed],
        "timers": [_timer(move, t) for move in moves for t in move.decision.timers],
        "commands": [_key(move) for move in moves if move.dedupe_key is not None],
        "jobs": [
            _job(move, effect, i)
            for move in moves
            for i, effect in enumerate(move.decision.effects)
        ],
    }
    for table in RECORDS:
        document[table] = list(rows.begun[table].values())
        document[f"{table}_changes"] = list(rows.changed[table].values())
    return {name: found for name, found in document.items() if found}


def _to_text(document: dict[str, Any]) -> str:
    """JSON that PostgreSQL takes. Raises UnstorableText."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()  # a lone surrogate has no UTF-8
    except ValueError as error:
        raise UnstorableText(f"A value cannot be kept: {error}.") from error
    if "\\u0000" in text and _NUL.search(text):  # the plain search is far quicker
        raise UnstorableText("A text holds the character NUL, which cannot be kept: remove it.")
    return text


def _opened(move: Move, rows: Rows) -> dict[str, Any]:
    assert move.opening is not None
    state = move.decision.state
    return {
        "id": int(state.case),
        "number": move.opening.number,
        "definition_id": move.opening.definition,
        "customer_id": move.opening.customer,
        "secret": move.opening.secret,
        "seq": state.seq,
        "state": state_to_data(state),
        **rows.cases[int(state.case)],
    }


def _moved(move: Move, rows: Rows) -> dict[str, Any]:
    state = move.decision.state
    return {
        "id": int(state.case),
        "seq_before": move.before.seq,
        "seq": state.seq,
        "state": state_to_data(state),
        **rows.cases.get(int(state.case), {}),
    }


def _event(event: Event) -> dict[str, Any]:
    data = event_to_data(event)
    data["case_id"] = data.pop("case")
    return data


def _timer(move: Move, timer: ArmedTimer) -> dict[str, Any]:
    return {
        "case_id": int(move.before.case),
        "no": timer.id,
        "kind": str(timer.purpose),
        "due_at": moment_to_text(timer.due),
    }


def _key(move: Move) -> dict[str, Any]:
    return {
        "key": move.dedupe_key,
        "case_id": int(move.before.case),
        "at": moment_to_text(move.at),
        "result": dict(move.result or {}),
    }


def _job(move: Move, effect: Effect, ordinal: int) -> dict[str, Any]:
    return {
        "ordinal": ordinal,
        "queue": effect.kind,
        "task": EFFECT_TASK,
        "args": {
            "case": int(move.before.case),
            "effect": effect.id,
            "kind": effect.kind,
            "activity": effect.activity,
            "payload": dict(effect.payload),
        },
    }
