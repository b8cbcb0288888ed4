"""Small cases for KPI tests: events written by hand, and a past that the engine played."""

from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
from servoloop.kernel.events.event import SYSTEM, Actor, ActorKind, CaseId, Event
from servoloop.kernel.metrics.case_facts import CaseFacts, case_facts
from servoloop.kernel.metrics.definition import Measured
from servoloop.kernel.metrics.measure import measure
from servoloop.kernel.metrics.observations import Period
from servoloop.kernel.process.check import load_program
from servoloop.loop.demo.cast import customers
from servoloop.loop.demo.hours import demo_calendars
from servoloop.loop.demo.seed import play

ADA = Actor(kind=ActorKind.PERSON, id="ada")
BO = Actor(kind=ActorKind.PERSON, id="bo")
MO = Actor(kind=ActorKind.CUSTOMER, id="mo")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MARCH = Period(begin=datetime(2026, 3, 1, tzinfo=UTC), end=datetime(2026, 4, 1, tzinfo=UTC))
OFFICE = Calendar(name="office", zone="UTC", weekly=weekly_hours("mon-fri 09:00-17:00"))

Line = tuple[float, str, Actor, dict[str, Any]]
"""Hours after Monday 09:00, kind, who, data."""


def events(*lines: Line, case: int = 1) -> list[Event]:
    return [
        Event(
            case=CaseId(case),
            seq=seq,
            at=MONDAY + timedelta(hours=hours),
            kind=kind,
            activity=data.pop("activity", None),
            actor=actor,
            data=data,
        )
        for seq, (hours, kind, actor, data) in enumerate(lines, start=1)
    ]


def opened(hours: float = 0, *, by: Actor = MO, customer: str = "mo") -> Line:
    data = {"process": "help", "customer": customer, "channel": "portal"}
    return hours, "case.opened", by, data


def closed(hours: float) -> Line:
    return hours, "case.closed", SYSTEM, {"outcome": ""}


def reopened(hours: float) -> Line:
    return hours, "case.reopened", MO, {"reason": "again"}


def heard(hours: float) -> Line:
    return hours, "conversation.received", MO, {"text": "?", "channel": "portal"}


def told(hours: float, by: Actor = ADA, *, step: str | None = None) -> Line:
    data: dict[str, Any] = {"text": "!", "channel": "portal"}
    return hours, "conversation.sent", by, data | ({"activity": step} if step else {})


def promised(hours: float, metric: str, *, due: float, clock: int = 1, step: str = "") -> Line:
    data: dict[str, Any] = {
        "clock": clock,
        "metric": metric,
        "calendar": "office",
        "due": (MONDAY + timedelta(hours=due)).isoformat(),
    }
    return hours, "clock.started", SYSTEM, data | ({"activity": step} if step else {})


def clock(hours: float, verdict: str, clock: int = 1, **data: Any) -> Line:
    return hours, f"clock.{verdict}", SYSTEM, {"clock": clock, **data}


def task(hours: float, verb: str, person: str = "ada", task: int = 1) -> Line:
    actor = Actor(kind=ActorKind.PERSON, id=person)
    return hours, f"task.{verb}", actor, {"task": task, "person": person}


def facts(*lines: Line, case: int = 1) -> CaseFacts:
    found = case_facts(events(*lines, case=case))
    assert found is not None
    return found


def kpi(name: str, *cases: CaseFacts, period: Period = MARCH) -> Measured:
    """One KPI of these cases in March."""
    found = measure(cases, period=period, calendars={"office": OFFICE})
    return next(each for each in found if each.kpi.id == name)


def value(name: str, *cases: CaseFacts, figure: str = "", period: Period = MARCH) -> float | None:
    """The headline figure (or the one named) of a KPI."""
    measured = kpi(name, *cases, period=period)
    estimate = measured.figure(figure) if figure else None
    if not figure and measured.headline is not None:
        estimate = measured.headline.estimate
    return None if estimate is None else estimate.value


@cache
def played_past() -> tuple[list[list[Event]], dict[str, Calendar]]:
    """Forty cases of the demo process, played by the engine; the last are still open."""
    xml = (files("servoloop.loop.demo") / "processes" / "complaint.bpmn").read_bytes()
    random = Random(7)
    calendars = dict(demo_calendars(range(2025, 2028)))
    ids = [CaseId(number) for number in range(1, 41)]
    past = play(
        [load_program(xml)],
        cases=ids,
        numbers={case: f"SL-{case}" for case in ids},
        customers=customers(12, random=random),
        calendars=calendars,
        until=datetime(2026, 3, 20, 6, 0, tzinfo=UTC),
        random=random,
    )
    return [list(each.life.events) for each in past], calendars
