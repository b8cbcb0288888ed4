"""Waiting time split into its causes: the door of this package.

The waiting of an event is the time from when it could have begun (see `enabling`) to when it did.
Its causes, in the order in which they claim a moment, after Lashkevich, Milani et al., 'Why am I
waiting? Data-driven analysis of waiting times in business processes' (2023):

1. customer: the activity is the customer's own, so all of its waiting is;
2. batching: until the last event of its batch could have begun;
3. contention: the resource works on something that could have begun no later than this;
4. prioritisation: the resource works on something that could have begun only later;
5. unavailability: the calendar of the resource is closed;
6. extraneous: the resource is there and idle (a timer, an outside party, an unseen task);
7. unattributed: the log names no resource, so nothing but the waiting is known.

Every part is a whole number of microseconds, and the parts of an event sum to its waiting exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.distinct import stable_order
from servoloop.kernel.mining.event_log import EventLog, Micros
from servoloop.kernel.mining.moments import micros, moment
from servoloop.kernel.mining.swept import Counts, Ids, begins
from servoloop.kernel.mining.waiting.batches import Batches, find_batches
from servoloop.kernel.mining.waiting.cause import CAUSES, Cause
from servoloop.kernel.mining.waiting.concurrency import Concurrency, concurrent_activities
from servoloop.kernel.mining.waiting.enabling import Enabling, enabling
from servoloop.kernel.mining.waiting.split import split_windows

SMALLEST_BATCH = 10
"""Of the reference. Below it, a queue that is worked off in a row counts as a batch too often."""


class WaitingUnknown(ServoloopError):
    """The log does not tell when work began, so waiting and working cannot be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waiting:
    """Per event of the log (n rows), in microseconds.

    `parts` is n x 7, columns in the order of `CAUSES`; its rows sum to `total`, which is never
    negative. `enabling.by` is the event that each waited for, -1 for the first of a case.
    """

    log: EventLog
    enabling: Enabling
    batches: Batches
    total: Micros
    parts: Counts

    def of(self, cause: Cause) -> Micros:
        """The column of one cause."""
        return self.parts[:, CAUSES.index(cause)]


def decompose_waiting(
    log: EventLog,
    *,
    calendars: Mapping[str, Calendar],
    smallest_batch: int = SMALLEST_BATCH,
    customer_activities: frozenset[str] = frozenset(),
    concurrent: Concurrency | None = None,
) -> Waiting:
    """Split the waiting of every event into its causes.

    `calendars` by the name of the resource; one that is not in it is always available (see
    `discover_calendars`). `concurrent` is discovered when not given. Raises WaitingUnknown when the
    log has no start times.
    """
    if log.start is None:
        raise WaitingUnknown(
            "The log has one time per event, so waiting and working cannot be told apart: choose "
            "the column with the start of the work, or read the sojourn times instead."
        )
    if concurrent is None:
        concurrent = concurrent_activities(log)
    enabled = enabling(log, concurrent=concurrent)
    batches = find_batches(log, enabled_at=enabled.at, smallest=max(2, smallest_batch))
    total = begins(log) - enabled.at
    parts = np.zeros((log.events, len(CAUSES)), dtype=np.int64)
    window = _window(enabled, batches)
    parts[:, 0] = window - enabled.at
    parts[:, 1:5] = _split(log, enabled, batches, window, calendars)
    _set_apart(parts, log, total, customer_activities)
    return Waiting(log=log, enabling=enabled, batches=batches, total=total, parts=parts)


def _window(enabled: Enabling, batches: Batches) -> Micros:
    """From when on the resource, not the batch, keeps the event waiting."""
    if not batches.count:
        return enabled.at
    in_batch = batches.of_event >= 0
    complete = batches.complete_at[np.maximum(batches.of_event, 0)]
    return np.where(in_batch, complete, enabled.at)


def _split(
    log: EventLog,
    enabled: Enabling,
    batches: Batches,
    window: Micros,
    calendars: Mapping[str, Calendar],
) -> Counts:
    if log.resource is None or not log.events:
        return np.zeros((log.events, 4), dtype=np.int64)
    codes = log.resource.codes
    resources = len(log.resource.names)
    every = np.arange(resources + 1)
    rows = stable_order(codes)
    heads = codes[batches.rows[batches.offsets[:-1]]]
    spans = _open_spans(log.resource.names, calendars, window, begins(log))
    return split_windows(
        rows,
        np.searchsorted(codes[rows], every),
        begins(log),
        log.ts,
        enabled.at,
        window,
        *spans,
        batches.of_event,
        batches.rows,
        batches.offsets,
        np.searchsorted(heads, every),
    )


def _open_spans(
    resources: tuple[str, ...],
    calendars: Mapping[str, Calendar],
    window: Micros,
    began: Micros,
) -> tuple[Ids, Counts, Counts, Counts]:
    """The open spans of each distinct calendar over the time of all waiting, as flat arrays."""
    waiting = window < began
    calendar_of = np.full(len(resources), -1, dtype=np.int32)
    begin: list[int] = []
    end: list[int] = []
    offsets = [0]
    if waiting.any():
        reach = moment(int(window[waiting].min())), moment(int(began[waiting].max()))
        known: dict[Calendar, int] = {}
        for code, resource in enumerate(resources):
            calendar = calendars.get(resource)
            if calendar is None:
                continue
            if calendar not in known:
                known[calendar] = len(known)
                for opening, closing in calendar.open_spans(*reach):
                    begin.append(micros(opening))
                    end.append(micros(closing))
                offsets.append(len(begin))
            calendar_of[code] = known[calendar]
    return (
        calendar_of,
        np.array(begin, dtype=np.int64),
        np.array(end, dtype=np.int64),
        np.array(offsets, dtype=np.int64),
    )


def _set_apart(
    parts: Counts, log: EventLog, total: Micros, customer_activities: frozenset[str]
) -> None:
    """The customer's own steps, and the events that name no resource, have one cause only."""
    own = np.array([name in customer_activities for name in log.activity.names], dtype=np.bool_)
    customer = own[log.activity.codes]
    unnamed = np.ones(log.events, dtype=np.bool_)
    if log.resource is not None:
        unnamed = log.resource.codes < 0
    parts[customer | unnamed] = 0
    parts[customer, CAUSES.index(Cause.CUSTOMER)] = total[customer]
    unnamed &= ~customer
    parts[unnamed, CAUSES.index(Cause.UNATTRIBUTED)] = total[unnamed]
