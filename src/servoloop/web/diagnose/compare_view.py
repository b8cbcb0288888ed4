"""A comparison in words: both sides, the change with its interval, and what it means."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.metrics.estimates import Estimate
from servoloop.kernel.mining.filters import Contains, Filter, Follows, OfVariant
from servoloop.loop.compare import Comparison, Pair
from servoloop.web.diagnose.kpi_rows import change_interval, change_said, interval, said
from servoloop.web.diagnose.selection import query_of

LOWER_IS_BETTER = frozenset(
    ("cycle_median", "cycle_p90", "rework", "reopened", "ping_pong", "handed_over", "handle_time")
)
HIGHER_IS_BETTER = frozenset(("first_contact_ownership",))
LISTED = 25
STEPS_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SideWords:
    """One side of a figure; all empty where the log cannot tell it."""

    value: str
    interval: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """A figure on both sides; `verdict` is better, worse, more, less, unclear or ''."""

    name: str
    a: SideWords
    b: SideWords
    change: str
    interval: str
    verdict: str
    query: str = ""  # adds the filter for it, if it has one

    @property
    def both(self) -> tuple[SideWords, SideWords]:
        return self.a, self.b


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareView:
    figures: tuple[PairRow, ...]
    activities: tuple[PairRow, ...]
    transitions: tuple[PairRow, ...]
    waits: tuple[PairRow, ...]
    variants: tuple[PairRow, ...]


def compare_view(found: Comparison) -> CompareView:
    """All tables of a comparison; differences that are sure come first, then the frequent ones."""
    return CompareView(
        figures=tuple(pair_row(pair, name=figure_name(pair.name)) for pair in found.figures),
        activities=_clear_first(
            [(pair, pair.name, Contains(activity=pair.name)) for pair in found.activities]
        ),
        transitions=_clear_first(
            [
                (
                    each.cases,
                    _edge_name(each.source, each.target),
                    Follows(source=each.source, target=each.target),
                )
                for each in found.edges
            ]
        ),
        waits=_clear_first(
            [
                (
                    each.wait,
                    _edge_name(each.source, each.target),
                    Follows(source=each.source, target=each.target),
                )
                for each in found.edges
                if each.wait is not None
            ]
        ),
        variants=_clear_first(
            [
                (each.cases, _path(each.activities), OfVariant(keys=(each.key,)))
                for each in found.variants
            ]
        ),
    )


def pair_row(pair: Pair, *, name: str, keeps: Filter | None = None) -> PairRow:
    """One pair in words."""
    change = pair.change
    return PairRow(
        name=name,
        a=_side(pair.a, pair.unit),
        b=_side(pair.b, pair.unit),
        change="" if change is None else change_said(change.value, pair.unit),
        interval="" if change is None else change_interval(change, pair.unit),
        verdict=_verdict(pair),
        query="" if keeps is None else query_of((keeps,)),
    )


def figure_name(name: str) -> str:
    """What a figure of the comparison is called."""
    own = {
        "cycle_median": _("Median cycle time"),
        "cycle_p90": _("Cycle time, 90 % within"),
        "events_median": _("Events of a case, median"),
        "rework": _("Cases with rework"),
        "top_variant": _("Cases on the most frequent path"),
        "reopened": _("Reopened, of closed cases"),
        "ping_pong": _("Cases whose work came back"),
        "handed_over": _("Steps that change hands"),
    }
    if name in own:
        return own[name]
    return CATALOGUE[name].name.in_language(get_language() or "en")


def _clear_first(pairs: Sequence[tuple[Pair, str, Filter]]) -> tuple[PairRow, ...]:
    ordered = sorted(pairs, key=lambda each: not each[0].is_clear)[:LISTED]  # stable
    return tuple(pair_row(pair, name=name, keeps=keeps) for pair, name, keeps in ordered)


def _side(estimate: Estimate | None, unit: str) -> SideWords:
    if estimate is None:
        return SideWords(value="–", interval="", n=0)
    return SideWords(
        value=said(estimate.value, unit), interval=interval(estimate, unit), n=estimate.n
    )


def _verdict(pair: Pair) -> str:
    change = pair.change
    if change is None or change.low is None or change.high is None:
        return ""
    if not pair.is_clear:
        return "unclear"
    if pair.name in LOWER_IS_BETTER:
        return "better" if change.value < 0 else "worse"
    if pair.name in HIGHER_IS_BETTER:
        return "better" if change.value > 0 else "worse"
    return "more" if change.value > 0 else "less"


def _edge_name(source: str | None, target: str | None) -> str:
    return f"{source or _('start of the case')} → {target or _('end of the case')}"


def _path(activities: Sequence[str]) -> str:
    shown = " → ".join(activities[:STEPS_SHOWN])
    return f"{shown} …" if len(activities) > STEPS_SHOWN else shown
