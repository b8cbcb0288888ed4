"""Pages and streams with 100,000 cases loaded: ``python -m benchmarks.web [--json]``.

The real web process (granian, two workers of four threads) over loopback, with the whole
middleware and a session: a customer opens a case through the portal's form, an agent opens their
list of work. Then the live process with 1,000 open streams: how long until every one is connected,
and how long a change takes to reach them. There is no peer in the same run; figures of other
desks on such a machine: django-helpdesk 48 cases/s, Request Tracker 3.2 cases/s.
"""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.database import MONDAY, durable_database
from benchmarks.http import Answer, Load, ask, load, request
from benchmarks.rows import Row, row, show, wants_json

CASES = 100_000
CLIENTS = 16
STREAMS = 1_000
CHANGES = 20


def main() -> None:
    """Measure and print."""
    as_json = wants_json("Pages and streams with 100,000 cases loaded.")
    show(measure(), as_json=as_json)


def measure() -> list[Row]:
    with durable_database():
        agent, customer = fill()
        with serving("wsgi", "servoloop.config.wsgi:application") as port:
            work = asyncio.run(my_work(port, agent))
            cases = asyncio.run(create_cases(port, customer))
        with serving("asgi", "servoloop.config.asgi:application") as port:
            connected, reached = asyncio.run(streams(port))
    return [
        row("create a case, 16 clients", cases.per_second, "requests/s"),
        row("create a case, p99", cases.p99, "ms"),
        row("my work, 16 clients", work.per_second, "requests/s"),
        row("my work, p99", work.p99, "ms"),
        row("1,000 live streams connected", connected, "s"),
        row("a change reaches a stream, p50", reached[len(reached) // 2] * 1000, "ms"),
        row("a change reaches a stream, p99", reached[int(len(reached) * 0.99)] * 1000, "ms"),
    ]


def fill() -> tuple[str, str]:
    """100,000 open cases in the agents' queue; session cookies of an agent and a customer."""
    from benchmarks.cloning import clone
    from django.test import Client

    from servoloop.accounts.models import User
    from servoloop.loop.run.cases import open_case
    from servoloop.storage.customers import keep_customer

    variables = {"question": "Where is my parcel?"}
    first = open_case("question", variables=variables, customer="mo", subject="Parcel", at=MONDAY)
    clone(first.id, CASES - 1)
    mo = keep_customer(key="mo", name="Mo", at=MONDAY)
    User.objects.create(username="mo", customer_id=mo.id)

    def cookie(username: str) -> str:
        client = Client()
        client.force_login(
            User.objects.get(username=username),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())

    return cookie("ada"), cookie("mo")


async def my_work(port: int, cookies: str) -> Load:
    page = request("GET", "/run/work/", cookies=cookies)
    await load(port, lambda _: page, requests=50, clients=8, expect=200)  # everybody is warm
    return await load(port, lambda _: page, requests=600, clients=CLIENTS, expect=200)


async def create_cases(port: int, cookies: str) -> Load:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    shown = await ask(reader, writer, request("GET", "/portal/services/question/", cookies=cookies))
    writer.close()
    token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', shown.body)
    if token is None:
        raise SystemExit("The form of the portal has no token.")
    cookies = f"{cookies}; csrftoken={csrf_cookie(shown)}"

    def form(number: int) -> bytes:
        told = {
            "csrfmiddlewaretoken": token[1].decode(),
            "dedupe_key": uuid4().hex,
            "f-question": f"Where is parcel {number}?",
        }
        path = "/portal/services/question/"
        return request("POST", path, cookies=cookies, body=urlencode(told))

    await load(port, form, requests=30, clients=8, expect=302)
    return await load(port, form, requests=600, clients=CLIENTS, expect=302)


def csrf_cookie(shown: Answer) -> str:
    found = re.search(r"csrftoken=([^;]+)", shown.headers.get("set-cookie", ""))
    if found is None:
        raise SystemExit("The portal set no cookie for its forms.")
    return found[1]


async def streams(port: int) -> tuple[float, list[float]]:
    """Seconds until all are connected; for each change and stream, seconds until it was told."""
    from asgiref.sync import sync_to_async

    from servoloop.storage.event_log import tell
    from servoloop.web.live_token import issue

    token = issue(["role:agent"], at=datetime.now(UTC))
    opened = request("GET", f"/events?token={token}")
    begun = time.perf_counter()

    async def connect() -> asyncio.StreamReader:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(opened)
        await reader.readuntil(b"retry:")
        kept.append(writer)
        return reader

    kept: list[asyncio.StreamWriter] = []
    readers = await asyncio.gather(*(connect() for _ in range(STREAMS)))
    connected = time.perf_counter() - begun
    await asyncio.sleep(1)
    reached: list[float] = []
    for _ in range(CHANGES):
        told = [asyncio.create_task(reader.readuntil(b"role:agent")) for reader in readers]
        moment = time.perf_counter()
        for task in told:
            task.add_done_callback(lambda _, m=moment: reached.append(time.perf_counter() - m))
        await sync_to_async(tell)(["role:agent"])
        await asyncio.wait_for(asyncio.gather(*told), 30)
        await asyncio.sleep(0.2)
    for writer in kept:
        writer.close()
    return connected, sorted(reached)


@contextmanager
def serving(interface: str, application: str) -> Iterator[int]:
    """A granian of the application on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    several = ["--workers=2", "--blocking-threads=4"] if interface == "wsgi" else []
    command = [
        sys.executable, "-m", "granian", f"--interface={interface}", "--no-ws", f"--port={port}",
        "--workers-kill-timeout=3", "--log-level=error", *several, application,
    ]  # fmt: skip
    process = subprocess.Popen(command, env=dict(os.environ))
    try:
        _wait_for(port)
        yield port
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(port: int) -> None:
    async def is_up() -> bool:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            answer = await asyncio.wait_for(ask(reader, writer, request("GET", "/health")), 5)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return False
        writer.close()
        return answer.status < 500

    until = time.monotonic() + 60
    while not asyncio.run(is_up()):
        if time.monotonic() > until:
            raise SystemExit("The server did not start.")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
