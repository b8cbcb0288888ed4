"""What a KPI is: its meaning in words, and the rules that make two figures comparable."""

from dataclasses import dataclass
from enum import StrEnum

from servoloop.kernel.metrics.estimates import Estimate
from servoloop.kernel.process.words import NO_WORDS, Words


class Cohort(StrEnum):
    """Which cases, or moments of cases, belong to a period."""

    OPENED = "opened"  # cases opened in it
    CLOSED = "closed"  # cases closed in it and not reopened before its end; cancelled ones are not
    MATURED = "matured"  # closings whose days of grace ended in it
    ANSWERED = "answered"  # answers given in it
    DECIDED = "decided"  # promises kept, broken or fallen due in it
    SNAPSHOT = "snapshot"  # cases open at its end


class ClockKind(StrEnum):
    WORKING = "working"  # on the calendar that the case's promises name, else around the clock
    ELAPSED = "elapsed"  # around the clock
    NONE = "none"


class Aggregate(StrEnum):
    SPREAD = "spread"  # median and 90 % quantile, seconds
    MEAN = "mean"  # seconds
    SHARE = "share"  # 0..1
    SURVIVAL = "survival"  # median and 90 % quantile with what still runs, seconds
    COUNT = "count"
    AMOUNT = "amount"  # mean amount of money


class Direction(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One definition. Changing what it counts makes a new version; old figures keep theirs.

    `guard` is the KPI to watch with it: what is won here must not be lost there. `missing` says
    what a log would have to hold when no event of the catalogue carries it yet.
    """

    id: str
    version: int
    name: Words
    formula: Words  # numerator over denominator, or from when to when
    cohort: Cohort
    clock: ClockKind
    aggregate: Aggregate
    direction: Direction
    exclusions: Words = NO_WORDS
    guard: str = ""
    missing: Words = NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of a KPI: median, p90, mean, share or count."""

    name: str
    estimate: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A KPI with its figures, or without any and the reason in `unknown`; `n` observations.

    `note` says where a log could tell only something close to the definition.
    """

    kpi: Kpi
    n: int
    figures: tuple[Figure, ...] = ()
    unknown: Words = NO_WORDS
    note: Words = NO_WORDS

    def figure(self, name: str) -> Estimate | None:
        """The estimate of that name, if it could be made."""
        return next((each.estimate for each in self.figures if each.name == name), None)

    @property
    def headline(self) -> Figure | None:
        """The figure to show first."""
        return self.figures[0] if self.figures else None


def words(en: str, zh: str) -> Words:
    """A text in both languages."""
    return Words(default=en, translations={"en": en, "zh": zh})
