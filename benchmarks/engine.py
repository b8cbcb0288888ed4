"""Durable steps per second, through the real command path, beside SpiffWorkflow on SQLite.

``python -m benchmarks.engine [--json]``: a process of nine people's steps and three decisions. A
step is one task completed by `complete_task`, its events, rows, timers and snapshot flushed to
disk before the call returns. The peer runs the same file and saves its workflow to SQLite
(synchronous=FULL) after each step; it is installed into `benchmarks/.envs/spiff`.
"""

import json
import multiprocessing
import subprocess
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from benchmarks.database import MONDAY, PROCESSES, durable_database, set_up
from benchmarks.environments import python_of
from benchmarks.rows import Row, row, show, wants_json

STEPS = 9
PEER = Path(__file__).resolve().parent / "peers" / "spiff_steps.py"
SINGLE_CASES = 60
CLIENT_CASES = 240
BATCH_CASES = 2000
BATCH = 100


def main() -> None:
    """Measure and print."""
    as_json = wants_json("Durable steps per second beside SpiffWorkflow on SQLite.")
    show(measure(), as_json=as_json)


def measure() -> list[Row]:
    peer = peer_steps_per_second()
    with durable_database():
        warm_up()
        one = completed_per_second(one_by_one, cases=SINGLE_CASES)
        eight = completed_per_second(by_eight_clients, cases=CLIENT_CASES)
        batch = completed_per_second(in_batches, cases=BATCH_CASES, steps=3)
        batches = completed_per_second(in_batches_of_two, cases=BATCH_CASES, steps=3)
        _pool().terminate()
        _pool().join()
    unit = "durable steps/s"
    saved, reloaded = "SpiffWorkflow, saved each step", "SpiffWorkflow, saved and reloaded"
    return [
        row("one client", one, unit, peer=saved, peer_value=peer["saved"]),
        row("one client", one, unit, peer=reloaded, peer_value=peer["reloaded"]),
        row("eight clients (2 processes x 4)", eight, unit, peer=saved, peer_value=peer["saved"]),
        row("batches of 100, one process", batch, unit, peer=saved, peer_value=peer["saved"]),
        row("batches of 100, two processes", batches, unit, peer=saved, peer_value=peer["saved"]),
    ]


def peer_steps_per_second() -> dict[str, float]:
    """What SpiffWorkflow does on the same file, in an environment of its own."""
    python = python_of("spiff", ["spiffworkflow>=3.1", "lxml>=5"])
    done = subprocess.run(
        [python, str(PEER), str(PROCESSES / "nine_steps.bpmn")],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


Way = Callable[[Sequence[tuple[int, int]]], None]


def completed_per_second(way: Way, *, cases: int, steps: int = STEPS) -> float:
    """Complete `steps` tasks of each case; taking the tasks is not part of the measured time."""
    from benchmarks.cloning import clone

    from servoloop.loop.run.cases import open_case

    first = open_case("nine_steps", variables={"n": 1}, at=MONDAY).id
    numbers = clone(first, cases)
    seconds = 0.0
    for _ in range(steps):
        waiting = claim(numbers)
        begun = time.perf_counter()
        way(waiting)
        seconds += time.perf_counter() - begun
    return cases * steps / seconds


def claim(cases: Sequence[int]) -> list[tuple[int, int]]:
    """Take the one open task of each case; (case, task)."""
    from django.db import connection

    from servoloop.kernel.engine.commands import Claim
    from servoloop.kernel.events.event import Actor, ActorKind, CaseId
    from servoloop.loop.run.batch import apply_batch

    ada = Actor(kind=ActorKind.PERSON, id="ada")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_id, no FROM task WHERE status = 'open' AND case_id = ANY(%s)",
            [list(cases)],
        )
        waiting = cursor.fetchall()
    for start in range(0, len(waiting), 500):
        part = waiting[start : start + 500]
        apply_batch([(CaseId(c), Claim(task=t, actor=ada)) for c, t in part], at=MONDAY)
    return waiting


def one_by_one(waiting: Sequence[tuple[int, int]]) -> None:
    from servoloop.kernel.events.event import Actor, ActorKind, CaseId
    from servoloop.loop.run.tasks import complete_task

    ada = Actor(kind=ActorKind.PERSON, id="ada")
    for case, task in waiting:
        complete_task(
            CaseId(case),
            task,
            outputs={"n": 1},
            actor=ada,
            at=MONDAY,
            dedupe_key=f"{case}-{task}",
        )


def in_batches(waiting: Sequence[tuple[int, int]]) -> None:
    from servoloop.kernel.engine.commands import Complete
    from servoloop.kernel.events.event import Actor, ActorKind, CaseId
    from servoloop.loop.run.batch import apply_batch

    ada = Actor(kind=ActorKind.PERSON, id="ada")
    for start in range(0, len(waiting), BATCH):
        part = waiting[start : start + BATCH]
        commands = [(CaseId(c), Complete(task=t, outputs={"n": 1}, actor=ada)) for c, t in part]
        apply_batch(commands, at=MONDAY)


# Several clients: processes that are set up before the measured time begins


def by_eight_clients(waiting: Sequence[tuple[int, int]]) -> None:
    _pool().map(_four_threads, [waiting[0::2], waiting[1::2]], chunksize=1)


def in_batches_of_two(waiting: Sequence[tuple[int, int]]) -> None:
    half = len(waiting) // 2
    _pool().map(in_batches, [waiting[:half], waiting[half:]])


def _four_threads(waiting: Sequence[tuple[int, int]]) -> None:
    list(_clients().map(one_by_one, [waiting[i::4] for i in range(4)]))


@cache
def _clients() -> ThreadPoolExecutor:
    """Four threads that keep their connections and prepared statements, as granian's do."""
    return ThreadPoolExecutor(4)


@cache
def _pool() -> "multiprocessing.pool.Pool":
    return multiprocessing.get_context("spawn").Pool(2, initializer=set_up)


def warm_up() -> None:
    """Start the clients and let each take some steps, so that no start is in a measured time."""
    from benchmarks.cloning import clone

    from servoloop.loop.run.cases import open_case

    first = open_case("nine_steps", variables={"n": 1}, at=MONDAY).id
    waiting = claim(clone(first, 160))
    one_by_one(waiting[:20])
    by_eight_clients(waiting[20:])


if __name__ == "__main__":
    main()
