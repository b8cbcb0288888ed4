"""How a process runs: what every engine can tell of a log of any size, equal in every byte."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from servoloop.kernel.mining.arrivals import Arrivals, arrivals
from servoloop.kernel.mining.durations import CycleTimes, cycle_times
from servoloop.kernel.mining.event_log import EventLog
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
from servoloop.kernel.mining.variants import Variant, variants


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Sums over cases, so a log may be read in parts, or by an engine elsewhere; no sampling.

    Moments are in the zone asked for; `variants` are the most frequent of `variant_count`.
    """

    events: int
    cases: int
    resources: int  # 0 when the log names none
    variant_count: int
    first: datetime
    last: datetime
    process_map: ProcessMap
    variants: tuple[Variant, ...]
    cycle_times: CycleTimes
    rework: Rework
    reopenings: Reopenings
    handovers: HandoverSummary | None  # None when the log names neither teams nor people
    arrivals: Arrivals

    @property
    def slowest(self) -> tuple[MapEdge, ...]:
        """By total waiting, descending."""
        return slowest_transitions(self.process_map.edges, cases=self.cases)

    @property
    def total_wait(self) -> timedelta:
        """Of all transitions."""
        return sum((edge.total_wait for edge in self.process_map.edges), timedelta())


def flow_of(log: EventLog, *, zone: str, top: int) -> Flow:
    """The flow of a log of at least one event, with its `top` most frequent variants."""
    swept = sweep(log)
    return Flow(
        events=log.events,
        cases=log.cases,
        resources=0 if log.resource is None else len(log.resource.names),
        variant_count=len(swept.variant_cases),
        first=moment(int(log.ts.min()), zone),
        last=moment(int(log.ts.max()), zone),
        process_map=process_map(log, swept),
        variants=variants(log, swept, top=top),
        cycle_times=cycle_times(swept.case_duration),
        rework=rework(log, swept),
        reopenings=reopenings(log, swept),
        handovers=handover_summary(log),
        arrivals=arrivals(log, zone=zone),
    )
