"""KPIs of a log as rows: value, interval and n in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from servoloop.kernel.metrics.definition import Aggregate, ClockKind, Cohort, Kpi, Measured
from servoloop.kernel.metrics.estimates import Estimate
from servoloop.kernel.mining.filters import Happened, Happening
from servoloop.kernel.process.words import Words
from servoloop.loop.report import words
from servoloop.web.diagnose.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiRow:
    """One figure of a KPI."""

    kpi: Kpi
    note: Words
    figure: str
    value: str
    interval: str
    n: int
    is_first: bool  # of its KPI
    cohort: str
    clock: str  # '' where no time is measured
    query: str  # of the cases behind the figure; '' where no filter tells them


_OF_ALL = frozenset(("resolution", "handle_time"))
"""Figures of all cases."""
_BEHIND: dict[str, Happening] = {
    "reopen": "reopened",
    "transfer": "transferred",
    "first_contact_ownership": "owned",
}


def kpi_rows(found: Iterable[Measured], selection: Selection) -> tuple[KpiRow, ...]:
    """A row for each figure, in the order of the catalogue."""
    return tuple(
        KpiRow(
            kpi=each.kpi,
            note=each.note,
            figure=_figure(figure.name),
            value=said(figure.estimate.value, unit_of(each.kpi)),
            interval=interval(figure.estimate, unit_of(each.kpi)),
            n=figure.estimate.n,
            is_first=place == 0,
            cohort=_cohort(each.kpi.cohort),
            clock=_clock(each.kpi.clock),
            query=_query(each.kpi.id, selection),
        )
        for each in found
        for place, figure in enumerate(each.figures)
    )


def _query(kpi: str, selection: Selection) -> str:
    if kpi in _BEHIND:
        return selection.and_also(Happened(what=_BEHIND[kpi]))
    return selection.query if kpi in _OF_ALL else ""


def _cohort(cohort: Cohort) -> str:
    return {
        Cohort.OPENED: _("of cases opened in the time"),
        Cohort.CLOSED: _("of cases closed in the time"),
        Cohort.MATURED: _("of closings whose days of grace are over"),
        Cohort.ANSWERED: _("of answers given in the time"),
        Cohort.DECIDED: _("of promises kept, broken or due in the time"),
        Cohort.SNAPSHOT: _("of cases open at the end"),
    }[cohort]


def _clock(clock: ClockKind) -> str:
    """A log names no calendar, so that working time runs around the clock."""
    return "" if clock is ClockKind.NONE else _("around the clock")


def unit_of(kpi: Kpi) -> str:
    """share, number or seconds."""
    return {Aggregate.SHARE: "share", Aggregate.COUNT: "number", Aggregate.AMOUNT: "number"}.get(
        kpi.aggregate, "seconds"
    )


def said(value: float, unit: str) -> str:
    """A value in its unit."""
    if unit == "share":
        return words.percent(value)
    if unit == "number":
        return f"{value:,.1f}".removesuffix(".0")
    text = words.duration(timedelta(seconds=value))
    return text.zh if (get_language() or "").startswith("zh") else text.en


def interval(estimate: Estimate, unit: str) -> str:
    """Between which bounds; empty where there are none."""
    if estimate.low is None and estimate.high is None:
        return ""
    low = "…" if estimate.low is None else said(estimate.low, unit)
    high = "…" if estimate.high is None else said(estimate.high, unit)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def change_said(value: float, unit: str) -> str:
    """A change with its sign; shares change by percentage points."""
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    if unit == "share":
        return _("%(n)s points") % {"n": f"{sign}{abs(value) * 100:.1f}".removesuffix(".0")}
    return f"{sign}{said(abs(value), unit)}"


def change_interval(estimate: Estimate, unit: str) -> str:
    """Between which changes the truth lies; empty where that is not known."""
    if estimate.low is None or estimate.high is None:
        return ""
    low, high = change_said(estimate.low, unit), change_said(estimate.high, unit)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _figure(name: str) -> str:
    return {
        "median": _("median"),
        "p90": _("90 % within"),
        "mean": pgettext("statistics", "mean"),
        "share": _("share"),
        "count": _("cases"),
    }[name]
