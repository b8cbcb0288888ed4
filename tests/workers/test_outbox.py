"""The outbox from the deferred job to the case, run by a real procrastinate worker."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.core import mail
from django.db import connection
from procrastinate.contrib.django import app

from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.cases import open_case
from servoloop.loop.run.conversation import say
from servoloop.storage.customers import keep_customer
from servoloop.storage.event_reader import events_of
from servoloop.workers.outbox import sweep
from servoloop.workers.outbox_jobs import OutboxJob, TryAgain, carry_out, pause_before
from tests.desk import ADA, MO, MONDAY, ask, furnish
from tests.workers.test_http_service import Stock, stock

__all__ = ["stock"]  # the fixture


def work() -> None:
    """Run every job that is due, then return."""

    async def once() -> None:
        connector = app.connector.get_worker_connector()
        with app.replace_connector(connector) as worker_app:
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    wait=False, delete_jobs="successful", install_signal_handlers=False
                )
                await sync_to_async(lambda: connection.close())()

    asyncio.run(once())


def jobs() -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, status::text, attempts, args FROM procrastinate_jobs")
        return [(*row[:3], json.loads(row[3])) for row in cursor.fetchall()]


def let_all_be_due() -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE status = 'todo'")


def errand() -> CaseId:
    given = {"variables": {"item": "lamp"}, "customer": "mo", "actor": MO}
    return open_case("errand", **given, at=MONDAY).id


def kinds(case: CaseId) -> list[str]:
    return [event.kind for event in events_of(case)]


def test_a_service_step_is_done_and_the_case_goes_on(
    committed_db: None, stock: type[Stock]
) -> None:
    furnish()
    case = errand()
    requested = next(event for event in events_of(case) if event.kind == "job.requested")

    work()

    assert stock.asked == [(f"{case}:{requested.seq}", {"item": "lamp"})]
    done = next(event for event in events_of(case) if event.kind == "job.done")
    assert done.data["outputs"] == {"stock": 3}
    assert "task.opened" in kinds(case)
    assert jobs() == []


def test_a_service_that_stays_away_becomes_an_incident_after_its_retries(
    committed_db: None, stock: type[Stock]
) -> None:
    furnish()
    case = errand()
    stock.status = 503

    for _ in range(5):
        work()
        let_all_be_due()

    assert len(stock.asked) == 3  # once and two retries, as the step says
    assert len({key for key, _ in stock.asked}) == 1
    assert kinds(case)[-2:] == ["job.failed", "incident.raised"]
    assert jobs() == []


def test_a_service_nobody_named_becomes_an_incident_at_once(committed_db: None) -> None:
    furnish()
    case = errand()

    work()

    failed = next(event for event in events_of(case) if event.kind == "job.failed")
    assert "SERVOLOOP_HTTP_SERVICES" in failed.data["words"]
    assert kinds(case)[-1] == "incident.raised"


def test_a_worker_that_died_after_the_call_repeats_it_under_the_same_key(
    committed_db: None, stock: type[Stock]
) -> None:
    furnish()
    case = errand()
    args = jobs()[0][3]
    job = OutboxJob(
        case=case, effect=args["effect"], kind="service", payload=args["payload"], attempts=0
    )

    carry_out(job)
    carry_out(job)

    assert kinds(case).count("job.done") == 1
    assert len(stock.asked) == 2
    assert len({key for key, _ in stock.asked}) == 1


def test_what_is_said_reaches_the_customer_by_mail_with_a_stable_id(committed_db: None) -> None:
    furnish()
    opened = ask("Where is\r\nBcc: my parcel?")
    say(opened.id, text="On its way.", actor=ADA, at=MONDAY)

    work()

    [letter] = mail.outbox
    assert letter.to == ["mo@customer.example"]
    assert letter.subject == f"[{opened.number}] Where is Bcc: my parcel?"
    assert letter.body.startswith("On its way.\n")
    assert f"/portal/follow/{opened.secret}/" in letter.body
    sent = next(event for event in events_of(opened.id) if event.kind == "conversation.sent")
    message_id = letter.extra_headers["Message-ID"]
    assert message_id.startswith(f"<case-{opened.id}-{sent.seq}@")
    assert jobs() == []


def test_a_customer_without_an_address_reads_it_in_the_portal(committed_db: None) -> None:
    furnish()
    keep_customer(key="mo", name="Mo", at=MONDAY)
    say(ask().id, text="On its way.", actor=ADA, at=MONDAY)

    work()

    assert mail.outbox == []
    assert jobs() == []


def test_a_mail_server_that_is_away_is_tried_again(committed_db: None, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 9
    furnish()
    say(ask().id, text="On its way.", actor=ADA, at=MONDAY)

    work()

    [(_, status, attempts, _)] = jobs()
    assert (status, attempts) == ("todo", 1)


def test_the_job_of_a_dead_worker_runs_again(committed_db: None) -> None:
    furnish()
    say(ask().id, text="On its way.", actor=ADA, at=MONDAY)
    with connection.cursor() as cursor:  # a worker took it and has not been heard of for an hour
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour')"
            " RETURNING id"
        )
        [worker] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [worker])

    assert asyncio.run(swept()) == 1
    work()

    assert len(mail.outbox) == 1


async def swept() -> int:
    connector = app.connector.get_worker_connector()
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async():
            freed = await sweep(worker_app)
            await sync_to_async(lambda: connection.close())()
            return freed


@pytest.mark.django_db
def test_a_message_that_nobody_waits_for_yet_is_kept_for_a_while() -> None:
    furnish()
    job = OutboxJob(
        case=CaseId(1),
        effect="1:1",
        kind="message",
        payload={"name": "parcel.arrived", "payload": None},
        attempts=0,
    )

    with pytest.raises(TryAgain):
        carry_out(job)


def test_pauses_grow_up_to_half_an_hour() -> None:
    seconds = [int(pause_before(attempt).total_seconds()) for attempt in (1, 2, 3, 9, 40)]

    assert seconds == [10, 20, 40, 1800, 1800]
