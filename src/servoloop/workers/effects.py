"""The one job of the outbox as procrastinate sees it.

Procrastinate looks for this module by its name (PROCRASTINATE_AUTODISCOVER_MODULE_NAME).
"""

from typing import Any

from procrastinate import JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

from servoloop.kernel.events.event import CaseId
from servoloop.workers.outbox_jobs import OutboxJob, TryAgain, carry_out, pause_before

_UNFORESEEN = 20  # attempts of a job that fails for a reason nobody thought of: about 7 hours


class _WhenAsked(BaseRetryStrategy):
    """A pause as long as the job asks for; a growing one after an unforeseen failure."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, TryAgain):
            return RetryDecision(retry_in={"seconds": int(exception.pause.total_seconds())})
        if job.attempts >= _UNFORESEEN:
            return None
        pause = pause_before(job.attempts + 1)
        return RetryDecision(retry_in={"seconds": int(pause.total_seconds())})


@app.task(name="servoloop.effect", pass_context=True, retry=_WhenAsked())
def effect(
    context: JobContext, *, case: int, effect: str, kind: str, activity: str, payload: Any
) -> None:
    carry_out(
        OutboxJob(
            case=CaseId(case),
            effect=effect,
            kind=kind,
            payload=payload,
            attempts=context.job.attempts,
        )
    )
