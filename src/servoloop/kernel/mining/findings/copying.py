"""Rule 11: what was just entered in one system is entered again in another."""

import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from servoloop.kernel.metrics.estimates import mean, share
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.findings.catalogue import COPY_PASTE, words
from servoloop.kernel.mining.findings.finding import Effect, Finding
from servoloop.kernel.mining.findings.making import percent
from servoloop.kernel.mining.findings.reading import (
    FEWEST,
    HOUR,
    LEVEL,
    TESTS,
    Reading,
    normal_bar,
)
from servoloop.kernel.mining.swept import begins

SYSTEM = re.compile(
    r"^(source |it )?(system|application|app|tool|screen)([ _]?name)?$|系统(名称)?$|应用(名称)?$",
    re.IGNORECASE,
)
"""Columns that say in which system an entry was made."""
MOST_SYSTEMS = 30
MINUTE = HOUR // 60


def columns_of_systems(log: EventLog) -> tuple[str, tuple[str, ...]] | None:
    """The column of the system, and those of what was entered; None when the log lacks either."""
    columns = log.attributes.columns
    system = next((name for name in columns if SYSTEM.search(name)), None)
    if system is None or log.attributes[system].n_unique() > MOST_SYSTEMS:
        return None
    entered = tuple(name for name in columns if name != system and not SYSTEM.search(name))
    return (system, entered) if entered else None


def copy_paste(reading: Reading) -> Iterator[Finding]:
    """Entries that repeat, within two minutes and in another system, what was entered before.

    Some values are equal anyway (a product stays the same in a case). So quick changes of system
    are compared with the other changes of system of the same cases: only what quick ones have in
    excess is copied. The column with the most of it is told.
    """
    columns = columns_of_systems(reading.log)
    if columns is None:
        return
    system, entered = columns
    found = [
        (z, column, same, quick)
        for column in entered
        if (judged := _copied(reading, system, column, tests=len(entered))) is not None
        for z, same, quick in (judged,)
    ]
    if found:
        _, column, same, quick = max(found, key=lambda each: each[0])
        yield _finding(reading, column, same, quick)


def _copied(
    reading: Reading, system: str, column: str, *, tests: int
) -> tuple[float, np.ndarray, np.ndarray] | None:
    """How far the excess is beyond chance, the rows that repeat, and all quick changes."""
    log = reading.log
    values, systems = _codes(log.attributes[column]), _codes(log.attributes[system])
    changes = np.zeros(log.events, dtype=np.bool_)
    changes[1:] = (
        (log.case.codes[1:] == log.case.codes[:-1])
        & (systems[1:] != systems[:-1])
        & (np.minimum(systems[1:], systems[:-1]) >= 0)
        & (np.minimum(values[1:], values[:-1]) >= 0)
    )
    near = np.zeros(log.events, dtype=np.bool_)
    limit = int(COPY_PASTE.thresholds["minutes"]) * MINUTE
    near[1:] = begins(log)[1:] - log.ts[:-1] <= limit
    equal = np.zeros(log.events, dtype=np.bool_)
    equal[1:] = values[1:] == values[:-1]
    quick, other = changes & near, changes & ~near
    if min(quick.sum(), other.sum()) < FEWEST or (quick & equal).sum() < FEWEST:
        return None
    here = share(int((quick & equal).sum()), int(quick.sum()))
    there = share(int((other & equal).sum()), int(other.sum()))
    pooled = (here.value * quick.sum() + there.value * other.sum()) / (quick.sum() + other.sum())
    error = np.sqrt(pooled * (1 - pooled) * (1 / quick.sum() + 1 / other.sum()))
    excess = here.value - there.value
    z = float(excess / error) if error else 0.0
    if excess <= COPY_PASTE.thresholds["excess"] or z <= normal_bar(LEVEL / TESTS / tests):
        return None
    return z, quick & equal, quick


def _finding(reading: Reading, column: str, same: np.ndarray, quick: np.ndarray) -> Finding:
    log = reading.log
    rows = np.flatnonzero(same)
    # The time of the second entry: since its begin where it is known, else since the first entry.
    began = begins(log)[rows]
    spent = np.where(began < log.ts[rows], log.ts[rows] - began, log.ts[rows] - log.ts[rows - 1])
    per_case = np.bincount(log.case.codes[rows], weights=spent, minlength=log.cases) / HOUR
    affected = np.zeros(log.cases, dtype=np.bool_)
    affected[log.case.codes[rows]] = True
    each = mean(per_case[affected].tolist())
    targets = np.bincount(log.activity.codes[rows], minlength=len(log.activity.names))
    step = log.activity.names[int(targets.argmax())]
    part = float(same.sum() / quick.sum())
    return Finding(
        rule=COPY_PASTE,
        subject=step,
        says=words(
            f"'{step}' types again, within two minutes and in another system, what was entered "
            f"just before: the same '{column}' in {percent(part)} of such changes.",
            f"“{step}”在两分钟内于另一系统重新录入刚录过的内容："
            f"此类切换中 {percent(part)} 的“{column}”相同。",
        ),
        evidence={"same_share": part, "entries": float(same.sum())},
        n=log.cases,
        cases=int(affected.sum()),
        affected=reading.named(affected),
        effect=Effect(hours=each.value, low=each.low, high=each.high),
        gain=float(spent.sum()) / HOUR / reading.weeks,
        gain_how=words(
            "The time of the second entries: work that an interface would do.",
            "第二次录入所用时间，合计：可由接口代劳的工作。",
        ),
        gain_of="work",
        steps=(step,),
    )


def _codes(column: pl.Series) -> np.ndarray:
    """Numbers for equal values, -1 where there is none."""
    texts = column.cast(pl.String, strict=False).str.strip_chars()
    ranks = texts.set(texts == "", None).rank("dense").cast(pl.Int64)
    return ranks.fill_null(-1).to_numpy()
