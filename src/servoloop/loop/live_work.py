"""Completed pieces of work of the cases that ran here, as an event log."""

from datetime import datetime

import numpy as np
import polars as pl

from servoloop.kernel.mining.event_log import NO_TIME, EventLog, encode
from servoloop.kernel.mining.moments import micros


class LiveWork:
    """Pieces of work as they are found in events ordered by case and seq."""

    def __init__(self) -> None:
        self._begun: dict[tuple[str, str], datetime] = {}  # (case, element) of work in hand
        self._rows: list[tuple[str, str, int, int, str | None, str | None]] = []

    def take(
        self,
        *,
        case: str,
        element: str,
        at: datetime,
        lifecycle: str,
        activity: str,
        resource: str,
        role: str,
    ) -> None:
        """One event; `activity` is what the step is to be called in the log."""
        if lifecycle == "start":
            self._begun[(case, element)] = at
        elif lifecycle == "complete":
            start = self._begun.pop((case, element), None)
            begun = NO_TIME if start is None else micros(start)
            self._rows.append((case, activity, micros(at), begun, resource or None, role or None))

    def event_log(self) -> EventLog:
        """One event for each completed piece of work, with the moment at which it was begun."""
        names = ["case", "activity", "ts", "start", "resource", "team"]
        types = [pl.String, pl.String, pl.Int64, pl.Int64, pl.String, pl.String]
        frame = pl.DataFrame(self._rows, schema=list(zip(names, types, strict=True)), orient="row")
        case = encode(frame["case"])
        lengths = np.bincount(case.codes, minlength=len(case.names))
        return EventLog(
            case=case,
            activity=encode(frame["activity"]),
            ts=frame["ts"].to_numpy(),
            seq=np.arange(len(frame), dtype=np.int64),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            start=frame["start"].to_numpy(),
            resource=encode(frame["resource"]),
            team=encode(frame["team"]),
            attributes=pl.DataFrame(height=len(frame)),
            case_attributes=pl.DataFrame(height=len(case.names)),
        )
