"""The way of every command: once, wholly or not at all, and only through the right door."""

from typing import Any

import pytest
from django.db import connection

from servoloop.kernel.engine.commands import Claim, Complete
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.events.event import Actor, ActorKind, CaseId
from servoloop.loop.run.batch import apply_batch
from servoloop.loop.run.cases import open_case
from servoloop.loop.run.conversation import say, send_message
from servoloop.loop.run.tasks import assign_task, claim_task, complete_task
from servoloop.storage.event_reader import events_of
from servoloop.storage.not_found import NotFound
from tests.desk import ADA, EVE, HOUR, MO, MONDAY, ask, furnish, open_task, play_errand, state_of

pytestmark = pytest.mark.django_db


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def everything() -> dict[str, int]:
    tables = ("case", "event", "task", "timer", "clock", "command", "procrastinate_jobs")
    return {table: count(table) for table in tables}


def test_a_case_asked_for_twice_under_one_key_is_opened_once() -> None:
    furnish()

    first = ask(dedupe_key="form-1")
    after_first = everything()
    second = ask(dedupe_key="form-1")

    assert (second.id, second.number, second.secret) == (first.id, first.number, first.secret)
    assert second.is_repeated
    assert everything() == after_first


def test_a_task_completed_twice_under_one_key_is_completed_once() -> None:
    furnish()
    case = ask().id
    task = open_task(case)
    claim_task(case, task, actor=ADA, at=MONDAY)
    done: dict[str, Any] = {"outputs": {"outcome": "answered"}, "actor": ADA, "at": MONDAY}

    first = complete_task(case, task, **done, dedupe_key="click")
    second = complete_task(case, task, **done, dedupe_key="click")

    assert (second.seq, second.is_repeated) == (first.seq, True)
    assert [e.kind for e in events_of(case)].count("task.completed") == 1


def test_without_a_key_completing_twice_is_refused() -> None:
    furnish()
    case = ask().id
    task = open_task(case)
    claim_task(case, task, actor=ADA, at=MONDAY)
    complete_task(case, task, outputs={"outcome": "answered"}, actor=ADA, at=MONDAY)

    with pytest.raises(CommandRefused) as refusal:
        complete_task(case, task, outputs={"outcome": "answered"}, actor=ADA, at=MONDAY)
    assert refusal.value.code in ("no_task", "not_open")


def test_a_key_used_for_one_case_is_refused_for_another() -> None:
    furnish()
    one, other = ask().id, ask().id
    say(one, text="Hello", actor=ADA, at=MONDAY, dedupe_key="k")

    with pytest.raises(CommandRefused) as refusal:
        say(other, text="Hello", actor=ADA, at=MONDAY, dedupe_key="k")
    assert refusal.value.code == "key_reused"


def test_a_refused_command_leaves_nothing_behind() -> None:
    furnish()
    case = ask().id
    task = open_task(case)
    claim_task(case, task, actor=ADA, at=MONDAY)
    before, state = everything(), state_of(case)

    with pytest.raises(CommandRefused) as refusal:
        complete_task(case, task, outputs={}, actor=ADA, at=MONDAY, dedupe_key="k")

    assert refusal.value.problems == {"outcome": "required"}
    assert (everything(), state_of(case)) == (before, state)


def test_a_form_with_problems_opens_no_case() -> None:
    furnish()
    before = everything()

    with pytest.raises(CommandRefused) as refusal:
        ask(variables={})

    assert refusal.value.problems == {"question": "required"}
    assert everything() == before


@pytest.mark.parametrize("text", ["a\x00b", "half a pair \ud83d"])
def test_text_that_no_database_holds_is_refused_in_words(text: str) -> None:
    furnish()

    with pytest.raises(CommandRefused) as refusal:
        ask(text)
    assert refusal.value.code == "unstorable"


def test_a_backslash_before_u0000_is_only_text() -> None:
    furnish()

    case = ask("what does \\u0000 mean?").id

    assert state_of(case)["variables"]["question"] == "what does \\u0000 mean?"


def test_a_customer_reaches_only_their_own_case() -> None:
    furnish()
    case = ask().id
    stranger = Actor(kind=ActorKind.CUSTOMER, id="somebody-else")

    with pytest.raises(NotFound):
        say(case, text="Tell me everything.", actor=stranger, at=MONDAY)
    say(case, text="It is mine.", actor=MO, at=MONDAY)


def test_unknown_processes_customers_and_cases_are_not_found() -> None:
    furnish()

    with pytest.raises(NotFound, match="process"):
        open_case("nothing", variables={}, at=MONDAY)
    with pytest.raises(NotFound, match="customer"):
        ask(customer="nobody")
    with pytest.raises(NotFound, match="case"):
        claim_task(CaseId(999), 1, actor=ADA, at=MONDAY)


def test_a_task_can_be_given_to_somebody_of_its_role_only() -> None:
    furnish()
    case = ask().id
    task = open_task(case)

    assign_task(case, task, "eve", actor=ADA, at=MONDAY)

    assert state_of(case)["tasks"][0]["person"] == "eve"
    with pytest.raises(CommandRefused) as refusal:
        assign_task(case, task, "cy", actor=ADA, at=MONDAY)
    assert refusal.value.code == "no_role"


def test_a_step_assigned_by_load_goes_to_who_has_least_in_hand() -> None:
    furnish()

    people = {state_of(ask().id)["tasks"][0]["person"] for _ in range(3)}

    assert people == {"ada", "bo", "eve"}


def test_a_role_given_in_another_process_counts_at_once() -> None:
    from servoloop.accounts.models import Membership

    furnish()
    case = ask().id
    task = open_task(case)
    with pytest.raises(CommandRefused):
        assign_task(case, task, "cy", actor=ADA, at=MONDAY)

    Membership.objects.create(person_id=person_id("cy"), role_id="agent")

    assign_task(case, task, "cy", actor=ADA, at=MONDAY)
    assert state_of(case)["tasks"][0]["person"] == "cy"


def person_id(username: str) -> int:
    from servoloop.accounts.models import User

    return User.objects.get(username=username).pk


def test_a_message_goes_to_the_case_that_waits_and_is_taken_once() -> None:
    furnish()
    steps = play_errand()
    case = [next(steps) for _ in range(2)][-1]  # the parcel is awaited now

    taken = send_message("parcel.arrived", message_id="m-1", at=MONDAY)
    again = send_message("parcel.arrived", message_id="m-1", at=MONDAY)

    assert (taken, again) == (case, case)
    assert [e.kind for e in events_of(case)].count("message.received") == 1


def test_a_message_that_nobody_waits_for_is_refused() -> None:
    furnish()

    with pytest.raises(CommandRefused) as refusal:
        send_message("parcel.arrived", at=MONDAY)
    assert refusal.value.code == "not_awaited"


def test_a_batch_writes_what_the_single_commands_would_have_written() -> None:
    furnish()
    one, other = ask().id, ask().id
    for case in (one, other):
        assign_task(case, open_task(case), "eve", actor=ADA, at=MONDAY)
    task = open_task(one)
    answer = {"outcome": "passed_on"}
    claim_task(one, task, actor=EVE, at=MONDAY)
    complete_task(one, task, outputs=answer, actor=EVE, at=MONDAY)

    result = apply_batch(
        [
            (other, Claim(task=task, actor=EVE)),
            (other, Complete(task=task, outputs=answer, actor=EVE)),
            (other, Complete(task=task, outputs=answer, actor=EVE)),
        ],
        at=MONDAY,
    )

    assert (result.applied, list(result.refused)) == (2, [2])
    assert told(one) == told(other) != []


def told(case: CaseId) -> list[tuple[Any, ...]]:
    """From the first claim on: who was given the task at first depends on their load."""
    events = [(e.seq, e.at, e.kind, e.activity, e.data) for e in events_of(case)]
    return events[[event[2] for event in events].index("task.claimed") :]


def test_mail_to_the_customer_is_deferred_with_the_events_and_once() -> None:
    furnish()
    case = ask().id
    before = count("procrastinate_jobs")

    say(case, text="We look into it.", actor=ADA, at=MONDAY + HOUR, dedupe_key="k")
    say(case, text="We look into it.", actor=ADA, at=MONDAY + HOUR, dedupe_key="k")

    with connection.cursor() as cursor:
        cursor.execute("SELECT queue_name, args->>'effect' FROM procrastinate_jobs ORDER BY id")
        jobs = cursor.fetchall()[before:]
    sent = next(e for e in events_of(case) if e.kind == "conversation.sent")
    assert jobs == [("notify_customer", f"{case}:{sent.seq}")]
