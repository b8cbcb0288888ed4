"""Diagnose: how the process really runs, read from an event log."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.interchange.cleaning import clean
from servoloop.kernel.interchange.cleaning_steps import Cleaned, CleaningStep
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.interchange.read_report import ReadReport
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.mining.arrivals import Arrivals, arrivals
from servoloop.kernel.mining.durations import CycleTimes, cycle_times
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.flow import Flow
from servoloop.kernel.mining.handover_summary import HandoverSummary, handover_summary
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
from servoloop.kernel.mining.value import ValueOptions, ValueStream
from servoloop.kernel.mining.variants import Variant, variants
from servoloop.kernel.process.program import Program
from servoloop.loop.findings import Improvements, improvements
from servoloop.loop.log_file import Progress, read_log_file
from servoloop.loop.value import value_of_log
from servoloop.loop.waiting import WaitingFindings, decomposed, waiting_findings

if TYPE_CHECKING:  # they load the compiler
    from servoloop.loop.conform import DefinitionConformance
    from servoloop.loop.discover import DiscoveredModel

Keep = Callable[[EventLog], None]
"""Takes the log as it is diagnosed: cleaned and joined."""
VARIANTS_KEPT = 5000
"""The report draws its map and its honesty figures from these; their coverage is shown."""
NO_ALIASES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The size of a log; moments in the zone of the log."""

    cases: int
    events: int
    activities: int
    variants: int
    resources: int  # 0 when the log names none
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """Some of the cases of a log too large to hold (see `diagnose_large`)."""

    cases: int
    events: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """What a log tells; `read_report` is None for events of our own database."""

    name: str
    read_report: ReadReport | None
    counts: Counts
    improvements: Improvements  # what to change first
    process_map: ProcessMap
    variants: tuple[Variant, ...]  # by cases descending, at most VARIANTS_KEPT
    cycle_times: CycleTimes
    slowest: tuple[MapEdge, ...]  # by total waiting, descending
    total_wait: timedelta  # of all transitions
    waiting: WaitingFindings | None  # None when the log does not tell when work began
    rework: Rework
    reopenings: Reopenings
    handovers: HandoverSummary | None  # None when the log names neither teams nor people
    arrivals: Arrivals
    conformance: "tuple[DefinitionConformance, ...]"  # one for each definition compared
    discovered: "DiscoveredModel | None"  # None when it was not asked for
    examined: Examined | None = None  # what findings, waiting and conformance tell of; None: all
    cleaning: tuple[Cleaned, ...] = ()  # what was done to the log before, in this order
    value: ValueStream | None = None  # what each step is worth and costs


def diagnose_log(
    path: Path,
    *,
    options: ReadOptions = GUESS,
    cleaning: Collection[CleaningStep] = (),
    join_lifecycle: bool = False,
    definition: Program | None = None,
    aliases: Mapping[str, str] = NO_ALIASES,
    with_model: bool = False,
    value: ValueOptions | None = None,
    progress: Progress | None = None,
    keep: Keep | None = None,
) -> Diagnosis:
    """Read an event log from a file and diagnose it.

    The log is cleaned by the steps of `cleaning`, in their own order. `join_lifecycle` then makes
    one event of the start and the complete event of a piece of work; other lifecycle steps are left
    out, and the counts are those of the joined events. `keep` gets the log as it is diagnosed. The
    rest is as in `diagnose`. Raises UnreadableLog with one sentence when the file cannot be opened
    or read as a whole, and NothingLeft. The log is held in memory; `diagnose_large` takes those
    that outgrow it.
    """
    read = read_log_file(path, options=options, progress=progress)
    cleaned = clean(read.log, cleaning)
    log = _joined(cleaned.log) if join_lifecycle else cleaned.log
    if keep is not None:
        keep(log)
    found = diagnose(
        log,
        name=path.name,
        read_report=read.report,
        zone=options.zone,
        definition=definition,
        aliases=aliases,
        with_model=with_model,
        value=value,
    )
    return replace(found, cleaning=cleaned.done)


def diagnose(
    log: EventLog,
    *,
    name: str,
    read_report: ReadReport | None,
    zone: str = "UTC",
    definition: Program | None = None,
    aliases: Mapping[str, str] = NO_ALIASES,
    with_model: bool = False,
    standards: Sequence[Program] = (),
    calendars: Mapping[str, Calendar] | None = None,
    value: ValueOptions | None = None,
) -> Diagnosis:
    """Diagnose an event log of at least one event, wherever it came from.

    It is compared with `definition` where one is given; `aliases` lead from activities to steps.
    `with_model` discovers a model too, which takes seconds to a minute. Value classes, cost rates
    and standard times are those of `definition` and of `standards`, unless `value` says otherwise;
    work counts on the `calendars` that these name.
    Raises NamesDoNotMatch, UnknownName and SeveralCurrencies.
    """
    conformance = () if definition is None else (_conformance(log, definition, aliases),)
    swept = sweep(log)
    waited = decomposed(log, zone=zone)
    drawn = process_map(log, swept)
    return Diagnosis(
        name=name,
        read_report=read_report,
        counts=_counts(log, len(swept.variant_cases), zone),
        improvements=improvements(log, zone=zone, waits=waited.waits if waited else None),
        process_map=drawn,
        variants=variants(log, swept, top=VARIANTS_KEPT),
        cycle_times=cycle_times(swept.case_duration),
        slowest=slowest_transitions(drawn.edges, cases=log.cases),
        total_wait=sum((edge.total_wait for edge in drawn.edges), timedelta()),
        waiting=waiting_findings(waited) if waited else None,
        rework=rework(log, swept),
        reopenings=reopenings(log, swept),
        handovers=handover_summary(log),
        arrivals=arrivals(log, zone=zone),
        conformance=conformance,
        discovered=_discovered(log, name) if with_model else None,
        value=value_of_log(
            log,
            waits=waited.waits if waited else None,
            programs=standards if definition is None else (definition, *standards),
            aliases=aliases,
            calendars=calendars,
            options=value,
        ),
    )


def _conformance(
    log: EventLog, definition: Program, aliases: Mapping[str, str]
) -> "DefinitionConformance":
    # Imported here, as below: these load the compiler, which other diagnoses need not wait for.
    from servoloop.loop.conform import conform

    return conform(log, definition, aliases=aliases)


def _discovered(log: EventLog, name: str) -> "DiscoveredModel":
    from servoloop.loop.discover import discovered_model

    return discovered_model(log, name=name)


def _joined(log: EventLog) -> EventLog:
    # Imported here: it loads the compiler, which other logs need not wait for.
    from servoloop.kernel.mining.instances import has_instances, joined_instances

    if not has_instances(log):
        raise UnreadableLog(
            "The log has no lifecycle column with 'start' and 'complete' events to join; leave "
            "--join out, and the cleaning step 'only-complete' where it is used."
        )
    return joined_instances(log)


def counts_of(flow: Flow) -> Counts:
    """The size of a log whose flow was counted in parts, or by an engine elsewhere."""
    return Counts(
        cases=flow.cases,
        events=flow.events,
        activities=len(flow.process_map.nodes),
        variants=flow.variant_count,
        resources=flow.resources,
        first=flow.first,
        last=flow.last,
    )


def _counts(log: EventLog, variants: int, zone: str) -> Counts:
    return Counts(
        cases=log.cases,
        events=log.events,
        activities=len(log.activity.names),
        variants=variants,
        resources=0 if log.resource is None else len(log.resource.names),
        first=moment(int(log.ts.min()), zone),
        last=moment(int(log.ts.max()), zone),
    )
