"""The shortest way through a net by silent moves alone, compiled.

Markings are rows of 64-bit words, since a net may have more places than one word has bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.conformance.net import Net
from servoloop.kernel.mining.swept import Counts

Words = npt.NDArray[np.uint64]
WORD = 64
EMPTY_SLOT = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepTable:
    """The transitions of a net, one row of words each; `silent` are the numbers of the silent."""

    consume: Words
    produce: Words
    empty: Words
    clear: Words
    silent: Counts


def step_table(net: Net) -> StepTable:
    """The net as the search wants it."""
    words = max(1, -(-net.places // WORD))
    return StepTable(
        consume=_rows([each.consume for each in net.transitions], words),
        produce=_rows([each.produce for each in net.transitions], words),
        empty=_rows([each.empty for each in net.transitions], words),
        clear=_rows([each.clear for each in net.transitions], words),
        silent=np.array(
            [number for number, each in enumerate(net.transitions) if each.label is None],
            dtype=np.int64,
        ),
    )


def silent_way(
    steps: StepTable, marking: int, wanted: Sequence[int], *, most_markings: int
) -> list[int] | None:
    """Silent transitions from a marking up to one of `wanted` that can happen, that one included.

    Without any wanted ones the way leads to the empty marking. None when there is no way among the
    first `most_markings` markings, nearest first.
    """
    found, path = _search(
        steps.consume,
        steps.produce,
        steps.empty,
        steps.clear,
        steps.silent,
        _rows([marking], steps.consume.shape[1])[0],
        np.array(wanted, dtype=np.int64),
        most_markings,
    )
    return path.tolist() if found else None


def _rows(markings: Sequence[int], words: int) -> Words:
    mask = (1 << WORD) - 1
    rows = [[marking >> WORD * word & mask for word in range(words)] for marking in markings]
    return np.array(rows, dtype=np.uint64).reshape(len(markings), words)


@compiled
def _search(
    consume: Words,
    produce: Words,
    empty: Words,
    clear: Words,
    silent: Counts,
    begin: Words,
    wanted: Counts,
    most: int,
) -> tuple[bool, Counts]:
    words = len(begin)
    marked = np.zeros((most + 1, words), np.uint64)
    origin = np.full(most + 1, -1, np.int64)
    by = np.full(most + 1, -1, np.int64)
    slots = 64
    while slots < 2 * most:
        slots *= 2
    table = np.full(slots, EMPTY_SLOT, np.int64)
    marked[0] = begin
    _place(table, marked, 0)
    known = 1
    at = 0
    while at < known:
        if len(wanted) == 0 and not marked[at].any():
            return True, _way(origin, by, at, -1)
        for step in wanted:
            if _can(consume, empty, marked[at], step):
                return True, _way(origin, by, at, step)
        for step in silent:
            if known < most and _can(consume, empty, marked[at], step):
                for word in range(words):
                    taken = marked[at, word] & ~consume[step, word] & ~clear[step, word]
                    marked[known, word] = taken | produce[step, word]
                if _place(table, marked, known):
                    origin[known] = at
                    by[known] = step
                    known += 1
        at += 1
    return False, by[:0]


@compiled
def _can(consume: Words, empty: Words, marking: Words, step: int) -> bool:
    for word in range(len(marking)):
        if marking[word] & consume[step, word] != consume[step, word]:
            return False
        if marking[word] & empty[step, word]:
            return False
    return True


@compiled
def _place(table: Counts, marked: Words, number: int) -> bool:
    """Whether the marking is new; it is then known under its number."""
    hashed = np.uint64(1469598103934665603)
    for word in marked[number]:
        hashed = (hashed ^ word) * np.uint64(1099511628211)
        hashed ^= hashed >> np.uint64(29)
    slot = np.int64(hashed & np.uint64(len(table) - 1))
    while table[slot] != EMPTY_SLOT:
        same = True
        for word in range(marked.shape[1]):
            same = same and marked[table[slot], word] == marked[number, word]
        if same:
            return False
        slot = (slot + 1) & (len(table) - 1)
    table[slot] = number
    return True


@compiled
def _way(origin: Counts, by: Counts, at: int, last: int) -> Counts:
    length = 0
    step = at
    while origin[step] >= 0:
        length += 1
        step = origin[step]
    way = np.empty(length + (last >= 0), np.int64)
    if last >= 0:
        way[length] = last
    while origin[at] >= 0:
        length -= 1
        way[length] = by[at]
        at = origin[at]
    return way
