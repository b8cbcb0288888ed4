"""The logs of finished runs, ready to be looked at: a few stay in memory.

A log is kept by its file and the moment at which the file was written, so a run that was diagnosed
again is read again. The mining libraries are loaded with the first log, not with the web process.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

from servoloop.kernel.mining.filters import Filter
from servoloop.web.diagnose import runs
from servoloop.web.diagnose.finding_cases import read_finding_cases

if TYPE_CHECKING:  # they load NumPy and Polars
    from servoloop.loop.compare import Comparison, OneSided
    from servoloop.loop.explore import Exploration, Nothing, Subject
    from servoloop.loop.explore_columns import Column

LOGS = 2
"""In memory at a time, in each web process; 1 M events take about 60 MB and their attributes."""
ANSWERS = 12
"""Kept of each log: going back, and saving a table, ask for the same figures again."""
NAME = "log.parquet"

Answer = TypeVar("Answer")
_Key = tuple[str, int]


class Desk:
    """One log on the desk, with the latest answers that it gave."""

    def __init__(self, subject: "Subject") -> None:
        self.subject = subject
        self._answers: OrderedDict[tuple[object, ...], object] = OrderedDict()
        self._lock = Lock()

    def columns(self, *, with_people: bool) -> "tuple[Column, ...]":
        """By what the cases can be told apart; individuals only when asked for."""
        from servoloop.loop.explore_columns import columns_of

        found = self._remembered(("columns",), lambda: columns_of(self.subject.log))
        return tuple(each for each in found if with_people or not each.names_people)

    def explored(self, filters: Sequence[Filter]) -> "Exploration | Nothing":
        from servoloop.loop.explore import explore

        return self._remembered(
            ("explore", *filters), lambda: explore(self.subject, tuple(filters))
        )

    def compared(self, a: Sequence[Filter], b: Sequence[Filter]) -> "Comparison | OneSided":
        from servoloop.loop.compare import compare

        return self._remembered(
            ("compare", *a, None, *b), lambda: compare(self.subject, tuple(a), tuple(b))
        )

    def _remembered(self, question: tuple[object, ...], ask: Callable[[], Answer]) -> Answer:
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question]  # type: ignore[return-value]  # what `ask` gave
        answer = ask()
        with self._lock:
            self._answers[question] = answer
            while len(self._answers) > ANSWERS:
                self._answers.popitem(last=False)
        return answer


_desks: OrderedDict[_Key, Desk] = OrderedDict()
_shelf, _reading = Lock(), Lock()


def file_of(run: runs.Run) -> Path:
    """Where the log of a run is kept; it need not be there."""
    return runs.folder_of(run.id) / NAME


def has_log(run: runs.Run) -> bool:
    """Whether the run kept its log: those of older releases did not."""
    return run.state == "done" and file_of(run).is_file()


def is_at_hand(run: runs.Run) -> bool:
    """Whether the log is in memory, so that a page needs no time to speak of."""
    with _shelf:
        return _key(run) in _desks


def desk_of(run: runs.Run) -> Desk:
    """The log of a run, read if need be. Raises UnreadableLog."""
    key = _key(run)
    if desk := _taken(key):
        return desk
    with _reading:  # two at a time would take twice the memory for the same log
        if desk := _taken(key):
            return desk
        desk = _read(run)
        with _shelf:
            _desks[key] = desk
            while len(_desks) > LOGS:
                _desks.popitem(last=False)
        return desk


def _taken(key: _Key) -> Desk | None:
    with _shelf:
        if key not in _desks:
            return None
        _desks.move_to_end(key)
        return _desks[key]


def _key(run: runs.Run) -> _Key:
    path = file_of(run)
    return str(path), path.stat().st_mtime_ns if path.is_file() else 0


def _read(run: runs.Run) -> Desk:
    from servoloop.loop.explore import subject_of
    from servoloop.loop.log_file import read_kept_log_file

    log = read_kept_log_file(file_of(run))
    findings = read_finding_cases(runs.folder_of(run.id))
    return Desk(subject_of(log, zone=run.zone, findings=findings))
