"""What the map in the page is drawn from: small arrays instead of objects."""

from datetime import timedelta
from itertools import pairwise
from typing import Any, Protocol

from servoloop.kernel.mining.process_map import MapEdge, ProcessMap
from servoloop.kernel.mining.variants import Variant

START, END = -1, -2
STEPS_KEPT = 400_000
"""Bounds the page: paths beyond it are left out and the honesty figures say 'at least'."""


class Counted(Protocol):
    """How much there is."""

    @property
    def cases(self) -> int: ...
    @property
    def variants(self) -> int: ...


class Mapped(Protocol):
    """What a map can be drawn from: a diagnosis, or a selection of a log."""

    @property
    def counts(self) -> Counted: ...
    @property
    def process_map(self) -> ProcessMap: ...
    @property
    def variants(self) -> tuple[Variant, ...]: ...
    @property
    def total_wait(self) -> timedelta: ...


def map_data(found: Mapped) -> dict[str, Any]:
    """Nodes by events descending, edges by transitions descending, paths as sets of edges.

    `edges`: [source, target, transitions, cases, median s, p90 s, total s]; source -1 is the start,
    target -2 the end. `paths`: [cases, edge, edge, …] per variant.
    """
    nodes = found.process_map.nodes
    places = {node.activity: index for index, node in enumerate(nodes)}
    ends = [_ends(edge, places) for edge in found.process_map.edges]
    known = {pair: index for index, pair in enumerate(ends)}
    paths: list[list[int]] = []
    steps = 0
    for variant in found.variants:
        walk = [START, *(places[activity] for activity in variant.activities), END]
        taken = sorted({known[pair] for pair in pairwise(walk)})
        steps += len(taken)
        if steps > STEPS_KEPT:
            break
        paths.append([variant.cases, *taken])
    return {
        "cases": found.counts.cases,
        "totalWait": found.total_wait.total_seconds(),
        "nodes": [
            [node.activity, node.events, node.cases, node.starts, node.ends, node.repeats, place]
            for node, place in zip(nodes, _usual_places(found, places), strict=True)
        ],
        "edges": [
            [*pair, edge.transitions, edge.cases, *map(_seconds, _waits(edge))]
            for pair, edge in zip(ends, found.process_map.edges, strict=True)
        ],
        "paths": paths,
        "pathsComplete": len(paths) == found.counts.variants,
    }


def _usual_places(found: Mapped, places: dict[str, int]) -> list[float]:
    """Where in its cases each activity first comes, on average: 0 at the start, 1 at the end."""
    sums, cases = [0.0] * len(places), [0] * len(places)
    for variant in found.variants:
        last = max(1, len(variant.activities) - 1)
        first = {activity: step for step, activity in reversed(list(enumerate(variant.activities)))}
        for activity, step in first.items():
            sums[places[activity]] += variant.cases * step / last
            cases[places[activity]] += variant.cases
    return [
        round(sum_ / count, 4) if count else 0.5 for sum_, count in zip(sums, cases, strict=True)
    ]


def _ends(edge: MapEdge, place: dict[str, int]) -> tuple[int, int]:
    source = START if edge.source is None else place[edge.source]
    return source, END if edge.target is None else place[edge.target]


def _waits(edge: MapEdge) -> tuple[timedelta, timedelta, timedelta]:
    return edge.median_wait, edge.p90_wait, edge.total_wait


def _seconds(span: timedelta) -> float:
    return round(span.total_seconds(), 3)
