"""`servoloop diagnose` of a folder of Parquet files reads it in parts by itself."""

import json
from pathlib import Path

import polars as pl
import pytest

from servoloop.cli.main import main
from servoloop.kernel.interchange.parquet_writer import write_parquet
from tests.kernel.mining.cast import log_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files with three cases each."""
    home = tmp_path / "desk"
    home.mkdir()
    for number in range(2):
        log = log_of(
            (f"{number}{case}", activity, f"2025-03-0{case} 0{hour}:00:00")
            for case in range(1, 4)
            for hour, activity in enumerate(("open", "work", "close"))
        )
        with (home / f"{number}.parquet").open("wb") as stream:
            write_parquet(log, stream)
    return home


def test_a_folder_is_diagnosed_as_the_one_log_that_it_is(folder, tmp_path, capsys):
    assert main(["diagnose", str(folder), "--json"]) == 0
    in_parts = json.loads(capsys.readouterr().out)
    whole = tmp_path / "desk.parquet"
    pl.scan_parquet(folder).collect().write_parquet(whole)
    assert main(["diagnose", str(whole), "--json"]) == 0
    at_once = json.loads(capsys.readouterr().out)
    assert in_parts["events"] == 18
    assert in_parts["examined"] == {"cases": 6, "events": 18}
    for section in ("map", "top_variants", "cycle_times", "rework", "reopenings", "arrivals"):
        assert in_parts[section] == at_once[section]


def test_the_terminal_says_that_not_all_is_told_of_everything(folder, capsys):
    assert main(["diagnose", str(folder)]) == 0
    assert "Too large to hold" in capsys.readouterr().out
