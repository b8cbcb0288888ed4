"""One decision in the making: a private state, and the events that changed it so far."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from servoloop.kernel.decisions.program import Outcome
from servoloop.kernel.engine.codec import moment_to_text
from servoloop.kernel.engine.evolve import apply, inside
from servoloop.kernel.engine.state import ArmedTimer, State, TimerPurpose, Token
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.events.event import Actor, Event, Lifecycle
from servoloop.kernel.feel.data import to_data
from servoloop.kernel.feel.errors import FeelError
from servoloop.kernel.feel.expression import Expression
from servoloop.kernel.process.program import DecideRule, Flow, Node, Program
from servoloop.kernel.routing.workplace import Workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Something to do outside, put into the outbox with the events; delivered at least once."""

    id: str  # "case:seq" of the event behind it: stable, so the receiver can drop a repetition
    kind: str  # "service", "message" or "notify_customer"
    activity: str
    payload: Mapping[str, Any]


class Halt(ServoloopError):
    """A token cannot go on; it becomes an incident of its node."""

    def __init__(self, cause: str, words: str) -> None:
        super().__init__(words)
        self.cause = cause
        self.words = words


@dataclass(slots=True, kw_only=True)
class Run:
    """The working memory of `decide`; nothing outside the engine sees it."""

    program: Program
    state: State  # a private copy
    at: datetime
    actor: Actor
    workplace: Workplace
    events: list[Event] = field(default_factory=list)
    timers: list[ArmedTimer] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    ready: deque[int] = field(default_factory=deque)  # tokens to move on
    numbered: int = 0  # last number given to a token, task, timer …
    outcome: str = ""  # id of the end event that a top-level token reached last

    def __post_init__(self) -> None:
        self.numbered = self.state.last_id

    def new_id(self) -> int:
        self.numbered += 1
        return self.numbered

    def emit(
        self,
        kind: str,
        *,
        data: Mapping[str, Any],
        activity: str | None = None,
        lifecycle: Lifecycle | None = None,
        actor: Actor | None = None,
    ) -> Event:
        """Record one event and change the private state by it."""
        event = Event(
            case=self.state.case,
            seq=self.state.seq + 1,
            at=self.at,
            kind=kind,
            activity=activity,
            lifecycle=lifecycle,
            actor=actor or self.actor,
            data=data,
        )
        apply(self.state, event)
        self.events.append(event)
        return event

    def node_of(self, token: Token) -> Node:
        return self.program.node(token.node)

    # Tokens

    def new_tokens(self, targets: Iterable[tuple[Node, str]]) -> list[list[Any]]:
        """Rows [id, node, flow] for tokens about to be created."""
        return [[self.new_id(), node.id, flow] for node, flow in targets]

    def move(
        self,
        consumed: list[int],
        node: Node,
        flows: Iterable[Flow],
        *,
        results: Mapping[str, bool] | None = None,
        lifecycle: Lifecycle | None = None,
        beside: int = 0,
    ) -> None:
        """Pass tokens over a node onto flows; `beside` is the host of a token that is added."""
        nodes = self.program.nodes
        created = self.new_tokens((nodes[flow.target], flow.id) for flow in flows)
        host = beside or consumed[0]
        parent = self.state.tokens[host].parent
        data: dict[str, Any] = {
            "consumed": consumed,
            "created": created,
            "results": dict(results or {}),
        }
        if beside:
            data["beside"] = beside
        self.emit("node.passed", activity=node.id, lifecycle=lifecycle, data=data)
        self.ready.extend(number for number, _, _ in created)
        if not created and parent and not inside(self.state, parent):
            self.ready.append(parent)  # the scope is empty: its own token goes on

    def abort_inside(self, token: int, *, reason: str) -> None:
        """Stop everything within a scope's token (0: the whole case)."""
        gone = inside(self.state, token)
        for number in gone:
            self.withdraw_work(number, reason=reason)
        if gone:
            self.emit("scope.aborted", data={"token": token, "reason": reason})

    def withdraw_work(self, token: int, *, reason: str) -> None:
        """Take back the task that a token has opened, with its clock."""
        for task in [t for t in self.state.tasks.values() if t.token == token]:
            self.stop_clocks_of(task.id, reason=reason)
            self.emit(
                "task.withdrawn",
                activity=task.node,
                lifecycle=Lifecycle.WITHDRAW,
                data={"task": task.id, "reason": reason},
            )

    def stop_clocks_of(self, task: int, *, reason: str) -> None:
        for clock in [c for c in self.state.clocks.values() if c.task == task]:
            self.emit(
                "clock.stopped",
                activity=clock.node or None,
                data={"clock": clock.id, "reason": reason},
            )

    # Values

    def evaluate(self, expression: Expression, *, cause: str, what: str) -> Any:
        """The value of an expression over the case's variables; a failure halts the token."""
        try:
            return expression.evaluate(self.state.variables, at=self.at)
        except FeelError as error:
            raise Halt(cause, f"{what} ({expression.text}) failed: {error}") from error

    def evaluate_to_data(self, expression: Expression, *, cause: str, what: str) -> Any:
        return to_data(self.evaluate(expression, cause=cause, what=what))

    def decide(self, rule: DecideRule, *, what: str) -> Outcome:
        """What a decision comes to over the case's variables, with the rules that matched."""
        try:
            return rule.program.evaluate(rule.decision, self.state.variables, at=self.at)
        except FeelError as error:
            raise Halt("rule", f"{what} ({rule.decision}) failed: {error}") from error

    # Timers, incidents, effects

    def arm(
        self,
        purpose: TimerPurpose,
        *,
        subject: int,
        due: datetime,
        activity: str | None,
        repeats: int = 0,
        every: float = 0,
    ) -> None:
        """Set a timer; `every` is in seconds."""
        number = self.new_id()
        data: dict[str, Any] = {
            "timer": number,
            "purpose": str(purpose),
            "subject": subject,
            "due": moment_to_text(due),
        }
        if repeats:
            data |= {"repeats": repeats, "every": every}
        self.emit("timer.armed", activity=activity, data=data)
        self.timers.append(self.state.timers[number])

    def raise_incident(self, token: int, *, activity: str, cause: str, words: str) -> None:
        self.emit(
            "incident.raised",
            activity=activity,
            data={
                "incident": self.new_id(),
                "token": token,
                "cause": cause,
                "words": words,
            },
        )

    def effect(self, kind: str, *, event: Event, payload: Mapping[str, Any]) -> None:
        self.effects.append(
            Effect(
                id=f"{event.case}:{event.seq}",
                kind=kind,
                activity=event.activity or "",
                payload=payload,
            )
        )
