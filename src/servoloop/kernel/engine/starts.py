"""When the timer start events of a process come due: they belong to no case yet."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from servoloop.kernel.engine import waits
from servoloop.kernel.engine.run import Run
from servoloop.kernel.engine.state import State
from servoloop.kernel.events.event import SYSTEM, CaseId
from servoloop.kernel.process.program import Program
from servoloop.kernel.routing.workplace import Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class StartSchedule:
    """A timer start event: due first at `due`, then `repeats` times more (-1: without end)."""

    node: str
    due: datetime
    repeats: int
    every: timedelta


def start_schedules(
    program: Program, *, at: datetime, workplace: Workplace
) -> tuple[StartSchedule, ...]:
    """The timer starts of a process that is published at `at`; each counts from then.

    Raises Halt for a timer that has no due time.
    """
    state = State(case=CaseId(0))
    run = Run(program=program, state=state, at=at, actor=SYSTEM, workplace=workplace)
    found = []
    for index in program.timer_starts:
        node = program.nodes[index]
        due, repeats, every = waits.schedule(run, node)
        found.append(StartSchedule(node=node.id, due=due, repeats=repeats, every=every))
    return tuple(found)
