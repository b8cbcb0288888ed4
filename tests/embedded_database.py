"""One PostgreSQL for a test session: a copy of a template made once, without fsync."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from servoloop.storage.folder import VarFolder, make
from servoloop.storage.server.binaries import find_binaries
from servoloop.storage.server.cluster import Cluster, copy_cluster, open_cluster
from servoloop.storage.server.embedded import admit_role
from servoloop.storage.server.identity import identity_for, reachable_binaries, reachable_home
from servoloop.storage.server.process import Server, start, stop

VAR = Path(__file__).resolve().parents[1] / "var" / "test"


@contextmanager
def test_server() -> Iterator[Server]:
    """A running server of our own; gone with its data at the end of the block."""
    _remove_abandoned()
    folder = make(VarFolder(root=VAR / f"run-{os.getpid()}"))
    home = reachable_home(folder.postgres)
    cluster = copy_cluster(_template(), home)
    server = start(cluster, log=folder.log / "postgres.log", durable=False)
    try:
        admit_role(server, may_create_databases=True)
        yield server
    finally:
        stop(server)
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(folder.root, ignore_errors=True)


def _template() -> Cluster:
    """Made by the first of the sessions that start at the same time; the others wait for it."""
    binaries = find_binaries({key: os.environ[key] for key in ("PG_BIN",) if key in os.environ})
    folder = make(VarFolder(root=VAR / f"template-{binaries.version}"))
    home = reachable_home(folder.postgres)
    identity = identity_for(home)
    with folder.lock.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return open_cluster(
            home,
            binaries=reachable_binaries(binaries, identity),
            identity=identity,
            passwords_file=folder.passwords,
            durable=False,
        )


def _remove_abandoned() -> None:
    """What a killed session left; its server went with it (see storage.server.lifeline)."""
    for folder in VAR.glob("run-*"):
        if not Path(f"/proc/{folder.name.removeprefix('run-')}").exists():
            shutil.rmtree(reachable_home(folder / "postgres"), ignore_errors=True)
            shutil.rmtree(folder, ignore_errors=True)
