"""Opening an event log from a file."""

from collections.abc import Callable
from pathlib import Path

from servoloop.kernel.interchange.assemble import ReadLog
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.interchange.read_report import ReadProgress
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.mining.event_log import EventLog

Progress = Callable[[ReadProgress], None]


def read_log_file(
    path: Path, *, options: ReadOptions = GUESS, progress: Progress | None = None
) -> ReadLog:
    """Raises UnreadableLog with one sentence when the file cannot be opened or read as a whole."""
    try:
        with path.open("rb") as stream:
            return read_log(
                stream,
                name=path.name,
                size=path.stat().st_size,
                options=options,
                listener=progress,
            )
    except FileNotFoundError as error:
        raise UnreadableLog(f"There is no file {path}.") from error
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise UnreadableLog(f"Cannot read {path}: {reason}.") from error


def one_event_per_execution(log: EventLog) -> EventLog:
    """Start and complete events joined where the log tells both: models count executions."""
    # Imported here: it loads the compiler, which reading need not wait for.
    from servoloop.kernel.mining.instances import joined_instances

    return joined_instances(log)
