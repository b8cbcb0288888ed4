"""One door for reading: tell the format, read it, settle it."""

from collections.abc import Callable
from typing import BinaryIO

from servoloop.kernel.interchange.assemble import ReadLog, assemble
from servoloop.kernel.interchange.csv_reader import read_csv_events
from servoloop.kernel.interchange.desk_reader import DESKS, mapped_table, reader_of
from servoloop.kernel.interchange.ocel_reader import read_ocel_events
from servoloop.kernel.interchange.options import GUESS, LogFormat, ReadOptions
from servoloop.kernel.interchange.parquet_reader import read_parquet_events
from servoloop.kernel.interchange.raw_events import RawEvents
from servoloop.kernel.interchange.source import Listener, Source, sniff_format
from servoloop.kernel.interchange.xes_reader import read_xes_events
from servoloop.kernel.interchange.xlsx_reader import read_xlsx_events

READERS: dict[LogFormat, Callable[[Source, ReadOptions], RawEvents]] = {
    "csv": read_csv_events,
    "xes": read_xes_events,
    "parquet": read_parquet_events,
    "xlsx": read_xlsx_events,
    "ocel": read_ocel_events,
    **{format: reader_of(format) for format in DESKS},
}
TABLES: tuple[LogFormat, ...] = ("csv", "xlsx", "parquet")


def read_log(
    stream: BinaryIO,
    *,
    name: str,
    size: int = 0,
    options: ReadOptions = GUESS,
    listener: Listener | None = None,
) -> ReadLog:
    """Read an event log from a binary stream: CSV, TSV, XES, OCEL or the export of a service desk,
    plain or gzip; Parquet or XLSX.

    `name` is how messages call the file, `size` its length for the progress (0: unknown).
    Raises UnreadableLog with one sentence when the file as a whole cannot be read; single rows that
    cannot are listed in the report.
    """
    source = Source(
        stream,
        name=name,
        size=size,
        largest_inflation=options.largest_inflation,
        listener=listener,
    )
    format = options.format or sniff_format(source)
    raw = READERS[format](source, options)
    if format in TABLES:
        raw = mapped_table(raw, options, name=name)
    return assemble(raw, options=options, source=source, format=format)
