"""Due timers: claimed in the transaction that writes what they lead to."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from servoloop.kernel.engine.codec import state_from_data
from servoloop.kernel.engine.state import State
from servoloop.kernel.events.event import CaseId
from servoloop.storage.models import Timer
from servoloop.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCase:
    """A case under lock, with its timers that have come due, in the order of their moments."""

    state: State
    customer: int | None
    stamp: int  # of the workplace
    timers: tuple[int, ...]


def claim_due(*, at: datetime, limit: int) -> list[DueCase]:
    """Remove up to `limit` due timers and lock their cases; rows that others hold are left.

    A rollback puts the timers back.
    """
    with connection.cursor() as cursor:
        cursor.execute(statement("claim_timers"), {"at": at, "limit": limit})
        rows = cursor.fetchall()
    return [
        DueCase(
            state=state_from_data(json.loads(state)),
            customer=customer,
            stamp=stamp,
            timers=tuple(timers),
        )
        for state, customer, stamp, timers in rows
    ]


def lock_cases(cases: Sequence[CaseId]) -> dict[CaseId, DueCase]:
    """The same for named cases without timers; a case that does not exist is absent."""
    with connection.cursor() as cursor:
        cursor.execute(statement("lock_cases"), {"cases": list(cases)})
        rows = cursor.fetchall()
    loaded = (
        DueCase(state=state_from_data(json.loads(state)), customer=customer, stamp=stamp, timers=())
        for state, customer, stamp in rows
    )
    return {case.state.case: case for case in loaded}


def put_back(case: CaseId, timers: Sequence[int], *, until: datetime) -> None:
    """Set claimed timers again, to be tried once more at `until`."""
    Timer.objects.bulk_create(
        Timer(case_id=case, no=number, kind="retry", due_at=until) for number in timers
    )


def next_due() -> datetime | None:
    """When the next timer comes due; None when none is set."""
    return Timer.objects.order_by("due_at").values_list("due_at", flat=True).first()
