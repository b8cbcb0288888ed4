"""How a process runs, from a log of any size: read in parts, each holding whole cases."""

from collections import Counter
from datetime import datetime
from typing import Literal

import numpy as np

from servoloop.kernel.mining.arrivals import arrivals_of
from servoloop.kernel.mining.durations import cycle_times
from servoloop.kernel.mining.event_log import Coded, EventLog
from servoloop.kernel.mining.flow import Flow
from servoloop.kernel.mining.handover_summary import (
    HandoverSummary,
    PassedWork,
    passed_work,
    summary_of,
)
from servoloop.kernel.mining.moments import moment
from servoloop.kernel.mining.naming import Naming
from servoloop.kernel.mining.parts import Parts, SweptParts
from servoloop.kernel.mining.process_map import process_map_of
from servoloop.kernel.mining.reopenings import (
    closing_codes,
    ends_at_first,
    reopened,
    reopenings_of,
)
from servoloop.kernel.mining.rework import rework_of
from servoloop.kernel.mining.swept import Counts, begins
from servoloop.kernel.mining.variants import variants_of


def flow_of_parts(parts: Parts, *, zone: str, top: int) -> Flow:
    """The flow of a log of at least one event, with its `top` variants; every part is read twice.

    Equal to `flow_of` of the whole log however it is parted, as long as a case is in one part.
    """
    found, ends, work, begun = SweptParts(), _Ends(), _Work(), _Begun()
    for part in parts():
        found.add(part)
        ends.add(part)
        work.add(part)
        begun.add(part)
    names = found.activities.names
    closing = closing_codes(
        ends.by_place(found.activities), found.activity_cases()[:, 0], cases=found.cases
    )
    closed, spent = 0, []
    for part in parts():
        found.add_waits(part)
        some, after = _reopened(part, tuple(names[code] for code in closing))
        closed += some
        spent.append(after)
    swept = found.swept()
    return Flow(
        events=found.events,
        cases=len(swept.case_variant),
        resources=work.resources,
        variant_count=len(swept.variant_cases),
        first=begun.first(zone),
        last=begun.last(zone),
        process_map=process_map_of(swept, names),
        variants=variants_of(swept, found.examples(top=top)),
        cycle_times=cycle_times(swept.case_duration),
        rework=rework_of(swept, events=found.events),
        reopenings=reopenings_of(
            np.concatenate(spent), closing=tuple(names[code] for code in closing), closed=closed
        ),
        handovers=work.summary(),
        arrivals=arrivals_of(
            begun.of_cases(), cases=np.ones(len(swept.case_variant), dtype=np.int64), zone=zone
        ),
    )


def _reopened(part: EventLog, closing: tuple[str, ...]) -> tuple[int, Counts]:
    codes = [part.activity.names.index(name) for name in closing if name in part.activity.names]
    return reopened(part, np.array(codes, dtype=np.int64))


class _Ends:
    """The cases that each activity ends with its first run, by name."""

    def __init__(self) -> None:
        self._cases: Counter[str] = Counter()

    def add(self, part: EventLog) -> None:
        found = zip(part.activity.names, ends_at_first(part).tolist(), strict=True)
        self._cases.update(dict(found))

    def by_place(self, activities: Naming) -> Counts:
        return np.array([self._cases[name] for name in activities.names], dtype=np.int64)


class _Begun:
    """When cases began, and the first and the last moment of all."""

    def __init__(self) -> None:
        self._cases: list[Counts] = []
        self._spans: list[tuple[int, int]] = []

    def add(self, part: EventLog) -> None:
        self._cases.append(begins(part)[part.offsets[:-1]])
        self._spans.append((int(part.ts.min()), int(part.ts.max())))

    def of_cases(self) -> Counts:
        return np.concatenate(self._cases)

    def first(self, zone: str) -> datetime:
        return moment(min(first for first, _ in self._spans), zone)

    def last(self, zone: str) -> datetime:
        return moment(max(last for _, last in self._spans), zone)


class _Work:
    """Work passed on between teams where the log knows them, else between people."""

    def __init__(self) -> None:
        self._by: Literal["team", "resource"] | None = None
        self._groups, self._people = Naming(), Naming()
        self._pairs: Counter[tuple[int, int]] = Counter()
        self._returns: Counter[int] = Counter()
        self._groups_of_case: list[Counts] = []
        self._returns_of_case: list[Counts] = []

    @property
    def resources(self) -> int:
        return len(self._people)

    def add(self, part: EventLog) -> None:
        if part.resource is not None:
            self._people.numbered(part.resource, part.seq)
        self._by = "team" if part.team is not None else "resource"
        groups: Coded | None = getattr(part, self._by)
        found = passed_work(part, by=self._by)
        if groups is None or found is None:
            return
        own = self._groups.numbered(groups, part.seq)
        pairs = zip(own[found.source].tolist(), own[found.target].tolist(), strict=True)
        self._pairs.update(dict(zip(pairs, found.transitions.tolist(), strict=True)))
        self._returns.update(
            dict(zip(own.tolist(), found.ping_pong_of_group.tolist(), strict=True))
        )
        self._groups_of_case.append(found.groups_of_case.astype(np.int32))
        self._returns_of_case.append(found.ping_pongs_of_case.astype(np.int32))

    def summary(self) -> HandoverSummary | None:
        if self._by is None or not self._groups_of_case:
            return None
        places, names = self._groups.places(), self._groups.names
        pairs = np.array([*self._pairs], dtype=np.int64).reshape(-1, 2)
        source, target = places[pairs[:, 0]], places[pairs[:, 1]]
        transitions = np.array([*self._pairs.values()], dtype=np.int64)
        order = np.lexsort((target, source, -transitions))
        returns = np.zeros(len(names), dtype=np.int64)
        for number, times in self._returns.items():
            returns[places[number]] = times
        return summary_of(
            PassedWork(
                by=self._by,
                names=names,
                source=source[order].astype(np.int32),
                target=target[order].astype(np.int32),
                transitions=transitions[order],
                groups_of_case=np.concatenate(self._groups_of_case),
                ping_pongs_of_case=np.concatenate(self._returns_of_case),
                ping_pong_of_group=returns,
            )
        )
