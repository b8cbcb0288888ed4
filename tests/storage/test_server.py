"""The embedded PostgreSQL: made, started, stopped, killed, and asked for the impossible."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from servoloop.storage.folder import VarFolder
from servoloop.storage.server.binaries import find_binaries
from servoloop.storage.server.cluster import reason
from servoloop.storage.server.embedded import embedded_cluster, embedded_server
from servoloop.storage.server.errors import ServerUnavailable
from servoloop.storage.server.identity import identity_for, reachable_home


@pytest.fixture(scope="module")
def folder() -> Iterator[VarFolder]:
    """A folder that PostgreSQL's user can reach, kept for the module: initdb takes 1 s."""
    with tempfile.TemporaryDirectory(prefix="servoloop-test-", dir="/tmp") as root:
        Path(root).chmod(0o755)
        yield VarFolder(root=Path(root) / "var")


@pytest.fixture
def elsewhere(tmp_path: Path) -> VarFolder:
    return VarFolder(root=tmp_path / "var")


def one(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def test_it_starts_with_our_database_and_a_role_that_is_no_superuser(folder: VarFolder) -> None:
    with embedded_server(folder) as server:
        assert one(server.url, "SELECT current_database()") == "servoloop"
        assert one(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = 'servoloop'") is False
        assert one(server.url, "SHOW synchronous_commit") == "on"
        assert one(server.url, "SHOW fsync") == "on"
        assert one(server.url, "SHOW server_encoding") == "UTF8"


def test_nobody_gets_in_without_the_password(folder: VarFolder) -> None:
    with embedded_server(folder) as server:
        password = server.cluster.passwords.role
        for url in (
            server.url,
            f"postgresql://servoloop:{password}@127.0.0.1:{server.address.port}",
        ):
            assert one(url, "SELECT 1") == 1
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                psycopg.connect(url.replace(password, "guessed"))
    assert folder.passwords.stat().st_mode & 0o777 == 0o600


def test_what_was_committed_is_there_after_a_stop(folder: VarFolder) -> None:
    with embedded_server(folder) as server, psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('refund')")
        connection.commit()
    with embedded_server(folder) as server:
        assert one(server.url, "SELECT word FROM kept LIMIT 1") == "refund"


SUPERVISOR = """
import sys, time
from pathlib import Path
from servoloop.storage.folder import VarFolder
from servoloop.storage.server.embedded import embedded_server
with embedded_server(VarFolder(root=Path(sys.argv[1]))) as server:
    print(server.process.pid, server.url, flush=True)
    time.sleep(60)
"""


def started_elsewhere(folder: VarFolder) -> tuple[subprocess.Popen[str], int, str]:
    """A supervisor in a process of its own, with its PostgreSQL and that server's address."""
    command = [sys.executable, "-c", SUPERVISOR, str(folder.root)]
    supervisor = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert supervisor.stdout is not None
    postgres, url = supervisor.stdout.readline().split()
    return supervisor, int(postgres), url


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only")
def test_postgres_ends_by_itself_when_its_supervisor_is_killed(folder: VarFolder) -> None:
    supervisor, postgres, _ = started_elsewhere(folder)
    with supervisor:
        supervisor.kill()
    until = time.monotonic() + 10
    while Path(f"/proc/{postgres}/stat").exists() and time.monotonic() < until:
        if ") Z " in Path(f"/proc/{postgres}/stat").read_text():
            break  # dead, and init has not collected it yet
        time.sleep(0.02)
    assert time.monotonic() < until
    assert "received fast shutdown request" in (folder.log / "postgres.log").read_text()


def test_a_kill_of_supervisor_and_server_loses_nothing_that_was_committed(
    folder: VarFolder,
) -> None:
    supervisor, postgres, url = started_elsewhere(folder)
    with supervisor, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS acknowledged (number int)")
        connection.execute("INSERT INTO acknowledged VALUES (42)")
        connection.commit()
        os.kill(postgres, signal.SIGKILL)
        supervisor.kill()
    with embedded_server(folder) as server:
        assert one(server.url, "SELECT count(*) > 0 FROM acknowledged") is True


def test_a_pid_file_that_names_a_stranger_is_dropped(folder: VarFolder) -> None:
    cluster = embedded_cluster(folder)
    with subprocess.Popen(["/bin/sleep", "60"]) as stranger:
        (cluster.data / "postmaster.pid").write_text(f"{stranger.pid}\n{cluster.data}\n")
        with embedded_server(folder) as server:
            assert one(server.url, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_a_lost_password_file_is_replaced_by_who_owns_the_data(folder: VarFolder) -> None:
    before = embedded_cluster(folder).passwords
    folder.passwords.unlink()
    with embedded_server(folder) as server:
        assert server.cluster.passwords != before
        assert one(server.url, "SELECT 1") == 1


def test_data_of_another_version_is_refused_by_name(folder: VarFolder) -> None:
    version = embedded_cluster(folder).data / "PG_VERSION"
    kept = version.read_text()
    version.write_text("12\n")
    try:
        with pytest.raises(ServerUnavailable, match=r"written by PostgreSQL 12, but .* 1\d"):
            embedded_cluster(folder)
    finally:
        version.write_text(kept)


def test_an_interrupted_initdb_leaves_nothing_in_the_way(elsewhere: VarFolder) -> None:
    home = reachable_home(elsewhere.postgres)
    (home / "data.new").mkdir(parents=True)
    (home / "data.new" / "PG_VERSION").write_text("1")
    try:
        assert (embedded_cluster(elsewhere, durable=False).data / "PG_VERSION").exists()
        assert not (home / "data.new").exists()
    finally:
        shutil.rmtree(home)


def test_a_folder_with_a_long_name_still_gets_a_socket() -> None:
    with tempfile.TemporaryDirectory(prefix="servoloop-test-", dir="/tmp") as root:
        Path(root).chmod(0o755)
        long = Path(root) / ("a" * 120)
        with embedded_server(VarFolder(root=long / "var")) as server:
            socket_folder = server.address.socket_folder
            assert one(server.url, "SELECT 1") == 1
            assert socket_folder.stat().st_mode & 0o777 == 0o700
        assert not socket_folder.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
def test_root_runs_postgres_as_a_normal_user_and_leaves_closed_folders_closed(
    tmp_path: Path,
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = reachable_home(closed / "var" / "postgres")
    assert not home.is_relative_to(closed)
    assert reachable_home(closed / "var" / "postgres") == home  # found again the next time
    assert identity_for(home).uid != 0
    assert closed.stat().st_mode & 0o777 == 0o700


def test_programs_named_by_the_operator_come_first_and_must_be_whole(tmp_path: Path) -> None:
    with pytest.raises(ServerUnavailable, match="has no program postgres or initdb or pg_isready"):
        find_binaries({"PG_BIN": str(tmp_path)})


def programs_of(version: str, folder: Path) -> Path:
    folder.mkdir()
    for name in ("postgres", "initdb", "pg_isready"):
        (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        (folder / name).chmod(0o755)
    return folder


def test_programs_that_are_too_old_are_refused(tmp_path: Path) -> None:
    old = programs_of("15.4 (Debian 15.4-1)", tmp_path / "old")
    with pytest.raises(ServerUnavailable, match=r"is PostgreSQL 15\.4; version 16 or newer"):
        find_binaries({"PG_BIN": str(old)})
    new = find_binaries({"PG_BIN": str(programs_of("17beta1", tmp_path / "new"))})
    assert (new.major, new.origin) == (17, "PG_BIN")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("FATAL:  could not write file: No space left on device", "the disk is full"),
        ("LOG:  could not bind: Address already in use", "its port is taken"),
        ("FATAL:  data directory has wrong ownership", "FATAL:  data directory has wrong"),
        ("", "it gave no reason."),
    ],
)
def test_the_reason_of_a_failure_is_told_in_words(said: str, words: str) -> None:
    assert reason(said).startswith(words)
