"""Everything a net can do, written out as states and edges, as far as it is not too much."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.conformance.net import Net
from servoloop.kernel.mining.swept import Counts, Ids

SILENT = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Automaton:
    """S states (0 is the first); the edges of state s are `offsets[s]:offsets[s + 1]`.

    `label` is an index into `labels` or `SILENT`. `is_end` marks the states in which the case is
    over. States from which no end can be reached are left out.
    """

    labels: tuple[str, ...]
    offsets: Counts
    label: Ids
    target: Ids
    is_end: npt.NDArray[np.bool_]

    @property
    def states(self) -> int:
        return len(self.is_end)

    def next_steps(self, state: int) -> dict[int, set[int]]:
        """The labels that can come next, silent edges before them included -> states after."""
        found: dict[int, set[int]] = {}
        seen, waiting = {state}, [state]
        while waiting:
            at = waiting.pop()
            for edge in range(int(self.offsets[at]), int(self.offsets[at + 1])):
                label, target = int(self.label[edge]), int(self.target[edge])
                if label != SILENT:
                    found.setdefault(label, set()).add(target)
                elif target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return found


def automaton_of(net: Net, *, most_states: int) -> Automaton | None:
    """Write out the net; None when it has more than `most_states` states, or can never end."""
    labels = net.labels
    code = {label: number for number, label in enumerate(labels)}
    moves = [(each, SILENT if each.label is None else code[each.label]) for each in net.transitions]
    number = {net.initial: 0}
    edges: list[list[tuple[int, int]]] = []
    waiting = [net.initial]
    while len(edges) < len(waiting):
        marking = waiting[len(edges)]
        out: dict[tuple[int, int], None] = {}
        for transition, label in moves:
            reached = transition.fire(marking)
            if reached is None or (reached == marking and label == SILENT):
                continue
            if reached not in number:
                if len(waiting) == most_states:
                    return None
                number[reached] = len(waiting)
                waiting.append(reached)
            out[label, number[reached]] = None
        edges.append(list(out))
    if 0 not in number:
        return None
    return _packed(labels, edges, number[0])


def _packed(
    labels: tuple[str, ...], edges: list[list[tuple[int, int]]], end: int
) -> Automaton | None:
    alive = _can_end(edges, end)
    if 0 not in alive:
        return None
    new = {old: place for place, old in enumerate(sorted(alive))}
    kept = [
        sorted((label, new[target]) for label, target in edges[old] if target in new) for old in new
    ]
    flat = [edge for out in kept for edge in out]
    is_end = np.zeros(len(new), dtype=np.bool_)
    is_end[new[end]] = True
    return Automaton(
        labels=labels,
        offsets=np.cumsum([0, *(len(out) for out in kept)], dtype=np.int64),
        label=np.array([label for label, _ in flat], dtype=np.int32),
        target=np.array([target for _, target in flat], dtype=np.int32),
        is_end=is_end,
    )


def _can_end(edges: list[list[tuple[int, int]]], end: int) -> set[int]:
    before: list[list[int]] = [[] for _ in edges]
    for source, out in enumerate(edges):
        for _, target in out:
            before[target].append(source)
    alive, waiting = {end}, [end]
    while waiting:
        for source in before[waiting.pop()]:
            if source not in alive:
                alive.add(source)
                waiting.append(source)
    return alive
