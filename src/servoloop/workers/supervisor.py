"""The parent of an installation: PostgreSQL, web, live, worker, with one lifetime.

Whatever ends the parent ends the children: a signal by an orderly stop, a kill -9 by the kernel
(see storage.server.lifeline). What was acknowledged is committed in PostgreSQL; nothing that must
last is kept in a process.
"""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from servoloop.kernel.errors import ServoloopError
from servoloop.storage.folder import VarFolder
from servoloop.storage.server.embedded import start_embedded
from servoloop.storage.server.errors import ServerUnavailable
from servoloop.storage.server.process import Server, start, stop
from servoloop.workers.children import Child, Program, end_leftovers, stop_all
from servoloop.workers.log_files import Followed, keep_small

Say = Callable[[str], None]

_THREADS = 4  # of each web worker; measured best with one worker a core (docs/decisions/0005)
_STOP_WITHIN = 10.0  # seconds for web, live and worker together
_READY_WITHIN = 60.0  # seconds for the first answer of the web
_LOOK_EVERY = 0.2  # seconds
_TIDY_EVERY = 5.0  # seconds


class NotReady(ServoloopError):
    """A process started, but does not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where one installation listens, and what browsers call it."""

    host: str
    port: int
    live_port: int
    url: str
    live_url: str


@dataclass(slots=True, kw_only=True)
class Database:
    """The embedded server, brought back when it dies; or somebody else's, only named."""

    url: str
    folder: VarFolder
    server: Server | None

    def tend(self, say: Say) -> None:
        """Start PostgreSQL again, where its clients know it, when it is gone."""
        if self.server is None or self.server.process.poll() is None:
            return
        log = self.folder.log / "postgres.log"
        say(f"postgres ended; starting it again (its log: {log})")
        try:
            self.server = start(self.server.cluster, log=log, address=self.server.address)
        except ServerUnavailable as error:
            say(str(error))
            time.sleep(1.0)  # the next look tries again


@contextmanager
def database(folder: VarFolder, *, url: str | None) -> Iterator[Database]:
    """The database at `url`, or the embedded one for the length of the block."""
    if url:
        yield Database(url=url, folder=folder, server=None)
        return
    server = start_embedded(folder)
    kept = Database(url=server.url, folder=folder, server=server)
    try:
        yield kept
    finally:
        if kept.server is not None:
            stop(kept.server)


def end_orphans(folder: VarFolder) -> None:
    """End what an `up` of this folder left when it was killed; the caller holds the lock."""
    end_leftovers(f"SERVOLOOP_SUPERVISED={folder.root}")


def child_environ(folder: VarFolder, *, database_url: str, at: Addresses) -> dict[str, str]:
    """What every child is told; the variables are described in docs/reference/settings.md."""
    return {
        **os.environ,
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "servoloop.config.settings",
        "PYTHONUNBUFFERED": "1",
        "SERVOLOOP_LIVE_URL": at.live_url,
        "SERVOLOOP_SUPERVISED": str(folder.root),
        "SERVOLOOP_URL": at.url,
        "SERVOLOOP_VAR": str(folder.root),
    }


def programs(
    folder: VarFolder, *, environ: Mapping[str, str], at: Addresses, web_workers: int
) -> list[Program]:
    """Web, live and worker, as they are run."""
    web = [
        *("--interface", "wsgi", "--workers", str(web_workers)),
        *("--blocking-threads", str(_THREADS), "--port", str(at.port)),
        # A thread that ends takes its connection and prepared statements along; 600 s is the limit.
        *("--blocking-threads-idle-timeout", "600"),
        "servoloop.config.wsgi:application",
    ]
    live = ["--interface", "asgi", "--port", str(at.live_port), "servoloop.config.asgi:application"]
    # A stream never ends by itself, so the server must not wait for it.
    granian = [
        *(sys.executable, "-m", "granian", "--host", at.host, "--no-ws"),
        *("--workers-kill-timeout", "3", "--respawn-failed-workers", "--respawn-interval", "0.5"),
    ]
    worker = [sys.executable, "-m", "servoloop.cli.main", "manage", "run_worker"]

    def program(name: str, command: list[str], orphaned: signal.Signals) -> Program:
        log = folder.log / f"{name}.log"
        return Program(name=name, command=command, environ=environ, log=log, orphaned=orphaned)

    return [
        program("web", [*granian, *web], signal.SIGTERM),  # it ends its own workers
        program("live", [*granian, *live], signal.SIGTERM),
        # Its database goes at the same moment, so it could not end in good order.
        program("worker", worker, signal.SIGKILL),
    ]


@contextmanager
def running(wanted: list[Program], *, say: Say) -> Iterator[list[Child]]:
    """The programs as children for the length of the block."""
    children = [Child(program=program, say=say) for program in wanted]
    try:
        for child in children:
            child.start()
        yield children
    finally:
        stop_all(children, within=_STOP_WITHIN)


def wait_until_ready(at: Addresses, children: list[Child]) -> None:
    """Until the web answers. Raises NotReady when it does not, or a child dies at once."""
    until = time.monotonic() + _READY_WITHIN
    host = "127.0.0.1" if at.host in ("0.0.0.0", "::") else at.host  # noqa: S104 - compared only
    while not _answers(f"http://{host}:{at.port}/health"):
        for child in children:
            if child.process is not None and child.process.poll() is not None:
                raise NotReady(
                    f"The process '{child.program.name}' ended as soon as it was started; "
                    f"{child.program.log} says why."
                )
        if time.monotonic() > until:
            raise NotReady(
                f"The web did not answer within {_READY_WITHIN:.0f} s; "
                f"{children[0].program.log} may say why."
            )
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        urlopen(url, timeout=2).close()  # noqa: S310 - our own address, always http
    except HTTPError as error:
        error.close()
        return error.code < 500  # a refused host name is an answer, a failure is none
    except (URLError, OSError):
        return False
    return True


def watch(
    children: list[Child],
    kept: Database,
    *,
    folder: VarFolder,
    say: Say,
    followed: Followed | None,
) -> None:
    """Tend everything until an exception (a signal's) ends the watch."""
    tidy_at = 0.0
    while True:
        kept.tend(say)
        for child in children:
            child.tend()
        if followed is not None:
            followed.show()
        if time.monotonic() >= tidy_at:
            with suppress(OSError):  # a full disk must not end what still runs
                keep_small(folder.log)
            tidy_at = time.monotonic() + _TIDY_EVERY
        time.sleep(_LOOK_EVERY)
