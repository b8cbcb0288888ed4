"""Diagnosing more events than fit into memory: ``python -m benchmarks.mining_large [--events N]``.

A generated log of N events (50 million unless told) is written to a temporary folder (its size is
printed), diagnosed by ``servoloop diagnose`` in a process of its own, and removed. No peer: PM4Py
holds the log as a data frame, of well over 10 GB at this size.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from benchmarks.mining import ACTIVITIES, PEOPLE, diagnosed, generated_log
from benchmarks.rows import Row, row, show

from servoloop.kernel.interchange.roles import STANDARD
from servoloop.kernel.mining.event_log import decoded

AT_ONCE = 5_000_000


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    parser.add_argument("--events", type=int, default=50_000_000, help="size of the generated log")
    parser.add_argument("--folder", type=Path, help="where there is room for it")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        rows = list(measure(Path(folder), args.events))
    show(rows, as_json=args.json)
    return 0


def measure(folder: Path, events: int) -> Iterator[Row]:
    """Sorted by case as we write logs, then in the order of time as many exports are."""
    by_case, by_time = folder / "by_case.parquet", folder / "by_time.parquet"
    write_large(by_case, folder, events)
    size = f"{events / 1e6:g} M"
    yield row(f"{size}: the file", by_case.stat().st_size / 1e6, "MB")
    yield from diagnosed(by_case, f"{size} sorted by case")
    pl.scan_parquet(by_case).sort(STANDARD["timestamp"]).sink_parquet(by_time, compression="lz4")
    by_case.unlink()
    yield from diagnosed(by_time, f"{size} in the order of time")


def write_large(path: Path, folder: Path, events: int) -> None:
    """One log after another with cases of their own, joined into one file without holding it."""
    files = []
    for number, begin in enumerate(range(0, events, AT_ONCE)):
        files.append(folder / f"{number:04}.parquet")
        write_one(files[-1], min(AT_ONCE, events - begin), number)
    pl.scan_parquet(files).sink_parquet(path, compression="lz4", statistics=False)
    for file in files:
        file.unlink()


def write_one(path: Path, events: int, number: int) -> None:
    log = generated_log(events, seed=number, cases_from=number * AT_ONCE)
    assert log.resource is not None
    activities = pl.Enum([f"activity {n}" for n in range(ACTIVITIES)])
    people = pl.Enum([f"agent {n}" for n in range(PEOPLE)])
    pl.DataFrame(
        {
            STANDARD["case"]: decoded(log.case),
            STANDARD["activity"]: decoded(log.activity).cast(activities),
            STANDARD["timestamp"]: pl.Series(log.ts).cast(pl.Datetime("us", "UTC")),
            STANDARD["resource"]: decoded(log.resource).cast(people),
        }
    ).write_parquet(path, compression="lz4", statistics=False)


if __name__ == "__main__":
    sys.exit(main())
