"""A log that we wrote ourselves (`parquet_writer`), read again without a guess.

What the columns are is known from their names, so nothing is judged: an attribute called `team`
stays an attribute. Every column of the log survives; only `seq` counts anew, in the order of rows.
"""

from typing import BinaryIO

import numpy as np
import polars as pl

from servoloop.kernel.interchange.assemble import case_order
from servoloop.kernel.interchange.roles import OF_CASE, SEQUENCE, STANDARD
from servoloop.kernel.interchange.source import UnreadableLog, place_of
from servoloop.kernel.mining.event_log import NO_TIME, Coded, EventLog, Micros, encode, enum_codes


def read_kept_log(stream: BinaryIO) -> EventLog:
    """Read a log back as `write_parquet` was given it.

    Raises UnreadableLog when the file is damaged or was not written by `write_parquet`.
    """
    try:
        frame = pl.read_parquet(place_of(stream))
    except pl.exceptions.PolarsError as error:
        raise UnreadableLog("The kept log is a damaged Parquet file.") from error
    needed = [STANDARD["case"], STANDARD["activity"], STANDARD["timestamp"]]
    if not set(needed) <= set(frame.columns):
        raise UnreadableLog(f"A kept log has the columns {', '.join(needed)}; this file has not.")
    case, ts = encode(frame[STANDARD["case"]]), _micros(frame[STANDARD["timestamp"]])
    if case_order(case, ts) is not None:
        raise UnreadableLog("A kept log stands by case and time; this file does not.")
    borders = np.flatnonzero(case.codes[1:] != case.codes[:-1]) + 1
    ends = [frame.height] if frame.height else []
    offsets = np.concatenate(([0], borders, ends)).astype(np.int64)
    free = [name for name in frame.columns if name not in {*STANDARD.values(), SEQUENCE}]
    of_cases = [name for name in free if name.startswith(OF_CASE)]
    of_events = [name for name in free if not name.startswith(OF_CASE)]
    first = offsets[:-1]
    return EventLog(
        case=case,
        activity=_coded(frame[STANDARD["activity"]]),
        ts=ts,
        seq=np.arange(frame.height, dtype=np.int64),
        offsets=offsets,
        start=_micros(frame[STANDARD["start"]]) if STANDARD["start"] in frame.columns else None,
        resource=_optional(frame, STANDARD["resource"]),
        team=_optional(frame, STANDARD["team"]),
        lifecycle=_optional(frame, STANDARD["lifecycle"]),
        attributes=frame.select(of_events) if of_events else pl.DataFrame(height=frame.height),
        case_attributes=frame.select(of_cases)[first]
        if of_cases
        else pl.DataFrame(height=len(first)),
    )


def _optional(frame: pl.DataFrame, column: str) -> Coded | None:
    return _coded(frame[column]) if column in frame.columns else None


def _coded(column: pl.Series) -> Coded:
    """The names in the order in which they were written, which is that of the first file."""
    if not isinstance(column.dtype, pl.Enum):
        return encode(column)
    return Coded(codes=enum_codes(column), names=tuple(column.dtype.categories.to_list()))


def _micros(column: pl.Series) -> Micros:
    micros = column.dt.epoch("us")
    return (micros.fill_null(NO_TIME) if micros.null_count() else micros).to_numpy(writable=True)
