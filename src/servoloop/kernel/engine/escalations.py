"""Escalations of a case: raised by a person or by a broken promise, climbing until answered."""

from servoloop.kernel.engine.clocks import calendar_of
from servoloop.kernel.engine.codec import moment_to_text
from servoloop.kernel.engine.commands import AnswerEscalation
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.run import Run
from servoloop.kernel.engine.state import Escalation, Task, TimerPurpose
from servoloop.kernel.process.step import EscalationLevel
from servoloop.kernel.routing.escalation import Rung, may_answer, rung


def may_raise(run: Run, task: Task) -> bool:
    return bool(_chain(run, task.node)) and not _is_asked(run, task)


def raise_for(run: Run, task: Task, *, reason: str) -> None:
    """Put the question to the first level of the step's chain."""
    if not _chain(run, task.node):
        raise CommandRefused(
            f"Step {task.node!r} has no escalation chain; its process owner must define one.",
            code="no_chain",
        )
    if _is_asked(run, task):
        raise CommandRefused(
            f"Task {task.id} is escalated already and waits for an answer.", code="escalated"
        )
    first = _rung(run, task.node, 0)
    assert first is not None  # the chain is not empty
    number = run.new_id()
    data = {"escalation": number, "task": task.id, "reason": reason, **_asked(first)}
    run.emit("escalation.raised", activity=task.node, data=data)
    _arm(run, number, first, task.node)


def climb(run: Run, escalation: Escalation) -> None:
    """Nobody answered in time: ask the next level, or make the silence an incident."""
    following = _rung(run, escalation.node, escalation.level + 1)
    if following is None:
        run.emit(
            "escalation.exhausted", activity=escalation.node, data={"escalation": escalation.id}
        )
        words = f"Nobody in the chain of step {escalation.node!r} answered the escalation in time."
        run.raise_incident(0, activity=escalation.node, cause="unanswered", words=words)
        return
    data = {"escalation": escalation.id, **_asked(following)}
    run.emit("escalation.climbed", activity=escalation.node, data=data)
    _arm(run, escalation.id, following, escalation.node)


def answer(run: Run, command: AnswerEscalation) -> Task:
    """Record the answer; the task it belongs to."""
    escalation = run.state.escalations.get(command.escalation)
    if escalation is None:
        raise CommandRefused(
            f"Escalation {command.escalation} is not open: it was answered, or its task has ended.",
            code="no_escalation",
        )
    person = command.actor.id
    chain = _chain(run, escalation.node)
    if not may_answer(person, chain=chain, level=escalation.level, workplace=run.workplace):
        raise CommandRefused(
            f"{person} may not answer: it is with the role {escalation.role!r}.", code="no_role"
        )
    run.emit(
        "escalation.answered",
        activity=escalation.node,
        data={
            "escalation": escalation.id,
            "task": escalation.task,
            "person": person,
            "decision": "advise" if command.assign_to is None else "reassign",
            "words": command.words,
        },
    )
    return run.state.tasks[escalation.task]


def _chain(run: Run, node: str) -> tuple[EscalationLevel, ...]:
    return run.program.node(node).step.escalation


def _is_asked(run: Run, task: Task) -> bool:
    return any(escalation.task == task.id for escalation in run.state.escalations.values())


def _rung(run: Run, node_id: str, level: int) -> Rung | None:
    node = run.program.node(node_id)
    chain = node.step.escalation
    own = chain[level].calendar if level < len(chain) else None
    calendar = run.workplace.calendar(own) if own else calendar_of(run, node)[1]
    return rung(chain, level, at=run.at, calendar=calendar)


def _asked(asked: Rung) -> dict[str, object]:
    return {"level": asked.level, "role": asked.role, "due": moment_to_text(asked.due)}


def _arm(run: Run, number: int, asked: Rung, node: str) -> None:
    run.arm(TimerPurpose.ESCALATION, subject=number, due=asked.due, activity=node)
