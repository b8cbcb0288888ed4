"""An event log as CSV, with the names of XES as its header, so that it reads back by itself."""

from typing import BinaryIO

import numpy as np
import polars as pl

from servoloop.kernel.interchange.roles import STANDARD
from servoloop.kernel.mining.event_log import NO_TIME, Coded, EventLog, Micros, decoded

MOMENT = "%Y-%m-%dT%H:%M:%S%.6f+00:00"


def write_csv(log: EventLog, stream: BinaryIO) -> None:
    """One row an event, in the order of the log; UTF-8, comma, moments as ISO 8601 in UTC.

    Attributes whose name begins like a spreadsheet formula stay as they are: the file is data.
    """
    _table(log).write_csv(stream)


def _table(log: EventLog) -> pl.DataFrame:
    columns = {
        STANDARD["case"]: decoded(log.case),
        STANDARD["activity"]: decoded(log.activity),
        STANDARD["timestamp"]: moments(log.ts),
    }
    if log.start is not None:
        columns[STANDARD["start"]] = moments(log.start)
    for role in ("resource", "team", "lifecycle"):
        coded: Coded | None = getattr(log, role)
        if coded is not None:
            columns[STANDARD[role]] = decoded(coded)
    per_event = log.case_attributes[log.case.codes.astype(np.int64)]
    frames = [pl.DataFrame(columns), log.attributes, per_event]
    return pl.concat([frame for frame in frames if frame.width], how="horizontal")


def moments(micros: Micros) -> pl.Series:
    """Microseconds as ISO 8601 text in UTC, null where missing."""
    at = pl.Series(micros).set(pl.Series(micros == NO_TIME), None).cast(pl.Datetime("us"))
    return at.dt.strftime(MOMENT)
