"""How busy people are, by weekday and half-hour: load, presence and occupancy, pooled.

Pooled over everybody, or over a team: what one person does when is not shown here.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.mining.compiled import compiled
from servoloop.kernel.mining.event_log import NO_TIME, EventLog
from servoloop.kernel.mining.swept import Counts, Ids

DAY, HALF_HOUR = 86_400_000_000, 1_800_000_000
SLOTS = 7 * 48
Grid = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Workload:
    """Tables of 7 weekdays (Monday first) x 48 half-hours of local time.

    `completed` is the mean number of events per such half-hour. Where the log tells starts,
    `busy` is the mean number of people at work, `present` the mean number on duty, and `occupancy`
    busy / present (0 where nobody is). A person is on duty between the first and the last work of a
    local day, and busy while at least one piece of work is under way. Else these are None.
    """

    zone: str
    completed: Grid
    busy: Grid | None
    present: Grid | None

    @property
    def occupancy(self) -> Grid | None:
        if self.busy is None or self.present is None:
            return None
        return np.divide(
            self.busy, self.present, out=np.zeros_like(self.busy), where=self.present > 0
        )


def workload(log: EventLog, *, zone: str, team: int | None = None) -> Workload:
    """The workload of everybody, or of one team (a code of `log.team`)."""
    rows = np.arange(log.events)
    if team is not None and log.team is not None:
        rows = np.flatnonzero(log.team.codes == team)
    ended = _local(log.ts[rows], zone)
    days = _days(_local(log.ts, zone))
    slots = (ended // DAY + 3) % 7 * 48 + ended % DAY // HALF_HOUR  # 1970-01-01 was a Thursday
    completed = np.bincount(slots, minlength=SLOTS).reshape(7, 48) / days
    if log.start is None or log.resource is None:
        return Workload(zone=zone, completed=completed, busy=None, present=None)
    known = rows[(log.start[rows] != NO_TIME) & (log.resource.codes[rows] >= 0)]
    began = _local(log.start[known], zone)
    ended = np.maximum(_local(log.ts[known], zone), began)
    people = log.resource.codes[known]
    order = np.lexsort((began, people))
    busy, present = _spent(people[order], began[order], ended[order])
    return Workload(
        zone=zone,
        completed=completed,
        busy=busy.reshape(7, 48) / HALF_HOUR / days,
        present=present.reshape(7, 48) / HALF_HOUR / days,
    )


def _local(micros: Counts, zone: str) -> Counts:
    """Wall-clock time of the zone as microseconds since 1970."""
    at = pl.Series(micros).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    return at.dt.replace_time_zone(None).cast(pl.Int64).to_numpy()


def _days(local: Counts) -> Grid:
    """How often each weekday occurs between the first and the last event, as a column."""
    if not len(local):
        return np.ones((7, 1))
    span = np.arange(local.min() // DAY, local.max() // DAY + 1)
    return np.maximum(np.bincount((span + 3) % 7, minlength=7), 1).reshape(7, 1).astype(np.float64)


@compiled
def _spent(people: Ids, began: Counts, ended: Counts) -> tuple[Counts, Counts]:
    """Busy and present time by slot; rows are by person, then begin."""
    busy = np.zeros(SLOTS, np.int64)
    present = np.zeros(SLOTS, np.int64)
    row = 0
    while row < len(people):
        person = people[row]
        duty_begin = duty_end = -1
        while row < len(people) and people[row] == person:
            begin, end = began[row], ended[row]
            row += 1
            while row < len(people) and people[row] == person and began[row] <= end:
                end = max(end, ended[row])
                row += 1
            _fill(busy, begin, end)
            while begin < end:
                midnight = (begin // DAY + 1) * DAY
                until = min(end, midnight)
                if duty_begin >= 0 and duty_begin // DAY == begin // DAY:
                    duty_end = until
                else:
                    _fill(present, duty_begin, duty_end)
                    duty_begin, duty_end = begin, until
                begin = until
        _fill(present, duty_begin, duty_end)
    return busy, present


@compiled
def _fill(slots: Counts, begin: int, end: int) -> None:
    while begin < end:
        until = min(end, (begin // HALF_HOUR + 1) * HALF_HOUR)
        slots[(begin // DAY + 3) % 7 * 48 + begin % DAY // HALF_HOUR] += until - begin
        begin = until
