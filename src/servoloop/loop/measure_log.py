"""Measure an event log from a file; needs no database."""

from pathlib import Path

from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.metrics.definition import Measured
from servoloop.kernel.mining.kpis import measure_log


def measure_file(path: Path, *, zone: str = "UTC") -> tuple[Measured, ...]:
    """The KPIs that an event log tells; `zone` is of its times without offset.

    Raises UnreadableLog with one sentence when the file cannot be opened or read as a whole.
    """
    try:
        with path.open("rb") as stream:
            size = path.stat().st_size
            read = read_log(stream, name=path.name, size=size, options=ReadOptions(zone=zone))
    except FileNotFoundError as error:
        raise UnreadableLog(f"There is no file {path}.") from error
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise UnreadableLog(f"Cannot read {path}: {reason}.") from error
    return measure_log(read.log)
