"""The edges and nodes of the process map, counted by the engine."""

from collections.abc import Sequence

import ibis
import numpy as np
from ibis.expr.types import Table

from servoloop.kernel.mining.process_map import (
    HONEST_SHARES,
    HonestyFigure,
    ProcessMap,
    edges_of,
    honest_figure,
    nodes_of,
)
from servoloop.kernel.mining.swept import MapCounts
from servoloop.kernel.mining.tables.canonical import OUTSIDE
from servoloop.kernel.mining.tables.order_statistics import (
    Place,
    interpolated,
    order_statistics,
    positions,
)

WAITS = (0.5, 0.9)
WIDE = "decimal(38, 0)"
"""Sums of microseconds over billions of events do not fit 64 bits."""


def map_of(steps: Table, *, activities: tuple[str, ...]) -> ProcessMap:
    """The process map of the ordered events (`steps_of`), as the local engine draws it."""
    taken = _taken(steps, len(activities))
    rows = _counted(taken)
    edges = [row["edge"] for row in rows]
    waits = _waits(taken, rows)
    counts = MapCounts(
        **_of_activities(steps, rows, len(activities)),
        edge_source=_column([edge // (len(activities) + 1) for edge in edges]),
        edge_target=_column([edge % (len(activities) + 1) for edge in edges]),
        edge_transitions=_column([row["transitions"] for row in rows]),
        edge_cases=_column([row["cases"] for row in rows]),
        edge_wait_sum=np.array([int(row["wait_sum"]) for row in rows], dtype=np.object_),
        edge_wait_median=waits[0],
        edge_wait_p90=waits[1],
    )
    return ProcessMap(
        nodes=nodes_of(activities, counts),
        edges=edges_of(activities, counts),
        honesty=_honesty(taken, edges, counts),
    )


def _taken(steps: Table, activities: int) -> Table:
    """One row a step, with the starts and ends of the cases: case, edge and wait.

    An edge is one number, source * (activities + 1) + target, where `activities` is the outside.
    """

    def edge(source: ibis.Value, target: ibis.Value) -> ibis.Value:
        return (source * (activities + 1) + target).cast("int64")

    before = (steps.before == OUTSIDE).ifelse(activities, steps.before)
    steps_taken = steps.select("case", edge=edge(before, steps.code), wait=steps.wait.cast("int64"))
    last = steps.filter(steps["at"] == steps["size"] - 1)
    ends = last.select(
        "case",
        edge=edge(last.code, ibis.literal(activities, "int64")),
        wait=ibis.literal(0, "int64"),
    )
    return steps_taken.union(ends)


def _counted(taken: Table) -> list[dict[str, int]]:
    """Edges by transitions descending, then source, then target."""
    counted = taken.group_by("edge").agg(
        transitions=taken.count(),
        cases=taken.case.nunique(),
        wait_sum=taken.wait.cast(WIDE).sum(),
    )
    rows: list[dict[str, int]] = counted.to_pyarrow().to_pylist()
    return sorted(rows, key=lambda row: (-row["transitions"], row["edge"]))


def _waits(taken: Table, rows: Sequence[dict[str, int]]) -> list[np.ndarray]:
    wanted: list[Place] = [
        (row["edge"], at) for row in rows for q in WAITS for at in positions(row["transitions"], q)
    ]
    values = order_statistics(taken, group="edge", value="wait", wanted=wanted)
    return [
        np.array([interpolated(values, of=row["edge"], n=row["transitions"], q=q) for row in rows])
        for q in WAITS
    ]


def _of_activities(
    steps: Table, rows: Sequence[dict[str, int]], activities: int
) -> dict[str, np.ndarray]:
    once = steps.group_by("case", "code").agg(n=steps.count())
    counted = once.group_by("code").agg(
        events=once.n.sum(), cases=once.count(), again=(once.n > 1).cast("int64").sum()
    )
    found = {row["code"]: row for row in counted.to_pyarrow().to_pylist()}
    by_edge = {row["edge"]: row["transitions"] for row in rows}
    width = activities + 1
    codes = range(activities)
    return {
        "activity_events": _column([found[code]["events"] for code in codes]),
        "activity_cases": _column([found[code]["cases"] for code in codes]),
        "starts": _column([by_edge.get(activities * width + code, 0) for code in codes]),
        "ends": _column([by_edge.get(code * width + activities, 0) for code in codes]),
        "activity_repeats": _column(
            [found[code]["events"] - found[code]["cases"] for code in codes]
        ),
        "activity_repeat_cases": _column([found[code]["again"] for code in codes]),
        "activity_self_loops": _column([by_edge.get(code * width + code, 0) for code in codes]),
    }


def _honesty(taken: Table, edges: Sequence[int], counts: MapCounts) -> tuple[HonestyFigure, ...]:
    """How many cases lie wholly on the map of the most frequent edges: by their rarest edge."""
    ranks = ibis.memtable(
        {"edge": list(edges), "rank": list(range(len(edges)))},
        schema={"edge": "int64", "rank": "int64"},
    )
    ranked = taken.join(ranks, "edge")
    rarest = ranked.group_by("case").agg(rarest=ranked.rank.max())
    counted = rarest.group_by("rarest").agg(cases=rarest.count()).to_pyarrow().to_pylist()
    cases = np.zeros(len(edges), dtype=np.int64)
    for row in counted:
        cases[row["rarest"]] = row["cases"]
    return tuple(
        honest_figure(share, transitions=counts.edge_transitions, cases_by_rarest=cases)
        for share in HONEST_SHARES
    )


def _column(values: Sequence[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)
