"""Asking up the chain, and answering."""

from datetime import datetime

from servoloop.kernel.engine.commands import AnswerEscalation, Escalate
from servoloop.kernel.events.event import Actor, CaseId
from servoloop.loop.run.command import Applied, apply


def escalate_task(
    case: CaseId,
    task: int,
    *,
    reason: str,
    actor: Actor,
    at: datetime,
    dedupe_key: str | None = None,
) -> Applied:
    """Put a question to the first level of the step's chain; it climbs until it is answered."""
    command = Escalate(task=task, reason=reason, actor=actor)
    return apply(case, command, at=at, dedupe_key=dedupe_key)


def answer_escalation(
    case: CaseId,
    escalation: int,
    *,
    words: str,
    actor: Actor,
    at: datetime,
    assign_to: str | None = None,
    dedupe_key: str | None = None,
) -> Applied:
    """Answer a question; with `assign_to` the task also changes hands."""
    command = AnswerEscalation(escalation=escalation, words=words, assign_to=assign_to, actor=actor)
    return apply(case, command, at=at, dedupe_key=dedupe_key)
