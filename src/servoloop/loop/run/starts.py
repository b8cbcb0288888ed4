"""Cases that begin by themselves: the timer start events of published processes."""

import logging
from datetime import datetime

from django.db import transaction

from servoloop.kernel.errors import ServoloopError
from servoloop.loop.run.cases import open_case
from servoloop.storage.start_timers import DueStart, claim_due_starts

_log = logging.getLogger(__name__)


def open_due_cases(*, at: datetime, limit: int = 100) -> int:
    """Open a case for each timer start event that is due; answers how many were opened.

    A case and its timer's next time are committed together. A process that cannot begin is logged
    and does not hold up the others.
    """
    with transaction.atomic():
        return sum(_open(due, at=at) for due in claim_due_starts(at=at, limit=limit))


def _open(due: DueStart, *, at: datetime) -> bool:
    try:
        with transaction.atomic():
            open_case(
                due.process,
                variables={},
                timer=due.node,
                channel="timer",
                at=at,
                dedupe_key=f"start:{due.process}:{due.node}:{due.due.isoformat()}",
            )
    except ServoloopError as refusal:
        _log.error("Process %s was not started by its timer: %s", due.process, refusal)
        return False
    return True
