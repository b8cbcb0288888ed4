"""A KPI as a card: its figures in words, what became of it, and a small picture of its trend."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.metrics.definition import Aggregate, ClockKind, Kpi
from servoloop.kernel.metrics.estimates import Estimate
from servoloop.kernel.process.words import Words
from servoloop.loop.measure import Comparison
from servoloop.web.measure.sparkline import Sparkline, sparkline
from servoloop.web.shell.time_words import span_words

_GROUPS = (
    ("speed", ("first_response", "next_response", "resolution", "handle_time")),
    ("promises", ("service_level", "escalation", "escalation_answered")),
    ("quality", ("first_contact_resolution", "first_contact_ownership", "reopen", "transfer")),
    ("backlog", ("backlog",)),
    ("cost", ("cost",)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureWords:
    """One figure: what it is, its value, its interval (empty when there is none)."""

    name: str
    value: str
    interval: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    kpi: Kpi
    n: int
    figures: tuple[FigureWords, ...]  # the headline first
    unknown: Words
    verdict: str  # better, worse or ''
    change: str  # with its sign; empty when unknown
    change_interval: str
    clock: str
    method: str
    guard: Words | None
    trend: Sparkline | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    key: str
    title: str
    cards: tuple[Card, ...]


def groups_of(kpis: Iterable[Comparison], *, currency: str = "") -> tuple[Group, ...]:
    """The KPIs that the log can tell, by the question that they answer."""
    cards = [card_of(each) for each in kpis if not each.kpi.missing.default]
    titles = {
        "speed": _("How fast?"),
        "promises": _("Promises kept?"),
        "quality": _("Done well the first time?"),
        "backlog": _("What is waiting?"),
        "cost": _("What does it cost? (%(currency)s)") % {"currency": currency}
        if currency
        else _("What does it cost?"),
    }
    return tuple(
        Group(
            key=key,
            title=titles[key],
            cards=tuple(c for c in cards if c.kpi.id.partition(".")[0] in families),
        )
        for key, families in _GROUPS
    )


def card_of(each: Comparison) -> Card:
    """Everything a card shows, in the viewer's language."""
    kpi, headline = each.kpi, each.now.headline
    return Card(
        kpi=kpi,
        n=each.now.n,
        figures=tuple(
            FigureWords(
                name=_figure_name(figure.name),
                value=amount(figure.estimate.value, kpi),
                interval=_interval(figure.estimate, kpi),
            )
            for figure in each.now.figures
        ),
        unknown=each.now.unknown,
        verdict=each.verdict,
        change=signed(each.change.value, kpi) if each.change else "",
        change_interval=_signed_interval(each.change, kpi) if each.change else "",
        clock=_clock(kpi.clock),
        method=_method(headline.estimate.method) if headline else "",
        guard=CATALOGUE[kpi.guard].name if kpi.guard else None,
        trend=sparkline(each.trend, words=_trend_words(each.trend, kpi)),
    )


def amount(value: float, kpi: Kpi) -> str:
    """A value with its unit."""
    if kpi.aggregate is Aggregate.SHARE:
        return _("%(n)s %%") % {"n": f"{value * 100:.1f}".removesuffix(".0")}
    if kpi.aggregate is Aggregate.COUNT:
        return f"{value:,.0f}"
    if kpi.aggregate is Aggregate.AMOUNT:
        return f"{value:,.2f}"
    return span_words(timedelta(seconds=value))


def signed(value: float, kpi: Kpi) -> str:
    """A change with its sign; shares change by percentage points."""
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    if kpi.aggregate is Aggregate.SHARE:
        return _("%(n)s points") % {"n": f"{sign}{abs(value) * 100:.1f}".removesuffix(".0")}
    return f"{sign}{amount(abs(value), kpi)}"


def _interval(estimate: Estimate, kpi: Kpi) -> str:
    if estimate.low is None and estimate.high is None:
        return ""
    low = "…" if estimate.low is None else amount(estimate.low, kpi)
    high = "…" if estimate.high is None else amount(estimate.high, kpi)
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def _signed_interval(estimate: Estimate, kpi: Kpi) -> str:
    if estimate.low is None or estimate.high is None:
        return ""
    return _("%(low)s to %(high)s") % {
        "low": signed(estimate.low, kpi),
        "high": signed(estimate.high, kpi),
    }


def _figure_name(name: str) -> str:
    return {
        "median": _("median"),
        "p90": _("90 % within"),
        "mean": pgettext("statistics", "mean"),
        "share": _("share"),
        "count": _("cases"),
    }[name]


def _clock(clock: ClockKind) -> str:
    return {
        ClockKind.WORKING: _("working time"),
        ClockKind.ELAPSED: _("around the clock"),
        ClockKind.NONE: "",
    }[clock]


def _method(method: str) -> str:
    return {
        "wilson": _("95 % interval after Wilson"),
        "order-statistic": _("95 % interval between order statistics"),
        "student": _("95 % interval after Student"),
        "log-log": _("95 % interval after Kaplan and Meier, log-log"),
    }.get(method, "")


def _trend_words(trend: Sequence[float | None], kpi: Kpi) -> str:
    """The picture in words, for those who do not see it."""
    said = [_("none") if each is None else amount(each, kpi) for each in trend]
    return _("Trend, oldest first: %(values)s") % {"values": ", ".join(said)}
