"""Timers fired per second with 300,000 more pending: ``python -m benchmarks.timers [--json]``.

A fired timer here is a case that goes on: decided, its events, task, clocks and new timers written,
the timer removed, all flushed to disk in batches of 500. The peer is procrastinate itself with as
many future jobs: what it would cost to keep timers in the job queue. Its job does nothing.
"""

import asyncio
import time
from datetime import timedelta

from benchmarks.database import MONDAY, durable_database
from benchmarks.rows import Row, row, show, wants_json

PENDING = 300_000
DUE = 5_000
PEER_JOBS = 150
BATCH = 500


def main() -> None:
    """Measure and print."""
    as_json = wants_json("Timers fired per second with 300,000 pending.")
    show(measure(), as_json=as_json)


def measure() -> list[Row]:
    with durable_database():
        alone = fired_per_second()
        add_future_timers()
        crowded = fired_per_second()
        peer = peer_jobs_per_second()
    name = "procrastinate, 300,000 future jobs"
    return [
        row("timers fired, none pending", alone, "timers/s"),
        row("timers fired, 300,000 pending", crowded, "timers/s", peer=name, peer_value=peer),
    ]


def fired_per_second() -> float:
    """Cases that wait for a day, all of them due."""
    from benchmarks.cloning import clone

    from servoloop.loop.run.batch import fire_due_timers
    from servoloop.loop.run.cases import open_case

    clone(open_case("later", variables={}, at=MONDAY).id, DUE - 1)
    due = MONDAY + timedelta(days=1)
    begun = time.perf_counter()
    fired = 0
    while taken := fire_due_timers(at=due, limit=BATCH):
        fired += taken
    if fired != DUE:
        raise SystemExit(f"{fired} timers fired instead of {DUE}.")
    seconds = time.perf_counter() - begun
    put_away()
    return fired / seconds


def put_away() -> None:
    """The tasks that were opened have clocks of their own; they are not part of the next round."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM timer")


def add_future_timers() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO timer (case_id, no, kind, due_at)"
            " SELECT n, 1, 'wait', %s::timestamptz + n * interval '1 second'"
            " FROM generate_series(1, %s) AS n",
            [MONDAY + timedelta(days=30), PENDING],
        )
        cursor.execute("ANALYZE timer")


def peer_jobs_per_second() -> float:
    from django.db import connection
    from procrastinate.contrib.django import app

    @app.task(name="benchmarks.nothing")
    def nothing() -> None:
        """The cheapest job there is."""

    add = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)"
        " SELECT 'benchmark', 'benchmarks.nothing', {when} FROM generate_series(1, {count}) AS n"
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs DISABLE TRIGGER USER")
        cursor.execute(add.format(when="now() + n * interval '1 hour'", count=PENDING))
        cursor.execute("ALTER TABLE procrastinate_jobs ENABLE TRIGGER USER")
        cursor.execute(add.format(when="now()", count=PEER_JOBS))
        cursor.execute("ANALYZE procrastinate_jobs")

    async def work() -> float:
        connector = app.connector.get_worker_connector()
        with app.replace_connector(connector) as worker_app:
            async with worker_app.open_async():
                begun = time.perf_counter()
                await worker_app.run_worker_async(
                    queues=["benchmark"],
                    wait=False,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
                return PEER_JOBS / (time.perf_counter() - begun)

    return asyncio.run(work())


if __name__ == "__main__":
    main()
