"""Measure: the KPIs of a period, compared with the period before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from servoloop.kernel.metrics.case_facts import CaseFacts, facts_of_cases
from servoloop.kernel.metrics.catalogue import GRACE_DAYS
from servoloop.kernel.metrics.definition import Aggregate, Direction, Kpi, Measured
from servoloop.kernel.metrics.estimates import Estimate, difference
from servoloop.kernel.metrics.measure import measure
from servoloop.kernel.metrics.observations import Period, Rates, contacts_of
from servoloop.kernel.process.program import Op, Program
from servoloop.storage.calendars import calendars
from servoloop.storage.definitions import current_programs
from servoloop.storage.queries.measured_events import measured_events
from servoloop.storage.queries.viewer import Viewer

DAYS = 28
"""Four whole weeks, so that both periods hold the same weekdays."""
STRETCHES = 8
"""Points of a trend: equal stretches of the previous and this period together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A KPI now and in the previous period.

    `change` is now minus before of the headline figure with its interval, None when either is
    unknown or a count. `trend` holds the headline figure of each stretch, oldest first.
    """

    now: Measured
    before: Measured
    change: Estimate | None
    trend: tuple[float | None, ...]

    @property
    def kpi(self) -> Kpi:
        return self.now.kpi

    @property
    def verdict(self) -> str:
        """better or worse when the interval of the change excludes 0, else '' (not clear)."""
        if self.change is None or self.change.low is None or self.change.high is None:
            return ""
        if self.change.low <= 0 <= self.change.high:
            return ""
        is_better = (self.change.value < 0) == (self.kpi.direction is Direction.LOWER)
        return "better" if is_better else "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveMeasures:
    """All KPIs of the live cases, in the order of the catalogue; `process` '' is all of them.

    `currency` is that of the costs, '' where there is none or several.
    """

    period: Period
    previous: Period
    process: str
    cases: int  # open at some time in either period
    kpis: tuple[Comparison, ...]
    currency: str = ""


def measure_live(
    viewer: Viewer, *, at: datetime, days: int = DAYS, process: str = ""
) -> LiveMeasures:
    """The KPIs of the `days` before `at` and of as many before those. Three queries.

    Raises UnknownCalendar when a case counts on a calendar that is no longer there.
    """
    length = timedelta(days=days)
    period, previous = _before(at, length), _before(at - length, length)
    since = previous.begin - timedelta(days=GRACE_DAYS)
    events = measured_events(viewer, since=since, process=process)
    cases = tuple(facts_of_cases(events))
    rates, currency = rates_of(current_programs())
    return LiveMeasures(
        period=period,
        previous=previous,
        process=process,
        cases=len(cases),
        kpis=_compared(cases, period, previous, rates),
        currency=currency,
    )


def rates_of(programs: Sequence[Program]) -> tuple[Rates, str]:
    """What an hour of each step costs, and the currency; nothing where there are several."""
    rates: dict[tuple[str, str], float] = {}
    currencies: set[str] = set()
    for program in programs:
        for node in program.nodes:
            if node.op is Op.HUMAN and node.step.cost_rate is not None:
                rates[program.key, node.id] = float(node.step.cost_rate)
                currencies.add(node.step.currency or program.sheet.currency or "")
    return (rates, currencies.pop()) if len(currencies) == 1 else ({}, "")


def _before(end: datetime, length: timedelta) -> Period:
    return Period(begin=end - length, end=end)


def _compared(
    cases: Sequence[CaseFacts], period: Period, previous: Period, rates: Rates
) -> tuple[Comparison, ...]:
    known, contacts = calendars(), contacts_of(cases)

    def measured(of: Period) -> tuple[Measured, ...]:
        return measure(cases, period=of, calendars=known, contacts=contacts, rates=rates)

    stretches = [measured(each) for each in _stretches(previous.begin, period.end)]
    return tuple(
        Comparison(
            now=now,
            before=before,
            change=_change(now, before),
            trend=tuple(_headline(stretch[place]) for stretch in stretches),
        )
        for place, (now, before) in enumerate(
            zip(measured(period), measured(previous), strict=True)
        )
    )


def _stretches(begin: datetime, end: datetime) -> list[Period]:
    step = (end - begin) / STRETCHES
    edges = [begin + step * number for number in range(STRETCHES)] + [end]
    return [Period(begin=a, end=b) for a, b in pairwise(edges)]


def _headline(measured: Measured) -> float | None:
    return measured.headline.estimate.value if measured.headline else None


def _change(now: Measured, before: Measured) -> Estimate | None:
    if now.headline is None or before.headline is None or now.kpi.aggregate is Aggregate.COUNT:
        return None
    same = before.figure(now.headline.name)
    return None if same is None else difference(now.headline.estimate, same)
