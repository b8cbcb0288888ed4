"""The events that KPIs are computed from."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from servoloop.kernel.events.event import Actor, ActorKind, CaseId, Event
from servoloop.storage.queries.viewer import Viewer
from servoloop.storage.statements import statement

CHUNK = 20_000  # rows


def measured_events(viewer: Viewer, *, since: datetime, process: str = "") -> Iterator[Event]:
    """Events of the cases that were open at or after `since`, whole cases in order of seq.

    Colleagues only; without lifecycles, texts and variables, which no KPI reads. Streamed.
    """
    if not viewer.is_colleague:
        return
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(statement("measured_events"), {"since": since, "process": process})
        while rows := cursor.fetchmany(CHUNK):
            yield from map(_event, rows)


def _event(row: tuple[Any, ...]) -> Event:
    case, seq, at, kind, activity, actor_kind, actor, data = row
    return Event(
        case=CaseId(case),
        seq=seq,
        at=at,
        kind=kind,
        activity=activity,
        actor=Actor(kind=ActorKind(actor_kind), id=actor),
        data=json.loads(data),
    )
