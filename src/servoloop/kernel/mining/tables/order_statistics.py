"""The k-th smallest value of a group, exactly, without one machine sorting everything.

The engines interpolate quantiles each in its own way; the two values that a quantile lies between
are the same everywhere, and are interpolated here as the local engine does it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis
import numpy as np
from ibis.expr.types import Table

BUCKETS = 4096
"""A column without groups is cut into so many ranges, which are sorted apart from each other."""

Place = tuple[object, int]
"""A group and a position within it, from 0."""


def order_statistics(
    rows: Table, *, group: str, value: str, wanted: Iterable[Place]
) -> dict[Place, int]:
    """The values at the wanted positions among the rows of each group, by value ascending."""
    places = sorted(set(wanted), key=str)
    if not places:
        return {}
    sought = ibis.memtable(
        {"of": [place[0] for place in places], "at": [place[1] for place in places]},
        schema={"of": rows[group].type(), "at": "int64"},
    )
    ranked = rows.select(of=rows[group], value=rows[value]).mutate(
        at=ibis.row_number().over(group_by="of", order_by="value")
    )
    found = ranked.join(sought, ["of", "at"]).select("of", "at", "value").to_pyarrow().to_pylist()
    return {(row["of"], row["at"]): int(row["value"]) for row in found}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sorted:
    """Whole numbers >= 0 of a column, addressed by their rank; made by `sort_by_range`."""

    rows: Table  # columns value and range
    ranges: tuple[int, ...]  # that hold values, ascending
    ends: tuple[int, ...]  # rank after the last value of each range

    @property
    def n(self) -> int:
        """How many values there are."""
        return self.ends[-1] if self.ends else 0

    def at(self, ranks: Iterable[int]) -> dict[int, int]:
        """The values of these ranks, each 0..n-1."""
        places = {}
        for rank in set(ranks):
            index = int(np.searchsorted(self.ends, rank, side="right"))
            first = self.ends[index - 1] if index else 0
            places[rank] = (self.ranges[index], rank - first)
        used = sorted({place[0] for place in places.values()})
        near = self.rows.filter(self.rows.range.isin(used)) if used else self.rows.limit(0)
        values = order_statistics(near, group="range", value="value", wanted=places.values())
        return {rank: values[place] for rank, place in places.items()}

    def quantiles(self, shares: Iterable[float]) -> dict[float, float]:
        """The quantiles as `numpy.quantile` interpolates them; 0 of no values."""
        if not self.n:
            return dict.fromkeys(shares, 0.0)
        positions = {share: share * (self.n - 1) for share in shares}
        ranks = {
            share: (int(np.floor(at)), min(int(np.floor(at)) + 1, self.n - 1))
            for share, at in positions.items()
        }
        values = self.at(rank for pair in ranks.values() for rank in pair)
        return {
            share: float(
                np.quantile(
                    np.array([values[low], values[high]]),
                    positions[share] - np.floor(positions[share]),
                )
            )
            for share, (low, high) in ranks.items()
        }

    def median(self) -> float:
        """As `numpy.median`; 0 of no values."""
        if not self.n:
            return 0.0
        low, high = (self.n - 1) // 2, self.n // 2
        values = self.at((low, high))
        return float(np.median(np.array([values[low], values[high]])))


def sort_by_range(column: Table, *, largest: int) -> Sorted:
    """Prepare a table with the one column `value` (0..largest)."""
    width = largest // BUCKETS + 1
    rows = column.mutate(range=(column.value // width).cast("int64"))
    counted = rows.group_by("range").agg(n=rows.count()).to_pyarrow().to_pylist()
    counted.sort(key=lambda row: row["range"])
    return Sorted(
        rows=rows,
        ranges=tuple(row["range"] for row in counted),
        ends=tuple(np.cumsum([row["n"] for row in counted]).tolist()),
    )


def interpolated(values: Mapping[Place, int], *, of: object, n: int, q: float) -> float:
    """The q-quantile of the n values of a group, interpolated as a sweep does it."""
    position = (n - 1) * q
    low, high = positions(n, q)
    below, above = values[of, low], values[of, high]
    return below + (above - below) * (position - low)


def positions(n: int, q: float) -> tuple[int, int]:
    """The ranks between which the q-quantile of n values lies."""
    low = int(np.floor((n - 1) * q))
    return low, min(low + 1, n - 1)
