"""Write a log anew in another format, its guesses settled and its events in order."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.csv_writer import write_csv
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.interchange.parquet_writer import write_parquet
from servoloop.kernel.interchange.read_report import ReadReport
from servoloop.kernel.interchange.roles import SEQUENCE
from servoloop.kernel.interchange.xes_writer import write_xes
from servoloop.kernel.mining.event_log import EventLog
from servoloop.loop.log_file import Progress, read_log_file


class UnknownFormat(ServoloopError):
    """A file to write whose ending names no format."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path.name} has no ending to write as. Known: {', '.join(WRITERS)}.")


def convert_log(
    path: Path, output: Path, *, options: ReadOptions = GUESS, progress: Progress | None = None
) -> ReadReport:
    """Write the log of one file into another, whose ending chooses the format.

    Parquet is ordered, dictionary-coded and numbered (`servoloop:sequence`), so that reading it
    again is a scan and engines that keep no order of rows can take it. Raises UnreadableLog and
    UnknownFormat, before anything is written.
    """
    write = WRITERS.get(output.suffix.lower())
    if write is None:
        raise UnknownFormat(output)
    read = read_log_file(path, options=options, progress=progress)
    fresh = output.with_name(f"{output.name}.part")
    with fresh.open("wb") as stream:
        write(read.log, stream)
    fresh.replace(output)
    return read.report


def _write_numbered(log: EventLog, stream: BinaryIO) -> None:
    number = pl.Series(SEQUENCE, np.arange(log.events, dtype=np.int64))
    write_parquet(replace(log, attributes=log.attributes.with_columns(number)), stream)


WRITERS: dict[str, Callable[[EventLog, BinaryIO], None]] = {
    ".parquet": _write_numbered,
    ".csv": write_csv,
    ".xes": write_xes,
}
