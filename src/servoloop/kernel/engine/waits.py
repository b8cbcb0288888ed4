"""Waiting for time and for messages: catch events, boundary events, event-based gateways."""

from datetime import datetime, timedelta
from typing import Any

from servoloop.kernel.calendars.calendar import CalendarError
from servoloop.kernel.engine.clocks import WAITS_FOR_CUSTOMER, calendar_of
from servoloop.kernel.engine.run import Halt, Run
from servoloop.kernel.engine.state import ArmedTimer, Subscription, TimerPurpose, Token
from servoloop.kernel.events.event import Lifecycle
from servoloop.kernel.process.iso8601 import (
    BadTime,
    Cycle,
    parse_cycle,
    parse_duration,
    parse_moment,
)
from servoloop.kernel.process.program import Node, Op, TimerKind


def await_message(run: Run, token: Token, node: Node) -> None:
    """Receive task or catching message event."""
    arm_boundaries(run, token, node)
    _subscribe(run, token, node)


def await_timer(run: Run, token: Token, node: Node) -> None:
    _arm(run, token, node, purpose=TimerPurpose.WAIT)


def await_first(run: Run, token: Token, node: Node) -> None:
    """Event-based gateway: the first of its events takes the token."""
    for index in node.outgoing:
        target = run.program.nodes[run.program.flows[index].target]
        if target.op is Op.WAIT:
            _arm(run, token, target, purpose=TimerPurpose.WAIT)
        else:
            _subscribe(run, token, target)


def arm_boundaries(run: Run, token: Token, node: Node) -> None:
    """Set the timers and subscriptions of the boundary events that are not set yet."""
    for index in node.boundary:
        boundary = run.program.nodes[index]
        if boundary.op is Op.BOUNDARY_TIMER:
            _arm(run, token, boundary, purpose=TimerPurpose.BOUNDARY)
        elif boundary.op is Op.BOUNDARY_MESSAGE:
            _subscribe(run, token, boundary)


def _subscribe(run: Run, token: Token, node: Node) -> None:
    subscriptions = run.state.subscriptions.values()
    if any(s.token == token.id and s.node == node.id for s in subscriptions):
        return
    rule = node.message
    assert rule is not None  # compiled so
    key = ""
    if rule.key is not None:
        value = run.evaluate_to_data(
            rule.key, cause="message", what=f"The correlation key of {node.id!r}"
        )
        if value is None:
            raise Halt("message", f"The correlation key of {node.id!r} is null.")
        key = str(value)
    run.emit(
        "message.awaited",
        activity=node.id,
        lifecycle=Lifecycle.SCHEDULE,
        data={
            "subscription": run.new_id(),
            "token": token.id,
            "name": rule.name,
            "key": key,
            "waits_for": WAITS_FOR_CUSTOMER if node.step.waits_for_customer else "",
        },
    )


def deliver(run: Run, subscription: Subscription, *, payload: Any, message_id: str) -> None:
    """A message has come for this subscription: its token goes on."""
    node = run.program.node(subscription.node)
    host = subscription.token
    is_boundary = node.op is Op.BOUNDARY_MESSAGE
    token = 0 if is_boundary else _onto(run, host, node)
    run.emit(
        "message.received",
        activity=node.id,
        lifecycle=Lifecycle.COMPLETE,
        data={
            "subscription": subscription.id,
            "token": token,
            "name": subscription.name,
            "payload": dict(payload),
            "message_id": message_id,
        },
    )
    if is_boundary:
        trigger_boundary(run, run.state.tokens[host], node)
    else:
        run.ready.append(token)


def fire(run: Run, timer: ArmedTimer) -> None:
    """The timer of a catching or boundary event has come due."""
    node = run.program.node(timer.node)
    is_boundary = timer.purpose is TimerPurpose.BOUNDARY
    token = 0 if is_boundary else _onto(run, timer.subject, node)
    run.emit(
        "timer.fired",
        activity=node.id,
        lifecycle=Lifecycle.COMPLETE,
        data={"timer": timer.id, "token": token},
    )
    if not is_boundary:
        run.ready.append(token)
        return
    if timer.repeats and not node.is_interrupting:
        _rearm(run, timer, node)
    trigger_boundary(run, run.state.tokens[timer.subject], node)


def _rearm(run: Run, timer: ArmedTimer, node: Node) -> None:
    run.arm(
        timer.purpose,
        subject=timer.subject,
        due=next_due(run, timer, node),
        activity=node.id,
        repeats=timer.repeats if timer.repeats < 0 else timer.repeats - 1,
        every=timer.every.total_seconds(),
    )


def _onto(run: Run, number: int, node: Node) -> int:
    """The token at the event, after stepping off an event-based gateway where it waited there."""
    token = run.state.tokens[number]
    if token.node == node.id:
        return number
    gateway = run.node_of(token)
    flows = [run.program.flows[index] for index in gateway.outgoing]
    run.move([number], gateway, [flow for flow in flows if flow.target == node.index])
    return run.ready.pop()


def trigger_boundary(run: Run, host: Token, boundary: Node) -> None:
    """Interrupt the host activity, or add a token beside it."""
    flows = [run.program.flows[index] for index in boundary.outgoing]
    if not boundary.is_interrupting:
        run.move([], boundary, flows, lifecycle=Lifecycle.COMPLETE, beside=host.id)
        return
    run.withdraw_work(host.id, reason=boundary.id)
    run.abort_inside(host.id, reason=boundary.id)
    run.move([host.id], boundary, flows, lifecycle=Lifecycle.COMPLETE)


# Timers


def _arm(run: Run, token: Token, node: Node, *, purpose: TimerPurpose) -> None:
    timers = run.state.timers.values()
    if any(t.subject == token.id and t.node == node.id for t in timers):
        return
    due, repeats, every = schedule(run, node)
    run.arm(
        purpose,
        subject=token.id,
        due=due,
        activity=node.id,
        repeats=repeats,
        every=every.total_seconds(),
    )


def schedule(run: Run, node: Node) -> tuple[datetime, int, timedelta]:
    """First due moment, further repetitions (-1: no end) and their distance."""
    rule = node.timer
    assert rule is not None  # compiled so
    value = run.evaluate_to_data(rule.expression, cause="timer", what=f"The timer of {node.id!r}")
    try:
        match rule.kind:
            case TimerKind.DATE:
                return parse_moment(str(value)), 0, timedelta(0)
            case TimerKind.DURATION:
                return _after(run, node, parse_duration(str(value))), 0, timedelta(0)
            case TimerKind.CYCLE:
                return _cycle(run, node, parse_cycle(str(value)))
    except (BadTime, CalendarError, OverflowError) as error:
        raise Halt("timer", f"The timer of {node.id!r} has no due time: {error}") from error


def _cycle(run: Run, node: Node, cycle: Cycle) -> tuple[datetime, int, timedelta]:
    repeats = -1 if cycle.count is None else max(cycle.count - 1, 0)
    first = _after(run, node, cycle.every) if cycle.start is None else cycle.start
    return max(first, run.at), repeats, cycle.every


def _after(run: Run, node: Node, span: timedelta) -> datetime:
    assert node.timer is not None
    if not node.timer.is_working_time:
        return run.at + span
    _, calendar = calendar_of(run, node)
    return calendar.add(run.at, span)


def next_due(run: Run, timer: ArmedTimer, node: Node) -> datetime:
    """When a repeating timer comes due again; counted from its due time, so it cannot drift."""
    if node.timer is not None and node.timer.is_working_time:
        return _after(run, node, timer.every)
    return max(timer.due + timer.every, run.at)
