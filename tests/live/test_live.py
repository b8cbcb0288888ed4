"""The live process: who may hear what, and that nothing is missed."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
from django.conf import settings as django_settings
from django.db import connection

from servoloop.loop.run.tasks import claim_task, release_task
from servoloop.storage.event_log import tell
from servoloop.storage.queries.viewer import ANONYMOUS, Viewer
from servoloop.web import live, live_token
from servoloop.web.live import Hub, connection_arguments
from servoloop.web.live_token import LIFETIME, issue, read, topics_of
from tests.desk import ADA, ADA_SEES, MONDAY, ask, furnish, open_task, state_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_a_token_allows_its_topics_until_it_expires() -> None:
    token = issue(["case:1", "role:agent"], at=NOW)

    heard = read(token, at=NOW + LIFETIME - timedelta(seconds=1))

    assert heard is not None
    assert heard.topics == {"case:1", "role:agent"}
    assert read(token, at=NOW + LIFETIME) is None


@pytest.mark.parametrize("token", ["", "x", "a:b:c", "eyJ0b3BpY3MiOltdfQ:1:forged"])
def test_a_forged_token_allows_nothing(token: str) -> None:
    assert read(token, at=NOW) is None


def test_a_changed_token_allows_nothing() -> None:
    token = issue(["case:1"], at=NOW)

    assert read(token[:-1] + ("A" if token[-1] != "A" else "B"), at=NOW) is None


def test_viewers_hear_what_concerns_them() -> None:
    assert topics_of(ADA_SEES, case=3) == ("case:3", "incidents", "person:ada", "role:agent")
    assert topics_of(Viewer(customer=5)) == ("customer:5",)
    assert topics_of(ANONYMOUS) == ()
    assert live_token.MOST_TOPICS > 100


def test_a_slow_browser_is_told_each_topic_once() -> None:
    async def scenario() -> set[str]:
        hub = Hub()
        with hub.joined(frozenset({"case:1", "role:agent"})) as stream:
            for _ in range(1000):
                hub.publish("case:1")
                hub.publish("case:2")
            assert len(stream.pending) == 1
            return stream.take()

    assert asyncio.run(scenario()) == {"case:1"}


def test_who_has_left_is_forgotten() -> None:
    async def scenario() -> None:
        hub = Hub()
        with hub.joined(frozenset({"case:1"})):
            assert (hub.count, set(hub.streams)) == (1, {"case:1"})
        assert (hub.count, dict(hub.streams)) == (0, {})

    asyncio.run(scenario())


# The process itself, over loopback


@contextmanager
def live_process() -> Iterator[str]:
    """A granian of the live application on the test's database; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": psycopg.conninfo.make_conninfo(
            **connection_arguments(connection.settings_dict)
        ),
        "SERVOLOOP_SECRET_KEY": django_settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "servoloop.config.settings",
    }
    command = [
        sys.executable, "-m", "granian", "--interface=asgi", "--no-ws", f"--port={port}",
        "--workers-kill-timeout=3", "--log-level=warning", "servoloop.web.live:application",
    ]  # fmt: skip
    process = subprocess.Popen(command, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def wait_for(address: str) -> None:
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/health").status_code == 204:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError("The live process did not start.")


@contextmanager
def events(address: str, *topics: str) -> Iterator[Iterator[str]]:
    """The data lines of a stream that hears `topics`."""
    token = issue(topics, at=datetime.now(UTC))
    with (
        httpx.Client(timeout=10) as client,
        client.stream("GET", f"{address}/events", params={"token": token}) as answer,
    ):
        assert answer.status_code == 200
        lines = answer.iter_lines()
        assert next(lines).startswith("retry:")
        yield (line.removeprefix("data: ") for line in lines if line.startswith("data: "))


def test_a_browser_hears_of_a_change_of_what_it_may_see(committed_db: None) -> None:
    furnish()
    case, other = ask().id, ask().id
    task = open_task(case)
    holder = state_of(case)["tasks"][0]["person"]

    with live_process() as address:
        with events(address, f"case:{case}", "role:agent") as told:
            time.sleep(0.2)  # until it listens
            tell([f"case:{other}", "role:manager", f"case:{case}"])
            assert next(told) == f"case:{case}"
            claim_task(case, task, actor=ADA.__class__(kind=ADA.kind, id=holder), at=MONDAY)
            release_task(case, task, actor=ADA.__class__(kind=ADA.kind, id=holder), at=MONDAY)
            assert {next(told), next(told)} == {f"case:{case}", "role:agent"}

        assert doors(address) == {
            "no token": 401,
            "foreign origin": 403,
            "own origin": (200, django_settings.SERVOLOOP_LIVE_ORIGINS[0]),
            "elsewhere": 404,
        }

        with events(address, "role:agent") as told:
            end_listener()
            assert next(told) == "all"  # what happened meanwhile was not heard: look again
            tell(["role:agent"])
            assert next(told) == "role:agent"


def doors(address: str) -> dict[str, Any]:
    token = issue(["case:1"], at=datetime.now(UTC))
    origin = django_settings.SERVOLOOP_LIVE_ORIGINS[0]
    url = f"{address}/events"
    with httpx.stream("GET", url, params={"token": token}, headers={"Origin": origin}) as answer:
        own = (answer.status_code, answer.headers["access-control-allow-origin"])
    foreign = {"Origin": "https://evil.example"}
    return {
        "no token": httpx.get(url).status_code,
        "foreign origin": httpx.get(url, params={"token": token}, headers=foreign).status_code,
        "own origin": own,
        "elsewhere": httpx.get(f"{address}/case/1").status_code,
    }


def end_listener() -> None:
    """As a restart of PostgreSQL would."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%%'"
        )


def test_the_settings_of_django_become_arguments_of_psycopg() -> None:
    database = {
        "NAME": "desk", "USER": "u", "PASSWORD": "", "HOST": "h", "PORT": "5",
        "OPTIONS": {"server_side_binding": True, "sslmode": "require"},
    }  # fmt: skip

    found = connection_arguments(database)

    assert found | {"sslmode": "require", "dbname": "desk", "port": "5"} == found
    assert "server_side_binding" not in json.dumps(found)
    assert live.CHANNEL == "servoloop"
