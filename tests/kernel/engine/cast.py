"""The shared cast of the engine tests: people, calendars, small programs, and a case to drive."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.calendars.weekly_hours import weekly_hours
from servoloop.kernel.engine.commands import Claim, Command, Complete, Open, TimerDue
from servoloop.kernel.engine.decide import Decision, decide
from servoloop.kernel.engine.evolve import fold
from servoloop.kernel.engine.state import State, Task
from servoloop.kernel.events.catalogue import missing_fields
from servoloop.kernel.events.event import Actor, ActorKind, CaseId, Event
from servoloop.kernel.feel.expression import compile as feel
from servoloop.kernel.process.program import (
    AssignRule,
    Flow,
    MessageRule,
    Node,
    Op,
    Program,
    TimerKind,
    TimerRule,
)
from servoloop.kernel.process.step import (
    EscalationLevel,
    ProcessSheet,
    ServiceLevel,
    Step,
)
from servoloop.kernel.routing.workplace import StaffMember, Workplace

ADA = Actor(kind=ActorKind.PERSON, id="ada")  # agent
EVE = Actor(kind=ActorKind.PERSON, id="eve")  # agent
BO = Actor(kind=ActorKind.PERSON, id="bo")  # supervisor
CY = Actor(kind=ActorKind.PERSON, id="cy")  # manager
MO = Actor(kind=ActorKind.CUSTOMER, id="mo")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

OFFICE = Calendar(
    name="office",
    zone="UTC",
    weekly=weekly_hours("mon-fri 09:00-17:00"),
    exceptions={},
    published_through=None,
)
STAFF = (
    StaffMember(person="ada", roles=frozenset({"agent"}), open_tasks=3),
    StaffMember(person="eve", roles=frozenset({"agent"}), open_tasks=1),
    StaffMember(person="bo", roles=frozenset({"supervisor", "agent"}), open_tasks=9),
    StaffMember(person="cy", roles=frozenset({"manager"})),
)
WORKPLACE = Workplace(calendars={"office": OFFICE}, staff=STAFF)
CHAIN = (
    EscalationLevel(role="supervisor", within=timedelta(hours=1)),
    EscalationLevel(role="manager", within=timedelta(hours=2)),
)


def human(node_id: str, **step: Any) -> Node:
    return Node(index=0, id=node_id, op=Op.HUMAN, step=Step(**{"role": "agent", **step}))


def node(node_id: str, op: Op, **attributes: Any) -> Node:
    return Node(index=0, id=node_id, op=op, **attributes)


def after(text: str, *, kind: TimerKind = TimerKind.DURATION, working: bool = False) -> TimerRule:
    return TimerRule(kind=kind, expression=feel(f'"{text}"'), is_working_time=working)


def message(name: str) -> MessageRule:
    return MessageRule(name=name)


def sets(variable: str, expression: str) -> AssignRule:
    return AssignRule(expression=feel(expression), variable=variable)


def program(
    *nodes: Node,
    flows: Iterable[str],
    scopes: dict[str, str] | None = None,
    attached: dict[str, str] | None = None,
    defaults: Iterable[str] = (),
    service_levels: tuple[ServiceLevel, ...] = (),
) -> Program:
    """A program from nodes and flows such as 'a>b' or 'a>b if x > 1'; a flow's id is 'a>b'.

    `scopes` maps an inner node to its sub-process, `attached` a boundary event to its host.
    """
    scopes, attached = scopes or {}, attached or {}
    numbers = {n.id: i for i, n in enumerate(nodes)}
    table = []
    for index, text in enumerate(flows):
        path, _, condition = text.partition(" if ")
        source, target = path.split(">")
        rule = feel(condition) if condition else None
        table.append(
            Flow(
                index=index, id=path, source=numbers[source], target=numbers[target], condition=rule
            )
        )
    default_of = {f.source: f.index for f in table if f.id in set(defaults)}
    built = tuple(
        replace(
            n,
            index=i,
            scope=numbers[scopes[n.id]] if n.id in scopes else -1,
            incoming=tuple(f.index for f in table if f.target == i),
            outgoing=tuple(f.index for f in table if f.source == i),
            default=default_of.get(i, -1),
            attached_to=numbers[attached[n.id]] if n.id in attached else -1,
            boundary=tuple(numbers[b] for b, host in attached.items() if host == n.id),
            inner_start=next(
                (
                    numbers[k]
                    for k, s in scopes.items()
                    if s == n.id and nodes[numbers[k]].op is Op.START
                ),
                -1,
            ),
        )
        for i, n in enumerate(nodes)
    )
    tops = [n.index for n in built if n.op is Op.START and n.scope < 0]
    return Program(
        key="test",
        version="v1",
        sheet=ProcessSheet(calendar="office", service_levels=service_levels),
        nodes=built,
        flows=tuple(table),
        start=tops[0],
        message_starts={},
        timer_starts=(),
        by_id=numbers,
    )


@dataclass
class Case:
    """A case that is driven command by command and checks the laws at every one."""

    program: Program
    at: datetime = MONDAY
    state: State = field(default_factory=lambda: State(case=CaseId(7)))
    events: list[Event] = field(default_factory=list)
    workplace: Workplace = WORKPLACE
    last: Decision | None = None

    def do(self, command: Command, *, later: timedelta = timedelta(0)) -> Decision:
        self.at += later
        before = fold(self.state.case, self.events)
        decision = decide(self.program, self.state, command, at=self.at, workplace=self.workplace)
        assert self.state == before, "decide changed the state that it was given"
        self.events.extend(decision.events)
        self.state = decision.state
        self.last = decision
        assert fold(self.state.case, self.events) == self.state, "state is not the fold of events"
        for event in decision.events:
            assert not missing_fields(event.kind, event.data), event
        return decision

    def open(self, **variables: Any) -> "Case":
        self.do(Open(variables=variables, customer="mo", actor=MO))
        return self

    def task(self, node_id: str) -> Task:
        return next(t for t in self.state.tasks.values() if t.node == node_id)

    def finish(self, node_id: str, *, actor: Actor = ADA, **outputs: Any) -> Decision:
        task = self.task(node_id)
        self.do(Claim(task=task.id, actor=actor))
        return self.do(Complete(task=task.id, outputs=outputs, actor=actor))

    def wait(self, span: timedelta) -> None:
        """Let time pass, firing each timer at the moment it is due."""
        end = self.at + span
        while due := [t for t in self.state.timers.values() if t.due <= end]:
            timer = min(due, key=lambda t: (t.due, t.id))
            self.at = max(self.at, timer.due)
            self.do(TimerDue(timer=timer.id))
        self.at = end

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events]

    def open_nodes(self) -> set[str]:
        return {token.node for token in self.state.tokens.values()}

    def clock(self, metric: str) -> Any:
        return next((c for c in self.state.clocks.values() if c.metric == metric), None)
