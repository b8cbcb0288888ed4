"""Doing what a decision asked for outside: at least once, under a stable id.

Outbox jobs are written in the transaction of their command (storage function commit_moves) and
run here.
Trying again is safe: the other side knows the id, and the case takes an answer once.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.conversation import send_message
from servoloop.loop.run.jobs import fail_job, finish_job
from servoloop.workers import http_service
from servoloop.workers.http_service import JobRejected, Unavailable
from servoloop.workers.letters import send_letter

_log = logging.getLogger(__name__)

QUEUES = ("service", "message", "notify_customer")  # the kinds of effects
DEFAULT_RETRIES = 3
MESSAGE_RETRIES = 6  # a message nobody waits for yet is kept for about an hour
LETTER_RETRIES = 8
_FIRST_PAUSE = timedelta(seconds=10)
_LONGEST_PAUSE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxJob:
    """What the outbox says, and how often it was tried before."""

    case: CaseId
    effect: str  # stable id
    kind: str
    payload: Mapping[str, Any]
    attempts: int


class TryAgain(Exception):
    """Not done: the job shall run again after `pause`."""

    def __init__(self, pause: timedelta, because: BaseException) -> None:
        super().__init__(str(because))
        self.pause = pause


def pause_before(attempt: int) -> timedelta:
    """10 s, 20 s, 40 s … up to half an hour; `attempt` counts from 1."""
    return min(_FIRST_PAUSE * (1 << (attempt - 1)), _LONGEST_PAUSE)


def carry_out(job: OutboxJob) -> None:
    """Do one job. Raises TryAgain; whatever cannot be done becomes visible in its case."""
    match job.kind:
        case "service":
            _serve(job)
        case "message":
            _deliver(job)
        case "notify_customer":
            _notify(job)
        case _:
            _log.error("The outbox holds an effect of unknown kind %r: %s", job.kind, job.effect)


def _serve(job: OutboxJob) -> None:
    number = job.payload["job"]
    key = f"job:{job.effect}"
    try:
        outputs = _run(job)
        finish_job(job.case, number, outputs=outputs, at=_now(), dedupe_key=key)
    except (JobRejected, CommandRefused) as reason:
        error = getattr(reason, "error", None)
        fail_job(job.case, number, words=str(reason), error=error, at=_now(), dedupe_key=key)
    except Unavailable as reason:
        if job.attempts < int(job.payload.get("retries", DEFAULT_RETRIES)):
            raise TryAgain(pause_before(job.attempts + 1), reason) from reason
        words = f"{reason} Tried {job.attempts + 1} times."
        fail_job(job.case, number, words=words, at=_now(), dedupe_key=key)


def _run(job: OutboxJob) -> Mapping[str, Any]:
    """The outputs of a service step, by its topic. Raises Unavailable and JobRejected."""
    topic = str(job.payload["topic"])
    if topic.startswith("http:"):
        name = topic.removeprefix("http:")
        return http_service.call(name, job.payload["inputs"], idempotency_key=job.effect)
    raise JobRejected(f"No worker takes the topic {topic!r}. Known: http:NAME.")


def _deliver(job: OutboxJob) -> None:
    payload = job.payload.get("payload")
    values = payload if isinstance(payload, dict) else {"message": payload}
    try:
        send_message(job.payload["name"], payload=values, message_id=job.effect, at=_now())
    except CommandRefused as refusal:
        if job.attempts < MESSAGE_RETRIES:
            raise TryAgain(pause_before(job.attempts + 1) * 3, refusal) from refusal
        _log.warning("Nobody took the message of effect %s: %s", job.effect, refusal)


def _notify(job: OutboxJob) -> None:
    try:
        send_letter(job.case, text=job.payload["text"], effect=job.effect)
    except OSError as reason:  # smtplib's errors are among these
        if job.attempts < LETTER_RETRIES:
            raise TryAgain(pause_before(job.attempts + 1), reason) from reason
        _log.error("The letter of effect %s could not be sent: %s", job.effect, reason)


def _now() -> datetime:
    return datetime.now(UTC)
