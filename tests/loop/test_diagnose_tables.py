"""Other engines give the bytes of the local one; DuckDB stands for engines in the quick tests."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.loop.convert import UnknownFormat, convert_log
from servoloop.loop.diagnose import diagnose_log
from servoloop.loop.diagnose_tables import NoSequence, diagnose_on
from servoloop.loop.report.as_json import flow_as_json

ibis = pytest.importorskip("ibis")

BEGIN = datetime(2026, 3, 27, 22, tzinfo=ZoneInfo("UTC"))  # the clocks of Rome change in it
IN_ROME = ReadOptions(zone="Europe/Rome")
LOGS = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "logs"


@pytest.fixture
def duckdb() -> Iterator[object]:
    engine = ibis.duckdb.connect()
    yield engine
    engine.disconnect()


def a_log(seed: int, *, team: bool = True, start: bool = True) -> pl.DataFrame:
    """Cases woven into each other, with equal times, repeats, returns and missing people."""
    random = Random(seed)
    rows: list[dict[str, Any]] = []
    for case in range(60):
        at = BEGIN + timedelta(hours=random.randrange(72), seconds=random.randrange(3600))
        for _ in range(random.randrange(1, 9)):
            at += timedelta(minutes=random.choice((0, 0, 7, 45, 600)), microseconds=case)
            began = at - timedelta(minutes=random.randrange(20))
            rows.append(
                {
                    "case": f"C{case:02}",
                    "activity": random.choice(("Receive", "Check", "Answer", "Close", "Close")),
                    "timestamp": at,
                    **({"start": random.choice((began, None))} if start else {}),
                    "resource": random.choice(("Ada", "Bo", "Cy", None)),
                    **({"team": random.choice(("Front", "Back", None))} if team else {}),
                }
            )
    rows.sort(key=lambda row: (row["timestamp"].hour, row["case"]))  # out of order on purpose
    return pl.DataFrame(rows).with_row_index("servoloop:sequence")


def written(frame: pl.DataFrame, folder: Path) -> tuple[Path, Path]:
    """The log as a file, and its rows shuffled over the files of a folder."""
    whole, parts = folder / "events.parquet", folder / "events"
    frame.write_parquet(whole)
    parts.mkdir()
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=5)
    half = shuffled.height // 2
    shuffled[:half].write_parquet(parts / "1.parquet")
    shuffled[half:].write_parquet(parts / "2.parquet")
    return whole, parts


def bytes_of(found: object) -> dict[str, str]:
    sections = flow_as_json(found)  # type: ignore[arg-type]  # either kind of diagnosis
    del sections["name"]
    return {name: json.dumps(section) for name, section in sections.items()}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("team", "start"), [(True, True), (False, False)])
def test_an_engine_that_knows_no_order_of_rows_gives_the_same_bytes(
    duckdb: object, tmp_path: Path, seed: int, team: bool, start: bool
) -> None:
    whole, parts = written(a_log(seed, team=team, start=start), tmp_path)
    local = diagnose_log(whole, options=IN_ROME)
    found = diagnose_on(duckdb, f"{parts}/*.parquet", options=IN_ROME)
    assert bytes_of(found) == bytes_of(local)


@pytest.mark.parametrize("name", ["helpdesk_italy.xes.gz", "bpic2013_closed_problems.xes.gz"])
def test_real_logs_give_the_same_bytes(duckdb: object, tmp_path: Path, name: str) -> None:
    if not (LOGS / name).exists():
        pytest.skip(f"needs ../shared/data/logs/{name}")
    log = tmp_path / "log.parquet"
    convert_log(LOGS / name, log)
    local = diagnose_log(log, options=IN_ROME)
    found = diagnose_on(duckdb, str(log), options=IN_ROME)
    assert bytes_of(found) == bytes_of(local)


def on_spark(log: Path) -> "subprocess.CompletedProcess[str]":
    """As a person does it: the session, its Java and its log lines are Spark's own."""
    words = ["diagnose", str(log), "--engine", "spark", "--zone", "Europe/Rome", "--json"]
    return subprocess.run(
        [sys.executable, "-m", "servoloop.cli.main", *words],
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_spark_gives_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("needs Java for Spark; scripts/test installs it as root on Debian")
    whole, parts = written(a_log(11), tmp_path)
    done = on_spark(parts)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found.pop("name") == "events"
    local = diagnose_log(whole, options=IN_ROME)
    assert {name: json.dumps(section) for name, section in found.items()} == bytes_of(local)


def test_a_folder_that_is_not_there_is_told_in_one_sentence(tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("needs Java for Spark; scripts/test installs it as root on Debian")
    done = on_spark(tmp_path / "nowhere")
    assert done.returncode == 2
    assert "servoloop: pyspark finds no Parquet file or folder" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_table_without_numbered_events_is_refused(duckdb: object, tmp_path: Path) -> None:
    a_log(1).drop("servoloop:sequence").write_parquet(tmp_path / "log.parquet")
    with pytest.raises(NoSequence, match="name one with --sequence"):
        diagnose_on(duckdb, str(tmp_path / "log.parquet"))


def test_a_sequence_can_be_named(duckdb: object, tmp_path: Path) -> None:
    whole, _ = written(a_log(2), tmp_path)
    renamed = tmp_path / "renamed.parquet"
    pl.read_parquet(whole).rename({"servoloop:sequence": "offset"}).write_parquet(renamed)
    found = diagnose_on(duckdb, str(renamed), sequence="offset", options=IN_ROME)
    assert bytes_of(found) == bytes_of(diagnose_log(whole, options=IN_ROME))


def test_times_as_text_are_refused_with_what_would_work(duckdb: object, tmp_path: Path) -> None:
    frame = a_log(3).with_columns(pl.col("timestamp").dt.strftime("%Y-%m-%d %H:%M"))
    frame.write_parquet(tmp_path / "log.parquet")
    with pytest.raises(ServoloopError, match="'timestamp' is of type string; times must be"):
        diagnose_on(duckdb, str(tmp_path / "log.parquet"))


def test_a_converted_log_reads_back_equal(tmp_path: Path) -> None:
    source = tmp_path / "log.csv"
    a_log(4).drop("servoloop:sequence").write_csv(source)
    convert_log(source, tmp_path / "log.parquet")
    convert_log(source, tmp_path / "log.xes")
    flows = [
        bytes_of(diagnose_log(tmp_path / f"log.{kind}", options=IN_ROME))
        for kind in ("csv", "parquet", "xes")
    ]
    assert flows[0]["cycle_times"] == flows[1]["cycle_times"] == flows[2]["cycle_times"]
    assert flows[0]["handovers"] == flows[1]["handovers"] == flows[2]["handovers"]


def test_a_file_with_an_unknown_ending_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"Known: \.parquet, \.csv, \.xes"):
        convert_log(tmp_path / "log.csv", tmp_path / "log.doc")
