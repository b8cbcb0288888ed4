"""Service-level clocks as events of a decision."""

from datetime import timedelta

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.engine.codec import moment_to_text
from servoloop.kernel.engine.run import Run
from servoloop.kernel.engine.state import Task, TimerPurpose
from servoloop.kernel.process.program import Node
from servoloop.kernel.service_levels.clock import (
    FIRST_RESPONSE,
    RESOLUTION,
    STEP_RESPONSE,
    Clock,
    ClockStatus,
    due_of,
    remaining_of,
)

WAITS_FOR_CUSTOMER = "customer"


def calendar_of(run: Run, node: Node | None = None) -> tuple[str, Calendar]:
    """The calendar of a step, or of the process, with its name."""
    name = (node and node.step.calendar) or run.program.sheet.calendar or ""
    return name, run.workplace.calendar(name)


def start_case_clocks(run: Run) -> None:
    """Begin a cycle of every promise that the process makes."""
    for level in run.program.sheet.service_levels:
        name = level.calendar or run.program.sheet.calendar or ""
        _start(run, level.metric, target=level.within, calendar=name, task=0, activity=None)


def start_step_clock(run: Run, node: Node, *, task: int) -> None:
    if node.step.response_time is not None:
        name, _ = calendar_of(run, node)
        target = node.step.response_time
        _start(run, STEP_RESPONSE, target=target, calendar=name, task=task, activity=node.id)


def _start(
    run: Run, metric: str, *, target: timedelta, calendar: str, task: int, activity: str | None
) -> None:
    due = due_of(run.at, target=target, calendar=run.workplace.calendar(calendar))
    number = run.new_id()
    run.emit(
        "clock.started",
        activity=activity,
        data={
            "clock": number,
            "metric": metric,
            "cycle": run.state.cycle,
            "target": target.total_seconds(),
            "calendar": calendar,
            "due": moment_to_text(due),
            "task": task,
        },
    )
    run.arm(TimerPurpose.CLOCK, subject=number, due=due, activity=activity)


def meet(run: Run, metric: str) -> None:
    """The promise of this metric is kept now, in every clock that still counts."""
    for clock in _clocks(run, metric):
        _end(run, clock)


def meet_step_clock(run: Run, task: Task) -> None:
    for clock in [c for c in run.state.clocks.values() if c.task == task.id]:
        _end(run, clock)


def _end(run: Run, clock: Clock) -> None:
    """Met, or breached when its timer is late: the verdict must not hang on the timer's speed."""
    kind = "clock.breached" if _is_late(run, clock) else "clock.met"
    run.emit(kind, activity=clock.node or None, data={"clock": clock.id})


def _is_late(run: Run, clock: Clock) -> bool:
    return clock.due is not None and run.at > clock.due


def _clocks(run: Run, metric: str) -> list[Clock]:
    return [clock for clock in run.state.clocks.values() if clock.metric == metric]


def pause_or_resume(run: Run) -> None:
    """Case clocks stand still while the case waits for nobody but the customer.

    The first-response clock goes on: no customer can be waited for before we have answered.
    """
    is_waiting = _waits_only_for_customer(run)
    for clock in _clocks(run, RESOLUTION):
        if is_waiting and clock.status is ClockStatus.RUNNING:
            _pause(run, clock)
        elif not is_waiting and clock.status is ClockStatus.PAUSED:
            _resume(run, clock)


def _waits_only_for_customer(run: Run) -> bool:
    """True when every token is a customer wait or a scope around customer waits."""
    state = run.state
    waiting = {s.token for s in state.subscriptions.values() if s.is_customer}
    around = {token.parent for token in state.tokens.values()}
    return bool(waiting) and all(
        token.id in waiting or token.id in around for token in state.tokens.values()
    )


def _pause(run: Run, clock: Clock) -> None:
    if _is_late(run, clock):  # its timer has not come round yet
        _end(run, clock)
        return
    calendar = run.workplace.calendar(clock.calendar)
    remaining = remaining_of(clock, at=run.at, calendar=calendar)
    run.emit(
        "clock.paused",
        data={
            "clock": clock.id,
            "remaining": remaining.total_seconds(),
            "reason": WAITS_FOR_CUSTOMER,
        },
    )


def _resume(run: Run, clock: Clock) -> None:
    calendar = run.workplace.calendar(clock.calendar)
    due = due_of(run.at, target=clock.remaining or timedelta(0), calendar=calendar)
    run.emit("clock.resumed", data={"clock": clock.id, "due": moment_to_text(due)})
    run.arm(TimerPurpose.CLOCK, subject=clock.id, due=due, activity=None)


def end_case_clocks(run: Run) -> None:
    """Closing answers the customer and resolves the matter."""
    meet(run, FIRST_RESPONSE)
    meet(run, RESOLUTION)
