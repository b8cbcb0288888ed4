"""Laws of the engine over random processes and random people: replay, purity, nothing stuck."""

import json
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.engine.codec import (
    event_from_data,
    event_to_data,
    state_from_data,
    state_to_data,
)
from servoloop.kernel.engine.commands import (
    AnswerEscalation,
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
from servoloop.kernel.engine.decide import decide
from servoloop.kernel.engine.evolve import fold
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.state import CaseStatus, State
from servoloop.kernel.feel.expression import compile as feel
from servoloop.kernel.process.program import MessageRule, Node, Op, Program
from servoloop.kernel.process.step import Assignment, ServiceLevel, Step
from tests.kernel.engine.cast import (
    ADA,
    BO,
    CHAIN,
    CY,
    MO,
    WORKPLACE,
    Case,
    after,
    human,
    message,
    node,
    program,
    sets,
)

PROMISES = (
    ServiceLevel(metric="first_response", within=timedelta(hours=2)),
    ServiceLevel(metric="resolution", within=timedelta(hours=20)),
)


class Builder:
    """Grows a block-structured, sound process by random choices."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.nodes: list[Node] = []
        self.flows: list[str] = []
        self.scopes: dict[str, str] = {}
        self.attached: dict[str, str] = {}
        self.defaults: list[str] = []

    def build(self) -> Program:
        start, end = self._add(node("start", Op.START), ""), self._add(node("end", Op.END), "")
        first, last = self._block(3, "")
        self.flows += [f"{start}>{first}", f"{last}>{end}"]
        return program(
            *self.nodes,
            flows=self.flows,
            scopes=self.scopes,
            attached=self.attached,
            defaults=self.defaults,
            service_levels=PROMISES,
        )

    def _add(self, new: Node, scope: str) -> str:
        self.nodes.append(new)
        if scope:
            self.scopes[new.id] = scope
        return new.id

    def _name(self, kind: str) -> str:
        return f"{kind}{len(self.nodes)}"

    def _block(self, depth: int, scope: str) -> tuple[str, str]:
        """First and last node of a random block."""
        kinds = ["leaf", "leaf", "sequence", "choice", "parallel", "scope", "race", "loop"]
        kind = self.random.choice(kinds) if depth else "leaf"
        return getattr(self, f"_{kind}")(depth - 1, scope)

    def _leaf(self, depth: int, scope: str) -> tuple[str, str]:
        makers = (
            self._human,
            self._guarded,
            self._service,
            self._send,
            self._script,
            self._receive,
        )
        name = self.random.choice(makers)(scope)
        return name, name

    def _human(self, scope: str) -> str:
        policy = self.random.choice(list(Assignment))
        step = {"assignment": policy, "escalation": CHAIN, "response_time": timedelta(hours=3)}
        return self._add(human(self._name("human"), **step), scope)

    def _guarded(self, scope: str) -> str:
        """A human step with a reminder beside it."""
        host = self._human(scope)
        alarm = node(
            self._name("alarm"),
            Op.BOUNDARY_TIMER,
            timer=after("PT5H", working=True),
            is_interrupting=False,
        )
        self._add(alarm, scope)
        self.attached[alarm.id] = host
        done = self._add(node(self._name("reminded"), Op.END), scope)
        self.flows.append(f"{alarm.id}>{done}")
        return host

    def _service(self, scope: str) -> str:
        return self._add(node(self._name("service"), Op.SERVICE), scope)

    def _send(self, scope: str) -> str:
        payload = self.random.choice(['"News for you"', "{ changed: true }"])
        rule = MessageRule(name="order.changed", payload=feel(payload))
        return self._add(node(self._name("send"), Op.SEND, message=rule), scope)

    def _script(self, scope: str) -> str:
        rule = sets("x", self.random.choice(["1", "if x = null then 2 else x + 1", "null"]))
        return self._add(node(self._name("script"), Op.SCRIPT, assign=rule), scope)

    def _receive(self, scope: str) -> str:
        step = Step(waits_for_customer=self.random.random() < 0.5)
        name = self._name("receive")
        return self._add(
            node(name, Op.RECEIVE, message=message("customer.reply"), step=step), scope
        )

    def _sequence(self, depth: int, scope: str) -> tuple[str, str]:
        blocks = [self._block(depth, scope) for _ in range(self.random.randint(2, 3))]
        self.flows += [f"{a[1]}>{b[0]}" for a, b in pairwise(blocks)]
        return blocks[0][0], blocks[-1][1]

    def _split(self, op: Op, depth: int, scope: str, conditions: list[str]) -> tuple[str, str]:
        split = self._add(node(self._name("split"), op), scope)
        join = self._add(node(self._name("join"), op), scope)
        for condition in conditions:
            first, last = self._block(depth, scope)
            self.flows += [f"{split}>{first}{condition}", f"{last}>{join}"]
        return split, join

    def _choice(self, depth: int, scope: str) -> tuple[str, str]:
        return self._split(Op.EXCLUSIVE, depth, scope, [" if x > 1", " if not(x > 1)"])

    def _parallel(self, depth: int, scope: str) -> tuple[str, str]:
        return self._split(Op.PARALLEL, depth, scope, ["", ""])

    def _scope(self, depth: int, scope: str) -> tuple[str, str]:
        outer = self._add(node(self._name("scope"), Op.SCOPE), scope)
        start = self._add(node(self._name("in"), Op.START), outer)
        end = self._add(node(self._name("out"), Op.END), outer)
        first, last = self._block(depth, outer)
        self.flows += [f"{start}>{first}", f"{last}>{end}"]
        return outer, outer

    def _race(self, depth: int, scope: str) -> tuple[str, str]:
        gate = self._add(node(self._name("race"), Op.EVENT_GATEWAY), scope)
        join = self._add(node(self._name("met"), Op.EXCLUSIVE), scope)
        reply = self._receive(scope)
        late = self._add(node(self._name("late"), Op.WAIT, timer=after("PT4H")), scope)
        self.flows += [f"{gate}>{reply}", f"{gate}>{late}", f"{reply}>{join}", f"{late}>{join}"]
        return gate, join

    def _loop(self, depth: int, scope: str) -> tuple[str, str]:
        """Do it again while the person says so."""
        entry = self._add(node(self._name("again"), Op.EXCLUSIVE), scope)
        first, last = self._block(depth, scope)
        person = self._human(scope)
        gate = self._add(node(self._name("enough"), Op.EXCLUSIVE), scope)
        self.flows += [
            f"{entry}>{first}",
            f"{last}>{person}",
            f"{person}>{gate}",
            f"{gate}>{entry} if again = true",
        ]
        # The way on is a merge of its own, so that blocks have one way in and one way out.
        out = self._add(node(self._name("on"), Op.EXCLUSIVE), scope)
        self.flows.append(f"{gate}>{out}")
        self.defaults.append(f"{gate}>{out}")
        return entry, out


def wishes(state: State, random: Random) -> list[Command]:
    """Everything that somebody could want of this case now, sensible or not."""
    commands: list[Command] = [
        Say(text="Hello", actor=random.choice([ADA, MO])),
        Say(text="A word among us.", actor=ADA, is_internal=True),
        Message(name="customer.reply", message_id=random.choice(["", "m1"])),
        TimerDue(timer=random.randint(1, 50)),
    ]
    for task in state.tasks.values():
        commands += [
            Claim(task=task.id, actor=ADA),
            Complete(task=task.id, outputs={}, actor=ADA),
            Complete(task=task.id, outputs={}, actor=ADA),
            Release(task=task.id, actor=ADA),
            Escalate(task=task.id, reason="?", actor=ADA),
        ]
    for job in state.jobs.values():
        commands += [JobDone(job=job.id, outputs={"x": 1}), JobFailed(job=job.id, words="No.")]
        commands.append(JobFailed(job=job.id, words="Declined.", error="declined"))
    for timer in state.timers.values():
        commands.append(TimerDue(timer=timer.id))
    for escalation in state.escalations.values():
        person = random.choice([BO, CY])
        commands.append(AnswerEscalation(escalation=escalation.id, words="Do it.", actor=person))
    for incident in state.incidents.values():
        commands.append(
            ResolveIncident(incident=incident.id, variables={"x": 3, "again": False}, actor=BO)
        )
    if random.random() < 0.02:
        commands.append(Cancel(reason="Enough.", actor=BO))
    if state.status is CaseStatus.CLOSED:
        commands.append(Reopen(reason="Again.", actor=MO))
    return commands


def next_command(case: Case, random: Random) -> tuple[Command, datetime]:
    """A random wish and the moment it is made; a timer is not asked for before it is due."""
    command = random.choice(wishes(case.state, random))
    at = case.at + timedelta(minutes=random.choice([0, 5, 300]))
    if isinstance(command, TimerDue) and command.timer in case.state.timers:
        at = max(at, case.state.timers[command.timer].due)
    return command, at


def assert_nothing_is_stuck(state: State, p: Program) -> None:
    """Every live token waits for something that a person, a clock or a message will end."""
    reasons = {t.token for t in state.tasks.values()}
    reasons |= {j.token for j in state.jobs.values()}
    reasons |= {s.token for s in state.subscriptions.values()}
    reasons |= {i.token for i in state.incidents.values()}
    reasons |= {t.subject for t in state.timers.values()}
    reasons |= {t.parent for t in state.tokens.values()}
    for token in state.tokens.values():
        is_joining = p.node(token.node).op is Op.PARALLEL
        assert token.id in reasons or is_joining, token
    if state.status is CaseStatus.OPEN:
        assert state.tokens


@given(seed=st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_a_random_life_of_a_random_process_obeys_the_laws(seed):
    random = Random(seed)
    case = Case(Builder(random).build())
    case.do(Open(variables={"x": random.choice([0, 2, None])}, actor=MO))
    for _ in range(40):
        command, case.at = next_command(case, random)
        try:
            case.do(command)  # checks state = fold(events) and that nothing was changed in place
        except CommandRefused:
            continue
        assert_nothing_is_stuck(case.state, case.program)
    data = json.loads(json.dumps(state_to_data(case.state)))
    assert state_from_data(data) == case.state
    texts = [json.dumps(event_to_data(e)) for e in case.events]
    replayed = fold(case.state.case, (event_from_data(json.loads(t)) for t in texts))
    assert json.dumps(state_to_data(replayed)) == json.dumps(state_to_data(case.state))


@given(seed=st.integers(0, 10**9))
@settings(max_examples=20, deadline=None)
def test_the_same_command_at_the_same_moment_decides_the_same(seed):
    case = Case(Builder(Random(seed)).build()).open(x=2)
    for command in wishes(case.state, Random(seed)):
        outcomes = []
        for _ in range(2):
            try:
                decision = decide(
                    case.program, case.state, command, at=case.at, workplace=WORKPLACE
                )
                outcomes.append(repr(decision))
            except CommandRefused as refusal:
                outcomes.append(str(refusal))
        assert outcomes[0] == outcomes[1]
