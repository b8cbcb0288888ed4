"""The connection dies between any two statements of any command; the command is asked again.

Nothing may be lost, doubled or half done: the events, rows and outbox jobs must be those of a run
in which nothing died.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import Error, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.batch import fire_due_timers
from servoloop.loop.run.cases import open_case
from servoloop.loop.run.conversation import say, send_message
from servoloop.loop.run.escalations import answer_escalation, escalate_task
from servoloop.loop.run.jobs import finish_job
from servoloop.loop.run.tasks import claim_task, complete_task
from servoloop.storage.event_reader import events_of
from servoloop.web.live import connection_arguments
from tests.desk import BO, EVE, HOUR, MO, MONDAY, ask, furnish, open_task, state_of
from tests.storage.test_replay import replayed, rows_of, snapshot


@dataclass
class Crash:
    """Kill the backend at one point: before or after the n-th statement, or around COMMIT."""

    point: int
    passed: int = 0
    happened: bool = False

    def maybe(self) -> None:
        self.passed += 1
        if self.passed == self.point:
            self.happened = True
            kill_backend()


def kill_backend() -> None:
    """As if the machine of the command had died: PostgreSQL ends our session at once."""
    assert connection.connection is not None
    pid = connection.connection.info.backend_pid
    killer().execute("SELECT pg_terminate_backend(%s)", [pid])
    # The function's own wait looks every 100 ms only.
    while killer().execute("SELECT FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone():
        time.sleep(0.0005)


_killers: list["psycopg.Connection[tuple[object, ...]]"] = []


def killer() -> "psycopg.Connection[tuple[object, ...]]":
    """A second session, kept for the module."""
    if not _killers:
        arguments = connection_arguments(connection.settings_dict)
        _killers.append(psycopg.connect(autocommit=True, **arguments))
    return _killers[0]


@pytest.fixture(autouse=True)
def _no_killer_is_left() -> Iterator[None]:
    yield
    while _killers:
        _killers.pop().close()


@contextmanager
def crashing(crash: Crash) -> Iterator[None]:
    """Count the moments before and after each statement and each COMMIT as crash points."""
    commit = BaseDatabaseWrapper._commit

    def around_statement(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        crash.maybe()
        answer = execute(sql, params, many, context)
        crash.maybe()
        return answer

    def around_commit(self: BaseDatabaseWrapper) -> None:
        crash.maybe()
        commit(self)
        crash.maybe()

    BaseDatabaseWrapper._commit = around_commit
    try:
        with connection.execute_wrapper(around_statement):
            yield
    finally:
        BaseDatabaseWrapper._commit = commit


Step = Callable[[CaseId | None], CaseId | None]


def script(run: int) -> list[Step]:
    """An errand, every kind of command in it, each under a key of its own."""
    later = MONDAY + HOUR

    def key(name: str) -> dict[str, Any]:
        return {"at": later, "dedupe_key": f"{run} {name}"}

    def opened(_: Any) -> CaseId:
        given = {"variables": {"item": "lamp"}, "customer": "mo", "actor": MO}
        return open_case("errand", **given, at=MONDAY, dedupe_key=f"{run} open").id

    def number(case: Any, container: str) -> int:
        """The first record that a retry still finds, else one that no longer matters."""
        found = state_of(case)[container]
        return int(found[0]["id"]) if found else 0

    def escalated(case: Any) -> None:
        escalate_task(case, open_task(case), reason="?", actor=EVE, **key("escalate"))

    def answered(case: Any) -> None:
        escalation = number(case, "escalations")
        answer_escalation(case, escalation, words="Yes.", actor=BO, **key("answer"))

    return [
        opened,
        lambda case: finish_job(case, number(case, "jobs"), outputs={}, **key("job")) and None,
        lambda case: claim_task(case, open_task(case), actor=EVE, **key("claim")) and None,
        escalated,
        answered,
        lambda case: (
            complete_task(
                case, number(case, "tasks"), outputs={"note": "n"}, actor=EVE, **key("complete")
            )
            and None
        ),
        lambda case: send_message("parcel.arrived", message_id=f"parcel-{run}", at=later) and None,
        lambda case: say(case, text="yes", actor=MO, **key("reply")) and None,
        lambda case: drain(MONDAY + 400 * HOUR),
    ]


def drain(at: Any) -> None:
    while fire_due_timers(at=at):
        pass


def run(point: int) -> tuple[CaseId, int]:
    """The whole script; every command crashes once at `point`, and is asked again."""
    case: CaseId | None = None
    crashes = 0
    for step in script(point):
        crash = Crash(point)
        try:
            with crashing(crash):
                case = step(case) or case
        except Error:
            connection.close()
        if crash.happened:
            crashes += 1
            connection.close()
            case = step(case) or case
    assert case is not None
    return case, crashes


def what_is_left(case: CaseId) -> dict[str, Any]:
    """Events, rows and jobs without what differs from case to case."""
    own = {"case", "case_id", "id", "number", "secret", "definition_id", "customer_id"}
    rows = rows_of(case)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE (args->>'case')::int = %s", [case]
        )
        jobs = [json.loads(row[0])["effect"].split(":")[1] for row in cursor.fetchall()]
    del rows["case"]["state"]
    return {
        "events": [(e.seq, e.at, e.kind, e.activity, without_own(e.data)) for e in events_of(case)],
        "rows": {
            table: [
                {k: v for k, v in row.items() if k not in own}
                for row in (found if isinstance(found, list) else [found])
            ]
            for table, found in rows.items()
        },
        "jobs": sorted(jobs),
    }


def without_own(data: Mapping[str, Any]) -> dict[str, Any]:
    variables = {k: v for k, v in data.get("variables", {}).items() if k != "case_number"}
    return {**data, "message_id": "", "variables": variables}


def test_a_crash_between_any_two_statements_changes_nothing(committed_db: None) -> None:
    furnish()
    case, _ = run(point=0)
    expected = what_is_left(case)
    assert len(expected["events"]) > 40
    assert len(expected["jobs"]) == 2

    tried = 0
    for point in range(1, 100):
        case, crashes = run(point)
        if not crashes:
            break
        tried += crashes
        assert what_is_left(case) == expected, f"crash point {point}"
        assert snapshot(case) == replayed(case), f"crash point {point}"
        assert count_cases() == point + 1
    assert tried > 100


def count_cases() -> int:
    with connection.cursor() as cursor:
        cursor.execute('SELECT count(*) FROM "case"')
        return int(cursor.fetchone()[0])


# A worker killed in the middle of its batches


def test_a_worker_killed_with_kill_9_loses_and_doubles_nothing(committed_db: None) -> None:
    furnish()
    cases = [ask(at=MONDAY).id for _ in range(40)]
    due = due_timers()
    assert due == 120

    kills = 0
    deadline = time.monotonic() + 60
    while due_timers() and time.monotonic() < deadline:
        worker = start_worker()
        try:
            if not kills:
                before = due_timers()
                wait_until(lambda before=before: due_timers() < before, deadline)
                worker.send_signal(signal.SIGKILL)
                kills += 1
            else:
                wait_until(lambda: due_timers() == 0, deadline)
                worker.send_signal(signal.SIGTERM)
            worker.wait(10)
        finally:
            worker.kill()
            worker.wait(10)

    assert due_timers() == 0
    assert kills == 1
    assert worker.returncode == 0
    expected: Counter[str] | None = None
    for case in cases:
        assert snapshot(case) == replayed(case)
        events = events_of(case)
        fired = [event.data["timer"] for event in events if event.kind == "timer.fired"]
        assert len(fired) == len(set(fired))
        kinds = Counter(event.kind for event in events)
        expected = expected or kinds
        assert kinds == expected


def due_timers() -> int:
    """Those of the first hours; the escalations that they lead to come due much later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM timer WHERE due_at <= now()")
        return int(cursor.fetchone()[0])


def start_worker() -> "subprocess.Popen[bytes]":
    database = connection_arguments(connection.settings_dict)
    environment = {
        **os.environ,
        "DATABASE_URL": psycopg.conninfo.make_conninfo(**database),
        "DJANGO_SETTINGS_MODULE": "servoloop.config.settings",
    }
    command = [sys.executable, "-m", "django", "run_worker", "--only=timers", "--batch=3"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def wait_until(is_so: Callable[[], bool], deadline: float) -> None:
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.001)
