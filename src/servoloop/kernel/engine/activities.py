"""Activities: work of people and machines, and messages that leave."""

from typing import Any

from servoloop.kernel.engine import branches, waits
from servoloop.kernel.engine.clocks import start_step_clock
from servoloop.kernel.engine.run import Run
from servoloop.kernel.engine.state import Task, Token
from servoloop.kernel.events.event import SYSTEM, Lifecycle
from servoloop.kernel.process.program import Node, Op
from servoloop.kernel.routing.assignment import choose


def open_task(run: Run, token: Token, node: Node) -> None:
    """A human step becomes work for its role."""
    if any(task.token == token.id for task in run.state.tasks.values()):
        return
    waits.arm_boundaries(run, token, node)
    number = run.new_id()
    role = node.step.role or node.lane or ""
    run.emit(
        "task.opened",
        activity=node.id,
        lifecycle=Lifecycle.SCHEDULE,
        data={"task": number, "token": token.id, "role": role},
    )
    start_step_clock(run, node, task=number)
    route(run, run.state.tasks[number], node)


def route(run: Run, task: Task, node: Node) -> None:
    choice = choose(
        node.step.assignment, role=task.role, owner=run.state.owner, workplace=run.workplace
    )
    if choice is not None:
        run.emit(
            "task.assigned",
            activity=node.id,
            lifecycle=Lifecycle.ASSIGN,
            actor=SYSTEM,
            data={"task": task.id, "person": choice.person, "rule": str(choice.rule)},
        )


def request_job(run: Run, token: Token, node: Node) -> None:
    """A service task goes to the outbox; the token waits for the answer."""
    if any(job.token == token.id for job in run.state.jobs.values()):
        return
    waits.arm_boundaries(run, token, node)
    number = run.new_id()
    names = [field.name for field in node.step.inputs]
    inputs = {name: run.state.variables.get(name) for name in names}
    topic = node.step.topic or node.id
    event = run.emit(
        "job.requested",
        activity=node.id,
        lifecycle=Lifecycle.START,
        data={"job": number, "token": token.id, "topic": topic, "inputs": inputs},
    )
    payload = {"job": number, "topic": topic, "inputs": inputs, "retries": node.step.retries}
    run.effect("service", event=event, payload=payload)


def send(run: Run, token: Token, node: Node) -> None:
    throw_message(run, token, node)
    branches.leave(run, token, node, lifecycle=Lifecycle.COMPLETE)


def throw_message(run: Run, token: Token, node: Node) -> None:
    """Tell the customer, or send a message to another system.

    Text without a topic is for the customer to read; a topic, or data, is for a machine.
    """
    payload = _payload(run, node)
    if isinstance(payload, str) and not node.step.topic:
        say_to_customer(run, text=payload, activity=node.id, channel=run.state.channel)
        return
    name = node.step.topic or (node.message.name if node.message else node.id)
    event = run.emit(
        "message.thrown",
        activity=node.id,
        data={"token": token.id, "name": name, "payload": payload},
    )
    run.effect("message", event=event, payload={"name": name, "payload": payload})


def _payload(run: Run, node: Node) -> Any:
    if node.message is None or node.message.payload is None:
        return None
    return run.evaluate_to_data(
        node.message.payload, cause="message", what=f"The message of {node.id!r}"
    )


def say_to_customer(run: Run, *, text: str, activity: str | None, channel: str) -> None:
    event = run.emit(
        "conversation.sent",
        activity=activity,
        data={"text": text, "channel": channel},
    )
    run.effect("notify_customer", event=event, payload={"text": text})


def catch_error(run: Run, host: int, *, code: str) -> bool:
    """Let the nearest activity around that handles the code be interrupted; False: nobody does.

    `host` is the token of the innermost activity in question, 0 for the whole case.
    """
    while host:
        token = run.state.tokens[host]
        if boundary := _error_boundary(run, run.node_of(token), code):
            waits.trigger_boundary(run, token, boundary)
            return True
        host = token.parent
    return False


def _error_boundary(run: Run, node: Node, code: str) -> Node | None:
    """The boundary event that names the code; else one that catches every error."""
    boundaries = [run.program.nodes[index] for index in node.boundary]
    errors = [b for b in boundaries if b.op is Op.BOUNDARY_ERROR]
    exact = [b for b in errors if b.error == code]
    return next(iter(exact or [b for b in errors if b.error is None]), None)
