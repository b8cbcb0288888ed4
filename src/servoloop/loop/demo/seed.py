"""The past of the demo company: cases that the engine itself played on a virtual clock."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.engine.commands import Open
from servoloop.kernel.engine.decide import Decision
from servoloop.kernel.engine.state import State
from servoloop.kernel.events.event import Actor, ActorKind, CaseId
from servoloop.kernel.process.program import Program
from servoloop.kernel.routing.workplace import StaffMember
from servoloop.kernel.simulation.driver import Arrival, Life, Worker, simulate
from servoloop.loop.demo.cast import COLLEAGUES, DemoCustomer
from servoloop.loop.demo.habits import DEMO_HABITS, fill
from servoloop.loop.demo.hours import ZONE

DAYS = 45
CASES = 320
_FRESH = 16  # of them arrive within the last three quarters of an hour: work to be found at once
_WEEKDAYS = (1.3, 1.15, 1.0, 1.0, 1.1, 0.7, 0.5)  # Monday first
_HOURS = (8, 9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 17, 18, 19, 20, 21, 22)
_CHANNELS = ("portal", "portal", "portal", "phone", "wechat", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A played case with what its events do not say."""

    life: Life
    customer: DemoCustomer
    opened_at: datetime
    secret: str

    @property
    def decision(self) -> Decision:
        """The whole life as one decision, to be committed at once; past effects are not redone."""
        state = self.life.state
        return Decision(
            events=tuple(self.life.events),
            timers=tuple(state.timers.values()),
            effects=(),
            state=state,
        )

    @property
    def before(self) -> State:
        return State(case=self.life.state.case)


def play(
    programs: Sequence[Program],
    *,
    cases: Sequence[CaseId],
    numbers: Mapping[CaseId, str],
    customers: Sequence[DemoCustomer],
    calendars: Mapping[str, Calendar],
    until: datetime,
    random: Random,
) -> list[Past]:
    """One past case for each id, opened within DAYS before `until`; some are still open then."""
    arrivals = []
    of_case = {}
    for case, at in zip(cases, _moments(len(cases), until=until, random=random), strict=True):
        customer = random.choice(customers)
        program = random.choices(programs, _shares(programs))[0]
        command = _request(program, customer, at=at, number=numbers[case], random=random)
        arrivals.append(Arrival(at=at, case=case, program=program, command=command))
        of_case[case] = (customer, at)
    lives = simulate(
        arrivals,
        workers=_workers(calendars),
        calendars=calendars,
        habits=DEMO_HABITS,
        until=until,
        random=random,
    )
    return [
        Past(
            life=life,
            customer=of_case[life.state.case][0],
            opened_at=of_case[life.state.case][1],
            secret=secrets.token_urlsafe(24),
        )
        for life in lives
    ]


def _shares(programs: Sequence[Program]) -> list[float]:
    return [
        0.5 if index == 0 else 0.5 / max(len(programs) - 1, 1) for index in range(len(programs))
    ]


def _moments(count: int, *, until: datetime, random: Random) -> Iterator[datetime]:
    """Ascending arrival moments with a weekly and a daily rhythm, local to the company."""
    zone = ZoneInfo(ZONE)
    today = until.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    days = [today - timedelta(days=back) for back in range(DAYS, -1, -1)]
    weights = [_WEEKDAYS[day.weekday()] for day in days]
    moments = sorted(
        day + timedelta(hours=random.choice(_HOURS), seconds=random.randrange(3600))
        for day in random.choices(days, weights, k=count * 2)
    )
    past = [moment for moment in moments if moment < until]
    fresh = [until - timedelta(seconds=random.randrange(60, 2700)) for _ in range(_FRESH)]
    yield from sorted([*random.sample(past, count - _FRESH), *fresh])


def _request(
    program: Program, customer: DemoCustomer, *, at: datetime, number: str, random: Random
) -> Open:
    language = "en" if customer.language == "en" else "zh"
    values = fill(program.sheet.form, language=language, at=at, random=random)
    words = next((str(values[n]) for n in ("description", "fault", "reason") if n in values), "")
    subject = words[:40] or program.sheet.name.in_language(customer.language)
    return Open(
        variables={**values, "language": language, "case_number": number},
        customer=customer.key,
        channel=random.choice(_CHANNELS),
        subject=subject,
        actor=Actor(kind=ActorKind.CUSTOMER, id=customer.key),
    )


def _workers(calendars: Mapping[str, Calendar]) -> list[Worker]:
    return [
        Worker(
            member=StaffMember(person=colleague.username, roles=frozenset(colleague.roles)),
            calendar=calendars[colleague.calendar],
            speed=colleague.speed,
        )
        for colleague in COLLEAGUES
    ]
