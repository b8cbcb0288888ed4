"""An event log as a table of some engine, with the columns that every question here reads.

Ibis expressions are built and asked here; the engine (Spark, DuckDB) holds the rows. Of each
question only what a page could show comes back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.datatypes as dt
from ibis.expr.types import Column, Table

from servoloop.kernel.errors import ServoloopError

OUTSIDE = -1
"""The code of the start of a case as a source and of its end as a target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRoles:
    """Which column of the table plays which role; `sequence` orders events of equal times."""

    case: str
    activity: str
    timestamp: str
    sequence: str
    start: str | None = None
    resource: str | None = None
    team: str | None = None

    @property
    def group(self) -> str | None:
        """Who passes work on: the team where the log knows it, else the resource."""
        return self.team or self.resource


class UnusableColumn(ServoloopError):
    """A column whose type cannot play its role."""

    def __init__(self, column: str, *, dtype: str) -> None:
        self.column = column
        super().__init__(
            f"Column '{column}' is of type {dtype}; times must be timestamps, or whole numbers of "
            "microseconds since 1970. 'servoloop convert' writes logs of any kind that way."
        )


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]  # Ibis ships no types
def unix_micros(moment: dt.Timestamp("UTC")) -> int:  # type: ignore[valid-type, empty-body]  # Ibis' way to name a function of the engine
    """Spark's; the Ibis cast to a number has seconds on one engine and microseconds on another."""


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]  # as above
def epoch_us(moment: dt.Timestamp("UTC")) -> int:  # type: ignore[valid-type, empty-body]  # as above
    """DuckDB's."""


MICROS: Mapping[str, Any] = {"pyspark": unix_micros, "duckdb": epoch_us}
"""How an engine turns a moment into microseconds, by Ibis' name for it."""


def canonical(table: Table, roles: TableRoles, *, engine: str) -> Table:
    """The rows that have a case, an activity and a time: case, activity, ts, began, seq, group.

    `ts` and `began` are int64 microseconds since 1970-01-01 UTC (`began` is the start where the
    row has one), `group` is the team or resource (null where missing or the log knows neither).
    Raises UnusableColumn.
    """
    ts = _micros(table, roles.timestamp, engine)
    began = ts if roles.start is None else ibis.coalesce(_micros(table, roles.start, engine), ts)
    group = ibis.null("string") if roles.group is None else table[roles.group].cast("string")
    return table.select(
        case=table[roles.case].cast("string"),
        activity=table[roles.activity].cast("string"),
        ts=ts,
        began=began,
        seq=table[roles.sequence].cast("int64"),
        group=group,
    ).filter(lambda row: row.case.notnull() & row.activity.notnull() & row.ts.notnull())


def _micros(table: Table, column: str, engine: str) -> Column:
    value = table[column]
    dtype = value.type()
    if dtype.is_integer():
        return value.cast("int64")
    if not dtype.is_timestamp():
        raise UnusableColumn(column, dtype=str(dtype))
    return MICROS[engine](value)
