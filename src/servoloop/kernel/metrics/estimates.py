"""Estimates with their intervals: shares, quantiles, means, differences, and times still running.

Intervals hold 95 % unless said. The standard library suffices; tables of known values test it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2)
EXACT_UP_TO = 2000
"""Up to this many values ranks are binomial; beyond, the normal approximation is as good."""

WILSON = "wilson"
ORDER_STATISTIC = "order-statistic"
STUDENT = "student"
MOVER = "mover"
LOG_LOG = "log-log"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value, how many observations it rests on, and between which bounds the truth lies.

    A bound is None where the data set none: with few values the 90 % quantile has no upper one.
    """

    value: float
    n: int
    low: float | None
    high: float | None
    method: str  # how the interval was made


def share(hits: int, n: int, *, z: float = Z) -> Estimate:
    """A share of n >= 1 independent cases with the interval of Wilson (1927)."""
    p = hits / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    # At 0 and n the bound is exact; rounding would put it a hair inside.
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    high = 1.0 if hits == n else min(1.0, centre + half)
    return Estimate(value=p, n=n, low=low, high=high, method=WILSON)


def quantile(values: Sequence[float], q: float) -> Estimate:
    """The q-quantile of at least one value, linear between order statistics.

    The interval lies between two order statistics (distribution-free; exact binomial ranks); it
    takes the values for independent.
    """
    ranked = sorted(values)
    n = len(ranked)
    place = q * (n - 1)
    below = int(place)
    above = min(below + 1, n - 1)
    value = ranked[below] + (place - below) * (ranked[above] - ranked[below])
    low, high = _ranks(n, q)
    return Estimate(
        value=value,
        n=n,
        low=ranked[low - 1] if low >= 1 else None,
        high=ranked[high - 1] if high <= n else None,
        method=ORDER_STATISTIC,
    )


def _ranks(n: int, q: float) -> tuple[int, int]:
    """1-based ranks l < u with P(X(l) <= quantile <= X(u)) >= 95 %; 0 and n + 1 are open."""
    tail = (1 - CONFIDENCE) / 2
    if n > EXACT_UP_TO:
        half = Z * math.sqrt(n * q * (1 - q))
        return max(0, math.floor(n * q - half)), min(n + 1, math.ceil(n * q + half) + 1)
    log_q, log_p = math.log(q), math.log1p(-q)
    at_most, low, high = 0.0, 0, n + 1
    for k in range(n + 1):
        log_pmf = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
        at_most += math.exp(log_pmf + k * log_q + (n - k) * log_p)
        if at_most <= tail:  # P(fewer than k + 1 values below the quantile) is small enough
            low = k + 1
        if at_most >= 1 - tail:
            high = k + 1
            break
    return low, high


def mean(values: Sequence[float]) -> Estimate:
    """The mean of at least one value with Student's interval; one value alone has none."""
    n, centre = len(values), fmean(values)
    if n == 1:
        return Estimate(value=centre, n=1, low=None, high=None, method=STUDENT)
    # In two passes with exact sums: `statistics.stdev` computes in fractions, 3 µs a value.
    spread = math.sqrt(math.fsum((each - centre) ** 2 for each in values) / (n - 1))
    half = student(0.5 + CONFIDENCE / 2, freedom=n - 1) * spread / math.sqrt(n)
    return Estimate(value=centre, n=n, low=centre - half, high=centre + half, method=STUDENT)


def student(p: float, *, freedom: int) -> float:
    """The p-quantile of Student's t: exact to 2 degrees, then Abramowitz & Stegun 26.7.5."""
    if freedom == 1:
        return math.tan(math.pi * (p - 0.5))
    if freedom == 2:
        return (2 * p - 1) * math.sqrt(2 / (4 * p * (1 - p)))
    z, v = NormalDist().inv_cdf(p), freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )


def difference(new: Estimate, old: Estimate) -> Estimate:
    """new - old of two independent estimates, from their own intervals (Zou & Donner 2008, MOVER).

    For two shares this is Newcombe's interval. A bound that either lacks is missing here too.
    """
    d = new.value - old.value
    low = high = None
    if new.low is not None and old.high is not None:
        low = d - math.hypot(new.value - new.low, old.high - old.value)
    if new.high is not None and old.low is not None:
        high = d + math.hypot(new.high - new.value, old.value - old.low)
    return Estimate(value=d, n=min(new.n, old.n), low=low, high=high, method=MOVER)


def time_to(spans: Sequence[tuple[float, bool]], q: float) -> Estimate | None:
    """The q-quantile of a duration when some still run: Kaplan & Meier, with a log-log interval.

    `spans` are (length so far, whether it has ended). None when fewer than q of them can be seen to
    end; `n` counts all spans. Interval after Brookmeyer & Crowley.
    """
    value = low = high = None
    alive, at_risk, variance = 1.0, len(spans), 0.0
    for length, ended, left in _steps(spans):
        if ended and at_risk:
            alive *= 1 - ended / at_risk
            if at_risk > ended:
                variance += ended / (at_risk * (at_risk - ended))
            # A hair of tolerance: (1 - 1/3)(1 - 1/2) is not quite 1/3 in binary.
            if value is None and alive <= 1 - q + 1e-12:
                value = length
            lower, upper = _log_log(alive, variance)
            if low is None and lower <= 1 - q:
                low = length
            if high is None and upper <= 1 - q:
                high = length
        at_risk -= ended + left
    if value is None:
        return None
    return Estimate(value=value, n=len(spans), low=low, high=high, method=LOG_LOG)


def _steps(spans: Sequence[tuple[float, bool]]) -> list[tuple[float, int, int]]:
    """By length: how many ended there, how many were only seen until there."""
    counts: dict[float, list[int]] = {}
    for length, has_ended in spans:
        counts.setdefault(length, [0, 0])[0 if has_ended else 1] += 1
    return [(length, *counts[length]) for length in sorted(counts)]  # type: ignore[misc]  # two counts each


def _log_log(alive: float, variance: float) -> tuple[float, float]:
    if alive >= 1 or alive <= 0:
        return alive, alive
    half = Z * math.sqrt(variance) / abs(math.log(alive))
    return alive ** math.exp(half), alive ** math.exp(-half)
