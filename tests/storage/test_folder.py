"""The folder var/: one holder, private secrets, whole files."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from servoloop.storage.folder import (
    FolderBusy,
    FolderUnusable,
    VarFolder,
    kept_secret_key,
    locked,
    make,
    read_json,
    var_folder,
    write_private,
)


@pytest.fixture
def folder(tmp_path: Path) -> VarFolder:
    return VarFolder(root=tmp_path / "var")


def test_the_folder_is_where_the_variable_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVOLOOP_VAR", "/srv/desk")
    assert var_folder().root == Path("/srv/desk")
    monkeypatch.delenv("SERVOLOOP_VAR")
    assert var_folder().root == Path.cwd() / "var"


def test_the_secret_key_is_drawn_once_and_private(folder: VarFolder) -> None:
    first = kept_secret_key(folder)
    assert len(first) >= 64
    assert kept_secret_key(folder) == first
    assert folder.secret_key.stat().st_mode & 0o777 == 0o600


def test_processes_that_start_together_agree_on_the_key(folder: VarFolder) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(kept_secret_key, [folder] * 32))
    assert len(keys) == 1
    assert {path.name for path in folder.root.iterdir()} == {"secret_key", "log"}


def test_only_one_process_holds_the_folder(folder: VarFolder) -> None:
    other = (
        "import sys; from pathlib import Path;"
        "from servoloop.storage.folder import *;"
        "f = VarFolder(root=Path(sys.argv[1]))\n"
        "try:\n with locked(f): print('held')\n"
        "except FolderBusy as error: print(error)"
    )
    command = [sys.executable, "-c", other, str(folder.root)]
    with locked(folder):
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert f"(process {os.getpid()})" in said
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "held\n"


def test_the_holder_is_refused_a_second_time(folder: VarFolder) -> None:
    with locked(folder), pytest.raises(FolderBusy), locked(folder):
        pass


def test_a_private_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "running.json"
    write_private(path, '{"url": "first"}')
    write_private(path, '{"url": "second"}')
    assert read_json(path) == {"url": "second"}
    assert [entry.name for entry in tmp_path.iterdir()] == ["running.json"]


def test_a_file_cut_short_reads_as_nothing(tmp_path: Path) -> None:
    (tmp_path / "running.json").write_text('{"url": "htt')
    assert read_json(tmp_path / "running.json") == {}
    assert read_json(tmp_path / "absent.json") == {}


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file, not a folder")
    with pytest.raises(FolderUnusable, match="name another one in SERVOLOOP_VAR"):
        make(VarFolder(root=tmp_path / "var"))
