"""A dry run: one case on a virtual clock, moved by hand before anything is live.

The case is nothing but the moves made so far: they are replayed from the first, so a move is undone
by leaving it out. The engine is the one of live operation; the driver only plays everybody who is
not there: a colleague for each role, the machines, and the customer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar, assert_never, get_args

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.engine.commands import (
    AnswerEscalation,
    Claim,
    Command,
    Complete,
    Escalate,
    JobDone,
    JobFailed,
    Message,
    Open,
    Say,
    TimerDue,
)
from servoloop.kernel.engine.decide import decide
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.state import ArmedTimer, State, TaskStatus
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.events.event import Actor, ActorKind, CaseId, Event
from servoloop.kernel.process.program import Node, Program
from servoloop.kernel.routing.workplace import StaffMember, Workplace

MOST_TIMERS = 500
"""A single wait that fires more than these goes on for ever."""
LONGEST_WAIT = timedelta(days=3660)
CUSTOMER = "customer"

Kind = Literal[
    "open", "complete", "say", "wait", "next", "done", "fail", "escalate", "answer", "message"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What somebody does; `subject` is the task, job, escalation or subscription meant.

    `values` fill a form, `words` are said or give a reason, `seconds` are waited. A task takes its
    standard time of work unless `is_instant`.
    """

    kind: Kind
    subject: int = 0
    values: Mapping[str, Any] = field(default_factory=dict)
    words: str = ""
    seconds: int = 0
    is_instant: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """The case after its moves, at the virtual moment `at`.

    `seq_before` is the last event before the latest move: what came after it is news.
    """

    program: Program
    state: State
    at: datetime
    events: tuple[Event, ...] = ()
    seq_before: int = 0

    @property
    def timers(self) -> tuple[ArmedTimer, ...]:
        """What the clock will bring, soonest first."""
        return tuple(sorted(self.state.timers.values(), key=lambda each: (each.due, each.id)))


class Interrupted(ServoloopError):
    """The work was taken away while it was being done."""

    def __init__(self, node: str, *, at: datetime) -> None:
        self.node = node
        self.at = at
        super().__init__(f"Step {node!r} was taken away at {at:%Y-%m-%d %H:%M} before it was done.")


class EndlessWait(ServoloopError):
    """Timers that set each other for ever."""

    def __init__(self) -> None:
        super().__init__(
            f"More than {MOST_TIMERS} timers came due within one move; wait for a shorter time."
        )


def play(
    program: Program,
    moves: Sequence[Move],
    *,
    begin: datetime,
    calendars: Mapping[str, Calendar],
) -> DryRun:
    """The case after the moves. Raises CommandRefused, EndlessWait, UnknownCalendar and KeyError
    for a move that the case does not allow.
    """
    stage = _Stage(program=program, at=begin, workplace=_played_by(program, calendars))
    seq_before = 0
    for move in moves:
        seq_before = stage.state.seq
        stage.make(move)
    return DryRun(
        program=program,
        state=stage.state,
        at=stage.at,
        events=tuple(stage.events),
        seq_before=seq_before,
    )


def played_by(role: str) -> str:
    """The name of whoever plays a role."""
    return f"role:{role}"


def move_to_data(move: Move) -> dict[str, Any]:
    """JSON without what is left at its default."""
    plain = {
        "subject": move.subject,
        "values": dict(move.values),
        "words": move.words,
        "seconds": move.seconds,
        "is_instant": move.is_instant,
    }
    return {"kind": move.kind, **{name: value for name, value in plain.items() if value}}


def move_from_data(data: Mapping[str, Any]) -> Move:
    """Raises ValueError and TypeError for what `move_to_data` does not write."""
    if data.get("kind") not in get_args(Kind):
        raise ValueError(f"No move {data.get('kind')!r}.")
    return Move(**data)


def _played_by(program: Program, calendars: Mapping[str, Calendar]) -> Workplace:
    roles = {node.step.role or node.lane or "" for node in program.nodes}
    roles |= {level.role for node in program.nodes for level in node.step.escalation}
    staff = tuple(
        StaffMember(person=played_by(role), roles=frozenset({role})) for role in sorted(roles)
    )
    return Workplace(calendars=calendars, staff=staff)


@dataclass(slots=True, kw_only=True)
class _Stage:
    program: Program
    at: datetime
    workplace: Workplace
    state: State = field(default_factory=lambda: State(case=CaseId(1)))
    events: list[Event] = field(default_factory=list)

    def make(self, move: Move) -> None:
        match move.kind:
            case "complete":
                self._work(move)
            case "wait":
                self._wait(min(timedelta(seconds=move.seconds), LONGEST_WAIT))
            case "next":
                self._until(next(self._due(), self.at))
            case _:
                self._do(_command(move, self))

    def _do(self, command: Command) -> None:
        decision = decide(self.program, self.state, command, at=self.at, workplace=self.workplace)
        self.state = decision.state
        self.events.extend(decision.events)

    def _work(self, move: Move) -> None:
        """Take the task, work for its standard time, finish it; timers come due meanwhile."""
        task = _known(self.state.tasks, move.subject)
        actor = _actor(played_by(task.role))
        if task.status is not TaskStatus.CLAIMED:
            self._do(Claim(task=task.id, actor=actor))
        if not move.is_instant:
            self._until(self._done_at(self.program.node(task.node)))
        if task.id not in self.state.tasks:
            raise Interrupted(task.node, at=self.at)
        self._do(Complete(task=task.id, outputs=dict(move.values), actor=actor))

    def _done_at(self, node: Node) -> datetime:
        name = node.step.calendar or self.program.sheet.calendar or ""
        work = node.step.standard_time or timedelta(0)
        return self.workplace.calendar(name).add(self.at, work)

    def _wait(self, span: timedelta) -> None:
        self._until(self.at + span)

    def _until(self, moment: datetime) -> None:
        """Let the clock run; every timer takes effect at its own moment."""
        for _ in range(MOST_TIMERS):
            due = next(self._due(), None)
            if due is None or due > moment:
                self.at = max(self.at, moment)
                return
            self.at = max(self.at, due)
            first = min(self.state.timers.values(), key=lambda each: (each.due, each.id))
            self._do(TimerDue(timer=first.id))
        raise EndlessWait

    def _due(self) -> Iterator[datetime]:
        return iter(sorted(timer.due for timer in self.state.timers.values()))


def _command(move: Move, stage: _Stage) -> Command:
    state = stage.state
    match move.kind:
        case "open":
            return _opening(stage.program, move)
        case "say":
            return Say(text=move.words, actor=Actor(kind=ActorKind.CUSTOMER, id=CUSTOMER))
        case "done":
            return JobDone(job=_known(state.jobs, move.subject).id, outputs=dict(move.values))
        case "fail":
            return JobFailed(job=_known(state.jobs, move.subject).id, words=move.words)
        case "escalate":
            task = _known(state.tasks, move.subject)
            return Escalate(task=task.id, reason=move.words, actor=_actor(played_by(task.role)))
        case "answer":
            asked = _known(state.escalations, move.subject)
            actor = _actor(played_by(asked.role))
            return AnswerEscalation(escalation=asked.id, words=move.words, actor=actor)
        case "message":
            awaited = _known(state.subscriptions, move.subject)
            return Message(name=awaited.name, key=awaited.key, payload=dict(move.values))
        case "complete" | "wait" | "next":
            raise AssertionError(move.kind)
    assert_never(move.kind)


def _opening(program: Program, move: Move) -> Open:
    """By the form where there is one, else by the first message or timer that begins it."""
    message, timer = None, None
    if program.start < 0:
        message = next(iter(program.message_starts), None)
        timer = None if message else program.nodes[program.timer_starts[0]].id
    return Open(
        variables=dict(move.values),
        customer=CUSTOMER,
        subject=move.words,
        message=message,
        timer=timer,
    )


Thing = TypeVar("Thing")


def _known(things: Mapping[int, Thing], number: int) -> Thing:
    if number not in things:
        raise CommandRefused("The case has moved on; this is no longer there.", code="gone")
    return things[number]


def _actor(person: str) -> Actor:
    return Actor(kind=ActorKind.PERSON, id=person)
