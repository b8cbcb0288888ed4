"""Cycle times of cases: quantiles and a histogram with readable bins."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import Micros

QUANTILES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
BINS = 32
"""About how many bars a histogram has."""
HISTOGRAM_REACH = 0.98
"""The quantile up to which bars are equally wide."""
SECOND, MINUTE, HOUR, DAY = 1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000
WIDTHS = tuple(
    unit * step
    for unit, steps in (
        (SECOND, (1, 2, 5, 10, 20, 30)),
        (MINUTE, (1, 2, 5, 10, 20, 30)),
        (HOUR, (1, 2, 4, 6, 12)),
        (DAY, (1, 2, 5, 7, 14, 30, 60, 90, 180, 365)),
    )
    for step in steps
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """Cases whose cycle time lies in [`begin`, `end`); `end` None is open."""

    begin: timedelta
    end: timedelta | None
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleTimes:
    """Time from the first to the last event of n cases; quantiles interpolate linearly."""

    n: int
    shortest: timedelta
    longest: timedelta
    mean: timedelta
    quantiles: tuple[tuple[float, timedelta], ...]
    bars: tuple[Bar, ...]

    def quantile(self, q: float) -> timedelta:
        """One of the `QUANTILES`."""
        return dict(self.quantiles)[q]

    @property
    def median(self) -> timedelta:
        """Half of the cases take longer."""
        return self.quantile(0.5)


def cycle_times(durations: Micros) -> CycleTimes:
    """Summarise the durations (microseconds) of at least one case."""
    found = np.quantile(durations, QUANTILES)
    return CycleTimes(
        n=len(durations),
        shortest=_delta(durations.min()),
        longest=_delta(durations.max()),
        mean=_delta(_exact_sum(durations) / len(durations)),
        quantiles=tuple((q, _delta(value)) for q, value in zip(QUANTILES, found, strict=True)),
        bars=_bars(durations),
    )


def _exact_sum(durations: Micros) -> int:
    """In two halves: millions of long cases do not fit 64 bits, and floats would round."""
    return (int((durations >> 32).sum()) << 32) + int((durations & 0xFFFF_FFFF).sum())


def _bars(durations: Micros) -> tuple[Bar, ...]:
    width, bins = bin_width(float(np.quantile(durations, HISTOGRAM_REACH)))
    counts = np.bincount(np.minimum(durations // width, bins), minlength=bins + 1)
    return bars_of(counts, width=width, bins=bins)


def bin_width(reach: float) -> tuple[int, int]:
    """The microseconds of a bar and how many bars there are up to `reach` microseconds."""
    reach = max(reach, SECOND)
    width = next((width for width in WIDTHS if reach / width <= BINS), WIDTHS[-1])
    return width, int(reach // width) + 1


def bars_of(counts: npt.NDArray[np.signedinteger], *, width: int, bins: int) -> tuple[Bar, ...]:
    """Equal bars from the first `bins` counts; what lies beyond shares one open bar."""
    closed = tuple(
        Bar(begin=_delta(i * width), end=_delta((i + 1) * width), cases=int(counts[i]))
        for i in range(bins)
    )
    if not counts[bins]:
        return closed
    return (*closed, Bar(begin=_delta(bins * width), end=None, cases=int(counts[bins])))


def _delta(micros: float | np.integer | np.floating) -> timedelta:
    return timedelta(microseconds=float(micros))
