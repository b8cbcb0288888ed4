"""The end of machines' work. Both do nothing when the case no longer waits for the job."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from servoloop.kernel.engine.commands import JobDone, JobFailed
from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.command import Applied, apply


def finish_job(
    case: CaseId,
    job: int,
    *,
    outputs: Mapping[str, Any],
    at: datetime,
    dedupe_key: str | None = None,
) -> Applied:
    """A machine has done a service step."""
    return apply(case, JobDone(job=job, outputs=outputs), at=at, dedupe_key=dedupe_key)


def fail_job(
    case: CaseId,
    job: int,
    *,
    words: str,
    at: datetime,
    error: str | None = None,
    dedupe_key: str | None = None,
) -> Applied:
    """A machine gave up; `error` is a BPMN error code that the process may handle."""
    command = JobFailed(job=job, words=words, error=error)
    return apply(case, command, at=at, dedupe_key=dedupe_key)
