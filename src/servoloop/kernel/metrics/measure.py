"""The KPIs of a period, from the facts of cases."""

from collections.abc import Mapping, Sequence

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.metrics.case_facts import CaseFacts
from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.metrics.definition import Aggregate, Figure, Kpi, Measured, words
from servoloop.kernel.metrics.estimates import Estimate, mean, quantile, share, time_to
from servoloop.kernel.metrics.observations import (
    OBSERVERS,
    Contacts,
    Observation,
    Period,
    Rates,
    View,
    contacts_of,
)
from servoloop.kernel.process.words import Words

NOTHING_HAPPENED = words("Nothing of this kind happened in the period.", "本期没有可统计的数据。")
NO_PROMISES = words(
    "No process of these cases makes such a promise.", "这些工单的流程未设此项承诺。"
)
NO_RATES = words(
    "No process says what an hour of its steps costs, or they do so in several currencies.",
    "流程定义未填写步骤成本费率，或费率使用了多种货币。",
)
NOT_ENDED_YET = words(
    "Fewer than half of the cases have ended: the median is not known yet.",
    "尚未有一半工单关闭：中位数未知。",
)


def measure(
    cases: Sequence[CaseFacts],
    *,
    period: Period,
    calendars: Mapping[str, Calendar],
    contacts: Contacts | None = None,
    rates: Rates | None = None,
) -> tuple[Measured, ...]:
    """Every KPI of the catalogue in its order; what cannot be computed says why.

    `contacts` (see `contacts_of`) only saves time when many periods are measured. Raises
    UnknownCalendar when a case's calendar is not among `calendars`.
    """
    known = contacts_of(cases) if contacts is None else contacts
    view = View(period=period, calendars=calendars, contacts=known, rates=rates or {})
    return tuple(_measured(kpi, cases, view) for kpi in CATALOGUE.values())


def _measured(kpi: Kpi, cases: Sequence[CaseFacts], view: View) -> Measured:
    observer = OBSERVERS.get(kpi.id)
    if observer is None:
        return Measured(kpi=kpi, n=0, unknown=kpi.missing)
    found = [each for facts in cases for each in observer(facts, view)]
    return measured_from(kpi, found, nothing=_why_nothing(kpi, cases, has_rates=bool(view.rates)))


def measured_from(
    kpi: Kpi, found: Sequence[Observation], *, nothing: Words = NOTHING_HAPPENED
) -> Measured:
    """A KPI from its observations, by its aggregate."""
    if kpi.aggregate is Aggregate.COUNT:
        exact = Estimate(value=len(found), n=len(found), low=None, high=None, method="counted")
        return Measured(kpi=kpi, n=len(found), figures=(Figure(name="count", estimate=exact),))
    if not found:
        return Measured(kpi=kpi, n=0, unknown=nothing)
    figures = _figures(kpi.aggregate, found)
    unknown = NOT_ENDED_YET if not figures else Words()
    return Measured(kpi=kpi, n=len(found), figures=figures, unknown=unknown)


def _figures(aggregate: Aggregate, found: Sequence[Observation]) -> tuple[Figure, ...]:
    if aggregate is Aggregate.SURVIVAL:
        spans = [each for each in found if isinstance(each, tuple)]
        known = (("median", time_to(spans, 0.5)), ("p90", time_to(spans, 0.9)))
        return tuple(Figure(name=name, estimate=each) for name, each in known if each is not None)
    numbers = [float(each) for each in found if not isinstance(each, tuple)]
    if aggregate is Aggregate.SHARE:
        hits = sum(1 for each in numbers if each)
        return (Figure(name="share", estimate=share(hits, len(numbers))),)
    if aggregate in (Aggregate.MEAN, Aggregate.AMOUNT):
        return (Figure(name="mean", estimate=mean(numbers)),)
    return (
        Figure(name="median", estimate=quantile(numbers, 0.5)),
        Figure(name="p90", estimate=quantile(numbers, 0.9)),
    )


def _why_nothing(kpi: Kpi, cases: Sequence[CaseFacts], *, has_rates: bool) -> Words:
    if kpi.aggregate is Aggregate.AMOUNT and not has_rates:
        return NO_RATES
    metric = kpi.id.partition(".")[2]
    if kpi.id.startswith("service_level.") and cases:
        made = any(each.metric == metric for facts in cases for each in facts.promises)
        return NOTHING_HAPPENED if made else NO_PROMISES
    return NOTHING_HAPPENED
