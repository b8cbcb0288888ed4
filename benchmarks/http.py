"""A small HTTP client for load: keep-alive over plain sockets, cheap enough to share two cores."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: dict[str, str]  # lower-case names; of repeated ones the last
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a load of requests found."""

    per_second: float
    p50: float  # ms
    p99: float  # ms


def request(method: str, path: str, *, cookies: str = "", body: str = "") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookies}"]
    if method == "POST":
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body.encode())}",
        ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, sent: bytes) -> Answer:
    """One request on an open connection."""
    writer.write(sent)
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {}
    for line in head[1:]:
        name, sign, value = line.partition(": ")
        if sign:
            headers[name.lower()] = value
    if headers.get("transfer-encoding") == "chunked":
        body = b""
        while size := int(await reader.readline(), 16):
            body += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Answer(status=int(head[0].split()[1]), headers=headers, body=body)


async def load(
    port: int, make: Callable[[int], bytes], *, requests: int, clients: int, expect: int
) -> Load:
    """Send `requests` over `clients` connections; every answer must have the status `expect`."""
    numbers = iter(range(requests))
    waits: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for number in numbers:
            begun = time.perf_counter()
            answer = await ask(reader, writer, make(number))
            waits.append(time.perf_counter() - begun)
            if answer.status != expect:
                raise SystemExit(
                    f"Status {answer.status} instead of {expect}: {answer.body[:300]!r}"
                )
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    seconds = time.perf_counter() - begun
    waits.sort()
    return Load(
        per_second=requests / seconds,
        p50=waits[len(waits) // 2] * 1000,
        p99=waits[int(len(waits) * 0.99)] * 1000,
    )
