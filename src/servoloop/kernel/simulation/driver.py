"""The reference driver: `decide` on a virtual clock, with people and customers who have habits.

Every change of a case comes out of the same engine as in live operation; the driver only plays
the world around it: arrivals, people who take the oldest deadline of their queue and work at their
own speed within their own hours, supervisors who answer escalations or let them climb, machines,
and customers who reply or do not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.engine.commands import (
    AnswerEscalation,
    Claim,
    Command,
    Complete,
    JobDone,
    Open,
    Say,
    TimerDue,
)
from servoloop.kernel.engine.decide import Decision, decide
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.state import Escalation, State, Task, TaskStatus
from servoloop.kernel.events.event import Actor, ActorKind, CaseId, Event
from servoloop.kernel.process.program import Node, Program
from servoloop.kernel.routing.workplace import StaffMember, Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A person of the simulated staff; `speed` 2 works twice as fast as the standard times say."""

    member: StaffMember
    calendar: Calendar
    speed: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    at: datetime
    case: CaseId
    program: Program
    command: Open


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What people do where the process leaves them a choice. Chance comes from the given Random."""

    outputs: Callable[[Node, Mapping[str, Any], datetime, Random], dict[str, Any]]
    work: Callable[[Node, Random], timedelta]  # working time of a person of speed 1
    reply: Callable[[State, Random], tuple[timedelta, str] | None]  # None: the customer is silent
    answer: Callable[[Escalation, Random], tuple[timedelta, str] | None]  # None: it climbs
    greeting: Callable[[State, Actor, Random], str | None]  # what is said on taking up a case
    machine: Callable[[Node, Random], timedelta]  # how long a service step takes


@dataclass(slots=True, kw_only=True)
class Life:
    """One simulated case: its events so far and the state they lead to."""

    program: Program
    state: State
    events: list[Event] = field(default_factory=list)


def simulate(
    arrivals: Iterable[Arrival],
    *,
    workers: Sequence[Worker],
    calendars: Mapping[str, Calendar],
    habits: Habits,
    until: datetime,
    random: Random,
) -> list[Life]:
    """Play the arrivals until `until`; whatever is open then stays open. Same seed, same lives."""
    world = _World(
        workers={worker.member.person: worker for worker in workers},
        calendars=calendars,
        habits=habits,
        random=random,
    )
    for arrival in arrivals:
        world.plan(arrival.at, _opening(world, arrival))
    world.run(until)
    return [world.lives[case] for case in sorted(world.lives)]


Action = Callable[[datetime], None]


@dataclass(slots=True, kw_only=True)
class _World:
    workers: dict[str, Worker]
    calendars: Mapping[str, Calendar]
    habits: Habits
    random: Random
    lives: dict[CaseId, Life] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    woken: dict[str, datetime] = field(default_factory=dict)  # when a person looks again
    heap: list[tuple[datetime, int, Action]] = field(default_factory=list)
    ties: Iterator[int] = field(default_factory=count)

    def plan(self, at: datetime, action: Action) -> None:
        # The running number makes the order of equal moments that of planning.
        heappush(self.heap, (at, next(self.ties), action))

    def run(self, until: datetime) -> None:
        while self.heap and self.heap[0][0] < until:
            at, _, action = heappop(self.heap)
            action(at)
            _staff_up(self, at)

    def workplace(self) -> Workplace:
        return Workplace(
            calendars=self.calendars, staff=tuple(w.member for w in self.workers.values())
        )

    def do(self, life: Life, command: Command, at: datetime) -> Decision | None:
        """Apply a command and plan what the world does about its events; None: it was refused."""
        try:
            decision = decide(life.program, life.state, command, at=at, workplace=self.workplace())
        except CommandRefused:
            return None  # the world changed its mind too late: the case has moved on
        life.events.extend(decision.events)
        life.state = decision.state
        for event in decision.events:
            if react := _REACTIONS.get(event.kind):
                react(self, life, event)
        return decision


def _opening(world: _World, arrival: Arrival) -> Action:
    def open_case(at: datetime) -> None:
        life = Life(program=arrival.program, state=State(case=arrival.case))
        world.lives[arrival.case] = life
        world.do(life, arrival.command, at)

    return open_case


# People


def _staff_up(world: _World, at: datetime) -> None:
    """Give every free person who is at work the task of theirs with the oldest deadline."""
    queue = sorted(_waiting(world), key=lambda row: (row[0], row[1].state.case, row[2].id))
    for person, worker in world.workers.items():
        if person in world.busy or not queue:
            continue
        chosen = next((row for row in queue if _may_take(worker, row[2])), None)
        if chosen is None:
            continue
        if not worker.calendar.is_open(at):
            _wake(world, worker, at)
            continue
        queue.remove(chosen)
        _begin(world, worker, chosen[1], chosen[2], at)


def _waiting(world: _World) -> Iterable[tuple[datetime, Life, Task]]:
    for life in world.lives.values():
        for task in life.state.tasks.values():
            if task.status is not TaskStatus.CLAIMED:
                yield _deadline(life.state, task), life, task


def _deadline(state: State, task: Task) -> datetime:
    dues = [c.due for c in state.clocks.values() if c.task == task.id and c.due is not None]
    return min(dues, default=task.opened_at + timedelta(days=1))


def _may_take(worker: Worker, task: Task) -> bool:
    if task.status is TaskStatus.ASSIGNED:
        return task.person == worker.member.person
    return task.role in worker.member.roles


def _wake(world: _World, worker: Worker, at: datetime) -> None:
    person = worker.member.person
    opening = worker.calendar.next_opening(at)
    if world.woken.get(person) != opening:
        world.woken[person] = opening
        world.plan(opening, lambda _at: None)  # staffing follows every action


def _begin(world: _World, worker: Worker, life: Life, task: Task, at: datetime) -> None:
    person = worker.member.person
    actor = Actor(kind=ActorKind.PERSON, id=person)
    is_first = not life.state.owner
    if world.do(life, Claim(task=task.id, actor=actor), at) is None:
        return
    world.busy.add(person)
    node = life.program.node(task.node)
    effort = world.habits.work(node, world.random) / worker.speed
    greeting = world.habits.greeting(life.state, actor, world.random) if is_first else None
    if greeting is not None:
        said_at = worker.calendar.add(at, effort / 2)
        world.plan(said_at, lambda at: _speak(world, life, greeting, actor, at))
    world.plan(worker.calendar.add(at, effort), lambda at: _finish(world, life, task, actor, at))


def _speak(world: _World, life: Life, text: str, actor: Actor, at: datetime) -> None:
    world.do(life, Say(text=text, actor=actor, channel=life.state.channel), at)


def _finish(world: _World, life: Life, task: Task, actor: Actor, at: datetime) -> None:
    world.busy.discard(actor.id)
    if task.id not in life.state.tasks:
        return  # taken away meanwhile
    node = life.program.node(task.node)
    outputs = world.habits.outputs(node, life.state.variables, at, world.random)
    world.do(life, Complete(task=task.id, outputs=outputs, actor=actor), at)


# What the world does about an event


def _on_timer(world: _World, life: Life, event: Event) -> None:
    due = datetime.fromisoformat(event.data["due"])
    number = event.data["timer"]
    world.plan(due, lambda at: _ring(world, life, number, at))


def _ring(world: _World, life: Life, number: int, at: datetime) -> None:
    if number in life.state.timers:
        world.do(life, TimerDue(timer=number), at)


def _on_job(world: _World, life: Life, event: Event) -> None:
    number = event.data["job"]
    node = life.program.node(event.activity or "")
    done_at = event.at + world.habits.machine(node, world.random)
    world.plan(done_at, lambda at: _do_quietly(world, life, JobDone(job=number), at))


def _on_wait(world: _World, life: Life, event: Event) -> None:
    if event.data["waits_for"] != "customer":
        return
    said = world.habits.reply(life.state, world.random)
    if said is None:
        return
    delay, text = said
    actor = Actor(kind=ActorKind.CUSTOMER, id=life.state.customer)
    number = event.data["subscription"]
    command = Say(text=text, actor=actor, channel=life.state.channel)

    def reply(at: datetime) -> None:
        if number in life.state.subscriptions:
            world.do(life, command, at)

    world.plan(event.at + delay, reply)


def _on_escalation(world: _World, life: Life, event: Event) -> None:
    number = event.data["escalation"]
    escalation = life.state.escalations.get(number)
    answer = escalation and world.habits.answer(escalation, world.random)
    answerer = _answerer(world, event.data["role"])
    if not answer or answerer is None:
        return
    delay, words = answer
    actor = Actor(kind=ActorKind.PERSON, id=answerer.member.person)
    command = AnswerEscalation(escalation=number, words=words, actor=actor)
    answered_at = answerer.calendar.add(event.at, delay)
    world.plan(answered_at, lambda at: _do_quietly(world, life, command, at))


def _answerer(world: _World, role: str) -> Worker | None:
    holders = [w for w in world.workers.values() if role in w.member.roles]
    return world.random.choice(holders) if holders else None


def _do_quietly(world: _World, life: Life, command: Command, at: datetime) -> None:
    world.do(life, command, at)


_REACTIONS: dict[str, Callable[[_World, Life, Event], None]] = {
    "timer.armed": _on_timer,
    "job.requested": _on_job,
    "message.awaited": _on_wait,
    "escalation.raised": _on_escalation,
    "escalation.climbed": _on_escalation,
}
