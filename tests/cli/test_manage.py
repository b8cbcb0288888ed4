"""`servoloop manage`: Django's commands with a database at hand."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from servoloop.cli.database import database_at_hand
from servoloop.storage.folder import FolderBusy, VarFolder, locked
from servoloop.storage.server.identity import reachable_home


@pytest.fixture
def folder() -> Iterator[VarFolder]:
    with tempfile.TemporaryDirectory(prefix="servoloop-test-", dir="/tmp") as root:
        Path(root).chmod(0o755)
        yield VarFolder(root=Path(root) / "var")
        shutil.rmtree(reachable_home(Path(root) / "var" / "postgres"), ignore_errors=True)


def test_a_named_database_is_left_alone(folder: VarFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/service")
    with database_at_hand(folder):
        assert os.environ["DATABASE_URL"] == "postgresql://db.example/service"
    assert not folder.root.exists()


def test_the_embedded_one_runs_for_the_length_of_the_command(folder: VarFolder) -> None:
    with database_at_hand(folder):
        url = os.environ["DATABASE_URL"]
        with psycopg.connect(url) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("servoloop",)
    assert "DATABASE_URL" not in os.environ
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_two_commands_do_not_share_a_folder(folder: VarFolder) -> None:
    with locked(folder), pytest.raises(FolderBusy), database_at_hand(folder):
        pass


def test_help_of_django_needs_no_database(folder: VarFolder) -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "servoloop.cli.main", "manage", "migrate", "--help"],
        env={**os.environ, "SERVOLOOP_VAR": str(folder.root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "servoloop manage migrate" in shown.stdout
    assert not (folder.root / "postgres").exists()
