"""`servoloop up`: the whole desk under one parent, until Ctrl-C or SIGTERM."""

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from types import FrameType
from typing import Any

from servoloop.kernel.errors import ServoloopError
from servoloop.storage.folder import (
    FolderBusy,
    VarFolder,
    locked,
    make,
    read_json,
    var_folder,
    write_private,
)

DESCRIPTION = """\
Start everything in this folder: PostgreSQL (unless DATABASE_URL names one), the web, the live
updates and the worker. Ctrl-C or SIGTERM stops all of it. Data stays in ./var (or SERVOLOOP_VAR).

A second `servoloop up` of the same folder starts nothing: it says where the first one runs, and
ends with status 0.
"""

_PORT_WITHIN = 2.0  # seconds for the orphans that were just killed to let go of their ports


class PortTaken(ServoloopError):
    """Another program listens where we would."""

    def __init__(self, host: str, port: int, option: str) -> None:
        super().__init__(
            f"Port {port} of {host} is taken by another program; choose another with {option}."
        )


class NotPrepared(ServoloopError):
    """The migration, the static files or the demo could not be brought up to date."""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser(
        "up",
        help="Start the desk: database, web, live updates, worker",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=_port, default=8000, help="of the web (default: 8000)")
    parser.add_argument(
        "--live-port", type=_port, help="of the live updates (default: the next free after --port)"
    )
    parser.add_argument(
        "--host", default="127.0.0.1", help="to listen on (default: 127.0.0.1, this machine only)"
    )
    parser.add_argument(
        "--web-workers",
        type=int,
        choices=range(1, 65),
        metavar="N",
        default=os.cpu_count() or 1,
        help="processes of the web, 1 to 64 (default: one a core)",
    )
    parser.add_argument("--no-demo", action="store_true", help="do not load the demo company")
    parser.add_argument("--verbose", action="store_true", help="show the logs of all processes")
    parser.add_argument(
        "--json", action="store_true", help="say where it runs as one JSON object on one line"
    )


def run(args: argparse.Namespace) -> int:
    """Hold the folder and serve until a signal; 0 also when it is served already."""
    folder = make(var_folder())
    try:
        with locked(folder), _signals_interrupt():
            _serve(folder, args)
    except FolderBusy:
        running = read_json(folder.running)
        if "url" not in running:
            raise
        _announce({**running, "already_running": True}, as_json=args.json)
    except KeyboardInterrupt:
        _say_to(folder)("stopped")
    return 0


def _serve(folder: VarFolder, args: argparse.Namespace) -> None:
    from servoloop.workers import supervisor
    from servoloop.workers.log_files import Followed

    say = _say_to(folder)
    followed = Followed(folder=folder.log) if args.verbose else None
    folder.running.unlink(missing_ok=True)  # of an `up` that was killed
    supervisor.end_orphans(folder)
    at = _addresses(args)
    with supervisor.database(folder, url=os.environ.get("DATABASE_URL")) as database:
        environ = supervisor.child_environ(folder, database_url=database.url, at=at)
        say("bringing database and static files up to date")
        logins = _prepare(folder, environ, with_demo=not args.no_demo)
        wanted = supervisor.programs(folder, environ=environ, at=at, web_workers=args.web_workers)
        try:
            with supervisor.running(wanted, say=say) as children:
                supervisor.wait_until_ready(at, children)
                running = {
                    "process": os.getpid(),
                    "url": at.url,
                    "live_url": at.live_url,
                    "database_url": database.url,
                    "logins": logins,
                }
                write_private(folder.running, json.dumps(running))
                _announce(running, as_json=args.json)
                supervisor.watch(children, database, folder=folder, say=say, followed=followed)
        finally:
            folder.running.unlink(missing_ok=True)


def _prepare(folder: VarFolder, environ: dict[str, str], *, with_demo: bool) -> list[Any]:
    """Migrate, collect, load the demo; the logins of the demo. Raises NotPrepared."""
    from servoloop.storage.server.lifeline import lifeline

    log = folder.log / "prepare.log"
    command = [sys.executable, "-m", "servoloop.workers.prepare"]
    with log.open("wb") as errors:
        done = subprocess.run(
            [*command, *(["--demo"] if with_demo else [])],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=errors,
            check=False,
            preexec_fn=lifeline(signal.SIGKILL),
        )
    if done.returncode != 0:
        reason = reason_in(log.read_text(encoding="utf-8", errors="replace"))
        raise NotPrepared(f"The database could not be brought up to date: {reason} (see {log})")
    logins: list[Any] = json.loads(done.stdout)["logins"]
    return logins


def reason_in(output: str) -> str:
    """What went wrong, out of the output of a program that ended with a traceback.

    Without the class of the exception, and without the lines that libpq adds below the first one.
    """
    lines = output.strip().splitlines() or ["it says nothing"]
    raised = re.compile(r"[a-z_]\w*(\.\w+)+: (?P<words>.+)")
    found = [match["words"] for line in lines if (match := raised.fullmatch(line))]
    return found[-1].rstrip(".") if found else lines[-1].strip()


def _addresses(args: argparse.Namespace) -> Any:
    from servoloop.workers.supervisor import Addresses

    _wait_for_port(args.host, args.port, option="--port")
    if args.live_port is not None:
        _wait_for_port(args.host, args.live_port, option="--live-port")
    live_port = args.live_port or _free_port_after(args.host, args.port)
    shown = "127.0.0.1" if args.host in ("0.0.0.0", "::") else args.host  # noqa: S104 - compared
    shown = f"[{shown}]" if ":" in shown else shown
    return Addresses(
        host=args.host,
        port=args.port,
        live_port=live_port,
        url=os.environ.get("SERVOLOOP_URL") or f"http://{shown}:{args.port}",
        live_url=os.environ.get("SERVOLOOP_LIVE_URL") or f"http://{shown}:{live_port}",
    )


def _wait_for_port(host: str, port: int, *, option: str) -> None:
    until = time.monotonic() + _PORT_WITHIN
    while not _is_free(host, port):
        if time.monotonic() > until:
            raise PortTaken(host, port, option)
        time.sleep(0.1)


def _free_port_after(host: str, port: int) -> int:
    for candidate in range(port + 1, min(port + 50, 65536)):
        if _is_free(host, candidate):
            return candidate
    raise PortTaken(host, port + 1, "--live-port")


def _is_free(host: str, port: int) -> bool:
    """Asked before granian: it shares a port silently with another of its kind."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror as error:
        raise ServoloopError(
            f"'{host}' is no address of this machine; --host takes one, such as 127.0.0.1."
        ) from error
    except PermissionError as error:
        raise ServoloopError(
            f"Port {port} may not be used by this user; choose one above 1023 with --port."
        ) from error
    except OSError:
        return False
    return True


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; it is a number from 1 to 65535")
    return int(text)


def _announce(running: dict[str, Any], *, as_json: bool) -> None:
    shown = {key: value for key, value in running.items() if key != "database_url"}
    if as_json:
        print(json.dumps({"already_running": False, **shown}, ensure_ascii=False), flush=True)
        return
    if running.get("already_running"):
        print(f"Servoloop is already running at {running['url']} (process {running['process']}).")
        return
    print(f"Servoloop is running at {running['url']}")
    for login in running["logins"]:
        print(f"  {login['username']:<12} {login['password']:<16} {login.get('role', '')}")
    print("Ctrl-C stops it.", flush=True)


def _say_to(folder: VarFolder) -> Callable[[str], None]:
    def say(words: str) -> None:
        line = f"{datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {words}"
        print(line, file=sys.stderr, flush=True)
        with (folder.log / "supervisor.log").open("a", encoding="utf-8") as log:
            log.write(f"{line}\n")

    return say


@contextmanager
def _signals_interrupt() -> Iterator[None]:
    """SIGTERM and SIGHUP interrupt like Ctrl-C; later ones are ignored, the stop is under way."""
    stopping = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def interrupt(number: int, frame: FrameType | None) -> None:
        for sent in stopping:
            signal.signal(sent, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {
        sent: signal.signal(sent, interrupt)
        for sent in stopping
        if signal.getsignal(sent) is not signal.SIG_IGN  # nohup asked to survive its terminal
    }
    try:
        yield
    finally:
        for sent, handler in before.items():
            signal.signal(sent, handler)
