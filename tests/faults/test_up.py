"""`servoloop up` under kill -9: what was acknowledged stays, what died comes back, nothing is left.

One installation serves the whole module; each test makes sure that it is up.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
import pytest

from servoloop.storage.folder import VarFolder, read_json

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only"),
]

COMMAND = [sys.executable, "-m", "servoloop.cli.main"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@dataclass(kw_only=True)
class Desk:
    """One installation in a folder of its own."""

    folder: VarFolder
    port: int = field(default_factory=free_port)
    live_port: int = field(default_factory=free_port)
    parent: subprocess.Popen[str] | None = None

    @property
    def environ(self) -> dict[str, str]:
        return {**os.environ, "SERVOLOOP_VAR": str(self.folder.root)}

    @property
    def running(self) -> dict[str, Any]:
        return dict(read_json(self.folder.running))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def up(self) -> dict[str, Any]:
        """Start, unless it runs; what `up --json` said."""
        if self.parent is None or self.parent.poll() is not None:
            ports = ["--port", str(self.port), "--live-port", str(self.live_port)]
            few = ["--web-workers", "1"]  # a start is dear enough
            self.parent = subprocess.Popen(
                [*COMMAND, "up", "--no-demo", "--json", *ports, *few],
                env=self.environ,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            assert self.parent.stdout is not None
            line = self.parent.stdout.readline()
            if not line:
                pytest.fail(f"up did not start: {self.parent.communicate()[1]}")
            return dict(json.loads(line))
        return self.running

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*COMMAND, *words],
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    def children(self) -> dict[str, int]:
        """The direct children of the parent by name."""
        assert self.parent is not None
        found = {}
        for process, _, command in processes():
            if parent_of(process) == self.parent.pid:
                found[name_of(command)] = process
        return found

    def processes(self) -> list[int]:
        """Everything that belongs to this desk, wherever it hangs in the tree."""
        root = str(self.folder.root)
        return [
            process
            for process, environ, command in processes()
            if root in command or f"SERVOLOOP_VAR={root}" in environ.split("\0")
        ]

    def kill_parent(self) -> None:
        assert self.parent is not None
        self.parent.kill()
        self.collect()

    def collect(self) -> int:
        assert self.parent is not None
        status = self.parent.wait(timeout=30)
        for stream in (self.parent.stdout, self.parent.stderr):
            if stream is not None:
                stream.close()
        return status


def processes() -> Iterator[tuple[int, str, str]]:
    """Number, environment and command line of every process that we may look at."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environ = (entry / "environ").read_text(errors="replace")
            command = (entry / "cmdline").read_text(errors="replace").replace("\0", " ")
        except OSError:
            continue
        if command:  # a zombie has none
            yield int(entry.name), environ, command


def parent_of(process: int) -> int:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(") ")[2].split()[1])


def name_of(command: str) -> str:
    names = {"bin/postgres": "postgres", "wsgi:": "web", "asgi:": "live", "run_worker": "worker"}
    return next((name for mark, name in names.items() if mark in command), command)


def wait_for(condition: Callable[[], object], *, within: float = 20.0) -> None:
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=2) as response:
            return bool(response.status < 300)
    except (URLError, OSError):
        return False


@pytest.fixture(scope="module")
def installed() -> Iterator[Desk]:
    with tempfile.TemporaryDirectory(prefix="servoloop-up-", dir="/tmp") as root:
        Path(root).chmod(0o755)
        desk = Desk(folder=VarFolder(root=Path(root) / "var"))
        yield desk
        if desk.parent is not None and desk.parent.poll() is None:
            desk.parent.send_signal(signal.SIGINT)  # as Ctrl-C does
            assert desk.collect() == 0


@pytest.fixture
def desk(installed: Desk) -> Desk:
    installed.up()
    return installed


def acknowledge(desk: Desk) -> int:
    """Commit something, as a command does before its answer leaves; its number."""
    with psycopg.connect(desk.running["database_url"]) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS acknowledged (number serial)")
        row = connection.execute(
            "INSERT INTO acknowledged DEFAULT VALUES RETURNING number"
        ).fetchone()
    assert row is not None
    number: int = row[0]
    return number


def is_kept(desk: Desk, number: int) -> bool:
    with psycopg.connect(desk.running["database_url"]) as connection:
        question = "SELECT count(*) FROM acknowledged WHERE number = %s"
        return connection.execute(question, [number]).fetchone() == (1,)


def test_everything_is_a_child_of_one_parent(desk: Desk) -> None:
    assert set(desk.children()) == {"postgres", "web", "live", "worker"}
    assert answers(f"{desk.url}/health")
    assert desk.running["live_url"] == f"http://127.0.0.1:{desk.live_port}"


def test_a_second_up_says_where_the_first_one_runs(desk: Desk) -> None:
    before = desk.children()
    second = desk.command("up")
    assert desk.parent is not None
    assert second.returncode == 0
    assert second.stdout == (
        f"Servoloop is already running at {desk.url} (process {desk.parent.pid}).\n"
    )
    assert json.loads(desk.command("up", "--json").stdout)["already_running"] is True
    assert desk.children() == before


def test_a_command_uses_the_database_that_runs(desk: Desk) -> None:
    shown = desk.command("manage", "showmigrations", "accounts")
    assert "[X] 0001_initial" in shown.stdout, shown.stderr


def test_a_killed_database_comes_back_with_what_was_acknowledged(desk: Desk) -> None:
    number = acknowledge(desk)
    killed = desk.children()["postgres"]
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: desk.children().get("postgres", killed) != killed)
    wait_for(lambda: kept_again(desk, number))
    assert answers(f"{desk.url}/health")


def kept_again(desk: Desk, number: int) -> bool:
    try:
        return is_kept(desk, number)
    except psycopg.OperationalError:  # it is still recovering
        return False


@pytest.mark.parametrize("name", ["web", "live", "worker"])
def test_a_killed_child_comes_back(desk: Desk, name: str) -> None:
    wait_for(lambda: name in desk.children())
    killed = desk.children()[name]
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: desk.children().get(name, killed) != killed)
    wait_for(lambda: answers(f"{desk.url}/health"))
    said = (desk.folder.log / "supervisor.log").read_text()
    assert re.search(rf"{name} ended \(by SIGKILL\); starting it again in ", said)


def test_a_killed_web_worker_is_replaced_by_its_server(desk: Desk) -> None:
    wait_for(lambda: answers(f"{desk.url}/health"))
    server = desk.children()["web"]
    workers = [process for process, _, _ in processes() if parent_of(process) == server]
    for worker in workers:
        os.kill(worker, signal.SIGKILL)
    wait_for(lambda: answers(f"{desk.url}/health"))


def test_a_killed_parent_leaves_nothing_behind_and_loses_nothing(desk: Desk) -> None:
    number = acknowledge(desk)
    desk.kill_parent()
    wait_for(lambda: not desk.processes())
    desk.up()
    assert is_kept(desk, number)
    assert answers(f"{desk.url}/health")


def test_a_parent_killed_with_all_its_children_starts_again_and_loses_nothing(desk: Desk) -> None:
    number = acknowledge(desk)
    for process in desk.processes():
        os.kill(process, signal.SIGKILL)
    desk.collect()
    desk.up()
    assert is_kept(desk, number)


def test_a_signal_stops_everything_in_good_order(desk: Desk) -> None:
    assert desk.parent is not None
    desk.parent.terminate()
    start = time.monotonic()
    assert desk.collect() == 0
    assert time.monotonic() - start < 15
    assert desk.processes() == []
    assert not desk.folder.running.exists()
    assert "database system is shut down" in (desk.folder.log / "postgres.log").read_text()[-200:]


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = Desk(folder=VarFolder(root=tmp_path / "var")).command("up", "--port", str(port))
    assert refused.returncode == 2
    assert refused.stderr == (
        f"servoloop: Port {port} of 127.0.0.1 is taken by another program; "
        "choose another with --port.\n"
    )
