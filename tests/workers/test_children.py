"""Child processes: watched, brought back, ended with everything they started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from servoloop.workers.children import Child, Program, stop_all

# Starts a child of its own, tells both numbers, waits.
WITH_GRANDCHILD = """
import os, subprocess, sys, time
grandchild = subprocess.Popen(["/bin/sleep", "60"])
print(os.getpid(), grandchild.pid, flush=True)
time.sleep(60)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def child_of(tmp_path: Path, said: list[str]) -> Iterator[Callable[[str], Child]]:
    made: list[Child] = []

    def child(code: str) -> Child:
        program = Program(
            name="worker",
            command=[sys.executable, "-c", code],
            environ=os.environ,
            log=tmp_path / "worker.log",
        )
        made.append(Child(program=program, say=said.append))
        return made[-1]

    yield child
    stop_all(made, within=0)


def wait_for(condition: Callable[[], object], *, within: float = 10.0) -> None:
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


def is_gone(process: int) -> bool:
    try:
        return ") Z " in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        return True


def written_by(child: Child) -> str:
    return child.program.log.read_text()


def test_a_child_that_dies_is_started_again_after_a_pause(
    child_of: Callable[[str], Child], said: list[str]
) -> None:
    child = child_of("import os; print(os.getpid(), flush=True); raise SystemExit(3)")
    child.start()
    wait_for(lambda: child.tend() or len(written_by(child).split()) == 2)
    assert said[0].startswith("worker ended (with status 3); starting it again in 0.5 s (its log: ")


def test_the_pause_doubles_while_a_child_keeps_dying(
    child_of: Callable[[str], Child], said: list[str]
) -> None:
    child = child_of("raise SystemExit(1)")
    for _ in range(9):
        child.start()
        assert child.process is not None
        child.process.wait()
        child.tend()
    pauses = [line.partition("again in ")[2].partition(" s ")[0] for line in said]
    assert pauses == ["0.5", "1", "2", "4", "8", "16", "30", "30", "30"]


def test_a_killed_child_takes_its_own_children_along(
    child_of: Callable[[str], Child], said: list[str]
) -> None:
    child = child_of(WITH_GRANDCHILD)
    child.start()
    wait_for(lambda: len(written_by(child).split()) == 2)
    leader, grandchild = map(int, written_by(child).split())
    os.kill(leader, signal.SIGKILL)
    wait_for(lambda: child.tend() or said)
    wait_for(lambda: is_gone(grandchild))
    assert "by SIGKILL" in said[0]


def test_a_child_that_does_not_listen_is_killed_in_time(child_of: Callable[[str], Child]) -> None:
    child = child_of(STUBBORN)
    child.start()
    wait_for(lambda: written_by(child))
    assert child.process is not None
    number = child.process.pid
    start = time.monotonic()
    stop_all([child], within=0.3)
    assert 0.3 <= time.monotonic() - start < 3
    assert is_gone(number)


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends orphans on Linux only")
def test_a_killed_parent_takes_its_children_along(tmp_path: Path) -> None:
    parent_code = f"""
import os, sys, time
from pathlib import Path
from servoloop.workers.children import Child, Program
child = Child(program=Program(name="web", command=["/bin/sleep", "60"], environ=os.environ,
    log=Path({str(tmp_path)!r}) / "web.log"), say=print)
child.start()
print(child.process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", parent_code], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        number = int(parent.stdout.readline())
        assert not is_gone(number)
        parent.kill()
    wait_for(lambda: is_gone(number))
