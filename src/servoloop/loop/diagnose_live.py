"""Diagnose the cases that ran here, exactly as an imported log."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.event_log import NO_TIME, EventLog, encode
from servoloop.loop.diagnose import Diagnosis, diagnose
from servoloop.storage.queries.live_log import LiveColumns, live_log

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class NothingToDiagnose(ServoloopError):
    """No case has completed a step yet."""


def diagnose_live(
    *, process: str | None = None, language: str = "en", zone: str = "UTC"
) -> Diagnosis:
    """Diagnose all cases, or those of one process; activities are named in `language`.

    Raises NothingToDiagnose before the first completed step.
    """
    log = live_event_log(process=process, language=language)
    if not log.events:
        which = f"of process {process!r} " if process else ""
        raise NothingToDiagnose(
            f"No case {which}has completed a step yet; there is nothing to diagnose."
        )
    return diagnose(log, name=process or "live cases", read_report=None, zone=zone)


def live_event_log(*, process: str | None = None, language: str = "en") -> EventLog:
    """One event for each completed piece of work, with the moment at which it was begun."""
    work = _Work()
    for columns in live_log(language=language, process=process):
        work.take(columns)
    return work.event_log()


class _Work:
    """Pieces of work as they are found in a log ordered by case and seq."""

    def __init__(self) -> None:
        self.begun: dict[tuple[str, str], datetime] = {}  # (case, element) of work in hand
        self.rows: list[tuple[str, str, int, int, str | None, str | None]] = []

    def take(self, columns: LiveColumns) -> None:
        for case, element, at, lifecycle, activity, resource, role in zip(
            columns.case,
            columns.element,
            columns.at,
            columns.lifecycle,
            columns.activity,
            columns.resource,
            columns.role,
            strict=True,
        ):
            if lifecycle == "start":
                self.begun[(case, element)] = at
            elif lifecycle == "complete":
                start = self.begun.pop((case, element), None)
                self.rows.append(
                    (
                        case,
                        activity,
                        _micros(at),
                        NO_TIME if start is None else _micros(start),
                        resource or None,
                        role or None,
                    )
                )

    def event_log(self) -> EventLog:
        names = ["case", "activity", "ts", "start", "resource", "team"]
        types = [pl.String, pl.String, pl.Int64, pl.Int64, pl.String, pl.String]
        frame = pl.DataFrame(self.rows, schema=list(zip(names, types, strict=True)), orient="row")
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
            attributes=pl.DataFrame(),
            case_attributes=pl.DataFrame(),
        )


def _micros(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND
