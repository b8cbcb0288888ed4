"""`servoloop manage run_worker`: timers and side effects, until SIGTERM or Ctrl-C."""

import asyncio
import contextlib
import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from servoloop.workers.outbox import run_outbox
from servoloop.workers.timers import BATCH, run_timers

PARTS = ("timers", "outbox")


class Command(BaseCommand):
    help = "Fire due timers and carry out side effects until SIGTERM or Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--only", choices=PARTS, help="run one part; the other runs in another process"
        )
        parser.add_argument(
            "--batch", type=int, default=BATCH, help="timers fired in one transaction"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        parts = (options["only"],) if options["only"] else PARTS
        asyncio.run(_work(parts, batch=options["batch"]))


async def _work(parts: tuple[str, ...], *, batch: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    stop_timers = threading.Event()
    running: list[asyncio.Task[None]] = []
    if "timers" in parts:
        timers = asyncio.to_thread(run_timers, stop_timers, batch=batch)
        running.append(asyncio.create_task(timers))
    outbox = asyncio.create_task(run_outbox(stop)) if "outbox" in parts else None
    watched = [*running, *([outbox] if outbox else [])]
    asked = asyncio.create_task(stop.wait())
    await asyncio.wait([asked, *watched], return_when=asyncio.FIRST_COMPLETED)
    stop_timers.set()
    if outbox is not None:
        outbox.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await outbox
    await asyncio.gather(*running)
