"""Reading and mining event logs beside PM4Py: ``python -m benchmarks.mining [--json]``.

Both run on the same files in the same run; CPU seconds of the process, threads included. Each step
is run for two seconds, at least once, on both sides, and its best run counts. The compiled pass is
measured warm (its machine code loaded), PM4Py after its imports; diagnoses are whole commands, from
the start of Python to the page. PM4Py is installed on demand into ``benchmarks/.envs/pm4py``: it is
a peer, never a part of the product.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from benchmarks.desk_log import DEFINITION, desk_log
from benchmarks.environments import python_of
from benchmarks.rows import Row, row, show

from servoloop.kernel.interchange.csv_writer import write_csv
from servoloop.kernel.interchange.kept_log import read_kept_log
from servoloop.kernel.interchange.parquet_writer import write_parquet
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.mining.durations import cycle_times
from servoloop.kernel.mining.event_log import Coded, EventLog
from servoloop.kernel.mining.handovers import Handovers, handovers
from servoloop.kernel.mining.process_map import process_map
from servoloop.kernel.mining.rework import rework
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.variants import variants
from servoloop.loop.diagnose import VARIANTS_KEPT

HERE = Path(__file__).resolve().parent
PEER = "PM4Py"
XES = HERE.parents[1] / "shared" / "data" / "logs" / "bpic2012.xes.gz"
ACTIVITIES, PEOPLE, STEPS = 20, 50, 10
SECONDS_A_STEP = 2.0
"""So long each step is run again, here and there: the best run says what it costs undisturbed."""
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
    size = f"{events / 1e6:g} M"

    def beside(name: str, action: Callable[[], object], *parts: str, n: int = 0) -> Row:
        seconds = timed(action)
        return compared(name, (n or log.events) / seconds, n or log.events, peer, *parts)

    if XES.exists():
        n = read_file(XES).events
        yield beside("read XES, 262 k events", lambda: read_file(XES), "read_xes", n=n)
    yield beside(f"read CSV, {size}", lambda: read_file(csv), "read_csv")
    yield beside(
        f"Parquet to map, waits, variants, rework, durations, {size}",
        lambda: sweep(read_kept(parquet), compiled=True),
        *PASS,
    )
    yield beside(f"the same with named results, {size}", lambda: named(read_kept(parquet)), *PASS)
    yield beside(
        f"the same with guessed columns and the quality report, {size}",
        lambda: named(read_file(parquet)),
        *PASS,
    )
    yield beside(f"the pass without reading, {size}", lambda: sweep(log, compiled=True), *PASS[1:])
    yield beside(f"handovers, {size}", lambda: of_people(log), "handover")
    yield from diagnosed(parquet, f"{size}, three columns and people, Parquet")
    yield from diagnosed(csv, f"{size}, three columns and people, CSV")
    rich = folder / "desk.parquet"
    with rich.open("wb") as stream:
        write_parquet(desk_log(events), stream)
    yield from diagnosed(rich, f"{size}, starts, teams, people, attributes")
    definition = HERE / "processes" / DEFINITION
    yield from diagnosed(
        rich, f"{size}, the same with --definition", "--definition", str(definition)
    )


def diagnosed(path: Path, what: str, *options: str) -> Iterator[Row]:
    """``servoloop diagnose`` with its page, in a process of its own that starts from nothing.

    Python keeps its byte code, as an installed program does; without it 800 modules compile again.
    """
    page = path.with_suffix(".html")
    command = [sys.executable, "-m", "servoloop.cli.main", "diagnose", str(path), "-o", str(page)]
    began = time.monotonic()
    kept = {name: at for name, at in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, env=kept)
    _, status, used = os.wait4(process.pid, 0)
    took = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"The diagnosis of {path} failed.")
    yield row(f"diagnose {what}: CPU time", used.ru_utime + used.ru_stime, "CPU-s")
    yield row(f"diagnose {what}: time", took, "s")
    yield row(f"diagnose {what}: peak memory", used.ru_maxrss / 1024, "MB")


def named(log: EventLog) -> tuple[object, ...]:
    """What a diagnosis shows of the pass: names put to the map and to the first 5,000 variants."""
    swept = sweep(log, compiled=True)
    return (
        process_map(log, swept),
        variants(log, swept, top=VARIANTS_KEPT),
        rework(log, swept),
        cycle_times(swept.case_duration),
    )


def of_people(log: EventLog) -> Handovers:
    """All pairs of people."""
    assert log.resource is not None
    return handovers(log, owners=log.resource)


def compared(name: str, rate: float, events: int, peer: dict[str, float], *parts: str) -> Row:
    """A row in events per CPU-second, with the peer's where it ran."""
    ran = peer and all(part in peer for part in parts)
    theirs = events / sum(peer[part] for part in parts) if ran else 0.0
    return row(name, rate, "events/CPU-s", peer=PEER if ran else "", peer_value=theirs)


def generated_log(events: int, *, seed: int = 7, cases_from: int = 0) -> EventLog:
    """Random walks over 20 activities and 50 resources, about ten steps a case; seeded."""
    random = np.random.default_rng(seed)
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
        case=Coded(codes=case, names=tuple(f"case {cases_from + n}" for n in range(len(lengths)))),
        activity=first_seen(activity, [f"activity {n}" for n in range(ACTIVITIES)]),
        ts=ts,
        seq=np.arange(total, dtype=np.int64),
        offsets=offsets,
        resource=first_seen(
            random.integers(0, PEOPLE, total).astype(np.int32),
            [f"agent {n}" for n in range(PEOPLE)],
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


def read_kept(path: Path) -> EventLog:
    """The log of a file that we wrote."""
    with path.open("rb") as stream:
        return read_kept_log(stream)


def timed(action: Callable[[], object]) -> float:
    """The CPU seconds of the best run of about two seconds of them."""
    best, spent = float("inf"), 0.0
    while spent < SECONDS_A_STEP:
        began = time.process_time()
        action()
        took = time.process_time() - began
        best, spent = min(best, took), spent + took
    return best


def run_peer(csv: Path, parquet: Path) -> dict[str, float]:
    """CPU seconds of PM4Py by step; it gets an environment of its own on first use."""
    python = python_of("pm4py", ["pm4py", "pyarrow"])
    xes = str(XES) if XES.exists() else "-"
    words = [python, str(HERE / "peers" / "pm4py_mining.py"), xes, str(csv), str(parquet)]
    words.append(str(SECONDS_A_STEP))
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    seconds: dict[str, float] = answer["seconds"]
    return seconds


if __name__ == "__main__":
    sys.exit(main())
