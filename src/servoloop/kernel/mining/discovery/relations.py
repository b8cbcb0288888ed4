"""What follows what in a multiset of sequences, and sets of activities found from it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

Trace = tuple[int, ...]
Traces = Mapping[Trace, int]
Edges = Mapping[tuple[int, int], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """Directly-follows edges with their counts, and where sequences begin and end."""

    activities: tuple[int, ...]
    edges: Edges
    starts: Mapping[int, int]
    ends: Mapping[int, int]

    def filtered(self, share: float) -> "Relations":
        """Without edges, starts and ends rarer than `share` of the most frequent beside them.

        An edge is compared with the strongest way out of its source, the end included (the filter
        of the inductive miner - infrequent).
        """
        strongest: dict[int, int] = dict(self.ends)
        for (source, _), count in self.edges.items():
            strongest[source] = max(strongest.get(source, 0), count)
        most = max(self.starts.values(), default=0)
        last = max(self.ends.values(), default=0)
        return Relations(
            activities=self.activities,
            edges={
                edge: count
                for edge, count in self.edges.items()
                if count >= share * strongest[edge[0]]
            },
            starts={a: count for a, count in self.starts.items() if count >= share * most},
            ends={a: count for a, count in self.ends.items() if count >= share * last},
        )


def relations_of(traces: Traces) -> Relations:
    """Count the relations; empty sequences say nothing."""
    edges: Counter[tuple[int, int]] = Counter()
    starts: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    activities: dict[int, None] = {}
    for trace, cases in traces.items():
        if not trace:
            continue
        starts[trace[0]] += cases
        ends[trace[-1]] += cases
        activities.update(dict.fromkeys(trace))
        for pair in pairwise(trace):
            edges[pair] += cases
    return Relations(activities=tuple(sorted(activities)), edges=edges, starts=starts, ends=ends)


def components(nodes: Iterable[int], pairs: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """The connected components of an undirected graph, by their smallest node."""
    parent = {node: node for node in nodes}

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for one, other in pairs:
        if one in parent and other in parent:
            parent[root(one)] = root(other)
    groups: dict[int, set[int]] = defaultdict(set)
    for node in parent:
        groups[root(node)].add(node)
    return sorted((frozenset(group) for group in groups.values()), key=min)


def reachable(activities: Iterable[int], edges: Iterable[tuple[int, int]]) -> dict[int, set[int]]:
    """What can be reached from each activity in one step or more."""
    after: dict[int, set[int]] = {activity: set() for activity in activities}
    for source, target in edges:
        after[source].add(target)
    found: dict[int, set[int]] = {}
    for activity in after:
        seen: set[int] = set()
        waiting = list(after[activity])
        while waiting:
            node = waiting.pop()
            if node not in seen:
                seen.add(node)
                waiting.extend(after[node])
        found[activity] = seen
    return found
