"""Every event with the one before it, coded; and every case in one row."""

from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from servoloop.kernel.mining.tables.canonical import OUTSIDE

BETWEEN = "."
"""Between the codes of a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The texts of a column in the order of their first occurrence; the place is the code."""

    names: tuple[str, ...]
    coded: Table  # columns name and code, asked of the engine anew where it is joined


def names_of(events: Table, column: str) -> Names:
    """The distinct texts of a column, without null."""
    known = events.filter(events[column].notnull())
    firsts = known.group_by(name=known[column]).agg(first=known.seq.min())
    coded = firsts.select("name", code=ibis.row_number().over(order_by="first"))
    rows = coded.to_pyarrow().to_pylist()
    rows.sort(key=lambda row: row["code"])
    return Names(names=tuple(row["name"] for row in rows), coded=coded)


def steps_of(events: Table, *, activities: Names, groups: Names) -> Table:
    """The events with what comes before them in their case.

    `code` and `group_code` (`OUTSIDE` where the group is missing); `at` is the place in the case
    from 0, `size` the events of the case; `before` is the code of the event before (`OUTSIDE` for
    the first), `group_before` its group, `wait` the microseconds since it, never below 0.
    """
    of_activity = activities.coded.rename(activity="name")
    of_group = groups.coded.rename(group="name", group_code="code")
    coded = events.join(of_activity, "activity").left_join(of_group, "group")
    coded = coded.select(
        "case", "ts", "began", "seq", "code", group_code=_or_outside(coded.group_code)
    )
    ordered = ibis.window(group_by="case", order_by=["ts", "seq"])
    placed = coded.mutate(
        at=ibis.row_number().over(ordered),
        size=coded.seq.count().over(group_by="case"),
        code_before=coded.code.lag(1).over(ordered),
        ts_before=coded.ts.lag(1).over(ordered),
        lagged_group=coded.group_code.lag(1).over(ordered),
    )
    # Asked of the place, not of a missing lag: not every engine has null before the first row.
    first = placed["at"] == 0
    waited = placed.began - placed.ts_before
    return placed.select(
        "case", "ts", "began", "seq", "code", "group_code", "at", "size", "ts_before",
        before=first.ifelse(OUTSIDE, placed.code_before),
        group_before=first.ifelse(OUTSIDE, placed.lagged_group),
        wait=(first | (waited < 0)).ifelse(0, waited),
    )  # fmt: skip


def cases_of(steps: Table) -> Table:
    """One row a case: its path, first row of the file, times, and whether it repeats an activity.

    `path` holds the codes of its activities in their order; `arrived` is when its first event
    began; `duration` runs from the earliest beginning to the last event.
    """
    paths = steps.group_by("case").agg(
        first=steps.seq.min(),
        events=steps.seq.count(),
        arrived=steps.began.min(where=steps["at"] == 0),
        begin=steps.began.min(),
        end=steps.ts.max(),
        activities=steps.code.nunique(),
        path=_path(steps),
    )
    return paths.select(
        "case", "first", "path", "arrived", "end",
        duration=paths.end - paths.begin,
        repeats=paths.activities < paths.events,
    )  # fmt: skip


def _path(steps: Table) -> ibis.expr.types.StringColumn:
    rows = ibis.struct({"at": steps["at"], "code": steps.code}).collect().sort()
    return rows.map(lambda row: row["code"].cast("string")).join(BETWEEN)


def _or_outside(code: ibis.expr.types.IntegerColumn) -> ibis.expr.types.IntegerColumn:
    return ibis.coalesce(code, OUTSIDE)
