"""The process map: which activity follows which, how often and after how long."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.swept import Counts, MapCounts, Sweep

HONEST_SHARES = (0.8, 0.95, 0.99)
RARE = 0.001
"""A transition taken by fewer than this share of the cases is no candidate for the slowest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MapNode:
    """An activity; `repeats` are its events after the first in a case."""

    activity: str
    events: int
    cases: int
    starts: int
    ends: int
    repeats: int
    repeat_cases: int
    self_loops: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MapEdge:
    """A directly-follows step; `source` None is the start of the case, `target` None its end.

    Waits run from the event before to this event (to its start where the log has starts).
    """

    source: str | None
    target: str | None
    transitions: int
    cases: int
    median_wait: timedelta
    p90_wait: timedelta
    total_wait: timedelta

    @property
    def is_step(self) -> bool:
        """Whether it joins two activities (and so has a wait)."""
        return self.source is not None and self.target is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class HonestyFigure:
    """What a map filtered to its most frequent edges still tells.

    With the fewest edges that hold `transitions_share` of all transitions (starts and ends
    included), `edges_shown` of `edges` are drawn, and `cases_share` of the cases lie wholly on it.
    """

    transitions_share: float  # 0..1, asked for
    edges_shown: int
    edges: int
    cases_share: float  # 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMap:
    """Nodes by events descending, edges by transitions descending (all of them)."""

    nodes: tuple[MapNode, ...]
    edges: tuple[MapEdge, ...]
    honesty: tuple[HonestyFigure, ...]


def process_map(log: EventLog, swept: Sweep) -> ProcessMap:
    """Put names to the counts of a sweep."""
    return process_map_of(swept, log.activity.names)


def process_map_of(swept: Sweep, activities: tuple[str, ...]) -> ProcessMap:
    """The same from the names alone, for a log that was swept in parts."""
    return ProcessMap(
        nodes=nodes_of(activities, swept),
        edges=edges_of(activities, swept),
        honesty=tuple(honesty(swept, share) for share in HONEST_SHARES),
    )


def honesty(swept: Sweep, share: float) -> HonestyFigure:
    """The honesty figure of the smallest map that holds a share (0..1] of all transitions."""
    edges = len(swept.edge_transitions)
    return honest_figure(
        share,
        transitions=swept.edge_transitions,
        cases_by_rarest=np.bincount(swept.case_rarest_edge, minlength=edges),
    )


def honest_figure(share: float, *, transitions: Counts, cases_by_rarest: Counts) -> HonestyFigure:
    """As `honesty`, of the transitions of each edge and the cases whose rarest edge it is."""
    held = np.cumsum(transitions)
    total = int(held[-1]) if len(held) else 0
    shown = min(len(held), int(np.searchsorted(held, share * total)) + 1)
    cases = int(cases_by_rarest.sum())
    return HonestyFigure(
        transitions_share=share,
        edges_shown=shown,
        edges=len(held),
        cases_share=int(cases_by_rarest[:shown].sum()) / cases if cases else 0.0,
    )


def slowest_transitions(
    edges: Sequence[MapEdge], *, cases: int, top: int = 20
) -> tuple[MapEdge, ...]:
    """The steps that hold most of the waiting, but for those that are rare among the `cases`."""
    at_least = max(2, round(cases * RARE))
    steps = [edge for edge in edges if edge.is_step and edge.transitions >= at_least]
    steps.sort(key=lambda edge: -edge.total_wait)
    return tuple(edge for edge in steps[:top] if edge.total_wait)


def nodes_of(activities: tuple[str, ...], swept: MapCounts) -> tuple[MapNode, ...]:
    """The activities with their counts, by events descending."""
    nodes = [
        MapNode(
            activity=name,
            events=int(swept.activity_events[code]),
            cases=int(swept.activity_cases[code]),
            starts=int(swept.starts[code]),
            ends=int(swept.ends[code]),
            repeats=int(swept.activity_repeats[code]),
            repeat_cases=int(swept.activity_repeat_cases[code]),
            self_loops=int(swept.activity_self_loops[code]),
        )
        for code, name in enumerate(activities)
    ]
    return tuple(sorted(nodes, key=lambda node: -node.events))


def edges_of(activities: tuple[str, ...], swept: MapCounts) -> tuple[MapEdge, ...]:
    """The edges with their names, in the order of the counts."""
    names: tuple[str | None, ...] = (*activities, None)
    return tuple(
        MapEdge(
            source=names[source],
            target=names[target],
            transitions=transitions,
            cases=cases,
            median_wait=timedelta(microseconds=median),
            p90_wait=timedelta(microseconds=p90),
            total_wait=timedelta(microseconds=total),
        )
        for source, target, transitions, cases, median, p90, total in zip(
            swept.edge_source.tolist(),
            swept.edge_target.tolist(),
            swept.edge_transitions.tolist(),
            swept.edge_cases.tolist(),
            swept.edge_wait_median.tolist(),
            swept.edge_wait_p90.tolist(),
            swept.edge_wait_sum.tolist(),
            strict=True,
        )
    )
