"""Running outbox jobs, and taking back those of workers that died."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import psycopg
from asgiref.sync import sync_to_async
from django.db import Error, connections
from procrastinate import App, PsycopgConnector, exceptions
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from servoloop.loop.run.housekeeping import forget_command_keys
from servoloop.workers.outbox_jobs import QUEUES

_log = logging.getLogger(__name__)

CONCURRENCY = {"service": 4, "message": 2, "notify_customer": 2}
SWEEP_EVERY = 30.0  # seconds
STALLED_AFTER = 60.0  # seconds without a heartbeat of the worker
PAUSE_AFTER_FAILURE = 2.0  # seconds
KEYS_KEPT_FOR = timedelta(days=30)
# Seconds for a connection of the pool. A worker that ends takes itself off the list, and must not
# wait the usual 30 s to learn that the database is gone.
CONNECTED_WITHIN = 3.0
DRAIN = 10.0  # seconds that running jobs have to end when the worker is asked to stop


async def run_outbox(stop: asyncio.Event) -> None:
    """Run jobs and sweep until cancelled with `stop` set; survives restarts of PostgreSQL.

    The cancellation alone may be lost: a worker that cannot say good-bye to its database fails
    while it is being cancelled, and its group of tasks then raises that failure instead.
    """
    await _until(stop, _run_once)


async def _run_once() -> None:
    """One life of the workers: ends with an error when the database goes away."""
    connector = PsycopgConnector(kwargs=connector_params(), timeout=CONNECTED_WITHIN)
    with app.replace_connector(connector) as worker_app:
        async with worker_app.open_async(), asyncio.TaskGroup() as group:
            for queue in QUEUES:
                group.create_task(_work(worker_app, queue))
            group.create_task(_sweep_regularly(worker_app))


async def _work(worker_app: App, queue: str) -> None:
    # A queue of its own for each kind: a slow system must not hold up letters.
    await worker_app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=CONCURRENCY[queue],
        delete_jobs="successful",
        install_signal_handlers=False,
        shutdown_graceful_timeout=DRAIN,
    )


async def _sweep_regularly(worker_app: App) -> None:
    while True:
        await sweep(worker_app)
        await asyncio.sleep(SWEEP_EVERY)


async def sweep(worker_app: App) -> int:
    """Set jobs of dead workers free, and forget old command keys; how many jobs were set free."""
    stalled = await worker_app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER)
    freed = 0
    for job in stalled:
        await worker_app.job_manager.retry_job(job)
        freed += 1
    if freed:
        _log.warning("%s jobs of workers that died will run again.", freed)
    await sync_to_async(forget_command_keys)(before=datetime.now(UTC) - KEYS_KEPT_FOR)
    return freed


async def _until(stop: asyncio.Event, live: Callable[[], Awaitable[None]]) -> None:
    while not stop.is_set():
        try:
            await live()
        except* (psycopg.Error, Error, exceptions.ConnectorException, OSError) as failures:
            _log.warning("The outbox waits for the database: %s", failures.exceptions[0])
            await sync_to_async(connections.close_all)()  # Django would go on asking the dead one
        await asyncio.sleep(PAUSE_AFTER_FAILURE)
