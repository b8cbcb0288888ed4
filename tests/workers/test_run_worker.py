"""The worker as a process: it works, survives the loss of its sessions, and ends when asked."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.db import connection

from servoloop.loop.run.conversation import say
from servoloop.web.live import connection_arguments
from tests.desk import ADA, MONDAY, ask, furnish

WITHIN = 90.0  # seconds; Django alone takes several to start on a busy machine


@contextmanager
def worker(var: Path) -> Iterator["subprocess.Popen[bytes]"]:
    arguments = connection_arguments(connection.settings_dict)
    environment = {
        **os.environ,
        "DATABASE_URL": psycopg.conninfo.make_conninfo(**arguments),
        "DJANGO_SETTINGS_MODULE": "servoloop.config.settings",
        "SERVOLOOP_VAR": str(var),
    }
    command = [sys.executable, "-m", "django", "run_worker"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def count(query: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return int(cursor.fetchone()[0])


def overdue() -> int:
    return count("SELECT count(*) FROM timer WHERE due_at <= now()")


def jobs() -> int:
    return count("SELECT count(*) FROM procrastinate_jobs")


def end_all_other_sessions() -> int:
    """As a restart of PostgreSQL would."""
    return count(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def test_a_worker_goes_on_after_its_sessions_were_ended_and_ends_when_asked(
    committed_db: None, tmp_path: Path
) -> None:
    furnish()
    case = ask().id
    say(case, text="One.", actor=ADA, at=MONDAY)

    with worker(tmp_path) as process:
        wait_until(lambda: overdue() == 0 and jobs() == 0)
        assert end_all_other_sessions() > 0
        ask()
        say(case, text="Two.", actor=ADA, at=MONDAY)
        wait_until(lambda: overdue() == 0 and jobs() == 0)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WITHIN) == 0

    letters = "".join(letter.read_text() for letter in (tmp_path / "mail").iterdir())
    assert (letters.count("One."), letters.count("Two.")) == (1, 1)


@contextmanager
def no_database() -> Iterator[None]:
    """For the worker; the test keeps the one connection that it has."""
    arguments = connection_arguments(connection.settings_dict)
    name = arguments["dbname"]
    with psycopg.connect(**{**arguments, "dbname": "postgres"}, autocommit=True) as outside:
        outside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            assert end_all_other_sessions() > 0
            yield
        finally:
            outside.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def test_a_worker_ends_soon_although_its_database_is_gone(
    committed_db: None, tmp_path: Path
) -> None:
    furnish()
    say(ask().id, text="One.", actor=ADA, at=MONDAY)

    with worker(tmp_path) as process:
        wait_until(lambda: overdue() == 0 and jobs() == 0)
        with no_database():
            asked_at = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(WITHIN) == 0
            assert time.monotonic() - asked_at < 20.0  # the pool alone would wait 30
