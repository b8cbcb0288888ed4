"""decide(): what follows from a command. Pure: same input, same output, on either clock."""

from dataclasses import dataclass
from datetime import datetime

from servoloop.kernel.engine import asks
from servoloop.kernel.engine.clocks import end_case_clocks, pause_or_resume
from servoloop.kernel.engine.commands import Command
from servoloop.kernel.engine.nodes import advance
from servoloop.kernel.engine.run import Effect, Run
from servoloop.kernel.engine.state import ArmedTimer, CaseStatus, State
from servoloop.kernel.events.event import SYSTEM, Event
from servoloop.kernel.process.program import Program
from servoloop.kernel.routing.workplace import Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to commit in one transaction. Without events there is nothing to commit."""

    events: tuple[Event, ...]
    timers: tuple[ArmedTimer, ...]  # newly armed
    effects: tuple[Effect, ...]
    state: State  # after the events


def decide(
    program: Program, state: State, command: Command, *, at: datetime, workplace: Workplace
) -> Decision:
    """The events, timers and effects that a command leads to; the given state stays as it was.

    `at` is an aware moment. A timer that the case no longer knows, and a message that it has taken
    before, lead to no events. Raises CommandRefused, in words for the person who asked, when the
    case is not in a state to take the command.
    """
    run = Run(
        program=program,
        state=state.copy(),
        at=at,
        actor=getattr(command, "actor", SYSTEM),
        workplace=workplace,
    )
    asks.take(run, command)
    if run.events:
        _settle(run)
    return Decision(
        events=tuple(run.events),
        # A timer armed and dropped within one decision needs no row.
        timers=tuple(t for t in run.timers if t.id in run.state.timers),
        effects=tuple(run.effects),
        state=run.state,
    )


def _settle(run: Run) -> None:
    """Let the tokens run, close the case when none is left, and set the clocks accordingly."""
    run.actor = SYSTEM
    advance(run)
    if run.state.status is not CaseStatus.OPEN:
        return
    if run.state.tokens:
        pause_or_resume(run)
        return
    end_case_clocks(run)
    run.emit("case.closed", data={"outcome": run.outcome})
