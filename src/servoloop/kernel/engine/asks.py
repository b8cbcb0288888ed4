"""Commands: whether a case may take one, and the first events it leads to."""

from collections.abc import Mapping
from functools import singledispatch

from servoloop.kernel.engine import activities, escalations, waits
from servoloop.kernel.engine.clocks import meet, meet_step_clock, start_case_clocks
from servoloop.kernel.engine.commands import (
    AnswerEscalation,
    Assign,
    Cancel,
    Claim,
    Command,
    Complete,
    Escalate,
    JobDone,
    JobFailed,
    Message,
    Open,
    Release,
    Reopen,
    ResolveIncident,
    Say,
    TimerDue,
)
from servoloop.kernel.engine.forms import problems_of
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.run import Run
from servoloop.kernel.engine.state import (
    ArmedTimer,
    CaseStatus,
    Job,
    Subscription,
    Task,
    TaskStatus,
    TimerPurpose,
)
from servoloop.kernel.events.event import Actor, ActorKind, Lifecycle
from servoloop.kernel.process.program import Node
from servoloop.kernel.routing.assignment import Rule
from servoloop.kernel.service_levels.clock import FIRST_RESPONSE

CUSTOMER_REPLY = "customer.reply"


def take(run: Run, command: Command) -> None:
    """Refuse the command, or emit the events that it means by itself."""
    if not isinstance(command, Open) and run.state.status is CaseStatus.NEW:
        raise CommandRefused("The case has not been opened yet.", code="not_open")
    _take(command, run)


@singledispatch
def _take(command: object, run: Run) -> None:
    raise TypeError(f"{command!r} is no command")


# The case


@_take.register
def _open(command: Open, run: Run) -> None:
    if run.state.status is not CaseStatus.NEW:
        raise CommandRefused("The case is open already.", code="open_already")
    start = _start_of(run, command)
    if command.message is None and command.timer is None:  # nobody filled in a form otherwise
        problems = problems_of(
            run.program.sheet.form, command.variables, is_closed=False, at=run.at
        )
        if problems:
            raise CommandRefused(_form_words(problems), code="form", problems=problems)
    created = run.new_tokens([(start, "")])
    run.emit(
        "case.opened",
        lifecycle=Lifecycle.START,
        data={
            "process": run.program.key,
            "version": run.program.version,
            "variables": dict(command.variables),
            "customer": command.customer,
            "channel": command.channel,
            "subject": command.subject,
            "created": created,
        },
    )
    start_case_clocks(run)
    run.ready.append(created[0][0])


def _start_of(run: Run, command: Open) -> Node:
    program = run.program
    if command.timer is not None:
        timers = [program.nodes[index] for index in program.timer_starts]
        index = next((node.index for node in timers if node.id == command.timer), -1)
        wanted = f"by timer {command.timer!r}"
    elif command.message is not None:
        index = program.message_starts.get(command.message, -1)
        wanted = f"by message {command.message!r}"
    else:
        index, wanted = program.start, "plainly"
    if index < 0:
        ways = [f"message {name!r}" for name in program.message_starts]
        ways += [f"timer {program.nodes[each].id!r}" for each in program.timer_starts]
        raise CommandRefused(
            f"Process {program.key!r} cannot be started {wanted}. "
            f"Other ways to start it: {', '.join(ways) or 'none'}.",
            code="no_start",
        )
    return program.nodes[index]


@_take.register
def _cancel(command: Cancel, run: Run) -> None:
    _require_open(run)
    run.abort_inside(0, reason="cancelled")
    for clock in list(run.state.clocks.values()):
        run.emit("clock.stopped", data={"clock": clock.id, "reason": "cancelled"})
    run.emit("case.cancelled", lifecycle=Lifecycle.ABORT, data={"reason": command.reason})


@_take.register
def _reopen(command: Reopen, run: Run) -> None:
    if run.state.status is not CaseStatus.CLOSED:
        raise CommandRefused("Only a closed case can be reopened.", code="not_closed")
    created = run.new_tokens([(_restart_of(run), "")])
    run.emit(
        "case.reopened",
        lifecycle=Lifecycle.START,
        data={"reason": command.reason, "created": created},
    )
    start_case_clocks(run)
    run.ready.append(created[0][0])


def _restart_of(run: Run) -> Node:
    program = run.program
    starts = (program.start, *program.message_starts.values(), *program.timer_starts)
    return program.nodes[next(index for index in starts if index >= 0)]


def _require_open(run: Run) -> None:
    if run.state.status is not CaseStatus.OPEN:
        raise CommandRefused(f"The case is {run.state.status}, not open.", code="not_open")


# Tasks


@_take.register
def _claim(command: Claim, run: Run) -> None:
    task = _task(run, command.task)
    person = command.actor.id
    if task.status is TaskStatus.CLAIMED and task.person == person:
        return  # a second click
    if task.status is not TaskStatus.OPEN and task.person != person:
        raise CommandRefused(
            f"Task {task.id} is with {task.person}; ask for it to be released.", code="taken"
        )
    _require_role(run, task, person)
    _own(run, command.actor)
    _emit_task(run, "task.claimed", task, Lifecycle.START, person=person)


@_take.register
def _release(command: Release, run: Run) -> None:
    task = _task(run, command.task)
    _require_holder(task, command.actor)
    _emit_task(run, "task.released", task, None, person=task.person)


@_take.register
def _assign(command: Assign, run: Run) -> None:
    task = _task(run, command.task)
    _require_role(run, task, command.person)
    _assign_to(run, task, command.person)


def _assign_to(run: Run, task: Task, person: str) -> None:
    _emit_task(run, "task.assigned", task, Lifecycle.ASSIGN, person=person, rule=str(Rule.PERSON))


@_take.register
def _complete(command: Complete, run: Run) -> None:
    task = _task(run, command.task)
    _require_holder(task, command.actor)
    if task.status is not TaskStatus.CLAIMED:
        raise CommandRefused(
            f"Task {task.id} must be taken before it is completed.", code="untaken"
        )
    node = run.program.node(task.node)
    problems = problems_of(
        node.step.outputs, command.outputs, variables=run.state.variables, at=run.at
    )
    if problems:
        raise CommandRefused(_form_words(problems), code="form", problems=problems)
    outputs = {name: value for name, value in command.outputs.items() if value != ""}
    unset = {f.name: None for f in node.step.outputs if f.name not in outputs}
    meet_step_clock(run, task)
    _emit_task(
        run,
        "task.completed",
        task,
        Lifecycle.COMPLETE,
        person=command.actor.id,
        outputs={**unset, **outputs},
    )
    run.ready.append(task.token)


def _emit_task(
    run: Run, kind: str, task: Task, lifecycle: Lifecycle | None, **data: object
) -> None:
    run.emit(kind, activity=task.node, lifecycle=lifecycle, data={"task": task.id, **data})


def _task(run: Run, number: int) -> Task:
    _require_open(run)
    try:
        return run.state.tasks[number]
    except KeyError:
        raise CommandRefused(
            f"Task {number} is not open: it was completed or withdrawn, or never existed.",
            code="no_task",
        ) from None


def _require_holder(task: Task, actor: Actor) -> None:
    if task.person != actor.id:
        holder = f"with {task.person}" if task.person else "with nobody; take it first"
        raise CommandRefused(f"Task {task.id} is {holder}.", code="not_holder")


def _require_role(run: Run, task: Task, person: str) -> None:
    if not run.workplace.holds(person, task.role):
        raise CommandRefused(
            f"{person or 'Nobody'} does not hold the role {task.role!r} of task {task.id}.",
            code="no_role",
        )


def _own(run: Run, actor: Actor) -> None:
    """The first person to take up a case is responsible for it to the end (首问责任制)."""
    if not run.state.owner and actor.kind is ActorKind.PERSON:
        run.emit("case.owned", data={"person": actor.id, "reason": "first_contact"})


def _form_words(problems: Mapping[str, object]) -> str:
    listed = "; ".join(f"{name}: {problem}" for name, problem in problems.items())
    return f"The form cannot be taken: {listed}."


# Escalation


@_take.register
def _escalate(command: Escalate, run: Run) -> None:
    task = _task(run, command.task)
    if not run.workplace.holds(command.actor.id, task.role):
        _require_holder(task, command.actor)
    escalations.raise_for(run, task, reason=command.reason)


@_take.register
def _answer(command: AnswerEscalation, run: Run) -> None:
    _require_open(run)
    task = escalations.answer(run, command)
    if command.assign_to is not None:
        _require_role(run, task, command.assign_to)
        _assign_to(run, run.state.tasks[task.id], command.assign_to)


# Conversation and messages


@_take.register
def _say(command: Say, run: Run) -> None:
    text = command.text.strip()
    if not text:
        raise CommandRefused("There is nothing to send.", code="empty")
    if command.is_internal:
        run.emit("conversation.noted", data={"text": text})
    elif command.actor.kind is ActorKind.CUSTOMER:
        _hear(run, text, command.channel)
    else:
        activities.say_to_customer(run, text=text, activity=None, channel=command.channel)
        if command.actor.kind is ActorKind.PERSON:
            _own(run, command.actor)
            meet(run, FIRST_RESPONSE)


def _hear(run: Run, text: str, channel: str) -> None:
    """A customer's words; where the process waits for a reply they also move it on."""
    run.emit("conversation.received", data={"text": text, "channel": channel})
    subscription = _find_subscription(run, CUSTOMER_REPLY, key="")
    if subscription is not None:
        waits.deliver(run, subscription, payload={"customer_reply": text}, message_id="")


@_take.register
def _message(command: Message, run: Run) -> None:
    if command.message_id and command.message_id in run.state.message_ids:
        return
    _require_open(run)
    subscription = _find_subscription(run, command.name, key=command.key)
    if subscription is None:
        awaited = sorted({s.name for s in run.state.subscriptions.values()})
        raise CommandRefused(
            f"The case does not wait for message {command.name!r} with key {command.key!r}. "
            f"It waits for: {', '.join(awaited) or 'no message'}.",
            code="not_awaited",
        )
    waits.deliver(run, subscription, payload=command.payload, message_id=command.message_id)


def _find_subscription(run: Run, name: str, *, key: str) -> Subscription | None:
    """The oldest wait for the message; one without a key takes any."""
    matches = (s for s in run.state.subscriptions.values() if s.name == name and s.key in ("", key))
    return min(matches, key=lambda s: s.id, default=None)


# Timers, machines, incidents


@_take.register
def _timer_due(command: TimerDue, run: Run) -> None:
    timer = run.state.timers.get(command.timer)
    if timer is None:
        return  # stale: what it waited for is over
    if run.at < timer.due:
        raise CommandRefused(f"Timer {timer.id} is not due before {timer.due}.", code="early")
    match timer.purpose:
        case TimerPurpose.WAIT | TimerPurpose.BOUNDARY:
            waits.fire(run, timer)
        case TimerPurpose.CLOCK:
            _breach(run, timer)
        case TimerPurpose.ESCALATION:
            _emit_fired(run, timer)
            escalations.climb(run, run.state.escalations[timer.subject])


def _emit_fired(run: Run, timer: ArmedTimer) -> None:
    run.emit("timer.fired", activity=timer.node or None, data={"timer": timer.id, "token": 0})


def _breach(run: Run, timer: ArmedTimer) -> None:
    """A promise is broken; the broken promise of a step asks its chain by itself."""
    _emit_fired(run, timer)
    clock = run.state.clocks[timer.subject]
    run.emit("clock.breached", activity=clock.node or None, data={"clock": clock.id})
    task = run.state.tasks.get(clock.task)
    if task is not None and escalations.may_raise(run, task):
        escalations.raise_for(run, task, reason="step_response_breached")


@_take.register
def _job_done(command: JobDone, run: Run) -> None:
    job = run.state.jobs.get(command.job)
    if job is None:
        return  # done before, or no longer wanted
    run.emit(
        "job.done",
        activity=job.node,
        lifecycle=Lifecycle.COMPLETE,
        data={"job": job.id, "outputs": dict(command.outputs)},
    )
    run.ready.append(job.token)


@_take.register
def _job_failed(command: JobFailed, run: Run) -> None:
    job = run.state.jobs.get(command.job)
    if job is None:
        return
    data = {"job": job.id, "words": command.words, "error": command.error}
    run.emit("job.failed", activity=job.node, lifecycle=Lifecycle.ABORT, data=data)
    if command.error is None or not _throw(run, job, command.error):
        run.raise_incident(job.token, activity=job.node, cause="job", words=command.words)


def _throw(run: Run, job: Job, code: str) -> bool:
    run.emit("error.thrown", activity=job.node, data={"token": job.token, "code": code})
    return activities.catch_error(run, job.token, code=code)


@_take.register
def _resolve(command: ResolveIncident, run: Run) -> None:
    incident = run.state.incidents.get(command.incident)
    if incident is None:
        raise CommandRefused(
            f"Incident {command.incident} is not open: it was resolved, or never existed.",
            code="no_incident",
        )
    run.emit(
        "incident.resolved",
        activity=incident.node or None,
        data={"incident": incident.id, "variables": dict(command.variables)},
    )
    if incident.token:
        run.ready.append(incident.token)
