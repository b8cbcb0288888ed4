"""Two selections of one log side by side: the same figures, their differences, and what is sure.

Differences are B minus A. Intervals hold 95 % each and take the cases for independent; two
selections that share cases are no independent samples, so their differences have none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from servoloop.kernel.metrics.estimates import Estimate, difference, quantile, share
from servoloop.kernel.mining.case_masks import Kept
from servoloop.kernel.mining.event_log import EventLog, Micros
from servoloop.kernel.mining.filtering import (
    filtered,
    follows_rows,
    variant_key,
    waits_before,
)
from servoloop.kernel.mining.filters import Filter
from servoloop.kernel.mining.handover_summary import passed_work
from servoloop.kernel.mining.kpis import measure_log
from servoloop.kernel.mining.process_map import MapEdge, process_map
from servoloop.kernel.mining.reopenings import reopenings
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.swept import Sweep
from servoloop.kernel.mining.variants import variants
from servoloop.loop.explore import (
    VARIANTS_DRAWN,
    Exploration,
    Subject,
    explored,
    kept_of,
)

Unit = Literal["share", "seconds", "number"]

EDGES_LISTED = 40
VARIANTS_LISTED = 20
SECOND = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One figure of both sides and B minus A; None where a side cannot tell it."""

    name: str  # of the figure, activity, or variant; edges are 'source → target'
    unit: Unit
    a: Estimate | None
    b: Estimate | None
    change: Estimate | None

    @property
    def is_clear(self) -> bool:
        """Whether the interval of the change leaves out zero."""
        change = self.change
        if change is None or change.low is None or change.high is None:
            return False
        return change.low > 0 or change.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgePair:
    """A transition on both sides: how many cases take it and how long it makes them wait."""

    source: str | None
    target: str | None
    cases: Pair
    wait: Pair | None  # None for the start and the end of cases


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPair:
    """A variant on both sides."""

    key: str
    activities: tuple[str, ...]
    cases: Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeChange:
    """What the difference map needs of an edge: shares of the cases and median waits in seconds."""

    source: str | None
    target: str | None
    share_a: float
    share_b: float
    wait_a: float | None
    wait_b: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two selections of at least one case each.

    `both` is the union of the cases, of which the map is drawn; `shared` cases are on both sides.
    Lists are by how often the thing occurs on either side.
    """

    a: Exploration
    b: Exploration
    both: Exploration
    shared: int
    figures: tuple[Pair, ...]
    activities: tuple[Pair, ...]
    edges: tuple[EdgePair, ...]  # at most EDGES_LISTED
    variants: tuple[VariantPair, ...]  # at most VARIANTS_LISTED
    changes: tuple[EdgeChange, ...]  # of all edges, in the order of the map of both


@dataclass(frozen=True, slots=True, kw_only=True)
class OneSided:
    """At least one selection is empty, so there is nothing to compare."""

    cases_a: int
    cases_b: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Side:
    log: EventLog
    swept: Sweep
    closing: tuple[str, ...]


def compare(subject: Subject, a: Sequence[Filter], b: Sequence[Filter]) -> Comparison | OneSided:
    """Compare the cases that the filters of `a` keep with those that the filters of `b` keep."""
    kept_a, kept_b = kept_of(subject, a), kept_of(subject, b)
    if not kept_a.any() or not kept_b.any():
        return OneSided(cases_a=int(kept_a.sum()), cases_b=int(kept_b.sum()))
    shared = int((kept_a & kept_b).sum())
    one, other = _side(subject, kept_a), _side(subject, kept_b)
    all_of_them = _side(subject, kept_a | kept_b)
    both = explored(subject, all_of_them.log, all_of_them.swept)
    explored_a = explored(subject, one.log, one.swept)
    explored_b = explored(subject, other.log, other.swept)
    found = Comparison(
        a=explored_a,
        b=explored_b,
        both=both,
        shared=shared,
        figures=_figures(one, other),
        activities=_activities(one, other, both),
        edges=_edges(one, other, both),
        variants=_variants(one, other, both),
        changes=_changes(explored_a, explored_b, both),
    )
    return _without_intervals(found) if shared else found


def _side(subject: Subject, kept: Kept) -> _Side:
    log = filtered(subject.log, kept, with_attributes=False)
    return _Side(log=log, swept=sweep(log), closing=subject.closing)


def _pair(name: str, unit: Unit, a: Estimate | None, b: Estimate | None) -> Pair:
    change = None if a is None or b is None else difference(b, a)
    return Pair(name=name, unit=unit, a=a, b=b, change=change)


def _figures(one: _Side, other: _Side) -> tuple[Pair, ...]:
    """What both sides can be told by in one number each."""
    known = [dict(_numbers(side)) for side in (one, other)]
    names = list(dict.fromkeys(name for side in known for name in side))
    return tuple(
        _pair(name, unit, known[0].get((name, unit)), known[1].get((name, unit)))
        for name, unit in names
    )


def _numbers(side: _Side) -> list[tuple[tuple[str, Unit], Estimate]]:
    log, swept, cases = side.log, side.swept, side.log.cases
    took = np.sort(swept.case_duration) / SECOND
    events = np.sort(np.diff(log.offsets)).astype(np.float64)
    found: list[tuple[tuple[str, Unit], Estimate]] = [
        (("cycle_median", "seconds"), quantile(took.tolist(), 0.5)),
        (("cycle_p90", "seconds"), quantile(took.tolist(), 0.9)),
        (("events_median", "number"), quantile(events.tolist(), 0.5)),
        (("rework", "share"), share(int(swept.case_repeats.sum()), cases)),
        (("top_variant", "share"), share(int(swept.variant_cases[0]), cases)),
    ]
    closed = reopenings(log, swept, closing=side.closing)
    if closed.closed:
        found.append((("reopened", "share"), share(closed.cases, closed.closed)))
    passed = passed_work(log)
    if passed is not None and passed.steps:
        back = int((passed.ping_pongs_of_case > 0).sum())
        found.append((("ping_pong", "share"), share(back, cases)))
        found.append((("handed_over", "share"), share(passed.handed_over, passed.steps)))
    for measured in measure_log(log):
        if measured.kpi.id in ("handle_time", "first_contact_ownership") and measured.headline:
            unit: Unit = "share" if measured.headline.name == "share" else "seconds"
            found.append(((measured.kpi.id, unit), measured.headline.estimate))
    return found


def _activities(one: _Side, other: _Side, both: Exploration) -> tuple[Pair, ...]:
    a, b = _cases_of_activities(one), _cases_of_activities(other)
    return tuple(
        _pair(
            node.activity,
            "share",
            share(a.get(node.activity, 0), one.log.cases),
            share(b.get(node.activity, 0), other.log.cases),
        )
        for node in both.process_map.nodes
    )


def _cases_of_activities(side: _Side) -> dict[str, int]:
    cases = side.swept.activity_cases.tolist()
    return dict(zip(side.log.activity.names, cases, strict=True))


def _edges(one: _Side, other: _Side, both: Exploration) -> tuple[EdgePair, ...]:
    a, b = _cases_of_edges(one), _cases_of_edges(other)
    return tuple(
        EdgePair(
            source=edge.source,
            target=edge.target,
            cases=_pair(
                f"{edge.source or ''} → {edge.target or ''}",
                "share",
                share(a.get((edge.source, edge.target), 0), one.log.cases),
                share(b.get((edge.source, edge.target), 0), other.log.cases),
            ),
            wait=_wait(one.log, other.log, edge),
        )
        for edge in both.process_map.edges[:EDGES_LISTED]
    )


def _cases_of_edges(side: _Side) -> dict[tuple[str | None, str | None], int]:
    drawn = process_map(side.log, side.swept)
    return {(edge.source, edge.target): edge.cases for edge in drawn.edges}


def _wait(one: EventLog, other: EventLog, edge: MapEdge) -> Pair | None:
    if not edge.is_step:
        return None
    name = f"{edge.source} → {edge.target}"
    return _pair(name, "seconds", _median_wait(one, edge), _median_wait(other, edge))


def _median_wait(log: EventLog, edge: MapEdge) -> Estimate | None:
    rows = follows_rows(log, edge.source, edge.target)
    if not len(rows):
        return None
    waits: Micros = np.sort(waits_before(log, rows))
    return quantile((waits / SECOND).tolist(), 0.5)


def _variants(one: _Side, other: _Side, both: Exploration) -> tuple[VariantPair, ...]:
    a, b = _cases_of_variants(one), _cases_of_variants(other)
    return tuple(
        VariantPair(
            key=variant_key(variant.activities),
            activities=variant.activities,
            cases=_pair(
                " → ".join(variant.activities),
                "share",
                share(a.get(variant.activities, 0), one.log.cases),
                share(b.get(variant.activities, 0), other.log.cases),
            ),
        )
        for variant in both.variants[:VARIANTS_LISTED]
    )


def _cases_of_variants(side: _Side) -> dict[tuple[str, ...], int]:
    found = variants(side.log, side.swept, top=VARIANTS_DRAWN)
    return {variant.activities: variant.cases for variant in found}


def _changes(a: Exploration, b: Exploration, both: Exploration) -> tuple[EdgeChange, ...]:
    edges_a = {(edge.source, edge.target): edge for edge in a.process_map.edges}
    edges_b = {(edge.source, edge.target): edge for edge in b.process_map.edges}
    found = []
    for edge in both.process_map.edges:
        in_a, in_b = (side.get((edge.source, edge.target)) for side in (edges_a, edges_b))
        found.append(
            EdgeChange(
                source=edge.source,
                target=edge.target,
                share_a=in_a.cases / a.counts.cases if in_a else 0.0,
                share_b=in_b.cases / b.counts.cases if in_b else 0.0,
                wait_a=in_a.median_wait.total_seconds() if in_a and edge.is_step else None,
                wait_b=in_b.median_wait.total_seconds() if in_b and edge.is_step else None,
            )
        )
    return tuple(found)


def _without_intervals(found: Comparison) -> Comparison:
    """The differences of dependent samples keep their value alone."""
    return replace(
        found,
        figures=tuple(map(_bare, found.figures)),
        activities=tuple(map(_bare, found.activities)),
        edges=tuple(
            replace(
                each, cases=_bare(each.cases), wait=None if each.wait is None else _bare(each.wait)
            )
            for each in found.edges
        ),
        variants=tuple(replace(each, cases=_bare(each.cases)) for each in found.variants),
    )


def _bare(pair: Pair) -> Pair:
    if pair.change is None:
        return pair
    return replace(pair, change=replace(pair.change, low=None, high=None))
