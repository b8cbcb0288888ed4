"""Reading and mining event logs beside PM4Py: ``python -m benchmarks.mining [--json]``.

Both run on the same files in the same run; CPU seconds of the process, threads included. The
compiled pass is measured warm (its machine code loaded), PM4Py after its imports. PM4Py is
installed on demand into ``benchmarks/.envs/pm4py``: it is a peer, never a part of the product.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import polars as pl
from benchmarks.environments import python_of
from benchmarks.rows import Row, row, show

from servoloop.kernel.interchange.csv_writer import write_csv
from servoloop.kernel.interchange.parquet_writer import write_parquet
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.mining.event_log import Coded, EventLog
from servoloop.kernel.mining.handovers import Handovers, handovers
from servoloop.kernel.mining.sweep import sweep
from servoloop.loop.diagnose import diagnose_log
from servoloop.loop.report.render import render

HERE = Path(__file__).resolve().parent
PEER = "PM4Py"
XES = HERE.parents[1] / "shared" / "data" / "logs" / "bpic2012.xes.gz"
ACTIVITIES, STEPS = 20, 10
Result = TypeVar("Result")
PASS = ("read_parquet", "frequency_map", "performance_map", "variants", "rework", "durations")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    parser.add_argument("--events", type=int, default=1_000_000, help="size of the generated log")
    parser.add_argument("--no-peer", action="store_true", help="leave PM4Py out")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = list(measure(Path(folder), args.events, with_peer=not args.no_peer))
    show(rows, as_json=args.json)
    return 0


def measure(folder: Path, events: int, *, with_peer: bool) -> Iterator[Row]:
    """Write a generated log, run both on it, and compare."""
    log = generated_log(events)
    csv, parquet = folder / "log.csv", folder / "log.parquet"
    with csv.open("wb") as stream:
        write_csv(log, stream)
    with parquet.open("wb") as stream:
        write_parquet(log, stream)
    peer = run_peer(csv, parquet) if with_peer else {}
    sweep(log, compiled=True)  # loads the compiled code
    of_people(log)
    thousand = f"{events / 1e6:g} M"
    if XES.exists():
        read, seconds = timed(lambda: read_file(XES))
        yield compared(
            "read XES, 262 k events", read.events / seconds, read.events, peer, "read_xes"
        )
    _, seconds = timed(lambda: read_file(csv))
    yield compared(
        f"read CSV, {thousand} events", log.events / seconds, log.events, peer, "read_csv"
    )
    _, seconds = timed(lambda: sweep(read_file(parquet), compiled=True))
    yield compared(
        f"Parquet to map, waits, variants, rework, durations, {thousand}",
        log.events / seconds, log.events, peer, *PASS,
    )  # fmt: skip
    _, seconds = timed(lambda: sweep(log, compiled=True))
    yield compared(
        f"the same without reading, {thousand}", log.events / seconds, log.events, peer, *PASS[1:]
    )
    _, seconds = timed(lambda: of_people(log))
    yield compared(f"handovers, {thousand}", log.events / seconds, log.events, peer, "handover")
    _, seconds = timed(lambda: render(diagnose_log(parquet)))
    yield row(f"whole diagnosis with its page, from Parquet, {thousand}", seconds, "s")
    _, seconds = timed(lambda: render(diagnose_log(csv)))
    yield row(f"whole diagnosis with its page, from CSV, {thousand}", seconds, "s")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield row("peak memory, the making of the log included", peak, "MB")


def of_people(log: EventLog) -> Handovers:
    """All pairs of people."""
    assert log.resource is not None
    return handovers(log, owners=log.resource)


def compared(name: str, rate: float, events: int, peer: dict[str, float], *parts: str) -> Row:
    """A row in events per CPU-second, with the peer's where it ran."""
    ran = peer and all(part in peer for part in parts)
    theirs = events / sum(peer[part] for part in parts) if ran else 0.0
    return row(name, rate, "events/CPU-s", peer=PEER if ran else "", peer_value=theirs)


def generated_log(events: int) -> EventLog:
    """Random walks over 20 activities and 50 resources, about ten steps a case; seeded."""
    random = np.random.default_rng(7)
    lengths = 1 + random.poisson(STEPS - 1, size=events // STEPS + 1)
    lengths = lengths[: int(np.searchsorted(np.cumsum(lengths), events))]
    total = int(lengths.sum())
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    case = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    step = np.arange(total) - offsets[:-1][case]
    activity = np.minimum(step + random.geometric(0.75, total) - 1, ACTIVITIES - 1).astype(np.int32)
    begin = np.sort(random.integers(0, 365 * 86_400, len(lengths)))[case] * 1_000_000
    waits = (random.exponential(3600e6, total)).astype(np.int64)
    since = np.cumsum(waits)
    ts = 1_700_000_000_000_000 + begin + since - since[offsets[:-1]][case]
    return EventLog(
        case=Coded(codes=case, names=tuple(f"case {n}" for n in range(len(lengths)))),
        activity=first_seen(activity, [f"activity {n}" for n in range(ACTIVITIES)]),
        ts=ts,
        seq=np.arange(total, dtype=np.int64),
        offsets=offsets,
        resource=first_seen(
            random.integers(0, 50, total).astype(np.int32), [f"agent {n}" for n in range(50)]
        ),
        attributes=pl.DataFrame(height=total),
        case_attributes=pl.DataFrame(height=len(lengths)),
    )


def first_seen(codes: np.ndarray, names: list[str]) -> Coded:
    """Codes renumbered in the order of their first occurrence, as readers number them."""
    found, first = np.unique(codes, return_index=True)
    order = found[np.argsort(first)]
    place = np.zeros(len(names), dtype=np.int32)
    place[order] = np.arange(len(order))
    return Coded(codes=place[codes], names=tuple(names[code] for code in order))


def read_file(path: Path) -> EventLog:
    """The log of a file."""
    with path.open("rb") as stream:
        return read_log(stream, name=path.name, size=path.stat().st_size).log


def timed(action: Callable[[], Result]) -> tuple[Result, float]:
    """The result and the CPU seconds of the better of two runs."""
    best = float("inf")
    for _ in range(2):
        began = time.process_time()
        result = action()
        best = min(best, time.process_time() - began)
    return result, best


def run_peer(csv: Path, parquet: Path) -> dict[str, float]:
    """CPU seconds of PM4Py by step; it gets an environment of its own on first use."""
    python = python_of("pm4py", ["pm4py", "pyarrow"])
    xes = str(XES) if XES.exists() else "-"
    words = [python, str(HERE / "peers" / "pm4py_mining.py"), xes, str(csv), str(parquet)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    seconds: dict[str, float] = answer["seconds"]
    return seconds


if __name__ == "__main__":
    sys.exit(main())
