"""One door for reading: tell the format, read it, settle it."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import BinaryIO

from servoloop.kernel.interchange.assemble import ReadLog, assemble
from servoloop.kernel.interchange.csv_reader import read_csv_events
from servoloop.kernel.interchange.desk_reader import DESKS, mapped_table, reader_of
from servoloop.kernel.interchange.ocel_reader import read_ocel_events
from servoloop.kernel.interchange.options import GUESS, LogFormat, ReadOptions
from servoloop.kernel.interchange.parquet_reader import read_parquet_events
from servoloop.kernel.interchange.raw_events import RawEvents
from servoloop.kernel.interchange.source import (
    Listener,
    Source,
    UnreadableLog,
    sniff_format,
)
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
CLASSIFIER_KEYS = re.compile(r"'([^']+)'|(\S+)")
"""Keys are parted by blanks; one that holds a blank stands in quotes."""
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
    source = source_of(stream, name=name, size=size, options=options, listener=listener)
    format = options.format or sniff_format(source)
    raw = read_raw(source, options, format=format)
    return settled(raw, options, source=source, format=format)


def source_of(
    stream: BinaryIO, *, name: str, size: int, options: ReadOptions, listener: Listener | None
) -> Source:
    """The stream as readers take it; its beginning is read at once."""
    return Source(
        stream,
        name=name,
        size=size,
        largest_inflation=options.largest_inflation,
        listener=listener,
    )


def read_raw(source: Source, options: ReadOptions, *, format: LogFormat) -> RawEvents:
    """The rows of a file, exports of desks as their events, before any role is settled."""
    raw = READERS[format](source, options)
    return mapped_table(raw, options, name=source.name) if format in TABLES else raw


def settled(raw: RawEvents, options: ReadOptions, *, source: Source, format: LogFormat) -> ReadLog:
    """The log of the rows, without the columns that the user left out."""
    for column in options.left_out:
        if column not in raw.columns.columns:
            raise UnreadableLog(
                f"{source.name} has no column '{column}' to leave out. "
                f"It has: {', '.join(raw.columns.columns[:20])}."
            )
    options = _with_classifier(raw, options, name=source.name)
    raw = raw.without(options.left_out)
    return assemble(raw, options=options, source=source, format=format)


def _with_classifier(raw: RawEvents, options: ReadOptions, *, name: str) -> ReadOptions:
    """The keys of the wanted classifier as the columns of the activity."""
    if options.classifier is None:
        return options
    known = dict(raw.classifiers)
    if options.classifier not in known:
        named = ", ".join(known) or "none"
        raise UnreadableLog(f"{name} has no classifier '{options.classifier}'. It has: {named}.")
    keys = known[options.classifier]
    if keys not in raw.columns.columns:
        parts = [quoted or plain for quoted, plain in CLASSIFIER_KEYS.findall(keys)]
        keys = "+".join(parts)
    return replace(options, activity=keys)
