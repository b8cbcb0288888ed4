"""Child processes of `servoloop up`: started, watched, brought back when they die, stopped.

A child gets a process group of its own, so that Ctrl-C in the terminal reaches the parent alone and
a child can be ended together with its own children; and the kernel ends it when the parent is gone.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from servoloop.storage.server.lifeline import lifeline

_FIRST_PAUSE = 0.5  # seconds before a child that died is started again; doubles each time
_LONGEST_PAUSE = 30.0  # seconds
_LIVED_WELL = 60.0  # seconds after which a death counts as the first one again


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What to run; its output goes to `log`, and `orphaned` ends it when its parent is gone."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    log: Path
    orphaned: signal.Signals = signal.SIGTERM


@dataclass(slots=True, kw_only=True)
class Child:
    """A program and the process that runs it now, if one does."""

    program: Program
    say: Callable[[str], None]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0  # in a row, without having lived well in between
    started_at: float = 0.0  # on the monotonic clock, like the next one
    start_again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the program. Call it in the main thread (see lifeline())."""
        with self.program.log.open("ab") as output:
            self.process = subprocess.Popen(
                list(self.program.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=dict(self.program.environ),
                start_new_session=True,
                preexec_fn=lifeline(self.program.orphaned),
            )
        self.started_at = time.monotonic()

    def tend(self) -> None:
        """Notice a death, and start again when its pause is over."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_again_at:
                self.start()
        elif (status := self.process.poll()) is not None:
            self._bury(status, now)

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the program itself; its own children are its business."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def end(self, *, within: float) -> None:
        """Wait `within` seconds for the program, then kill its whole group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=max(within, 0.05))
        self._kill_group(self.process.pid)
        self.process.wait()
        self.process = None

    def _bury(self, status: int, now: float) -> None:
        assert self.process is not None
        # What it left behind (workers of a web server killed with -9) holds its port.
        self._kill_group(self.process.pid)
        self.process = None
        self.deaths = 1 if now - self.started_at > _LIVED_WELL else self.deaths + 1
        pause = min(_FIRST_PAUSE * 2 ** (self.deaths - 1), _LONGEST_PAUSE)
        self.start_again_at = now + pause
        self.say(
            f"{self.program.name} ended ({_ending(status)}); starting it again in {pause:g} s "
            f"(its log: {self.program.log})"
        )

    @staticmethod
    def _kill_group(leader: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)


def stop_all(children: Sequence[Child], *, within: float) -> None:
    """Ask all of them at once, then end each; `within` seconds for all together."""
    until = time.monotonic() + within
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.end(within=until - time.monotonic())


def end_leftovers(mark: str) -> None:
    """Kill the processes that carry `mark` ("NAME=value") in their environment (Linux).

    For the children of a parent that was killed, when they were killed too late, or not at all.
    """
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it ended meanwhile, or is none of ours
            if mark.encode() in (entry / "environ").read_bytes().split(b"\0"):
                os.kill(int(entry.name), signal.SIGKILL)


def _ending(status: int) -> str:
    if status < 0:
        return f"by {signal.Signals(-status).name}"
    return f"with status {status}"
