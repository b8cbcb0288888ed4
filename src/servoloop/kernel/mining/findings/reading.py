"""What every rule looks at, read from a log once, and how a rule proves an effect on time."""

import re
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.event_log import Coded, EventLog
from servoloop.kernel.mining.features import Feature, case_features
from servoloop.kernel.mining.findings.finding import MOST_CASES, Effect
from servoloop.kernel.mining.root_causes import SimpsonAlarm, simpson_alarm
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.swept import Sweep

if TYPE_CHECKING:  # it loads the compiler, which logs without starts need not wait for
    from servoloop.kernel.mining.waiting.decompose import Waiting

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

LEVEL = 0.05
"""The chance that a log without any effect yields a finding at all."""
TESTS = 12
"""Rules that test an effect on time; each gets its part of the level."""
FEWEST = 30
"""Cases that both sides of a comparison must have."""
HOUR = 3_600_000_000  # microseconds
WEEK = 168 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """A log with what all rules need of it; `hours` are cycle times, one for each case."""

    log: EventLog
    swept: Sweep
    features: tuple[Feature, ...]
    hours: Floats
    weeks: float  # from the first to the last event, at least one
    zone: str
    waiting: "Waiting | None"  # None where the log does not tell when work began

    @property
    def group(self) -> Coded | None:
        """Teams where the log knows them, else people."""
        return self.log.team or self.log.resource

    def named(self, cases: Bools) -> tuple[str, ...]:
        """The names of the marked cases, the slowest first."""
        rows = np.flatnonzero(cases)
        rows = rows[np.argsort(-self.hours[rows], kind="stable")][:MOST_CASES]
        return tuple(self.log.case.names[row] for row in rows.tolist())


def read(log: EventLog, *, waiting: "Waiting | None", zone: str) -> Reading:
    """Everything that the rules share, of a log of at least one event."""
    swept = sweep(log)
    return Reading(
        log=log,
        swept=swept,
        features=case_features(log, zone=zone),
        hours=swept.case_duration / HOUR,
        weeks=max(1.0, float(log.ts.max() - log.ts.min()) / WEEK),
        zone=zone,
        waiting=waiting,
    )


def activities_like(reading: Reading, pattern: re.Pattern[str]) -> list[int]:
    """The codes of the activities whose names match."""
    names = reading.log.activity.names
    return [code for code, name in enumerate(names) if pattern.search(name)]


def normal_bar(level: float) -> float:
    """How far beyond chance a statistic must be, in standard units, one-sided."""
    return NormalDist().inv_cdf(1 - level)


def slower(
    reading: Reading, affected: Bools, *, subjects: int = 1, among: Bools | None = None
) -> Effect | None:
    """Whether the affected cases take longer than the others (of `among`): a rank test.

    `subjects` is how many such questions the rule asks. None when the difference could be chance at
    the rule's part of the level, when the interval of the means holds 0, or when a side is small.
    """
    looked_at = np.ones(len(affected), dtype=np.bool_) if among is None else among
    hours, inside = reading.hours[looked_at], affected[looked_at]
    n, size = len(hours), int(inside.sum())
    if min(size, n - size) < FEWEST or hours.min() == hours.max():
        return None
    bar = normal_bar(LEVEL / TESTS / subjects)
    _, place, counts = np.unique(hours, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    ranks = ranks - ranks.mean()
    z = ranks[inside].sum() / np.sqrt(ranks.var() * size * (n - size) / (n - 1))
    here, there = hours[inside], hours[~inside]
    difference = float(here.mean() - there.mean())
    if z <= bar:
        return None
    half = bar * float(np.sqrt(here.var(ddof=1) / size + there.var(ddof=1) / (n - size)))
    if difference <= half:  # the ranks are sure, the hours are not
        return None
    return Effect(hours=difference, low=difference - half, high=difference + half)


def confounders(
    reading: Reading, affected: Bools, *, among: Bools | None = None, by_steps: bool = True
) -> tuple[SimpsonAlarm, ...]:
    """Attributes (and the number of steps) that explain the effect away, or reverse it."""
    strata = (*reading.features, *([_number_of_steps(reading)] if by_steps else []))
    rows = slice(None) if among is None else among
    found = (
        simpson_alarm(
            reading.hours[rows],
            affected[rows],
            Feature(name=by.name, values=by.values, codes=by.codes[rows]),
        )
        for by in strata
    )
    return tuple(alarm for alarm in found if alarm is not None)


def _number_of_steps(reading: Reading) -> Feature:
    steps = np.diff(reading.log.offsets)
    cuts = np.unique(np.quantile(steps, (0.25, 0.5, 0.75)))
    return Feature(
        name="number of steps",
        values=tuple(f"{cut:g}" for cut in (*cuts, np.inf)),
        codes=np.searchsorted(cuts, steps).astype(np.int32),
    )
