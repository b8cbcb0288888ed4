"""Waiting, conformance and discovery beside PM4Py: ``python -m benchmarks.mining_depth [--json]``.

CPU seconds of the process, with the compiled code loaded. Quality figures that carry PM4Py's name
in their own are measured by PM4Py's alignments on our BPMN, so both models are judged by one judge.
Logs from ``../shared/data/logs`` are left out where they are absent.
"""

import argparse
import json
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

from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.mining.conformance.check import Limits, aligned, conformance_of
from servoloop.kernel.mining.conformance.net import labels_of, net_of
from servoloop.kernel.mining.conformance.replay import replay, replay_fitness
from servoloop.kernel.mining.discovery.bpmn import bpmn_of
from servoloop.kernel.mining.discovery.discover import discover
from servoloop.kernel.mining.event_log import Coded, EventLog
from servoloop.kernel.mining.multiset import variant_multiset
from servoloop.kernel.mining.waiting.calendars import calendars_of, discover_calendars
from servoloop.kernel.mining.waiting.decompose import decompose_waiting
from servoloop.kernel.mining.waiting.summary import per_activity, per_handover, per_hour, summarise
from servoloop.kernel.process.check import load_program

HERE = Path(__file__).resolve().parent
LOGS = HERE.parents[1] / "shared" / "data" / "logs"
PEER, PEER_NOISE = "PM4Py", "0.2"
JUDGED = ("bpic2013_closed_problems", "helpdesk_italy")
"""PM4Py aligns these within seconds; bpic2012 takes it more than a quarter of an hour."""
LARGE = "bpic2012"
Result = TypeVar("Result")


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print rows as JSON")
    parser.add_argument("--cases", type=int, default=200_000, help="of the generated log, 5 events")
    parser.add_argument("--no-peer", action="store_true", help="leave PM4Py out")
    args = parser.parse_args()
    rows = [*waiting_rows(args.cases)]
    with tempfile.TemporaryDirectory() as folder:
        for name in (*JUDGED, LARGE):
            if (LOGS / f"{name}.xes.gz").exists():
                rows += model_rows(name, Path(folder), with_peer=not args.no_peer)
    show(rows, as_json=args.json)
    return 0


def waiting_rows(cases: int) -> Iterator[Row]:
    """The split of all waiting of a generated log with queues, batches and office hours."""
    decompose_waiting(worked_log(100), calendars={})  # loads the compiled code
    log = worked_log(cases)
    size = f"{log.events / 1e6:g} M events"
    found, seconds = timed(lambda: discover_calendars(log, zone="UTC"))
    yield row(f"resource calendars discovered, {size}", seconds, "CPU-s")
    calendars = calendars_of(found)
    waiting, seconds = timed(lambda: decompose_waiting(log, calendars=calendars))
    yield row(f"waiting split into its causes, {size}", seconds, "CPU-s")
    if (waiting.parts.sum(axis=1) != waiting.total).any():
        raise AssertionError("The parts do not sum to the waiting.")
    _, seconds = timed(
        lambda: (
            summarise(waiting),
            per_handover(waiting),
            per_activity(waiting),
            per_hour(waiting, zone="UTC"),
        )
    )
    yield row(f"waiting summed per handover, activity and hour, {size}", seconds, "CPU-s")


def model_rows(name: str, folder: Path, *, with_peer: bool) -> Iterator[Row]:
    """Discovery on one log, the quality of the model, and the speed of checking against it."""
    path = LOGS / f"{name}.xes.gz"
    with path.open("rb") as stream:
        log = read_log(stream, name=path.name).log
    multiset = variant_multiset(log)
    found, seconds = timed(lambda: discover(multiset), runs=1)
    yield row(f"{name}: discovery over the whole grid", seconds, "CPU-s")
    model = folder / f"{name}.bpmn"
    model.write_bytes(bpmn_of(found.tree, key=name, name=name))
    program = load_program(model.read_bytes())
    net = net_of(program, labels_of(program, log.activity.names, aliases={}))
    ours = conformance_of(net, multiset, limits=Limits())
    if ours.f_score is not None:
        yield row(f"{name}: F-score by our own alignments", ours.f_score, "0..1")
    fitness, replaying = timed(lambda: replay_fitness(replay(net, multiset), multiset), runs=5)
    _, grouping = timed(lambda: variant_multiset(log), runs=5)
    _, aligning = timed(lambda: aligned(net, variant_multiset(log), limits=Limits()))
    theirs = peer("replay", path, str(model)) if with_peer else {}
    yield row(
        f"{name}: token replays a second, variants included", 1 / (replaying + grouping),
        "1/CPU-s", peer=PEER, peer_value=1 / theirs["seconds"] if theirs else 0.0,
    )  # fmt: skip
    yield row(
        f"{name}: fitness by token replay", fitness, "0..1", peer=PEER,
        peer_value=theirs.get("fitness", 0.0),
    )  # fmt: skip
    if not with_peer or name not in JUDGED:
        yield row(f"{name}: alignments", aligning, "CPU-s")
        yield row(f"{name}: size of the model", found.size, "nodes")
        return
    judged = peer("quality", path, str(model))
    yield row(
        f"{name}: alignments a second", 1 / aligning, "1/CPU-s", peer=PEER,
        peer_value=1 / judged["fitness_seconds"],
    )  # fmt: skip
    theirs = peer("inductive", path, PEER_NOISE)
    by = f"{PEER} infrequent, noise {PEER_NOISE}"
    for figure in ("fitness", "precision"):
        yield row(
            f"{name}: {figure} by {PEER}", judged[figure], "0..1", peer=by,
            peer_value=theirs[figure],
        )  # fmt: skip
    yield row(
        f"{name}: F-score by {PEER}", f_score(judged), "0..1", peer=by, peer_value=f_score(theirs)
    )
    yield row(f"{name}: size of the model", found.size, "nodes", peer=by, peer_value=theirs["size"])


def f_score(found: dict[str, float]) -> float:
    """The harmonic mean of fitness and precision."""
    return 2 * found["fitness"] * found["precision"] / (found["fitness"] + found["precision"])


def peer(what: str, log: Path, argument: str) -> dict[str, float]:
    """What PM4Py answers; it gets an environment of its own on first use."""
    python = python_of("pm4py", ["pm4py", "pyarrow"])
    words = [python, str(HERE / "peers" / "pm4py_models.py"), what, str(log), argument]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def worked_log(cases: int) -> EventLog:
    """Five steps a case by 400 people, with starts; seeded."""
    random = np.random.default_rng(1)
    steps, people = 5, 400
    opened = np.sort(random.integers(0, 90 * 86_400, cases)) * 1_000_000
    gaps = random.exponential(4 * 3600e6, (cases, steps))
    services = random.exponential(600e6, (cases, steps))
    ended = opened[:, None] + np.cumsum(gaps + services, axis=1)
    events = cases * steps
    return EventLog(
        case=Coded(
            codes=np.repeat(np.arange(cases, dtype=np.int32), steps),
            names=tuple(f"case {number}" for number in range(cases)),
        ),
        activity=Coded(
            codes=np.tile(np.arange(steps, dtype=np.int32), cases), names=tuple("ABCDE")
        ),
        ts=ended.astype(np.int64).ravel(),
        seq=np.arange(events, dtype=np.int64),
        offsets=np.arange(0, events + 1, steps, dtype=np.int64),
        start=(ended - services).astype(np.int64).ravel(),
        resource=Coded(
            codes=random.integers(0, people, events).astype(np.int32),
            names=tuple(f"agent {number}" for number in range(people)),
        ),
        attributes=pl.DataFrame(height=events),
        case_attributes=pl.DataFrame(height=cases),
    )


def timed(action: Callable[[], Result], *, runs: int = 2) -> tuple[Result, float]:
    """The result and the CPU seconds of the best run."""
    best = float("inf")
    for _ in range(runs):
        began = time.process_time()
        result = action()
        best = min(best, time.process_time() - began)
    return result, best


if __name__ == "__main__":
    sys.exit(main())
