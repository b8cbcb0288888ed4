"""Splitting the waiting of one resource's events by interval algebra, exactly, in O(n log n).

The time line of a resource is cut at every moment that matters. Each piece is painted once, by the
work on it that could have begun earliest; a Fenwick tree over the pieces, filled in the order of
these moments, answers for each waiting event how much of its window was painted by work that could
have begun no later than itself (contention). The rest of the painted window is prioritisation, the
unpainted part while the calendar is closed is unavailability, and what is left is extraneous.
"""

import numpy as np
import numpy.typing as npt

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.swept import Counts, Ids

Flags = npt.NDArray[np.bool_]

CONTENTION, PRIORITISATION, UNAVAILABILITY, EXTRANEOUS = range(4)


@compiled
def split_windows(
    rows: Counts,
    row_offsets: Counts,
    began: Counts,
    ended: Counts,
    enabled: Counts,
    window: Counts,
    calendar_of: Ids,
    open_begin: Counts,
    open_end: Counts,
    open_offsets: Counts,
    batch_of: Counts,
    batch_rows: Counts,
    batch_offsets: Counts,
    resource_batches: Counts,
) -> Counts:
    """The parts (n x 4, in the order of the constants) of the time from `window` to `began`.

    Events of resource r are `rows[row_offsets[r]:row_offsets[r + 1]]`, its batches those numbered
    `resource_batches[r]` to `resource_batches[r + 1]`, exclusive. `calendar_of[r]` names a group of
    open spans, or is -1 when r is always available. Work counts as ahead of an event when it was
    enabled by the event's `window`; within its own batch when it was enabled before the event.
    """
    parts = np.zeros((len(began), 4), np.int64)
    place_of = np.empty(len(began), np.int64)
    rank_of = np.zeros(len(began), np.int64)
    for resource in range(len(row_offsets) - 1):
        mine = rows[row_offsets[resource] : row_offsets[resource + 1]]
        if len(mine) == 0:
            continue
        calendar = calendar_of[resource]
        spans_begin, spans_end = open_begin[:0], open_end[:0]
        if calendar >= 0:
            group = slice(open_offsets[calendar], open_offsets[calendar + 1])
            spans_begin, spans_end = open_begin[group], open_end[group]
        edges = _edges(mine, began, ended, window, spans_begin, spans_end)
        lengths = np.diff(edges)
        for row in mine:
            place_of[row] = np.searchsorted(edges, began[row])
        painter = _contend(mine, edges, lengths, began, ended, enabled, window, place_of, parts)
        closed = np.zeros(len(lengths), np.bool_)
        if calendar >= 0:
            closed = _closed(edges, spans_begin, spans_end)
        _share_rest(mine, edges, painter, closed, window, place_of, parts)
        for batch in range(resource_batches[resource], resource_batches[resource + 1]):
            members = batch_rows[batch_offsets[batch] : batch_offsets[batch + 1]]
            _correct_batch(
                members, batch, lengths, painter, enabled, batch_of, place_of, rank_of, parts
            )
    return parts


@compiled
def _edges(
    mine: Counts,
    began: Counts,
    ended: Counts,
    window: Counts,
    spans_begin: Counts,
    spans_end: Counts,
) -> Counts:
    lowest, highest = window[mine[0]], began[mine[0]]
    for row in mine:
        lowest, highest = min(lowest, window[row]), max(highest, began[row])
    first = np.searchsorted(spans_end, lowest)
    last = max(first, np.searchsorted(spans_begin, highest))
    count = len(mine)
    every = np.empty(3 * count + 2 * (last - first), np.int64)
    for place in range(count):
        row = mine[place]
        every[3 * place] = began[row]
        every[3 * place + 1] = max(ended[row], began[row])
        every[3 * place + 2] = window[row]
    for place in range(last - first):
        every[3 * count + 2 * place] = spans_begin[first + place]
        every[3 * count + 2 * place + 1] = spans_end[first + place]
    return np.unique(every)


@compiled
def _contend(
    mine: Counts,
    edges: Counts,
    lengths: Counts,
    began: Counts,
    ended: Counts,
    enabled: Counts,
    window: Counts,
    place_of: Counts,
    parts: Counts,
) -> Counts:
    """Fill in contention; returns the row that painted each piece, -1 where none did."""
    pieces = len(lengths)
    painter = np.full(pieces, -1, np.int64)
    unpainted = np.arange(pieces + 1)  # union-find: the next piece that is still free
    tree = np.zeros(pieces + 1, np.int64)
    painters = mine[np.argsort(enabled[mine], kind="mergesort")]
    askers = mine[np.argsort(window[mine], kind="mergesort")]
    painting = 0
    for asker in askers:
        if window[asker] >= began[asker]:
            continue
        while painting < len(painters) and enabled[painters[painting]] <= window[asker]:
            _paint(painters[painting], edges, lengths, ended, place_of, painter, unpainted, tree)
            painting += 1
        begin = np.searchsorted(edges, window[asker])
        parts[asker, 0] = _sum(tree, place_of[asker]) - _sum(tree, begin)
    while painting < len(painters):
        _paint(painters[painting], edges, lengths, ended, place_of, painter, unpainted, tree)
        painting += 1
    return painter


@compiled
def _paint(
    row: int,
    edges: Counts,
    lengths: Counts,
    ended: Counts,
    place_of: Counts,
    painter: Counts,
    unpainted: Counts,
    tree: Counts,
) -> None:
    end = np.searchsorted(edges, ended[row])
    piece = _free(unpainted, place_of[row])
    while piece < end:
        painter[piece] = row
        unpainted[piece] = piece + 1
        _add(tree, piece, lengths[piece])
        piece = _free(unpainted, piece + 1)


@compiled
def _free(unpainted: Counts, piece: int) -> int:
    while unpainted[piece] != piece:
        unpainted[piece] = unpainted[unpainted[piece]]
        piece = unpainted[piece]
    return piece


@compiled
def _closed(edges: Counts, spans_begin: Counts, spans_end: Counts) -> Flags:
    """Whether each piece lies outside the open spans."""
    closed = np.zeros(len(edges) - 1, np.bool_)
    span = 0
    for piece in range(len(closed)):
        while span < len(spans_end) and spans_end[span] <= edges[piece]:
            span += 1
        closed[piece] = span == len(spans_end) or spans_begin[span] > edges[piece]
    return closed


@compiled
def _share_rest(
    mine: Counts,
    edges: Counts,
    painter: Counts,
    closed: Flags,
    window: Counts,
    place_of: Counts,
    parts: Counts,
) -> None:
    pieces = len(painter)
    busy = np.zeros(pieces + 1, np.int64)
    off = np.zeros(pieces + 1, np.int64)
    for piece in range(pieces):
        length = edges[piece + 1] - edges[piece]
        busy[piece + 1] = busy[piece] + (length if painter[piece] >= 0 else 0)
        off[piece + 1] = off[piece] + (length if painter[piece] < 0 and closed[piece] else 0)
    for row in mine:
        begin, end = np.searchsorted(edges, window[row]), place_of[row]
        if begin < end:
            worked = busy[end] - busy[begin]
            parts[row, 1] = worked - parts[row, 0]
            parts[row, 2] = off[end] - off[begin]
            parts[row, 3] = edges[end] - edges[begin] - worked - parts[row, 2]


@compiled
def _correct_batch(
    members: Counts,
    batch: int,
    lengths: Counts,
    painter: Counts,
    enabled: Counts,
    batch_of: Counts,
    place_of: Counts,
    rank_of: Counts,
    parts: Counts,
) -> None:
    """Members done first although enabled later were preferred, not contended with."""
    moments = np.sort(enabled[members])
    for row in members:
        rank_of[row] = np.searchsorted(moments, enabled[row])
    tree = np.zeros(len(members) + 1, np.int64)
    worked = 0
    piece = place_of[members[0]]
    for row in members:
        while piece < place_of[row]:
            by = painter[piece]
            if by >= 0 and batch_of[by] == batch:
                _add(tree, rank_of[by], lengths[piece])
                worked += lengths[piece]
            piece += 1
        late = worked - _sum(tree, rank_of[row] + 1)
        parts[row, 0] -= late
        parts[row, 1] += late


@compiled
def _add(tree: Counts, index: int, amount: int) -> None:
    index += 1
    while index < len(tree):
        tree[index] += amount
        index += index & -index


@compiled
def _sum(tree: Counts, end: int) -> int:
    """The sum of the entries before `end`."""
    total = 0
    while end > 0:
        total += tree[end]
        end -= end & -end
    return total
