"""When cases arrive: by weekday and hour of a zone, and by day."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.swept import begins


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """First events of cases: `by_hour[weekday][hour]` (Monday 0), and per calendar month."""

    zone: str
    by_hour: tuple[tuple[int, ...], ...]  # 7 x 24
    by_month: tuple[tuple[date, int], ...]  # first day of the month, cases; no month left out


def arrivals(log: EventLog, *, zone: str) -> Arrivals:
    """Count the first event of every case by local weekday, hour and month."""
    first = pl.Series("at", begins(log)[log.offsets[:-1]]).cast(pl.Datetime("us", "UTC"))
    local = first.dt.convert_time_zone(zone)
    slots = (local.dt.weekday().to_numpy().astype(np.int64) - 1) * 24 + local.dt.hour().to_numpy()
    hours = np.bincount(slots, minlength=7 * 24).reshape(7, 24)
    return Arrivals(
        zone=zone,
        by_hour=tuple(tuple(int(count) for count in day) for day in hours),
        by_month=_by_month(local),
    )


def _by_month(local: pl.Series) -> tuple[tuple[date, int], ...]:
    months = local.dt.date().dt.truncate("1mo").alias("month")
    if months.is_empty():
        return ()
    every = pl.Series("month", pl.date_range(months.min(), months.max(), "1mo", eager=True))  # type: ignore[arg-type]  # dates, as the line above made them
    counted = months.value_counts(name="cases")
    table = every.to_frame().join(counted, on="month", how="left").fill_null(0).sort("month")
    return tuple(table.iter_rows())
