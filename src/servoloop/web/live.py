"""The live process: tells browsers what has changed, over Server-Sent Events.

A small ASGI application without views. One connection to PostgreSQL LISTENs; each browser's stream
carries topics ("case:12", "role:agent"), never content: the page fetches what it may see. What a
browser has not read yet is kept as a set of topics, so a slow one costs no more than its token
allows. After a gap (a restart of PostgreSQL) every browser is told to look again at everything.

    GET /events?token=…      event: changed, data: case:12
                             event: resync, data: all
    GET /health              204
"""

import asyncio
import contextlib
import logging
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import psycopg

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servoloop.config.settings")

from django.conf import settings

from servoloop.web.live_token import Hearing, read

CHANNEL = "servoloop"
HEARTBEAT = 15.0  # seconds; keeps proxies from closing a quiet stream
GATHER = 0.05  # seconds in which changes are gathered into one write
MOST_STREAMS = 10_000
RECONNECT = 1.0  # seconds
RETRY_MS = 2000  # what browsers wait before they connect again
RESYNC = "*"

_log = logging.getLogger(__name__)

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Stream:
    """One browser: the topics it may hear, and those it has yet to be told of."""

    def __init__(self, topics: frozenset[str]) -> None:
        self.topics = topics
        self.pending: set[str] = set()
        self.woken = asyncio.Event()

    def tell(self, topic: str) -> None:
        self.pending.add(topic)
        self.woken.set()

    def take(self) -> set[str]:
        taken, self.pending = self.pending, set()
        self.woken.clear()
        return taken


class Hub:
    """Who listens to which topic, and the connection that brings the changes."""

    def __init__(self) -> None:
        self.streams: dict[str, set[Stream]] = defaultdict(set)
        self.count = 0
        self.listener: asyncio.Task[None] | None = None

    def start(self) -> None:
        if self.listener is None or self.listener.done():
            self.listener = asyncio.get_running_loop().create_task(self._listen())

    async def stop(self) -> None:
        if self.listener is not None:
            self.listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.listener

    @contextlib.contextmanager
    def joined(self, topics: frozenset[str]) -> Iterator[Stream]:
        stream = Stream(topics)
        self.count += 1
        for topic in topics:
            self.streams[topic].add(stream)
        try:
            yield stream
        finally:
            self.count -= 1
            for topic in topics:
                self.streams[topic].discard(stream)
                if not self.streams[topic]:
                    del self.streams[topic]

    def publish(self, topic: str) -> None:
        for stream in self.streams.get(topic, ()):
            stream.tell(topic)

    def resync(self) -> None:
        for stream in {stream for streams in self.streams.values() for stream in streams}:
            stream.tell(RESYNC)

    async def _listen(self) -> None:
        is_first = True
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(
                    autocommit=True, **connection_arguments(settings.DATABASES["default"])
                ) as connection:
                    await connection.execute(f"LISTEN {CHANNEL}")
                    if not is_first:
                        self.resync()  # what happened in the gap was not heard
                    is_first = False
                    async for notice in connection.notifies():
                        self.publish(notice.payload)
            except psycopg.Error as failure:
                _log.warning("The live process waits for the database: %s", failure)
            await asyncio.sleep(RECONNECT)


def connection_arguments(database: Mapping[str, Any]) -> dict[str, Any]:
    """psycopg's arguments for one of Django's DATABASES."""
    named = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
    djangos_own = {"server_side_binding", "prepare_threshold", "pool", "isolation_level"}
    options = {k: v for k, v in database.get("OPTIONS", {}).items() if k not in djangos_own}
    # TCP keepalive: a silent death of the network must not leave us deaf for hours.
    keepalive = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    return {k: v for k, v in named.items() if v} | keepalive | options


hub = Hub()


async def application(scope: Message, receive: Receive, send: Send) -> None:
    match scope["type"]:
        case "lifespan":
            await _lifespan(receive, send)
        case "http":
            hub.start()  # a server without lifespan, or a listener that ended
            await _respond(scope, receive, send)


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            hub.start()
            await send({"type": "lifespan.startup.complete"})
        else:
            await hub.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


async def _respond(scope: Message, receive: Receive, send: Send) -> None:
    path, method = scope["path"], scope["method"]
    if path == "/health":
        await _answer(send, 204)
        return
    if path != "/events" or method != "GET":
        await _answer(send, 404)
        return
    origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
    if origin and origin not in settings.SERVOLOOP_LIVE_ORIGINS:
        await _answer(send, 403)
        return
    token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
    hearing = read(token, at=datetime.now(UTC))
    if hearing is None:
        await _answer(send, 401, origin=origin)
    elif hub.count >= MOST_STREAMS:
        await _answer(send, 503, origin=origin)
    else:
        await _stream(hearing, receive, send, origin=origin)


async def _stream(hearing: Hearing, receive: Receive, send: Send, *, origin: str) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
                *_allowed(origin),
            ],
        }
    )
    with hub.joined(hearing.topics) as stream:
        writing = asyncio.create_task(_write(stream, hearing, send))
        leaving = asyncio.create_task(_left(receive))
        try:
            await asyncio.wait([writing, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (writing, leaving):
                task.cancel()
            await asyncio.gather(writing, leaving, return_exceptions=True)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(stream: Stream, hearing: Hearing, send: Send) -> None:
    """Write until the token expires; the browser then comes back with a new one."""
    await _body(send, f"retry: {RETRY_MS}\n\n")
    async for topics in _changes(stream, hearing.until):
        await _body(send, _told(topics))
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _changes(stream: Stream, until: datetime) -> AsyncIterator[set[str]]:
    """Sets of topics as they change; an empty one for a heartbeat."""
    while (left := (until - datetime.now(UTC)).total_seconds()) > 0:
        try:
            await asyncio.wait_for(stream.woken.wait(), timeout=min(HEARTBEAT, left))
            await asyncio.sleep(GATHER)
        except TimeoutError:
            pass
        yield stream.take()


def _told(topics: Iterable[str]) -> str:
    if RESYNC in topics:
        return "event: resync\ndata: all\n\n"
    return "".join(f"event: changed\ndata: {topic}\n\n" for topic in sorted(topics)) or ":\n\n"


async def _body(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _answer(send: Send, status: int, *, origin: str = "") -> None:
    headers = [(b"content-length", b"0"), *_allowed(origin)] if status != 204 else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _allowed(origin: str) -> list[tuple[bytes, bytes]]:
    """The origin may read the answer; the caller has checked it."""
    if not origin:
        return []
    return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"origin")]
