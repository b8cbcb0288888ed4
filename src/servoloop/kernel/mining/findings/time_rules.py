"""Rules about where time goes; they need to know when work began."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from servoloop.kernel.metrics.estimates import mean, student
from servoloop.kernel.mining.findings.catalogue import (
    BATCHES,
    MIXED_QUEUE,
    PEAKS,
    WAITING,
    words,
)
from servoloop.kernel.mining.findings.finding import Effect, Finding, Rule
from servoloop.kernel.mining.findings.making import hours, hours_zh, percent
from servoloop.kernel.mining.findings.reading import (
    FEWEST,
    HOUR,
    LEVEL,
    TESTS,
    Bools,
    Floats,
    Reading,
)
from servoloop.kernel.mining.swept import begins
from servoloop.kernel.mining.waiting.cause import CAUSES, Cause
from servoloop.kernel.process.words import Words

if TYPE_CHECKING:  # it loads the compiler, which logs without starts need not wait for
    from servoloop.kernel.mining.waiting.decompose import Waiting

ALIKE = 1e-6
"""Spread of the logarithms below which all times are the same one, written with rounding."""
CAUSE_WORDS = {
    Cause.BATCHING: words("batching", "批处理"),
    Cause.CONTENTION: words("people busy with earlier work", "人手被占用"),
    Cause.PRIORITISATION: words("later work done first", "后到先办"),
    Cause.UNAVAILABILITY: words("nobody on duty", "无人当班"),
    Cause.EXTRANEOUS: words("nothing that the log shows", "日志外原因"),
    Cause.CUSTOMER: words("the customer", "客户"),
    Cause.UNATTRIBUTED: words("unknown, for the log names nobody", "未知（日志无人员）"),
}

AS_WAITED = words(
    "The waiting of this kind: what removing all of it would save at most.",
    "该类等待合计：全部消除时最多可省的时间。",
)


def waiting(reading: Reading) -> Iterator[Finding]:
    """Waiting of more than four fifths of the time, with its main cause."""
    found = reading.waiting
    if found is None:
        return
    worked = int(np.maximum(found.log.ts - begins(found.log), 0).sum())
    waited = int(found.total.sum())
    part = waited / max(1, waited + worked)
    if part <= WAITING.thresholds["share"]:
        return
    sums = found.parts.sum(axis=0)
    main = CAUSES[int(sums.argmax())]
    spent = _hours_per_case(found, found.of(main))
    name = CAUSE_WORDS[main]
    says = words(
        f"{percent(part)} of the time is waiting; {percent(sums.max() / waited)} of it for: "
        f"{name.default}.",
        f"{percent(part)} 的时间在等待，其中 {percent(sums.max() / waited)} 因"
        f"{name.in_language('zh')}。",
    )
    evidence = {"share": part} | {
        f"share_{cause.value}": float(sums[place]) / waited for place, cause in enumerate(CAUSES)
    }
    yield _waited(
        reading,
        WAITING,
        spent,
        says=says,
        evidence=evidence,
        subject=main.value,
        steps=(_worst(found, found.of(main)),),
    )


def batches(reading: Reading) -> Iterator[Finding]:
    """Batching that causes more than a tenth of all waiting."""
    found = reading.waiting
    if found is None or not found.total.sum():
        return
    batched = found.of(Cause.BATCHING)
    part = float(batched.sum() / found.total.sum())
    if part <= BATCHES.thresholds["share"]:
        return
    name = _worst(found, batched)
    says = words(
        f"{percent(part)} of the waiting is for a batch to fill, most of it before '{name}'.",
        f"{percent(part)} 的等待源于攒批，多在“{name}”之前。",
    )
    evidence = {"share": part, "batches": float(found.batches.count)}
    spent = _hours_per_case(found, batched)
    yield _waited(
        reading, BATCHES, spent, says=says, evidence=evidence, subject=name, steps=(name,)
    )


def _worst(found: "Waiting", part: np.ndarray) -> str:
    """The activity with most of this waiting before it."""
    sums = np.bincount(found.log.activity.codes, weights=part)
    return found.log.activity.names[int(sums.argmax())]


def peaks(reading: Reading) -> Iterator[Finding]:
    """Waiting for busy people that gathers in the same quarter of the hours, week after week."""
    found, limits = reading.waiting, PEAKS.thresholds
    if found is None or not found.total.sum():
        return
    queued = found.of(Cause.CONTENTION)
    part = float(queued.sum() / found.total.sum())
    week, hour = _weeks_and_hours(found, reading.zone)
    if part <= limits["contention_share"] or week.max() + 1 < limits["weeks"]:
        return
    seen = _gathering(_by_week(week, hour, queued / HOUR), _by_week(week, hour, np.ones(len(hour))))
    bar = max(limits["quarter_share"], limits["times_work"] * seen.work)
    if seen.waiting <= bar or not _is_above_zero(seen.weekly):
        return
    says = words(
        f"{percent(part)} of the waiting is for busy people, and {percent(seen.waiting)} of that "
        f"comes in the same quarter of the hours every week, which hold {percent(seen.work)} of "
        f"the work.",
        f"{percent(part)} 的等待因人手被占用，其中 {percent(seen.waiting)} 每周集中在相同的"
        f"四分之一时段，而这些时段只有 {percent(seen.work)} 的工作量。",
    )
    yield _waited(
        reading,
        PEAKS,
        _hours_per_case(found, np.where(seen.hours[hour], queued, 0)),
        says=says,
        evidence={
            "contention_share": part,
            "quarter_share": seen.waiting,
            "work_share": seen.work,
        },
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Gathering:
    """How much of the waiting and of the work the busiest hours hold, in weeks not used to choose.

    `hours` are those chosen in both halves; `weekly` is waiting minus work (shares), per week.
    """

    hours: Bools
    waiting: float
    work: float
    weekly: Floats


def _gathering(waits: Floats, work: Floats) -> _Gathering:
    """Choose the busiest hours in the odd weeks and look at the even ones, and the reverse.

    Any queue has bad hours by chance; chance does not choose the same ones again.
    """
    odd = np.arange(len(waits)) % 2 == 1
    busy = {True: _busiest(waits[odd], work[odd]), False: _busiest(waits[~odd], work[~odd])}
    chosen = np.stack([busy[not is_odd] for is_odd in odd.tolist()])
    waited, worked = (np.where(chosen, table, 0.0).sum(axis=1) for table in (waits, work))
    lived = (waits.sum(axis=1) > 0) & (work.sum(axis=1) > 0)
    in_week = waited[lived] / waits[lived].sum(axis=1) - worked[lived] / work[lived].sum(axis=1)
    return _Gathering(
        hours=busy[True] & busy[False],
        waiting=float(waited.sum() / max(waits.sum(), 1e-9)),
        work=float(worked.sum() / max(work.sum(), 1e-9)),
        weekly=in_week,
    )


def _by_week(week: np.ndarray, hour: np.ndarray, weights: Floats) -> Floats:
    """Sums by week (rows) and hour of the week (168 columns)."""
    weeks = int(week.max()) + 1
    sums = np.bincount(week * 168 + hour, weights=weights, minlength=weeks * 168)
    return sums.reshape(weeks, 168).astype(np.float64)


def _busiest(waits: Floats, work: Floats) -> Bools:
    """The quarter of the hours with work in them that holds most of the waiting."""
    worked = int((work.sum(axis=0) > 0).sum())
    chosen = np.zeros(168, dtype=np.bool_)
    chosen[np.argsort(-waits.sum(axis=0), kind="stable")[: max(1, worked // 4)]] = True
    return chosen


def _is_above_zero(weekly: Floats) -> bool:
    """Student's test at the rule's part of the level; weeks are taken for independent."""
    n = len(weekly)
    if n < PEAKS.thresholds["weeks"] or not weekly.std():
        return False
    t = weekly.mean() / (weekly.std(ddof=1) / np.sqrt(n))
    return bool(t > student(1 - LEVEL / TESTS, freedom=n - 1))


def mixed_queue(reading: Reading) -> Iterator[Finding]:
    """Activities whose working times fall into two kinds, far apart (Sarle's coefficient)."""
    found = reading.waiting
    if found is None:
        return
    worked = (found.log.ts - begins(found.log)) / HOUR
    limits = MIXED_QUEUE.thresholds
    for activity, name in enumerate(found.log.activity.names):
        rows = (found.log.activity.codes == activity) & (worked > 0)
        if rows.sum() < 4 * FEWEST:
            continue
        logs = np.log(worked[rows])
        coefficient, ratio, smaller = _bimodality(logs)
        if (
            coefficient <= limits["bimodality"]
            or ratio < limits["ratio"]
            or smaller < limits["smaller_share"]
        ):
            continue
        easy = rows.copy()
        easy[rows] = logs <= _cut(logs)
        spent = _hours_per_case(found, np.where(easy, found.total, 0))
        says = words(
            f"'{name}' takes two very different times, one {ratio:.0f} times the other; the short "
            f"ones wait {hours(float(found.total[easy].mean() / HOUR))} on average.",
            f"“{name}”的处理时长分为两类，相差 {ratio:.0f} 倍；短的平均等待 "
            f"{hours_zh(float(found.total[easy].mean() / HOUR))}。",
        )
        evidence = {"bimodality": coefficient, "ratio": ratio, "smaller_share": smaller}
        yield _waited(
            reading, MIXED_QUEUE, spent, says=says, evidence=evidence, subject=name, steps=(name,)
        )


def _bimodality(logs: Floats) -> tuple[float, float, float]:
    """Sarle's coefficient, ratio of the two kinds' typical values, share of the smaller kind."""
    n = len(logs)
    spread = logs.std()
    if spread < ALIKE:
        return 0.0, 1.0, 0.0
    scaled = (logs - logs.mean()) / spread
    square = scaled * scaled  # powers of floats take ten times as long
    skew = float((square * scaled).mean())
    kurtosis = float((square * square).mean()) - 3
    coefficient = (skew**2 + 1) / (kurtosis + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
    cut = _cut(logs)
    short, long = logs[logs <= cut], logs[logs > cut]
    smaller = min(len(short), len(long)) / n
    return float(coefficient), float(np.exp(np.median(long) - np.median(short))), smaller


def _cut(logs: Floats) -> float:
    """The border of two kinds that leaves the least variance within them (Otsu)."""
    ranked = np.sort(logs)
    n = len(ranked)
    below = np.arange(1, n)
    sums = np.cumsum(ranked)[:-1]
    between = (sums / below - (ranked.sum() - sums) / (n - below)) ** 2 * below * (n - below)
    return float(ranked[int(between.argmax())])


def _weeks_and_hours(found: "Waiting", zone: str) -> tuple[np.ndarray, np.ndarray]:
    """Of each event: the number of its week from 0, and the hour of that week (Monday 00 is 0)."""
    at = pl.Series(found.enabling.at).cast(pl.Datetime("us", "UTC"))
    local = at.dt.convert_time_zone(ZoneInfo(zone).key).dt.replace_time_zone(None)
    hours_since_monday = local.dt.epoch("s").to_numpy() // 3600 + 72  # 1970-01-01 was a Thursday
    week = hours_since_monday // 168
    return week - week.min(), hours_since_monday % 168


def _hours_per_case(found: "Waiting", part: np.ndarray) -> Floats:
    return np.bincount(found.log.case.codes, weights=part, minlength=found.log.cases) / HOUR


def _waited(
    reading: Reading,
    rule: Rule,
    spent: Floats,
    *,
    says: Words,
    evidence: dict[str, float],
    subject: str = "",
    steps: tuple[str, ...] = (),
) -> Finding:
    affected: Bools = spent > 0
    per_case = mean(spent[affected].tolist())
    return Finding(
        rule=rule,
        subject=subject,
        says=says,
        evidence=evidence,
        n=reading.log.cases,
        cases=int(affected.sum()),
        affected=reading.named(affected),
        effect=Effect(hours=per_case.value, low=per_case.low, high=per_case.high),
        gain=float(spent.sum()) / reading.weeks,
        gain_how=AS_WAITED,
        steps=steps,
    )
