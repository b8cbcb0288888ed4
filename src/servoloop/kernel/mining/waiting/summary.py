"""Waiting summed up: in all, per handover, per activity, per team and per hour of the week."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from servoloop.kernel.mining.event_log import NO_TIME, Coded, EventLog, decoded
from servoloop.kernel.mining.swept import begins
from servoloop.kernel.mining.waiting.cause import CAUSES, Cause
from servoloop.kernel.mining.waiting.decompose import Waiting


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseShare:
    """What one cause costs: `efficiency_without` is the cycle-time efficiency if it vanished."""

    cause: Cause
    total: timedelta
    share: float  # 0..1 of all waiting
    events: int  # with some waiting of this cause
    efficiency_without: float  # 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSummary:
    """Waiting and working of all events; `efficiency` = processing / (processing + waiting).

    After the reference: sums over events, so parallel work counts for each of its branches.
    """

    events: int
    waiting: timedelta
    processing: timedelta
    efficiency: float  # 0..1, 1.0 when there is neither
    causes: tuple[CauseShare, ...]  # by total, descending


def summarise(waiting: Waiting) -> WaitingSummary:
    """The whole log in a few numbers."""
    processing = int(np.maximum(waiting.log.ts - begins(waiting.log), 0).sum())
    total = int(waiting.total.sum())
    sums = waiting.parts.sum(axis=0)
    causes = [
        CauseShare(
            cause=cause,
            total=timedelta(microseconds=int(sums[column])),
            share=int(sums[column]) / total if total else 0.0,
            events=int((waiting.parts[:, column] > 0).sum()),
            efficiency_without=_efficiency(processing, total - int(sums[column])),
        )
        for column, cause in enumerate(CAUSES)
    ]
    return WaitingSummary(
        events=waiting.log.events,
        waiting=timedelta(microseconds=total),
        processing=timedelta(microseconds=processing),
        efficiency=_efficiency(processing, total),
        causes=tuple(sorted(causes, key=lambda each: -each.total)),
    )


def per_handover(waiting: Waiting) -> pl.DataFrame:
    """Waiting by the event waited for and the event that waited.

    Columns: source_activity, source_resource, target_activity, target_resource (text or null),
    events, cases, total and one column per cause (int64 microseconds); by total, descending.
    """
    log = waiting.log
    waits = np.flatnonzero(waiting.enabling.by >= 0)
    by = waiting.enabling.by[waits]
    keys = {
        "source_activity": log.activity.codes[by],
        "target_activity": log.activity.codes[waits],
        "case": log.case.codes[waits],
    }
    if log.resource is not None:
        keys["source_resource"] = log.resource.codes[by]
        keys["target_resource"] = log.resource.codes[waits]
    frame = pl.DataFrame({**keys, **_measures(waiting, waits)})
    names = [name for name in keys if name != "case"]
    table = _summed(frame, names)
    coded = {"activity": log.activity, "resource": log.resource}
    return table.with_columns(
        _named(table[name], coded[name.split("_")[1]]).alias(name) for name in names
    ).select(*_HANDOVER_KEYS[: 4 if log.resource else 2], "events", "cases", "total", *_CAUSES)


def per_transition(waiting: Waiting) -> pl.DataFrame:
    """Waiting by the activities at both ends: columns source, target, events, total and the
    causes (int64 microseconds); by total, descending.
    """
    log = waiting.log
    waits = np.flatnonzero(waiting.enabling.by >= 0)
    by = waiting.enabling.by[waits]
    keys = {"source": log.activity.codes[by], "target": log.activity.codes[waits]}
    frame = pl.DataFrame({**keys, **_measures(waiting, waits)})
    # Without the cases of each row: counting them costs more than all the rest.
    summed = frame.group_by("source", "target").agg(
        pl.len().cast(pl.Int64).alias("events"), pl.col("total", *_CAUSES).sum()
    )
    summed = summed.sort(
        ["total", "events", "source", "target"], descending=[True, True, False, False]
    )
    return summed.with_columns(_named(summed[name], log.activity).alias(name) for name in keys)


def per_activity(waiting: Waiting) -> pl.DataFrame:
    """Waiting by activity: columns activity, events, cases, total and the causes (µs)."""
    return _per_code(waiting, waiting.log.activity, "activity")


def per_team(waiting: Waiting) -> pl.DataFrame:
    """Waiting by the team of the event that waited; empty when the log has no teams."""
    team = waiting.log.team
    if team is None:
        return _per_code(waiting, waiting.log.activity, "team").clear()
    return _per_code(waiting, team, "team")


def per_hour(waiting: Waiting, *, zone: str) -> pl.DataFrame:
    """Waiting by the local weekday (Monday 0) and hour at which it began."""
    rows = np.flatnonzero(waiting.total > 0)
    at = pl.Series("at", waiting.enabling.at[rows]).cast(pl.Datetime("us", "UTC"))
    local = at.dt.convert_time_zone(zone)
    frame = pl.DataFrame(
        {
            "weekday": local.dt.weekday().cast(pl.Int64) - 1,
            "hour": local.dt.hour().cast(pl.Int64),
            "case": waiting.log.case.codes[rows],
            **_measures(waiting, rows),
        }
    )
    return _summed(frame, ["weekday", "hour"]).sort("weekday", "hour")


def starts_known(log: EventLog) -> float:
    """The share of events whose start the log tells (0..1)."""
    if log.start is None or not log.events:
        return 0.0
    return float((log.start != NO_TIME).mean())


_HANDOVER_KEYS = ("source_activity", "target_activity", "source_resource", "target_resource")
_CAUSES = tuple(cause.value for cause in CAUSES)


def _per_code(waiting: Waiting, coded: Coded, name: str) -> pl.DataFrame:
    rows = np.arange(waiting.log.events)
    frame = pl.DataFrame(
        {name: coded.codes, "case": waiting.log.case.codes, **_measures(waiting, rows)}
    )
    table = _summed(frame, [name])
    return table.with_columns(_named(table[name], coded).alias(name))


def _measures(waiting: Waiting, rows: np.ndarray) -> dict[str, np.ndarray]:
    parts = waiting.parts[rows]
    return {
        "total": waiting.total[rows],
        **{cause: parts[:, column] for column, cause in enumerate(_CAUSES)},
    }


def _summed(frame: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    return (
        frame.group_by(keys)
        .agg(
            pl.len().cast(pl.Int64).alias("events"),
            pl.col("case").n_unique().cast(pl.Int64).alias("cases"),
            pl.col("total", *_CAUSES).sum(),
        )
        .sort(["total", "events", *keys], descending=[True, True, *[False] * len(keys)])
    )


def _named(codes: pl.Series, coded: Coded | None) -> pl.Series:
    assert coded is not None
    return decoded(Coded(codes=codes.to_numpy(), names=coded.names))


def _efficiency(processing: int, waiting: int) -> float:
    return processing / (processing + waiting) if processing + waiting else 1.0
