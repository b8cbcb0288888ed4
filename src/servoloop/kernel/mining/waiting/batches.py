"""Batches: work that a resource lets pile up and then does in one go.

Executions of one activity by one resource form a batch when they follow each other without a gap
(or overlap, or begin together) and every one of them could have begun before the first one did.
"""

from dataclasses import dataclass

import numpy as np

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.distinct import stable_order
from servoloop.kernel.mining.event_log import EventLog, Micros
from servoloop.kernel.mining.swept import Counts, Ids, begins


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batches:
    """B batches; the members of batch b are `rows[offsets[b]:offsets[b + 1]]`, by start.

    `of_event` is the batch of each event or -1; `complete_at` is when the last member of a batch
    could have begun. Batches are ordered by resource.
    """

    of_event: Counts
    rows: Counts
    offsets: Counts
    complete_at: Micros

    @property
    def count(self) -> int:
        return len(self.complete_at)


def find_batches(log: EventLog, *, enabled_at: Micros, smallest: int) -> Batches:
    """Batches of at least `smallest` (>= 2) executions; events without a resource are in none."""
    if log.resource is None or not log.events:
        return Batches(
            of_event=np.full(log.events, -1, dtype=np.int64),
            rows=np.zeros(0, dtype=np.int64),
            offsets=np.zeros(1, dtype=np.int64),
            complete_at=np.zeros(0, dtype=np.int64),
        )
    began = begins(log)
    # Both sorts are stable, so equal starts keep the order of the rows.
    order = np.argsort(began, kind="stable")
    pair = log.resource.codes.astype(np.int64) * len(log.activity.names) + log.activity.codes
    order = order[stable_order(pair[order])]
    of_event, rows, offsets, complete_at = _find(
        order, log.resource.codes, log.activity.codes, began, log.ts, enabled_at, smallest
    )
    return Batches(of_event=of_event, rows=rows, offsets=offsets, complete_at=complete_at)


@compiled
def _find(
    order: Counts,
    resource: Ids,
    activity: Ids,
    began: Counts,
    ended: Counts,
    enabled: Counts,
    smallest: int,
) -> tuple[Counts, Counts, Counts, Counts]:
    events = len(order)
    of_event = np.full(events, -1, np.int64)
    rows = np.empty(events, np.int64)
    offsets = np.zeros(events + 1, np.int64)
    complete = np.empty(events, np.int64)
    batches = filled = first = 0
    while first < events:
        head = order[first]
        reach, latest = ended[head], enabled[head]
        last = first + 1
        while last < events:
            row = order[last]
            if (
                resource[row] != resource[head]
                or activity[row] != activity[head]
                or began[row] > reach
                or enabled[row] > began[head]
            ):
                break
            reach = max(reach, ended[row])
            latest = max(latest, enabled[row])
            last += 1
        if resource[head] >= 0 and last - first >= smallest:
            for place in range(first, last):
                of_event[order[place]] = batches
                rows[filled] = order[place]
                filled += 1
            complete[batches] = latest
            batches += 1
            offsets[batches] = filled
        first = last
    return of_event, rows[:filled].copy(), offsets[: batches + 1].copy(), complete[:batches].copy()
