"""Event logs from Parquet: one row an event, columns typed by the file."""

import numpy as np
import polars as pl

from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.raw_events import RawEvents, Refusals
from servoloop.kernel.interchange.read_report import Note
from servoloop.kernel.interchange.source import Source, UnreadableLog


def read_parquet_events(source: Source, options: ReadOptions) -> RawEvents:
    """Read all columns but nested ones, which are named in a note.

    Raises UnreadableLog when the file is damaged or has no rows. `options` hold nothing for it.
    """
    del options
    try:
        frame = pl.read_parquet(source.path() or source.whole())
    except pl.exceptions.PolarsError as error:
        raise UnreadableLog(f"{source.name} is a damaged Parquet file; export it again.") from error
    if not frame.height:
        raise UnreadableLog(f"{source.name} has column names but no rows.")
    nested = [name for name, dtype in frame.schema.items() if dtype.is_nested()]
    source.rows = frame.height
    return RawEvents(
        columns=frame.drop(nested),
        lines=np.arange(1, frame.height + 1),
        rows_read=frame.height,
        refusals=Refusals(),
        encoding="utf-8",
        notes=tuple(Note(code="nested_column", values=(("column", name),)) for name in nested),
    )
