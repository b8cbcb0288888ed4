"""Opening an event log from a file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from servoloop.kernel.interchange.assemble import ReadLog
from servoloop.kernel.interchange.kept_log import read_kept_log
from servoloop.kernel.interchange.look import look_at_log
from servoloop.kernel.interchange.looked import Look
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.interchange.parquet_writer import write_parquet
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.interchange.read_report import ReadProgress
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.mining.event_log import EventLog

Progress = Callable[[ReadProgress], None]


def read_log_file(
    path: Path, *, options: ReadOptions = GUESS, progress: Progress | None = None
) -> ReadLog:
    """Raises UnreadableLog with one sentence when the file cannot be opened or read as a whole."""
    with _opened(path) as stream:
        return read_log(
            stream, name=path.name, size=_size(stream), options=options, listener=progress
        )


def look_at_log_file(
    path: Path, *, options: ReadOptions = GUESS, progress: Progress | None = None
) -> Look:
    """What is guessed of a file, and what cleaning it would touch. Raises UnreadableLog when
    nothing of it can be shown.
    """
    with _opened(path) as stream:
        return look_at_log(
            stream, name=path.name, size=_size(stream), options=options, listener=progress
        )


def keep_log_file(log: EventLog, path: Path) -> None:
    """Write a log as we read it back: ordered, cleaned, every column named for its role."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as stream:
        write_parquet(log, stream)
    fresh.replace(path)


def read_kept_log_file(path: Path) -> EventLog:
    """The log that `keep_log_file` wrote, without a guess. Raises UnreadableLog."""
    with _opened(path) as stream:
        return read_kept_log(stream)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        raise UnreadableLog(f"There is no file {path}.") from error
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise UnreadableLog(f"Cannot read {path}: {reason}.") from error


def _size(stream: BinaryIO) -> int:
    length = stream.seek(0, 2)
    stream.seek(0)
    return length


def one_event_per_execution(log: EventLog) -> EventLog:
    """Start and complete events joined where the log tells both: models count executions."""
    # Imported here: it loads the compiler, which reading need not wait for.
    from servoloop.kernel.mining.instances import joined_instances

    return joined_instances(log)
