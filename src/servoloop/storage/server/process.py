"""PostgreSQL as our direct child: start, wait until ready, stop; safe after any kill -9."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from servoloop.storage.server.cluster import DATABASE, OWNER_ROLE, ROLE, Cluster, reason
from servoloop.storage.server.errors import ServerUnavailable
from servoloop.storage.server.identity import Identity
from servoloop.storage.server.lifeline import lifeline

# sun_path holds 108 bytes with its final zero; PostgreSQL adds "/.s.PGSQL.65535.lock" for a file.
_LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.65535")

_READY_WITHIN = 120.0  # seconds; recovery after a crash replays at most max_wal_size
_STOP_WITHIN = 20.0  # seconds, for each of fast and immediate shutdown
_ORPHAN_GRACE = 10.0  # seconds for a server whose parent was killed to finish by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where one server listens: a socket folder, and loopback on the same port number."""

    socket_folder: Path
    port: int

    def url(self, *, role: str, password: str, database: str) -> str:
        return (
            f"postgresql://{quote(role)}:{quote(password)}@/{quote(database)}"
            f"?host={quote(str(self.socket_folder), safe='')}&port={self.port}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running PostgreSQL and its cluster."""

    cluster: Cluster
    address: Address
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        """For web, workers and everything else that is not the supervisor."""
        password = self.cluster.passwords.role
        return self.address.url(role=ROLE, password=password, database=DATABASE)

    @property
    def owner_url(self) -> str:
        """For the supervisor: the superuser in the maintenance database."""
        password = self.cluster.passwords.owner
        return self.address.url(role=OWNER_ROLE, password=password, database="postgres")


def start(
    cluster: Cluster, *, log: Path, durable: bool = True, address: Address | None = None
) -> Server:
    """Start PostgreSQL and wait until it answers. Raises ServerUnavailable.

    The caller holds the lock of the folder, so a server still running on this data is a leftover.
    Give the `address` of a server that died to bring it back where its clients look for it.
    """
    until = time.monotonic() + _ORPHAN_GRACE
    while True:
        _clear_leftovers(cluster)
        try:
            return _start_once(cluster, log, address or _free_address(cluster), durable=durable)
        except _StillInUse:
            # The kernel frees memory and ports of a killed server some moments after its end.
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


class _StillInUse(ServerUnavailable):
    """The memory or the port of a server that just ended is not free yet."""


def _start_once(cluster: Cluster, log: Path, address: Address, *, durable: bool) -> Server:
    _prepare_socket_folder(address.socket_folder, cluster.identity)
    log.parent.mkdir(parents=True, exist_ok=True)
    said_before = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        process = subprocess.Popen(
            [cluster.binaries.program("postgres"), *_options(cluster, address, durable=durable)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            user=cluster.identity.user,
            group=cluster.identity.group,
            extra_groups=cluster.identity.extra_groups,
            start_new_session=True,  # Ctrl-C in the terminal is for the supervisor alone
            # SIGINT is PostgreSQL's fast shutdown: what a killed supervisor would have asked for.
            preexec_fn=lifeline(signal.SIGINT),
        )
    server = Server(cluster=cluster, address=address, process=process)
    try:
        _wait_until_ready(server, log=log, said_before=said_before)
    except BaseException:
        stop(server)
        raise
    return server


def stop(server: Server) -> None:
    """Fast shutdown, then immediate, then kill; returns when the process is gone."""
    for sent in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        if server.process.poll() is not None:
            break
        server.process.send_signal(sent)
        with suppress(subprocess.TimeoutExpired):
            server.process.wait(timeout=_STOP_WITHIN)
    if server.address.socket_folder.parent != server.cluster.home:
        shutil.rmtree(server.address.socket_folder, ignore_errors=True)


def _options(cluster: Cluster, address: Address, *, durable: bool) -> list[str]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(address.port),
        "unix_socket_directories": str(address.socket_folder),
        "unix_socket_permissions": "0700",
        # 2 web workers x 4 threads, live, worker, psql and room: a process is about 10 MB.
        "max_connections": "100",
        "shared_buffers": "256MB" if durable else "64MB",
        "max_wal_size": "1GB",
        "random_page_cost": "1.1",
        "jit": "off",  # our statements are short; compiling them costs more than it saves
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "log_min_messages": "warning",
        "log_checkpoints": "off",
        # A failed statement holds what customers wrote; it does not belong in a log file.
        "log_min_error_statement": "panic",
        "synchronous_commit": "on" if durable else "off",
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
    }
    pairs = (("-c", f"{name}={value}") for name, value in settings.items())
    return ["-D", str(cluster.data), *(word for pair in pairs for word in pair)]


def _wait_until_ready(server: Server, *, log: Path, said_before: int) -> None:
    until = time.monotonic() + _READY_WITHIN
    while not _is_ready(server):
        if server.process.poll() is not None:
            said = _said(log, said_before)
            kind = _StillInUse if "still in use" in said or "already in use" in said else None
            raise (kind or ServerUnavailable)(
                f"PostgreSQL did not start: {reason(said)} (its log: {log})"
            )
        if time.monotonic() > until:
            raise ServerUnavailable(
                f"PostgreSQL did not answer within {_READY_WITHIN:.0f} s; see {log}."
            )
        time.sleep(0.02)


def _is_ready(server: Server) -> bool:
    where = [f"--host={server.address.socket_folder}", f"--port={server.address.port}"]
    asked = subprocess.run(
        [server.cluster.binaries.program("pg_isready"), "--quiet", "--timeout=2", *where],
        check=False,
    )
    return asked.returncode == 0


def _said(log: Path, start: int) -> str:
    with log.open("rb") as file:
        file.seek(start)
        return file.read().decode("utf-8", "replace")


def _free_address(cluster: Cluster) -> Address:
    folder = cluster.home / "run"
    if len(os.fsencode(folder)) > _LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.mkdtemp(prefix="servoloop-", dir="/tmp"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return Address(socket_folder=folder, port=port)


def _prepare_socket_folder(folder: Path, identity: Identity) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    if identity.drop:
        os.chown(folder, identity.uid, identity.gid, follow_symlinks=False)


def _clear_leftovers(cluster: Cluster) -> None:
    """End what a killed supervisor left on this data, and drop a postmaster.pid that lies."""
    for sent in (None, signal.SIGINT, signal.SIGQUIT):
        leftovers = _leftovers(cluster)
        if sent is not None:
            for process in leftovers:
                with suppress(ProcessLookupError):
                    os.kill(process, sent)
        until = time.monotonic() + _ORPHAN_GRACE
        while _leftovers(cluster) and time.monotonic() < until:
            time.sleep(0.05)
    if leftovers := _leftovers(cluster):
        raise ServerUnavailable(
            f"Another PostgreSQL (process {leftovers[0]}) is using {cluster.data} and does not "
            "stop: end it and start again."
        )
    # None of them is alive, so a pid in the file is dead or (after a reboot) somebody else's;
    # in the second case PostgreSQL would refuse to start.
    with suppress(FileNotFoundError):
        if _alive(int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])):
            (cluster.data / "postmaster.pid").unlink()


def _leftovers(cluster: Cluster) -> list[int]:
    """The PostgreSQL processes of this data directory: they all work inside it."""
    if Path("/proc/self").exists():
        return [process for process in _processes() if _works_in(process, cluster.data)]
    try:
        named = int((cluster.data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return []
    asked = subprocess.run(
        ["/bin/ps", "-p", str(named), "-o", "command="], capture_output=True, text=True, check=False
    )
    return [named] if str(cluster.data) in asked.stdout else []


def _processes() -> Iterator[int]:
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            yield int(entry.name)


def _works_in(process: int, folder: Path) -> bool:
    """False also for processes of other users, whose folder we may not see."""
    try:
        return Path(f"/proc/{process}/cwd").readlink() == folder and (
            b"postgres" in Path(f"/proc/{process}/cmdline").read_bytes()
        )
    except OSError:
        return False


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
