"""Applying events: the only way a state ever changes. No rule is evaluated here.

Each kind of event has one function below; `evolve` works on a copy, `apply` on the private copy of
a running decision. The module is long because the catalogue is: one small function a type.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from servoloop.kernel.engine.codec import text_to_moment
from servoloop.kernel.engine.state import (
    ArmedTimer,
    CaseStatus,
    Escalation,
    Incident,
    Job,
    State,
    Subscription,
    Task,
    TaskStatus,
    TimerPurpose,
    Token,
)
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.events.event import CaseId, Event
from servoloop.kernel.service_levels.clock import Clock, ClockStatus, pause, resume


class BrokenLog(ServoloopError):
    """The events given are not the gapless log of one case."""


def evolve(state: State, event: Event) -> State:
    """The state after one more event; the given state is left as it was."""
    if event.case != state.case or event.seq != state.seq + 1:
        raise BrokenLog(
            f"Event {event.seq} of case {event.case} cannot follow event {state.seq} of case "
            f"{state.case}; expected event {state.seq + 1}."
        )
    following = state.copy()
    apply(following, event)
    return following


def fold(case: CaseId, events: Iterable[Event]) -> State:
    """The state that the whole log of a case leads to."""
    state = State(case=case)
    for event in events:
        if event.case != case or event.seq != state.seq + 1:
            evolve(state, event)  # raises with the right words
        apply(state, event)
    return state


def apply(state: State, event: Event) -> None:
    """Change the private copy in place."""
    state.seq = event.seq
    _APPLY[event.kind](state, event)


Applier = Callable[[State, Event], None]
_APPLY: dict[str, Applier] = {}


def _on(*kinds: str) -> Callable[[Applier], Applier]:
    def register(applier: Applier) -> Applier:
        for kind in kinds:
            _APPLY[kind] = applier
        return applier

    return register


def _new_id(state: State, number: int) -> int:
    state.last_id = max(state.last_id, number)
    return number


# The case


@_on("case.opened")
def _opened(state: State, event: Event) -> None:
    data = event.data
    state.status = CaseStatus.OPEN
    state.process, state.version = data["process"], data["version"]
    state.customer, state.channel = data["customer"], data["channel"]
    state.variables = dict(data["variables"])
    _add_tokens(state, data.get("created", ()), parent=0)
    _take_message(state, data.get("message_id", ""))


@_on("case.owned")
def _owned(state: State, event: Event) -> None:
    state.owner = event.data["person"]


@_on("case.closed")
def _closed(state: State, event: Event) -> None:
    state.status = CaseStatus.CLOSED
    state.outcome = event.data["outcome"]


@_on("case.cancelled")
def _cancelled(state: State, event: Event) -> None:
    state.status = CaseStatus.CANCELLED
    _forget_tokens(state, set(state.tokens))


@_on("case.reopened")
def _reopened(state: State, event: Event) -> None:
    state.status = CaseStatus.OPEN
    state.cycle += 1
    state.outcome = ""
    _add_tokens(state, event.data["created"], parent=0)


# Tokens


def _add_tokens(state: State, created: Iterable[Any], *, parent: int) -> None:
    for number, node, flow in created:
        state.tokens[_new_id(state, number)] = Token(id=number, node=node, flow=flow, parent=parent)


def _mark_done(state: State, number: int) -> None:
    """The node's work is over, so that a failed way out is retried without doing it again."""
    if number:
        token = state.tokens[number]
        state.tokens[number] = Token(
            id=number, node=token.node, flow=token.flow, parent=token.parent, is_done=True
        )


def _forget_tokens(state: State, gone: set[int]) -> None:
    """Drop tokens with everything that hangs on them."""
    for number in gone:
        state.tokens.pop(number, None)
    tasks = _drop(state.tasks, lambda task: task.token in gone)
    escalations = _drop(state.escalations, lambda escalation: escalation.task in tasks)
    clocks = _drop(state.clocks, lambda clock: clock.task in tasks)
    _drop(state.jobs, lambda job: job.token in gone)
    _drop(state.subscriptions, lambda subscription: subscription.token in gone)
    _drop(state.incidents, lambda incident: incident.token in gone)
    owners = {
        TimerPurpose.WAIT: gone,
        TimerPurpose.BOUNDARY: gone,
        TimerPurpose.ESCALATION: escalations,
        TimerPurpose.CLOCK: clocks,
    }
    _drop(state.timers, lambda timer: timer.subject in owners[timer.purpose])


_NONE: set[int] = set()


def _drop(records: dict[int, Any], is_gone: Callable[[Any], bool]) -> set[int]:
    if not records:
        return _NONE
    numbers = {number for number, record in records.items() if is_gone(record)}
    for number in numbers:
        del records[number]
    return numbers


@_on("node.passed")
def _passed(state: State, event: Event) -> None:
    consumed = event.data["consumed"]
    parent = state.tokens[event.data.get("beside", 0) or consumed[0]].parent
    if consumed:
        _forget_tokens(state, set(consumed))
    _add_tokens(state, event.data["created"], parent=parent)


@_on("scope.entered")
def _entered(state: State, event: Event) -> None:
    # Nothing but the end of its inner tokens brings a scope's token back to the engine.
    _mark_done(state, event.data["token"])
    _add_tokens(state, event.data["created"], parent=event.data["token"])


@_on("scope.aborted")
def _aborted(state: State, event: Event) -> None:
    _forget_tokens(state, inside(state, event.data["token"]))


def inside(state: State, token: int) -> set[int]:
    """The tokens enclosed by a scope's token, at any depth; by 0, all of the case."""
    found: set[int] = set()
    frontier = {token}
    while frontier:
        frontier = {t.id for t in state.tokens.values() if t.parent in frontier}
        found |= frontier
    return found


@_on("variables.set")
def _variables_set(state: State, event: Event) -> None:
    state.variables = {**state.variables, **event.data["values"]}
    _mark_done(state, event.data["token"])


# People's work


@_on("task.opened")
def _task_opened(state: State, event: Event) -> None:
    number = _new_id(state, event.data["task"])
    state.tasks[number] = Task(
        id=number,
        token=event.data["token"],
        node=event.activity or "",
        role=event.data["role"],
        status=TaskStatus.OPEN,
        person="",
        opened_at=event.at,
        claimed_at=None,
    )


@_on("task.assigned")
def _task_assigned(state: State, event: Event) -> None:
    _change_task(state, event, status=TaskStatus.ASSIGNED, person=event.data["person"])


@_on("task.claimed")
def _task_claimed(state: State, event: Event) -> None:
    _change_task(
        state, event, status=TaskStatus.CLAIMED, person=event.data["person"], claimed_at=event.at
    )


@_on("task.released")
def _task_released(state: State, event: Event) -> None:
    _change_task(state, event, status=TaskStatus.OPEN, person="")


def _change_task(
    state: State,
    event: Event,
    *,
    status: TaskStatus,
    person: str,
    claimed_at: datetime | None = None,
) -> None:
    task = state.tasks[event.data["task"]]
    state.tasks[task.id] = Task(
        id=task.id,
        token=task.token,
        node=task.node,
        role=task.role,
        status=status,
        person=person,
        opened_at=task.opened_at,
        claimed_at=claimed_at,
    )


@_on("task.completed")
def _task_completed(state: State, event: Event) -> None:
    _mark_done(state, state.tasks[event.data["task"]].token)
    _end_task(state, event.data["task"])
    state.variables = {**state.variables, **event.data["outputs"]}


@_on("task.withdrawn")
def _task_withdrawn(state: State, event: Event) -> None:
    _end_task(state, event.data["task"])


def _end_task(state: State, number: int) -> None:
    """A task ends with its escalation; its clock has been ended by an event of its own."""
    del state.tasks[number]
    escalations = _drop(state.escalations, lambda escalation: escalation.task == number)
    _drop(
        state.timers,
        lambda t: t.purpose is TimerPurpose.ESCALATION and t.subject in escalations,
    )


# Machines' work


@_on("job.requested")
def _job_requested(state: State, event: Event) -> None:
    number = _new_id(state, event.data["job"])
    state.jobs[number] = Job(
        id=number,
        token=event.data["token"],
        node=event.activity or "",
        topic=event.data["topic"],
    )


@_on("job.done")
def _job_done(state: State, event: Event) -> None:
    job = state.jobs.pop(event.data["job"])
    _mark_done(state, job.token)
    state.variables = {**state.variables, **event.data["outputs"]}


@_on("job.failed")
def _job_failed(state: State, event: Event) -> None:
    del state.jobs[event.data["job"]]


@_on("error.thrown", "message.thrown", "conversation.received")
@_on("conversation.sent", "conversation.noted")
def _told(state: State, event: Event) -> None:
    """Part of the story; the state does not depend on it."""


# Waiting


@_on("timer.armed")
def _timer_armed(state: State, event: Event) -> None:
    data = event.data
    number = _new_id(state, data["timer"])
    state.timers[number] = ArmedTimer(
        id=number,
        node=event.activity or "",
        purpose=TimerPurpose(data["purpose"]),
        subject=data["subject"],
        due=text_to_moment(data["due"]),
        repeats=data.get("repeats", 0),
        every=timedelta(seconds=data.get("every", 0)),
    )


@_on("timer.fired")
def _timer_fired(state: State, event: Event) -> None:
    # Gone already when its token has just stepped off an event-based gateway.
    state.timers.pop(event.data["timer"], None)
    _mark_done(state, event.data["token"])


@_on("message.awaited")
def _message_awaited(state: State, event: Event) -> None:
    data = event.data
    number = _new_id(state, data["subscription"])
    state.subscriptions[number] = Subscription(
        id=number,
        token=data["token"],
        node=event.activity or "",
        name=data["name"],
        key=data["key"],
        is_customer=data["waits_for"] == "customer",
    )


@_on("message.received")
def _message_received(state: State, event: Event) -> None:
    state.variables = {**state.variables, **event.data["payload"]}
    _take_message(state, event.data["message_id"])
    _mark_done(state, event.data["token"])


def _take_message(state: State, message_id: str) -> None:
    if message_id:
        state.message_ids = (*state.message_ids, message_id)


# When something goes wrong


@_on("escalation.raised")
def _escalation_raised(state: State, event: Event) -> None:
    data = event.data
    number = _new_id(state, data["escalation"])
    state.escalations[number] = Escalation(
        id=number,
        task=data["task"],
        node=event.activity or "",
        level=data["level"],
        role=data["role"],
        raised_at=event.at,
        due=text_to_moment(data["due"]),
        reason=data["reason"],
        by=event.actor.id,
    )


@_on("escalation.climbed")
def _escalation_climbed(state: State, event: Event) -> None:
    data = event.data
    number = data["escalation"]
    state.escalations[number] = replace(
        state.escalations[number],
        level=data["level"],
        role=data["role"],
        due=text_to_moment(data["due"]),
    )


@_on("escalation.exhausted")
def _escalation_exhausted(state: State, event: Event) -> None:
    number = event.data["escalation"]
    state.escalations[number] = replace(state.escalations[number], due=None)


@_on("escalation.answered")
def _escalation_answered(state: State, event: Event) -> None:
    number = event.data["escalation"]
    del state.escalations[number]
    _drop(
        state.timers,
        lambda t: t.purpose is TimerPurpose.ESCALATION and t.subject == number,
    )


@_on("incident.raised")
def _incident_raised(state: State, event: Event) -> None:
    data = event.data
    number = _new_id(state, data["incident"])
    state.incidents[number] = Incident(
        id=number,
        token=data["token"],
        node=event.activity or "",
        cause=data["cause"],
        words=data["words"],
        raised_at=event.at,
    )


@_on("incident.resolved")
def _incident_resolved(state: State, event: Event) -> None:
    del state.incidents[event.data["incident"]]
    state.variables = {**state.variables, **event.data["variables"]}


# Service levels


@_on("clock.started")
def _clock_started(state: State, event: Event) -> None:
    data = event.data
    number = _new_id(state, data["clock"])
    state.clocks[number] = Clock(
        id=number,
        metric=data["metric"],
        cycle=data["cycle"],
        task=data["task"],
        node=event.activity or "",
        calendar=data["calendar"],
        target=timedelta(seconds=data["target"]),
        started_at=event.at,
        status=ClockStatus.RUNNING,
        due=text_to_moment(data["due"]),
        remaining=None,
    )


@_on("clock.paused")
def _clock_paused(state: State, event: Event) -> None:
    number = event.data["clock"]
    remaining = timedelta(seconds=event.data["remaining"])
    state.clocks[number] = pause(state.clocks[number], remaining=remaining)
    _drop_clock_timer(state, number)


@_on("clock.resumed")
def _clock_resumed(state: State, event: Event) -> None:
    number = event.data["clock"]
    state.clocks[number] = resume(state.clocks[number], due=text_to_moment(event.data["due"]))


@_on("clock.met", "clock.breached", "clock.stopped")
def _clock_ended(state: State, event: Event) -> None:
    number = event.data["clock"]
    del state.clocks[number]
    _drop_clock_timer(state, number)


def _drop_clock_timer(state: State, number: int) -> None:
    _drop(state.timers, lambda t: t.purpose is TimerPurpose.CLOCK and t.subject == number)
