"""Variants, cycle times, rework, reopenings and arrivals, counted by the engine."""

from collections.abc import Sequence
from datetime import timedelta

import ibis
import numpy as np
from ibis.expr.types import Table

from servoloop.kernel.mining.arrivals import Arrivals, arrivals_of
from servoloop.kernel.mining.durations import (
    HISTOGRAM_REACH,
    QUANTILES,
    Bar,
    CycleTimes,
    bars_of,
    bin_width,
)
from servoloop.kernel.mining.process_map import MapNode
from servoloop.kernel.mining.reopenings import USUALLY_LAST, WORTH_CLOSING, Reopenings
from servoloop.kernel.mining.rework import Rework
from servoloop.kernel.mining.tables.edges import WIDE
from servoloop.kernel.mining.tables.order_statistics import (
    Place,
    Sorted,
    order_statistics,
    sort_by_range,
)
from servoloop.kernel.mining.tables.steps import BETWEEN
from servoloop.kernel.mining.variants import Variant

QUARTER = 15 * 60 * 1_000_000
"""Microseconds; every zone of today is a whole number of quarters of an hour from UTC."""


def variant_count(cases: Table) -> int:
    """How many different paths there are."""
    return int(cases.path.nunique().to_pyarrow().as_py())


def variants_of(
    cases: Table, *, activities: tuple[str, ...], total: int, top: int
) -> tuple[Variant, ...]:
    """The most frequent variants by cases descending, then by first case; `total` cases in all."""
    grouped = cases.group_by("path").agg(
        n=cases.count(), first=cases["first"].min(), example=cases.case.argmin(cases["first"])
    )
    rows = grouped.order_by(grouped.n.desc(), grouped["first"]).limit(top).to_pyarrow().to_pylist()
    values = order_statistics(
        cases, group="path", value="duration", wanted=[at for row in rows for at in _middle(row)]
    )
    coverage = np.cumsum([row["n"] for row in rows]) / max(1, total)
    return tuple(
        Variant(
            activities=tuple(activities[int(code)] for code in row["path"].split(BETWEEN)),
            cases=row["n"],
            share=row["n"] / total,
            coverage=float(covered),
            median_duration=timedelta(microseconds=sum(values[at] for at in _middle(row)) / 2),
            example_case=row["example"],
        )
        for row, covered in zip(rows, coverage, strict=True)
    )


def _middle(row: dict[str, object]) -> tuple[Place, Place]:
    n = row["n"]
    assert isinstance(n, int)
    return (row["path"], (n - 1) // 2), (row["path"], n // 2)


def cycle_times_of(cases: Table) -> CycleTimes:
    """The durations of at least one case."""
    whole = cases.agg(
        n=cases.count(),
        shortest=cases.duration.min(),
        longest=cases.duration.max(),
        total=cases.duration.cast(WIDE).sum(),
    )
    (row,) = whole.to_pyarrow().to_pylist()
    ranked = sort_by_range(cases.select(value=cases.duration), largest=row["longest"])
    found = ranked.quantiles((*QUANTILES, HISTOGRAM_REACH))
    return CycleTimes(
        n=row["n"],
        shortest=_delta(row["shortest"]),
        longest=_delta(row["longest"]),
        mean=_delta(int(row["total"]) / row["n"]),
        quantiles=tuple((q, _delta(found[q])) for q in QUANTILES),
        bars=_bars(cases, found[HISTOGRAM_REACH]),
    )


def _bars(cases: Table, reach: float) -> tuple[Bar, ...]:
    width, bins = bin_width(reach)
    binned = cases.select(bin=ibis.least(cases.duration // width, bins).cast("int64"))
    rows = binned.group_by("bin").agg(n=binned.count()).to_pyarrow().to_pylist()
    counts = np.zeros(bins + 1, dtype=np.int64)
    for row in rows:
        counts[row["bin"]] = row["n"]
    return bars_of(counts, width=width, bins=bins)


def rework_of(cases: Table, nodes: Sequence[MapNode], *, total: int) -> Rework:
    """As `rework`; the repeats of the activities are in the nodes of the map."""
    repeated = sum(node.repeats for node in nodes)
    events = sum(node.events for node in nodes)
    again = _durations(cases.filter(cases.repeats))
    once = _durations(cases.filter(~cases.repeats))
    return Rework(
        cases=again.n,
        share=again.n / max(1, total),
        repeated_events=repeated,
        repeated_share=repeated / max(1, events),
        median_with=_delta(again.median()),
        median_without=_delta(once.median()),
    )


def _durations(cases: Table) -> Sorted:
    longest = cases.duration.max().to_pyarrow().as_py()
    return sort_by_range(cases.select(value=cases.duration), largest=longest or 0)


def reopenings_of(
    steps: Table, cases: Table, nodes: Sequence[MapNode], *, activities: tuple[str, ...], total: int
) -> Reopenings:
    """As `reopenings`, with the closing activities found."""
    closing = _closing(steps, nodes, activities, total)
    is_closing = steps.code.isin(closing) if closing else ibis.literal(value=False)
    closed = int(steps.filter(is_closing).case.nunique().to_pyarrow().as_py())
    after_closing = steps.before.isin(closing) if closing else ibis.literal(value=False)
    going_on = steps.filter((steps["at"] > 0) & after_closing & ~is_closing)
    first = going_on.group_by("case").agg(closed_at=going_on.ts_before.argmin(going_on["at"]))
    ended = first.join(cases.select("case", "end"), "case")
    spent = ended.select(value=ended.end - ended.closed_at)
    longest = spent.value.max().to_pyarrow().as_py()
    reopened = sort_by_range(spent, largest=longest or 0)
    return Reopenings(
        closing=tuple(activities[code] for code in closing),
        closed=closed,
        cases=reopened.n,
        share=reopened.n / max(1, closed),
        median_after=_delta(reopened.median()),
    )


def _closing(
    steps: Table, nodes: Sequence[MapNode], activities: tuple[str, ...], total: int
) -> list[int]:
    """Codes of the activities after whose first run the case is usually over, by cases ended."""
    begins_run = (steps.code != steps.before) | (steps["at"] == 0)
    runs = steps.filter(begins_run)
    runs = runs.group_by("case", "code").agg(runs=runs.count())
    ends = steps.filter(steps["at"] == steps["size"] - 1).select("case", "code")
    last = ends.join(runs, ["case", "code"])
    once = last.filter(last.runs == 1)
    counted = once.group_by("code").agg(cases=once.count()).to_pyarrow().to_pylist()
    having = {node.activity: node.cases for node in nodes}
    found = [
        (-row["cases"], row["code"])
        for row in counted
        if row["cases"] / max(1, having[activities[row["code"]]]) >= USUALLY_LAST
        and row["cases"] >= WORTH_CLOSING * total
    ]
    return [code for _, code in sorted(found)]


def arrivals_by_quarter(cases: Table, *, zone: str) -> Arrivals:
    """As `arrivals`: cases by the quarter of an hour in which their first event began."""
    placed = cases.select(quarter=(cases.arrived // QUARTER).cast("int64"))
    rows = placed.group_by("quarter").agg(n=placed.count()).to_pyarrow().to_pylist()
    rows.sort(key=lambda row: row["quarter"])
    return arrivals_of(
        np.array([row["quarter"] * QUARTER for row in rows], dtype=np.int64),
        cases=np.array([row["n"] for row in rows], dtype=np.int64),
        zone=zone,
    )


def _delta(micros: float) -> timedelta:
    return timedelta(microseconds=float(micros))
