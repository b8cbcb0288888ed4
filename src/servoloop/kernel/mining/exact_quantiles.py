"""Exact quantiles of more numbers than fit into memory, by looking at them twice.

The first look counts how many numbers of each group fall into which bin, the second keeps only
those in the bins that hold a wanted order statistic. Bins are 1/64 of an octave wide, so that is
one in some hundred; equal numbers are kept once with how often they occur.
"""

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.swept import Counts

QUANTILES = (0.5, 0.9)
SHIFT = 46
"""Bits of a float64 dropped to get its bin: 52 of the mantissa less the 6 that part an octave."""
FIRST_BIN = (1023 << 6) - 1  # of the number 1, so that 0 has a bin to itself
BINS = 64 * 53 + 1
"""Enough for integers below 2^53, which a float64 holds exactly."""

Floats = npt.NDArray[np.float64]


class ExactQuantiles:
    """Medians and p90 of groups of integers from 0 below 2^53, interpolated linearly.

    Groups are numbered from 0 and may appear at any time; a group takes 27 kB. Every number has to
    be shown twice: first to `count`, and after the last of them again to `keep`.
    """

    def __init__(self) -> None:
        self._counts = np.zeros((64, BINS), dtype=np.int64)
        self._wanted: npt.NDArray[np.bool_] | None = None
        self._kept: list[tuple[Counts, Counts, Counts]] = []

    def count(self, group: Counts, values: Counts) -> None:
        """The first look: `values[i]` belongs to `group[i]`."""
        if not len(values):
            return
        self._make_room(int(group.max()) + 1)
        np.add.at(self._counts.reshape(-1), group * BINS + _bins(values), 1)

    def keep(self, group: Counts, values: Counts) -> None:
        """The second look, at the same numbers in any order."""
        if self._wanted is None:
            self._wanted = self._bins_wanted()
        chosen = self._wanted[group, _bins(values)]
        self._kept.append(_tallied(group[chosen], values[chosen], np.ones(chosen.sum(), np.int64)))
        if len(self._kept) > 8:
            self._kept = [_joined(self._kept)]

    def found(self, groups: int) -> tuple[Floats, Floats]:
        """Median and p90 of groups 0 to `groups`; 0 for a group without numbers."""
        self._make_room(groups)
        kept_group, kept_value, kept_count = _joined(self._kept)
        answers = np.zeros((len(QUANTILES), groups), dtype=np.float64)
        borders = np.searchsorted(kept_group, np.arange(groups + 1))
        for group in range(groups):
            here = slice(borders[group], borders[group + 1])
            for which, q in enumerate(QUANTILES):
                answers[which, group] = self._quantile(
                    self._counts[group], kept_value[here], kept_count[here], q
                )
        return answers[0], answers[1]

    def _make_room(self, groups: int) -> None:
        if groups > len(self._counts):
            larger = np.zeros((2 * groups, BINS), dtype=np.int64)
            larger[: len(self._counts)] = self._counts
            self._counts = larger

    def _bins_wanted(self) -> npt.NDArray[np.bool_]:
        wanted = np.zeros(self._counts.shape, dtype=np.bool_)
        for group in np.flatnonzero(self._counts.any(axis=1)):
            held = np.cumsum(self._counts[group])
            for q in QUANTILES:
                wanted[group, np.searchsorted(held, _ranks(int(held[-1]), q), side="right")] = True
        wanted[:, 0] = False  # all of that bin are 0
        return wanted

    def _quantile(self, counts: Counts, values: Counts, times: Counts, q: float) -> float:
        total = int(counts.sum())
        if not total:
            return 0.0
        held = np.cumsum(counts)
        low, high = _ranks(total, q)
        below, above = (self._at(rank, held, values, times) for rank in (low, high))
        return below + (above - below) * ((total - 1) * q - low)

    def _at(self, rank: int, held: Counts, values: Counts, times: Counts) -> int:
        """The number at a rank (from 0) of one group, whose kept numbers ascend."""
        place = int(np.searchsorted(held, rank, side="right"))
        if place == 0:
            return 0
        first = int(np.searchsorted(_bins(values), place))
        within = rank - int(held[place - 1])
        return int(values[first + np.searchsorted(np.cumsum(times[first:]), within, side="right")])


def _ranks(total: int, q: float) -> tuple[int, int]:
    """The ranks (from 0) between which the quantile lies; equal where it lies on one."""
    position = (total - 1) * q
    return int(position), min(int(position) + (position != int(position)), total - 1)


def _bins(values: Counts) -> Counts:
    """Ascending with the value: the exponent of a float64 and the first bits of its mantissa."""
    bits = values.astype(np.float64).view(np.int64) >> SHIFT
    bins: Counts = np.maximum(bits - FIRST_BIN, 0)
    return bins


def _tallied(group: Counts, values: Counts, times: Counts) -> tuple[Counts, Counts, Counts]:
    """By (group, value), each once with its count."""
    order = np.lexsort((values, group))
    group, values = group[order], values[order]
    begins = np.ones(len(group), dtype=np.bool_)
    begins[1:] = (group[1:] != group[:-1]) | (values[1:] != values[:-1])
    first = np.flatnonzero(begins)
    counts = np.add.reduceat(times[order], first) if len(first) else times
    return group[first], values[first], counts


def _joined(kept: list[tuple[Counts, Counts, Counts]]) -> tuple[Counts, Counts, Counts]:
    if not kept:
        nothing = np.zeros(0, dtype=np.int64)
        return nothing, nothing, nothing
    group, values, times = (np.concatenate(columns) for columns in zip(*kept, strict=True))
    return _tallied(group, values, times)
