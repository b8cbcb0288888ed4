"""How long steps take against the standard time that their definition sets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.mining.conformance.net import labels_of
from servoloop.kernel.mining.event_log import NO_TIME, EventLog, Micros
from servoloop.kernel.mining.moments import moment
from servoloop.kernel.process.program import Program


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardTimeUse:
    """Executions of one step with a known start, against its standard; working time.

    `excess` is the time beyond the standard, summed over the overruns.
    """

    step: str
    standard: timedelta
    executions: int
    overruns: int
    share: float  # 0..1 of the executions
    median: timedelta
    p90: timedelta
    excess: timedelta


def standard_time_use(
    log: EventLog,
    program: Program,
    *,
    calendar: Calendar,
    aliases: Mapping[str, str] | None = None,
) -> tuple[StandardTimeUse, ...]:
    """Every step with a standard time and executions, by excess, descending.

    Empty when the log has no starts. Durations count on `calendar`; an execution that is within its
    standard around the clock is not asked about (it cannot be over it), which keeps this fast.
    """
    if log.start is None:
        return ()
    labels = labels_of(program, log.activity.names, aliases=aliases or {})
    codes = {name: code for code, name in enumerate(log.activity.names)}
    found = []
    for node in program.nodes:
        code = codes.get(labels.get(node.index, ""), -1)
        if code < 0 or node.step.standard_time is None:
            continue
        rows = np.flatnonzero((log.activity.codes == code) & (log.start != NO_TIME))
        if len(rows):
            name, standard = log.activity.names[code], node.step.standard_time
            found.append(_use(name, standard, log.start[rows], log.ts[rows], calendar))
    return tuple(sorted(found, key=lambda each: (-each.excess, each.step)))


def _use(
    step: str, standard: timedelta, start: Micros, end: Micros, calendar: Calendar
) -> StandardTimeUse:
    limit = standard // timedelta(microseconds=1)
    durations = np.maximum(end - start, 0)
    for row in np.flatnonzero(durations > limit):
        worked = calendar.between(moment(int(start[row])), moment(int(end[row])))
        durations[row] = worked // timedelta(microseconds=1)
    over = durations > limit
    median, p90 = np.quantile(durations, (0.5, 0.9))
    return StandardTimeUse(
        step=step,
        standard=standard,
        executions=len(durations),
        overruns=int(over.sum()),
        share=float(over.mean()),
        median=timedelta(microseconds=float(median)),
        p90=timedelta(microseconds=float(p90)),
        excess=timedelta(microseconds=int((durations[over] - limit).sum())),
    )
