"""When cases arrive: by weekday and hour of a zone, and by day."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from servoloop.kernel.mining.event_log import EventLog, Micros
from servoloop.kernel.mining.swept import Counts, begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """First events of cases: `by_hour[weekday][hour]` (Monday 0), and per calendar month."""

    zone: str
    by_hour: tuple[tuple[int, ...], ...]  # 7 x 24
    by_month: tuple[tuple[date, int], ...]  # first day of the month, cases; no month left out


def arrivals(log: EventLog, *, zone: str) -> Arrivals:
    """Count the first event of every case by local weekday, hour and month."""
    first = begins(log)[log.offsets[:-1]]
    return arrivals_of(first, cases=np.ones(len(first), dtype=np.int64), zone=zone)


def arrivals_of(moments: Micros, *, cases: Counts, zone: str) -> Arrivals:
    """Count `cases[i]` arrivals at `moments[i]` by local weekday, hour and month."""
    local = pl.Series("at", moments).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    slots = (local.dt.weekday().to_numpy().astype(np.int64) - 1) * 24 + local.dt.hour().to_numpy()
    hours = np.zeros(7 * 24, dtype=np.int64)
    np.add.at(hours, slots, cases)
    return Arrivals(
        zone=zone,
        by_hour=tuple(tuple(day) for day in hours.reshape(7, 24).tolist()),
        by_month=_by_month(local, cases),
    )


def _by_month(local: pl.Series, cases: Counts) -> tuple[tuple[date, int], ...]:
    months = local.dt.date().dt.truncate("1mo").alias("month")
    if months.is_empty():
        return ()
    every = pl.Series("month", pl.date_range(months.min(), months.max(), "1mo", eager=True))  # type: ignore[arg-type]  # dates, as the line above made them
    counted = pl.DataFrame({"month": months, "cases": cases}).group_by("month").sum()
    table = every.to_frame().join(counted, on="month", how="left").fill_null(0).sort("month")
    return tuple(table.iter_rows())
