"""State and rows always equal what the events lead to."""

import json
from typing import Any

import pytest
from django.db import connection

from servoloop.kernel.engine.codec import state_to_data
from servoloop.kernel.engine.evolve import fold
from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.batch import fire_due_timers
from servoloop.loop.run.cases import cancel_case, reopen_case
from servoloop.loop.run.escalations import escalate_task
from servoloop.storage.event_reader import all_events, events_of
from servoloop.storage.rebuild import rebuild
from tests.desk import ADA, BO, HOUR, MONDAY, ask, furnish, open_task, play_errand, play_tiny

pytestmark = pytest.mark.django_db

PROJECTED = ("task", "clock", "escalation", "incident", "subscription")


def snapshot(case: CaseId) -> bytes:
    """The kept state as canonical bytes."""
    with connection.cursor() as cursor:
        cursor.execute('SELECT state::text FROM "case" WHERE id = %s', [case])
        return canonical(json.loads(cursor.fetchone()[0]))


def canonical(data: Any) -> bytes:
    return json.dumps(data, sort_keys=True, ensure_ascii=False).encode()


def replayed(case: CaseId) -> bytes:
    return canonical(json.loads(json.dumps(state_to_data(fold(case, events_of(case))))))


def rows_of(case: CaseId) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for table in PROJECTED:
            cursor.execute(
                f"SELECT to_jsonb(t)::text FROM {table} AS t WHERE case_id = %s ORDER BY no", [case]
            )
            found[table] = [json.loads(row[0]) for row in cursor.fetchall()]
        cursor.execute('SELECT to_jsonb(c)::text FROM "case" AS c WHERE id = %s', [case])
        found["case"] = json.loads(cursor.fetchone()[0])
    return found


def every_case() -> list[CaseId]:
    """Cases that ended well, escalated, breached, were cancelled, reopened, or still wait."""
    cases = [play_tiny(), play_tiny(MONDAY + 5 * HOUR)]
    *_, finished = play_errand()
    *_, short = play_errand(reply="no")
    waiting = play_errand()
    cases += [finished, short, next(waiting)]
    cancelled = ask().id
    escalate_task(cancelled, open_task(cancelled), reason="How?", actor=ADA, at=MONDAY)
    cancel_case(cancelled, reason="double", actor=BO, at=MONDAY)
    reopened = play_tiny()
    reopen_case(reopened, reason="not solved", actor=BO, at=MONDAY + 2 * HOUR)
    cases += [cancelled, reopened, ask("Left alone").id]
    for hours in (1, 2, 3, 24, 48, 72, 400):
        while fire_due_timers(at=MONDAY + hours * HOUR):
            pass
    return cases


def test_the_state_of_every_case_is_byte_for_byte_the_fold_of_its_events() -> None:
    furnish()
    for case in every_case():
        assert snapshot(case) == replayed(case)


def test_the_state_equals_the_fold_after_every_single_command() -> None:
    furnish()
    for case in play_errand():
        assert snapshot(case) == replayed(case)


def test_rows_made_again_from_the_events_are_the_rows_that_were_there() -> None:
    furnish()
    cases = every_case()
    before = {case: rows_of(case) for case in cases}

    for case in cases:
        rebuild(case)

    assert {case: rows_of(case) for case in cases} == before
    statuses = {e["status"] for rows in before.values() for e in rows["escalation"]}
    assert statuses == {"open", "answered", "withdrawn"}
    assert {c["status"] for rows in before.values() for c in rows["clock"]} >= {"met", "breached"}


def test_rebuilding_sets_the_timers_again_that_still_matter() -> None:
    furnish()
    case = ask().id
    with connection.cursor() as cursor:
        cursor.execute("SELECT no, due_at FROM timer WHERE case_id = %s ORDER BY no", [case])
        before = cursor.fetchall()
        cursor.execute("DELETE FROM timer")

    rebuild(case)

    with connection.cursor() as cursor:
        cursor.execute("SELECT no, due_at FROM timer WHERE case_id = %s ORDER BY no", [case])
        assert cursor.fetchall() == before
    assert len(before) == 3


def test_all_events_come_case_by_case_without_gaps() -> None:
    furnish()
    cases = [play_tiny(), play_tiny()]

    events = list(all_events())

    assert [e.case for e in events] == sorted(e.case for e in events)
    for case in cases:
        of_case = [e for e in events if e.case == case]
        assert [e.seq for e in of_case] == list(range(1, len(of_case) + 1))
        assert of_case == events_of(case)
