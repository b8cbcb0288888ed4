"""Timers: never early, never twice, never lost, and nobody waits for a neighbour's trouble."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from servoloop.kernel.engine.codec import state_from_data
from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.batch import ENGINE_FAILURE, RETRY_AFTER, fire_due_timers
from servoloop.loop.run.cases import cancel_case
from servoloop.loop.run.incidents import resolve_incident
from servoloop.storage.event_reader import events_of
from servoloop.storage.models import IncidentRow, Timer
from tests.desk import BO, HOUR, MONDAY, ask, furnish, state_of

MOMENT = timedelta(microseconds=1)


def kinds(case: CaseId) -> list[str]:
    return [event.kind for event in events_of(case)]


def drain(at: datetime) -> int:
    taken = 0
    while fired := fire_due_timers(at=at):
        taken += fired
    return taken


@pytest.mark.django_db
def test_a_timer_does_not_fire_before_its_moment() -> None:
    furnish()
    case = ask().id
    due = min(timer.due for timer in state_from_data(state_of(case)).timers.values())

    assert fire_due_timers(at=due - MOMENT) == 0
    assert fire_due_timers(at=due) > 0
    assert "clock.breached" in kinds(case)


@pytest.mark.django_db
def test_an_unanswered_escalation_climbs_on_its_own_to_its_end() -> None:
    furnish()
    case = ask().id

    for hours in range(1, 9):
        drain(MONDAY + hours * HOUR)

    told = [k for k in kinds(case) if k.startswith("escalation.") or k == "incident.raised"]
    assert told == [
        "escalation.raised",
        "escalation.climbed",
        "escalation.exhausted",
        "incident.raised",
    ]


@pytest.mark.django_db
def test_a_timer_takes_effect_once() -> None:
    furnish()
    case = ask().id

    for days in range(1, 8):  # an escalation sets its next timer when it climbs
        drain(MONDAY + days * 24 * HOUR)
    told = kinds(case)
    drain(MONDAY + 800 * HOUR)

    assert kinds(case) == told
    fired = [event.data["timer"] for event in events_of(case) if event.kind == "timer.fired"]
    assert len(fired) == len(set(fired)) > 3


@pytest.mark.django_db
def test_a_timer_that_the_case_has_forgotten_does_nothing_and_goes() -> None:
    furnish()
    case = ask().id
    cancel_case(case, reason="double", actor=BO, at=MONDAY)
    told = kinds(case)

    assert Timer.objects.filter(case_id=case).count() == 3
    drain(MONDAY + 400 * HOUR)

    assert kinds(case) == told
    assert not Timer.objects.filter(case_id=case).exists()


@pytest.mark.django_db
def test_a_batch_takes_the_oldest_timers_first_and_no_more_than_its_limit() -> None:
    furnish()
    cases = [ask(at=MONDAY + minutes * timedelta(minutes=1)).id for minutes in (2, 0, 1)]

    assert fire_due_timers(at=MONDAY + HOUR + timedelta(minutes=10), limit=2) == 2

    assert "timer.fired" in kinds(cases[1])
    assert "timer.fired" not in kinds(cases[0])


@pytest.mark.django_db
def test_a_case_that_cannot_be_computed_becomes_an_incident_and_holds_up_nobody() -> None:
    furnish()
    cases = [ask().id for _ in range(3)]
    broken = cases[1]
    with connection.cursor() as cursor:  # damaged by hand: its task points at no node
        cursor.execute(
            """UPDATE "case" SET state = jsonb_set(state, '{tasks,0,node}', '"gone"')
            WHERE id = %s""",
            [broken],
        )

    late = MONDAY + 2 * HOUR
    drain(late)

    for case in cases:
        raised = kinds(case).count("escalation.raised")
        assert raised == (0 if case == broken else 1)
    incident = IncidentRow.objects.get(case_id=broken)
    assert (incident.cause, incident.status) == (ENGINE_FAILURE, "open")
    assert set(Timer.objects.filter(kind="retry").values_list("due_at", flat=True)) == {
        late + RETRY_AFTER
    }

    drain(late + RETRY_AFTER)
    assert IncidentRow.objects.filter(case_id=broken).count() == 1

    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE "case" SET state = jsonb_set(state, '{tasks,0,node}', '"triage"')
            WHERE id = %s""",
            [broken],
        )
    resolve_incident(broken, incident.no, variables={}, actor=BO, at=late + RETRY_AFTER)
    drain(late + 3 * RETRY_AFTER)
    assert "escalation.raised" in kinds(broken)


def test_a_case_that_somebody_holds_is_left_for_the_next_round(committed_db: None) -> None:
    furnish()
    held, free = ask().id, ask().id
    late = MONDAY + HOUR + HOUR / 10
    in_hand, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute('SELECT FROM "case" WHERE id = %s FOR UPDATE', [held])
            in_hand.set()
            done.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert in_hand.wait(10)
    try:
        drain(late)
        assert "timer.fired" in kinds(free)
        assert "timer.fired" not in kinds(held)
    finally:
        done.set()
        holder.join()

    drain(late)
    assert "timer.fired" in kinds(held)


def test_two_workers_fire_every_timer_once(committed_db: None) -> None:
    furnish()
    cases = [ask().id for _ in range(60)]
    late = MONDAY + 9 * 24 * HOUR
    taken: list[int] = []

    def work() -> None:
        for _ in range(40):
            taken.append(fire_due_timers(at=late, limit=7))
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    drain(late)

    assert sum(taken) == 3 * len(cases)
    expected = kinds(cases[0])
    for case in cases:
        fired = [event.data["timer"] for event in events_of(case) if event.kind == "timer.fired"]
        assert len(fired) == len(set(fired)) == 3
        assert sorted(kinds(case)) == sorted(expected)
