"""A log too large to hold is diagnosed in parts, with the same answers."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from servoloop.kernel.interchange.log_parts import (
    LogParts,
    ScatteredCases,
    parquet_frames,
    parquet_roles,
)
from servoloop.kernel.interchange.options import GUESS
from servoloop.loop.diagnose import Diagnosis, diagnose_log
from servoloop.loop.diagnose_large import diagnose_large, outgrows_memory
from servoloop.loop.report.as_json import as_json
from servoloop.loop.report.render import render

FLOW = (
    "cases", "events", "activities", "variants", "resources", "first", "last", "map",
    "top_variants", "cycle_times", "slowest", "total_wait", "rework", "reopenings", "handovers",
    "arrivals",
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """2,000 tickets by case, some of whose events share a moment or have no person."""
    random = np.random.default_rng(11)
    lengths = 1 + random.poisson(5, 2_000)
    case = np.repeat(np.arange(2_000), lengths)
    n = len(case)
    gaps = random.exponential(3600, n).astype(np.int64) * random.integers(0, 2, n)
    moments = 1_700_000_000 + case * 300 + np.cumsum(gaps) % 90_000
    frame = pl.DataFrame(
        {
            "ticket": [f"T{number}" for number in case],
            "activity": random.choice(["open", "work", "ask", "solve", "close"], n),
            "timestamp": pl.Series(moments * 1_000_000).cast(pl.Datetime("us", "UTC")),
            "agent": random.choice(["Ada", "Bo", "Cy", None], n),
            "team": random.choice(["first line", "second line"], n),
            "channel": random.choice(["mail", "phone"], n),
        }
    )
    path = tmp_path / "desk.parquet"
    frame.write_parquet(path, row_group_size=500)
    return path


def in_parts(path: Path, *, rows_at_once: int = 1_000) -> Diagnosis:
    return diagnose_large(
        path,
        options=GUESS,
        definition=None,
        aliases={},
        with_model=False,
        rows_at_once=rows_at_once,
    )


def flow(found: Diagnosis) -> dict[str, object]:
    told = as_json(found)
    return {key: told[key] for key in FLOW}


@pytest.mark.parametrize("rows_at_once", [700, 4_096, 100_000])
def test_a_log_sorted_by_case_tells_the_same_in_parts_of_any_size(desk, rows_at_once):
    assert flow(in_parts(desk, rows_at_once=rows_at_once)) == flow(diagnose_log(desk))


def test_a_log_in_the_order_of_time_tells_the_same(desk, tmp_path):
    by_time = tmp_path / "by_time.parquet"
    pl.read_parquet(desk).sort("timestamp", maintain_order=True).write_parquet(by_time)
    assert flow(in_parts(by_time)) == flow(diagnose_log(by_time))


def test_a_csv_file_tells_the_same(desk, tmp_path):
    csv = tmp_path / "desk.csv"
    pl.read_parquet(desk).write_csv(csv)
    assert flow(in_parts(csv)) == flow(diagnose_log(csv))


def test_a_case_that_comes_again_later_is_noticed_even_in_another_part(desk, tmp_path):
    frame = pl.read_parquet(desk)
    torn = tmp_path / "torn.parquet"
    pl.concat([frame[1:], frame[:1]]).write_parquet(torn)
    roles = parquet_roles(torn, GUESS)
    frames = parquet_frames(torn, sorted(roles.all_columns()), rows_at_once=1_000)
    with pytest.raises(ScatteredCases):
        list(LogParts(frames, roles, GUESS)())
    assert flow(in_parts(torn)) == flow(diagnose_log(torn))


def test_rows_without_a_case_or_a_time_are_refused_in_parts_too(desk, tmp_path):
    holes = tmp_path / "holes.parquet"
    frame = pl.read_parquet(desk)
    row = pl.int_range(pl.len())
    frame.with_columns(
        ticket=pl.when(row % 97 == 5).then(None).otherwise("ticket"),
        timestamp=pl.when(row % 89 == 7).then(None).otherwise("timestamp"),
    ).write_parquet(holes)
    assert flow(in_parts(holes)) == flow(diagnose_log(holes))


def test_the_diagnosis_says_of_which_cases_its_findings_tell(desk):
    found = in_parts(desk, rows_at_once=3_000)
    assert found.examined is not None
    assert 0 < found.examined.events <= 3_000
    assert found.examined.events < found.counts.events
    assert diagnose_log(desk).examined is None
    assert "too large to hold" in render(found)
    assert "too large to hold" not in render(diagnose_log(desk))


def test_only_large_files_are_read_in_parts(desk, tmp_path):
    assert not outgrows_memory(desk)
    assert outgrows_memory(desk, at_least=5_000)
    assert not outgrows_memory(tmp_path / "missing.parquet")
