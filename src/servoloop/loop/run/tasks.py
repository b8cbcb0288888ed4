"""What people do with a task. Each raises CommandRefused when the task does not allow it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from servoloop.kernel.engine.commands import Assign, Claim, Complete, Release
from servoloop.kernel.events.event import Actor, CaseId
from servoloop.loop.run.command import Applied, apply


def claim_task(
    case: CaseId, task: int, *, actor: Actor, at: datetime, dedupe_key: str | None = None
) -> Applied:
    """Begin a task; only who holds its role may, and only one person at a time."""
    return apply(case, Claim(task=task, actor=actor), at=at, dedupe_key=dedupe_key)


def release_task(
    case: CaseId, task: int, *, actor: Actor, at: datetime, dedupe_key: str | None = None
) -> Applied:
    """Give a task back to its queue."""
    return apply(case, Release(task=task, actor=actor), at=at, dedupe_key=dedupe_key)


def assign_task(
    case: CaseId,
    task: int,
    person: str,
    *,
    actor: Actor,
    at: datetime,
    dedupe_key: str | None = None,
) -> Applied:
    """Give a task to a person of its role."""
    command = Assign(task=task, person=person, actor=actor)
    return apply(case, command, at=at, dedupe_key=dedupe_key)


def complete_task(
    case: CaseId,
    task: int,
    *,
    outputs: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    dedupe_key: str | None = None,
) -> Applied:
    """Finish a task; a refusal's `problems` name the outputs that are missing or wrong."""
    command = Complete(task=task, outputs=outputs, actor=actor)
    return apply(case, command, at=at, dedupe_key=dedupe_key)
