"""A log looked at from many sides: the figures of any selection of its cases, at once.

Everything here reads; a `Subject` is made once for a log and shared by all that is asked of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from servoloop.kernel.metrics.definition import Measured
from servoloop.kernel.mining.arrivals import Arrivals, arrivals
from servoloop.kernel.mining.case_masks import Kept
from servoloop.kernel.mining.durations import CycleTimes, cycle_times
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.filtering import (
    NO_FINDINGS,
    NamedCases,
    filtered,
    kept_cases,
    variant_key,
)
from servoloop.kernel.mining.filters import Filter
from servoloop.kernel.mining.handover_summary import HandoverSummary, handover_summary
from servoloop.kernel.mining.kpis import measure_log
from servoloop.kernel.mining.moments import moment
from servoloop.kernel.mining.process_map import (
    MapEdge,
    ProcessMap,
    process_map,
    slowest_transitions,
)
from servoloop.kernel.mining.reopenings import Reopenings, reopenings
from servoloop.kernel.mining.rework import Rework, rework
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.swept import Sweep
from servoloop.kernel.mining.variants import Variant, variants
from servoloop.loop.waiting import WaitingFindings, decomposed, waiting_findings

if TYPE_CHECKING:  # it loads the compiler
    from servoloop.kernel.mining.workload import Workload

VARIANTS_DRAWN = 5000
"""The map's honesty figures rest on these; beyond them they say 'at least'."""
PEOPLE_LISTED = 30


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """A log ready to be looked at; days and weekdays are those of `zone`.

    `closing` are the activities that close cases in the whole log; selections are measured by them,
    too, so that the cases behind a number of reopenings are those that were counted. `findings` are
    those of the diagnosis of this log, with the cases that each names.
    """

    log: EventLog
    zone: str
    swept: Sweep
    closing: tuple[str, ...]
    findings: NamedCases


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedCounts:
    """The size of a selection and of the log it is taken from; moments None when nothing is left.

    The names agree with those of a diagnosis, so that the same map can be drawn from both.
    """

    cases: int
    all_cases: int
    events: int
    all_events: int
    activities: int
    variants: int
    first: datetime | None
    last: datetime | None

    @property
    def share(self) -> float:
        """Of all cases, 0..1."""
        return self.cases / max(1, self.all_cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """What a selection of at least one case tells."""

    counts: SelectedCounts
    process_map: ProcessMap
    variants: tuple[Variant, ...]  # by cases descending, at most VARIANTS_DRAWN
    cycle_times: CycleTimes
    slowest: tuple[MapEdge, ...]  # by total waiting, descending
    total_wait: timedelta
    rework: Rework
    reopenings: Reopenings
    handovers: HandoverSummary | None  # None when the log names neither teams nor people


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    """No case is left; the counts say of how many."""

    counts: SelectedCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLoad:
    """What one person did in a selection."""

    person: str
    events: int
    cases: int
    share: float  # 0..1 of the events that name a person


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHandover:
    """How often one person's step was followed by another's."""

    source: str
    target: str
    count: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Individuals by name, shown for a reason only; both lists by count, descending."""

    people: int
    load: tuple[PersonLoad, ...]
    handovers: tuple[PersonHandover, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """The week of a selection; the work is that on its own cases, pooled over everybody."""

    arrivals: Arrivals
    workload: "Workload"


def subject_of(log: EventLog, *, zone: str = "UTC", findings: NamedCases = NO_FINDINGS) -> Subject:
    """Make a log of at least one event ready."""
    swept = sweep(log)
    closing = reopenings(log, swept).closing
    return Subject(log=log, zone=zone, swept=swept, closing=closing, findings=findings)


def kept_of(subject: Subject, filters: Sequence[Filter]) -> Kept:
    """Which cases the filters keep, one truth value for each."""
    return kept_cases(
        subject.log,
        filters,
        zone=subject.zone,
        swept=subject.swept,
        closing=subject.closing,
        findings=subject.findings,
    )


def explore(subject: Subject, filters: Sequence[Filter]) -> Exploration | Nothing:
    """The figures of the cases that all filters keep."""
    log = _selected(subject, filters)
    if not log.cases:
        return Nothing(counts=_counts(subject, log, 0))
    swept = subject.swept if log is subject.log else sweep(log)
    return explored(subject, log, swept)


def explored(subject: Subject, log: EventLog, swept: Sweep) -> Exploration:
    """The figures of a part of the subject's log with at least one case; `swept` is its sweep."""
    drawn = process_map(log, swept)
    return Exploration(
        counts=_counts(subject, log, len(swept.variant_cases)),
        process_map=drawn,
        variants=variants(log, swept, top=VARIANTS_DRAWN),
        cycle_times=cycle_times(swept.case_duration),
        slowest=slowest_transitions(drawn.edges, cases=log.cases),
        total_wait=sum((edge.total_wait for edge in drawn.edges), timedelta()),
        rework=rework(log, swept),
        reopenings=reopenings(log, swept, closing=subject.closing),
        handovers=handover_summary(log),
    )


def waiting_of(subject: Subject, filters: Sequence[Filter]) -> WaitingFindings | None:
    """The waiting by its causes; None when the log does not tell when work began.

    Who else had work is known only of the selected cases, so contention is that among them.
    """
    log = _selected(subject, filters)
    if not log.cases:
        return None
    found = decomposed(log, zone=subject.zone)
    return None if found is None else waiting_findings(found)


def kpis_of(subject: Subject, filters: Sequence[Filter]) -> tuple[Measured, ...]:
    """The KPIs of the catalogue that the log can tell; none when no case is left."""
    log = _selected(subject, filters)
    if not log.cases:
        return ()
    return tuple(each for each in measure_log(log) if each.figures)


def people_of(subject: Subject, filters: Sequence[Filter]) -> People | None:
    """Who did how much and who passed work to whom; None when the log names nobody."""
    log = _selected(subject, filters)
    if log.resource is None or not log.resource.names:
        return None
    codes = log.resource.codes
    known = codes >= 0
    events = np.bincount(codes[known], minlength=len(log.resource.names))
    width = len(log.resource.names)
    pairs = np.unique(log.case.codes[known].astype(np.int64) * width + codes[known])
    cases = np.bincount(pairs % width, minlength=width)
    order = np.argsort(-events, kind="stable")[:PEOPLE_LISTED]
    return People(
        people=width,
        load=tuple(
            PersonLoad(
                person=log.resource.names[code],
                events=int(events[code]),
                cases=int(cases[code]),
                share=float(events[code] / max(1, events.sum())),
            )
            for code in order.tolist()
        ),
        handovers=_passed_between_people(log),
    )


def busy_of(subject: Subject, filters: Sequence[Filter]) -> Busy | None:
    """When the cases of a selection arrive and are worked on; None when no case is left."""
    # Imported here: it loads the compiler, as above.
    from servoloop.kernel.mining.workload import workload

    log = _selected(subject, filters)
    if not log.cases:
        return None
    return Busy(
        arrivals=arrivals(log, zone=subject.zone), workload=workload(log, zone=subject.zone)
    )


def variant_of(subject: Subject, key: str) -> tuple[str, ...] | None:
    """The path of a variant of the whole log, by its key."""
    log = subject.log
    for case in subject.swept.variant_first_case.tolist():
        path = path_of(log, case)
        if variant_key(path) == key:
            return path
    return None


def path_of(log: EventLog, case: int) -> tuple[str, ...]:
    """The activities of a case (by its place)."""
    codes = log.activity.codes[log.offsets[case] : log.offsets[case + 1]]
    return tuple(log.activity.names[code] for code in codes.tolist())


def _selected(subject: Subject, filters: Sequence[Filter]) -> EventLog:
    if not filters:
        return subject.log
    return filtered(subject.log, kept_of(subject, filters), with_attributes=False)


def _counts(subject: Subject, log: EventLog, variants: int) -> SelectedCounts:
    return SelectedCounts(
        cases=log.cases,
        all_cases=subject.log.cases,
        events=log.events,
        all_events=subject.log.events,
        activities=len(log.activity.names),
        variants=variants,
        first=moment(int(log.ts.min()), subject.zone) if log.events else None,
        last=moment(int(log.ts.max()), subject.zone) if log.events else None,
    )


def _passed_between_people(log: EventLog) -> tuple[PersonHandover, ...]:
    # Imported here: it loads the compiler, which those who ask for no people need not wait for.
    from servoloop.kernel.mining.handovers import handovers

    if log.resource is None:
        return ()
    found = handovers(log, owners=log.resource)
    return tuple(
        PersonHandover(source=source, target=target, count=count, cases=cases)
        for source, target, count, cases in found.rows(top=PEOPLE_LISTED)
    )
