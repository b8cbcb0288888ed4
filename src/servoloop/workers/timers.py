"""The real clock: due timers are fired as they come due."""

import logging
from datetime import UTC, datetime
from threading import Event

from django.db import Error, connection

from servoloop.loop.run.batch import fire_due_timers, next_timer_at
from servoloop.loop.run.starts import open_due_cases

_log = logging.getLogger(__name__)

BATCH = 500
POLL = 1.0  # seconds between looks when nothing is due: new timers may come from any process
PAUSE_AFTER_FAILURE = 1.0  # seconds


def run_timers(stop: Event, *, batch: int = BATCH) -> None:
    """Fire due timers until `stop` is set; survives restarts of PostgreSQL."""
    while not stop.is_set():
        try:
            taken = fire_due_timers(at=datetime.now(UTC), limit=batch)
            open_due_cases(at=datetime.now(UTC))
            pause = 0.0 if taken == batch else _pause()
        except Error as failure:
            _log.warning("Timers wait for the database: %s", failure)
            connection.close()
            pause = PAUSE_AFTER_FAILURE
        except Exception:
            _log.exception("A batch of timers failed and will be tried again.")
            pause = PAUSE_AFTER_FAILURE
        stop.wait(pause)
    connection.close()


def _pause() -> float:
    """Seconds to the next timer, at most POLL; a little, when one is due that others hold."""
    due = next_timer_at()
    if due is None:
        return POLL
    return min(max((due - datetime.now(UTC)).total_seconds(), 0.02), POLL)
