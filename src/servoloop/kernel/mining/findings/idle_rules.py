"""Rule 4: a team with nothing to do while cases queue for another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from servoloop.kernel.metrics.estimates import mean, student
from servoloop.kernel.mining.event_log import Coded
from servoloop.kernel.mining.findings.catalogue import IDLE_SKILL, words
from servoloop.kernel.mining.findings.finding import Effect, Finding
from servoloop.kernel.mining.findings.making import percent
from servoloop.kernel.mining.findings.reading import HOUR, LEVEL, TESTS, Bools, Floats, Reading
from servoloop.kernel.mining.swept import begins
from servoloop.kernel.mining.waiting.cause import Cause

if TYPE_CHECKING:  # it loads the compiler, which logs without starts need not wait for
    from servoloop.kernel.mining.waiting.decompose import Waiting

LONGEST_WORK, LONGEST_WAIT = 24, 168
"""Hours; nobody works longer at a stretch, and a wait of more than a week is counted as one."""
MOST_TEAMS = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Teams:
    """Teams (rows) by hour of the log (columns): hours worked, on duty, and queued for busy people.

    On duty is who has worked already today and will again, so the ends of shifts never look idle.
    """

    names: tuple[str, ...]
    of_event: np.ndarray  # team of who did it, -1 unknown
    busy: Floats
    present: Floats
    queued: Floats


def idle_skill(reading: Reading) -> Iterator[Finding]:
    """For each team with a queue, the other team that most often had someone free meanwhile."""
    found = reading.waiting
    if found is None or found.log.team is None or found.log.resource is None:
        return
    if len(found.log.team.names) > MOST_TEAMS or not found.of(Cause.CONTENTION).sum():
        return
    teams = _teams(found, found.log.team, found.log.resource, reading.zone)
    total = found.total.sum() / HOUR
    for queue in range(len(teams.names)):
        queued = float(teams.queued[queue].sum())
        if queued <= IDLE_SKILL.thresholds["contention_share"] * total:
            continue
        rivals = [
            (helped, other, gap)
            for other in range(len(teams.names))
            if other != queue
            for helped, gap in (_judged(teams, queue, other),)
            if helped
        ]
        if rivals:
            helped, other, gap = max(rivals)
            yield _finding(reading, found, teams, queue, other, helped, gap)


def _judged(teams: _Teams, queue: int, other: int) -> tuple[float, float]:
    """The share of the queue that met free people of the other team, and the utilisation gap.

    0 unless the gap holds week by week (Student's test at the rule's part of the level).
    """
    limits, pairs = IDLE_SKILL.thresholds, len(teams.names) * (len(teams.names) - 1)
    there = (teams.queued[queue] > 0) & (teams.present[other] > 0) & (teams.present[queue] > 0)
    weeks = np.flatnonzero(there) // 168
    if len(np.unique(weeks)) < limits["weeks"]:
        return 0.0, 0.0

    def used(team: int) -> Floats:
        busy = np.bincount(weeks, weights=teams.busy[team][there])
        present = np.bincount(weeks, weights=teams.present[team][there])
        lived = present > 0
        part: Floats = busy[lived] / present[lived]
        return part

    gaps = used(queue) - used(other)
    gap, spread, n = float(gaps.mean()), float(gaps.std(ddof=1)), len(gaps)
    bar = student(1 - LEVEL / TESTS / pairs, freedom=n - 1) * spread / np.sqrt(n)
    if gap < limits["gap"] or gap <= bar:
        return 0.0, gap
    free = teams.present[other] - teams.busy[other] >= limits["half_free"]
    return float(teams.queued[queue][free].sum() / teams.queued[queue].sum()), gap


def _finding(
    reading: Reading,
    found: "Waiting",
    teams: _Teams,
    queue: int,
    other: int,
    helped: float,
    gap: float,
) -> Finding:
    log = found.log
    mine = teams.of_event == queue
    queued = np.where(mine, found.of(Cause.CONTENTION), 0)
    spent = helped * np.bincount(log.case.codes, weights=queued, minlength=log.cases) / HOUR
    affected: Bools = spent > 0
    each = mean(spent[affected].tolist())
    worst = np.bincount(log.activity.codes, weights=queued).argmax()
    long, idle = teams.names[queue], teams.names[other]
    return Finding(
        rule=IDLE_SKILL,
        subject=f"{long} | {idle}",
        says=words(
            f"While cases queue for {long}, somebody of {idle} is free {percent(helped)} of the "
            f"time; {long} is busier by {100 * gap:.0f} points.",
            f"案例排队等待{long}时，{idle}有 {percent(helped)} 的时间有人空闲；"
            f"{long}的利用率高出 {100 * gap:.0f} 个百分点。",
        ),
        evidence={"gap": gap, "free_share": helped},
        n=log.cases,
        cases=int(affected.sum()),
        affected=reading.named(affected),
        effect=Effect(hours=each.value, low=each.low, high=each.high),
        gain=float(spent.sum()) / 2 / reading.weeks,
        gain_how=words(
            "Half of the queueing that met free people of the other team.",
            "遇到另一班组有人空闲的排队时间的一半，合计。",
        ),
        steps=(log.activity.names[int(worst)],),
    )


def _teams(found: "Waiting", team: Coded, resource: Coded, zone: str) -> _Teams:
    log = found.log
    of_person = _team_of_people(team, resource)
    known = resource.codes >= 0
    of_event = np.where(known, of_person[np.maximum(resource.codes, 0)], -1)
    first = int(min(log.ts.min(), begins(log).min())) // HOUR
    size = int(log.ts.max()) // HOUR - first + 2
    size += -size % 168
    rows = np.flatnonzero(known & (of_event >= 0) & (log.ts > begins(log)))
    event, hour, part = _pieces(begins(log)[rows], log.ts[rows], first, LONGEST_WORK)
    person = resource.codes[rows][event]
    key, place = np.unique(person.astype(np.int64) * size + hour, return_inverse=True)
    worked = np.minimum(1.0, np.bincount(place, weights=part))  # two things at once are one hour
    who, when = key // size, key % size
    shape = (len(team.names), size)
    busy = np.zeros(shape)
    np.add.at(busy, (of_person[who], when), worked)
    return _Teams(
        names=team.names,
        of_event=of_event,
        busy=busy,
        present=np.maximum(busy, _present(of_person, who, when, first, zone, shape)),
        queued=_queued(found, of_event, first, shape),
    )


def _team_of_people(team: Coded, resource: Coded) -> np.ndarray:
    """The team in which each person works most; -1 for none."""
    both = (team.codes >= 0) & (resource.codes >= 0)
    counts = np.zeros((len(resource.names), len(team.names)), dtype=np.int64)
    np.add.at(counts, (resource.codes[both], team.codes[both]), 1)
    return np.where(counts.any(axis=1), counts.argmax(axis=1), -1)


def _pieces(
    begin: np.ndarray, end: np.ndarray, first: int, longest: int
) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Spans cut at full hours: the span, the hour from `first`, and the part of the hour 0..1."""
    end = np.minimum(end, begin + longest * HOUR)
    from_hour = begin // HOUR
    many = np.maximum(1, (end - 1) // HOUR - from_hour + 1)
    span = np.repeat(np.arange(len(begin)), many)
    within = np.arange(len(span)) - np.repeat(np.cumsum(many) - many, many)
    hour = from_hour[span] + within
    since, until = np.maximum(begin[span], hour * HOUR), np.minimum(end[span], (hour + 1) * HOUR)
    return span, hour - first, (until - since) / HOUR


def _present(
    of_person: np.ndarray,
    who: np.ndarray,
    when: np.ndarray,
    first: int,
    zone: str,
    shape: tuple[int, int],
) -> Floats:
    """People on duty: from their first to their last hour of work on each local day."""
    at = pl.Series((when + first) * HOUR).cast(pl.Datetime("us", "UTC"))
    day = at.dt.convert_time_zone(ZoneInfo(zone).key).dt.date().cast(pl.Int64).to_numpy()
    shifts = pl.DataFrame({"who": who, "day": day, "when": when}).group_by("who", "day")
    spans = shifts.agg(pl.col("when").min().alias("from"), pl.col("when").max().alias("to"))
    team = of_person[spans["who"].to_numpy()]
    change = np.zeros((shape[0], shape[1] + 1))
    np.add.at(change, (team, spans["from"].to_numpy()), 1)
    np.add.at(change, (team, spans["to"].to_numpy() + 1), -1)
    present: Floats = change.cumsum(axis=1)[:, :-1]
    return present


def _queued(found: "Waiting", of_event: np.ndarray, first: int, shape: tuple[int, int]) -> Floats:
    """Hours of waiting for busy people of each team, spread over the time of the waiting."""
    queue = found.of(Cause.CONTENTION)
    rows = np.flatnonzero((queue > 0) & (of_event >= 0))
    begin = found.enabling.at[rows]
    end = np.minimum(begins(found.log)[rows], begin + LONGEST_WAIT * HOUR)
    each_hour = queue[rows] / (end - begin)  # who queues waits, so this is never 0
    return _spread(begin, end, each_hour, of_event[rows], first, shape)


def _spread(
    begin: np.ndarray,
    end: np.ndarray,
    each_hour: Floats,
    team: np.ndarray,
    first: int,
    shape: tuple[int, int],
) -> Floats:
    """So much per full hour of each span (shorter than it: in proportion), by team and hour.

    Only the changes are noted, two around each end of a span, and summed up at last: cut into its
    hours a million long waits would be ten million pieces.
    """
    end = np.minimum(end, (first + shape[1]) * HOUR)
    from_hour, to_hour = begin // HOUR, (end - 1) // HOUR
    into, left = begin % HOUR / HOUR, -end % HOUR / HOUR
    at = team * (shape[1] + 1) - first
    cells = shape[0] * (shape[1] + 1)

    def changes(hour: np.ndarray, weights: Floats | None = None) -> Floats:
        found: Floats = np.bincount(at + hour, weights, cells).reshape(shape[0], -1).astype(float)
        return found

    change = changes(from_hour, each_hour * (1 - into)) + changes(from_hour + 1, each_hour * into)
    change -= changes(to_hour, each_hour * left) + changes(to_hour + 1, each_hour * (1 - left))
    under_way = (changes(from_hour) - changes(to_hour + 1)).cumsum(axis=1) > 0
    # Sums of floats leave a hair where there is nothing.
    return np.where(under_way, np.maximum(change.cumsum(axis=1), 0.0), 0.0)[:, :-1]
