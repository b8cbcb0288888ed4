"""Handovers in a few numbers, counted by the engine."""

from typing import Literal

import ibis
from ibis.expr.types import Table

from servoloop.kernel.mining.handover_summary import PAIRS_NAMED, Handover, HandoverSummary
from servoloop.kernel.mining.tables.canonical import OUTSIDE


def handovers_of(
    steps: Table, *, by: Literal["team", "resource"], groups: tuple[str, ...], total: int
) -> HandoverSummary:
    """As `handover_summary`; `total` cases in all."""
    passed = steps.filter((steps.group_code != OUTSIDE) & (steps.group_before != OUTSIDE))
    pairs = passed.group_by(source=passed.group_before, target=passed.group_code)
    rows = pairs.agg(n=ibis._.count()).to_pyarrow().to_pylist()
    rows.sort(key=lambda row: (-row["n"], row["source"], row["target"]))
    changes = [row for row in rows if row["source"] != row["target"]]
    all_steps, handed_over = sum(row["n"] for row in rows), sum(row["n"] for row in changes)
    back_cases, backs = _ping_pongs(steps)
    known = steps.filter(steps.group_code != OUTSIDE)
    touched = known.group_by("case").agg(groups=known.group_code.nunique())
    (mean,) = (
        touched.agg(cases=touched.count(), groups=touched.groups.sum()).to_pyarrow().to_pylist()
    )
    return HandoverSummary(
        by=by,
        groups=len(groups),
        steps=all_steps,
        handed_over=handed_over,
        handed_over_share=handed_over / max(1, all_steps),
        ping_pong_cases=back_cases,
        ping_pong_share=back_cases / max(1, total),
        ping_pongs=backs,
        mean_groups=mean["groups"] / mean["cases"] if mean["cases"] else 0.0,
        pairs=tuple(
            Handover(
                source=groups[row["source"]], target=groups[row["target"]], transitions=row["n"]
            )
            for row in changes[:PAIRS_NAMED]
        )
        if by == "team"
        else (),
    )


def _ping_pongs(steps: Table) -> tuple[int, int]:
    """Cases with a return and all returns: stays of one group are one, A, B, A is one return."""
    known = steps.filter(steps.group_code != OUTSIDE).select("case", "at", "group_code")
    ordered = ibis.window(group_by="case", order_by="at")
    numbered = known.mutate(
        n=ibis.row_number().over(ordered), lagged=known.group_code.lag(1).over(ordered)
    )
    stays = numbered.filter((numbered.n == 0) | (numbered.group_code != numbered.lagged))
    stays = stays.select("case", "at", "group_code")
    numbered = stays.mutate(
        n=ibis.row_number().over(ordered), lagged=stays.group_code.lag(2).over(ordered)
    )
    returns = numbered.filter((numbered.n >= 2) & (numbered.group_code == numbered.lagged))
    (row,) = returns.agg(cases=returns.case.nunique(), n=returns.count()).to_pyarrow().to_pylist()
    return row["cases"], row["n"]
