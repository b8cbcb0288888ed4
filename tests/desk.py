"""The shared desk of the tests with a database: people, calendars, two processes, and their cases.

Ada and Eve are agents, Bo the supervisor, Cy the manager; Mo is the customer.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection

from servoloop.accounts.models import Membership, Role, User
from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
from servoloop.kernel.events.event import Actor, ActorKind, CaseId
from servoloop.loop import design
from servoloop.loop.run.cases import OpenedCase, open_case
from servoloop.loop.run.conversation import say, send_message
from servoloop.loop.run.escalations import answer_escalation, escalate_task
from servoloop.loop.run.jobs import finish_job
from servoloop.loop.run.tasks import claim_task, complete_task, release_task
from servoloop.storage.calendars import keep_calendar
from servoloop.storage.customers import KnownCustomer, keep_customer
from servoloop.storage.queries.viewer import Viewer

ROOT = Path(__file__).resolve().parents[1]
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)

ADA = Actor(kind=ActorKind.PERSON, id="ada")
EVE = Actor(kind=ActorKind.PERSON, id="eve")
BO = Actor(kind=ActorKind.PERSON, id="bo")
CY = Actor(kind=ActorKind.PERSON, id="cy")
MO = Actor(kind=ActorKind.CUSTOMER, id="mo")

ADA_SEES = Viewer(person="ada", roles=frozenset({"agent"}), is_colleague=True)
BO_SEES = Viewer(person="bo", roles=frozenset({"agent", "supervisor"}), is_colleague=True)

CAST = {
    "ada": ("agent",),
    "eve": ("agent",),
    "bo": ("agent", "supervisor"),
    "cy": ("manager",),
    "fei": ("specialist",),
}


@cache
def process(name: str) -> bytes:
    folder = {"tiny": ROOT / "examples" / "processes", "errand": ROOT / "tests" / "processes"}
    return (folder[name] / f"{name}.bpmn").read_bytes()


def furnish() -> KnownCustomer:
    """People, the office calendar, both processes, and Mo."""
    keep_calendar(Calendar(name="office", zone="UTC", weekly=weekly_hours("mon-fri 09:00-17:00")))
    for username, roles in CAST.items():
        person = User.objects.create(username=username, name_en=username.title())
        for role in roles:
            Role.objects.get_or_create(key=role, defaults={"label_en": role, "label_zh": role})
            Membership.objects.create(person=person, role_id=role)
    for name in ("tiny", "errand"):
        design.publish_ungated(process(name), at=MONDAY)
    return keep_customer(key="mo", name="Mo", email="mo@customer.example", at=MONDAY)


def ask(text: str = "Where is it?", **given: Any) -> OpenedCase:
    """Mo asks a question: a case of the tiny process."""
    arguments: dict[str, Any] = {
        "variables": {"question": text},
        "customer": "mo",
        "subject": text,
        "actor": MO,
        "at": MONDAY,
        **given,
    }
    return open_case("tiny", **arguments)


def play_tiny(at: datetime = MONDAY) -> CaseId:
    """One tiny case to its end, through both steps."""
    case = ask(at=at).id
    first = open_task(case)
    agent = Actor(kind=ActorKind.PERSON, id=state_of(case)["tasks"][0]["person"])  # by load
    claim_task(case, first, actor=agent, at=at)
    say(case, text="We are looking into it.", actor=agent, at=at)
    complete_task(case, first, outputs={"outcome": "passed_on"}, actor=agent, at=at + HOUR / 4)
    second = open_task(case)
    fei = Actor(kind=ActorKind.PERSON, id="fei")
    claim_task(case, second, actor=fei, at=at + HOUR / 2)
    complete_task(case, second, outputs={"answer": "Here."}, actor=fei, at=at + HOUR)
    return case


def play_errand(at: datetime = MONDAY, *, reply: str = "yes") -> Iterator[CaseId]:
    """An errand step by step; the case is yielded after each command."""
    case = open_case("errand", variables={"item": "lamp"}, customer="mo", actor=MO, at=at).id
    yield case
    finish_job(case, open_job(case), outputs={"stock": 3}, at=at)
    yield case
    task = open_task(case)
    claim_task(case, task, actor=ADA, at=at)
    release_task(case, task, actor=ADA, at=at)
    yield case
    claim_task(case, task, actor=EVE, at=at)
    escalate_task(case, task, reason="Which box?", actor=EVE, at=at)
    yield case
    escalation = int(state_of(case)["escalations"][0]["id"])
    answer_escalation(case, escalation, words="The red one.", actor=BO, at=at + HOUR / 4)
    yield case
    complete_task(case, task, outputs={"note": "红色"}, actor=EVE, at=at + HOUR / 2)
    yield case
    send_message("parcel.arrived", case=case, message_id=f"parcel-{case}", at=at + HOUR)
    yield case
    say(case, text=reply, actor=MO, at=at + 2 * HOUR)
    yield case
    if reply == "yes":
        task = open_task(case)
        claim_task(case, task, actor=BO, at=at + 2 * HOUR)
        yield case
        complete_task(case, task, outputs={}, actor=BO, at=at + 3 * HOUR)
        yield case


def state_of(case: int) -> dict[str, Any]:

    with connection.cursor() as cursor:
        cursor.execute('SELECT state::text FROM "case" WHERE id = %s', [case])

        found: dict[str, Any] = json.loads(cursor.fetchone()[0])
        return found


def open_task(case: int) -> int:
    """The number of the oldest task that waits."""
    return int(state_of(case)["tasks"][0]["id"])


def open_job(case: int) -> int:
    return int(state_of(case)["jobs"][0]["id"])
