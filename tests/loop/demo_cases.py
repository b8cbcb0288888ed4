"""The demo company's processes for the tests, and a way to walk a case through one."""

from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from servoloop.kernel.engine.commands import Claim, Command, Complete, Open, Say, TimerDue
from servoloop.kernel.engine.decide import decide
from servoloop.kernel.engine.state import CaseStatus, State, Task
from servoloop.kernel.events.event import Actor, ActorKind, CaseId, Event
from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.model import Model
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.routing.workplace import StaffMember, Workplace
from servoloop.kernel.service_levels.clock import Clock
from servoloop.loop.demo.cast import COLLEAGUES
from servoloop.loop.demo.hours import demo_calendars

MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
MO = Actor(kind=ActorKind.CUSTOMER, id="mo")


def xml_of(process: str) -> bytes:
    return (files("servoloop.loop.demo") / "processes" / f"{process}.bpmn").read_bytes()


@cache
def program_of(process: str) -> Program:
    return load_program(xml_of(process))


@cache
def model_of(process: str) -> Model:
    return read_model(read_document(xml_of(process)))


@cache
def workplace() -> Workplace:
    staff = (StaffMember(person=c.username, roles=frozenset(c.roles)) for c in COLLEAGUES)
    return Workplace(calendars=demo_calendars(range(2025, 2028)), staff=tuple(staff))


class Walk:
    """One case of a process, walked step by step by whoever may do the step."""

    def __init__(self, process: str, *, language: str = "zh", **form: Any) -> None:
        self.program = program_of(process)
        self.state = State(case=CaseId(1))
        self.events: list[Event] = []
        self.at = MONDAY
        variables = {**form, "language": language, "case_number": "SL-000001"}
        self.do(Open(variables=variables, customer="mo", actor=MO))

    def do(self, command: Command) -> None:
        decision = decide(self.program, self.state, command, at=self.at, workplace=workplace())
        self.state = decision.state
        self.events += decision.events

    def finish(self, step: str, **outputs: Any) -> None:
        """Claim the task of a step and complete it; texts that nobody cares about are filled in."""
        task = self.task(step)
        person = task.person or next(c.username for c in COLLEAGUES if task.role in c.roles)
        actor = Actor(kind=ActorKind.PERSON, id=person)
        asked = self.program.node(step).step.outputs
        texts = {f.name: "ok" for f in asked if f.is_required and f.type in ("text", "long_text")}
        self.do(Claim(task=task.id, actor=actor))
        self.do(Complete(task=task.id, outputs={**texts, **outputs}, actor=actor))

    def task(self, step: str) -> Task:
        open_steps = sorted(task.node for task in self.state.tasks.values())
        assert step in open_steps, f"{step} is not open, but {open_steps}"
        return next(task for task in self.state.tasks.values() if task.node == step)

    def says(self, text: str) -> None:
        self.do(Say(text=text, actor=MO))

    def wait(self, node: str) -> None:
        """Let the timer of a node ring."""
        timer = next(t for t in self.state.timers.values() if t.node == node)
        self.at = max(self.at, timer.due)
        self.do(TimerDue(timer=timer.id))

    def clock(self, metric: str) -> Clock:
        return next(clock for clock in self.state.clocks.values() if clock.metric == metric)

    def sent(self) -> list[str]:
        return [e.activity or "" for e in self.events if e.kind == "conversation.sent"]

    def texts(self) -> list[str]:
        return [e.data["text"] for e in self.events if e.kind == "conversation.sent"]

    @property
    def ending(self) -> str:
        """The end event by which the case closed, "" while it is open."""
        assert not self.state.incidents
        return self.state.outcome if self.state.status is CaseStatus.CLOSED else ""


def complaint(**changes: Any) -> Walk:
    form = {"topic": "delivery", "description": "Nobody came.", **changes}
    return Walk("complaint", **form)


def answered_complaint(*, compensation: int = 100, severity: str = "low", **changes: Any) -> Walk:
    """A complaint up to the moment when its response is on its way."""
    walk = complaint(**changes)
    walk.finish("triage", nature="complaint", severity=severity)
    walk.finish("investigate", finding="upheld")
    walk.finish("draft_response", compensation=compensation)
    return walk


def refund(*, refund_amount: int = 80, goods: str = "return", **changes: Any) -> Walk:
    """A request that the agent grants."""
    form = {
        "order_number": "NW1",
        "order_amount": 80,
        "return_reason": "damaged",
        "days_since_delivery": 3,
        "is_unused": True,
        "description": "A corner is broken.",
        **changes,
    }
    walk = Walk("refund", **form)
    walk.finish("verify", verdict="granted", refund_amount=refund_amount, goods=goods)
    return walk


def repair(*, part: str = "none", **changes: Any) -> Walk:
    """A fault that needs a visit."""
    form = {"product": "refrigerator", "fault": "It is warm.", "address": "A", "phone": "1"}
    walk = Walk("repair", **form, **changes)
    walk.finish("diagnose", diagnosis="visit", part=part, in_warranty=False)
    return walk


def visited(result: str, walk: Walk) -> Walk:
    walk.finish("schedule_visit", visit_at="2026-03-03T14:00+08:00", engineer="Fei")
    walk.finish("prepare_visit")
    walk.finish("visit", visit_result=result)
    return walk
