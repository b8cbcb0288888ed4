"""Rules 17 and 18: visits that had to be made again for a part, and time spent on the road."""

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from servoloop.kernel.metrics.estimates import mean, share, student
from servoloop.kernel.mining.findings.catalogue import REVISITS, TRAVEL, words
from servoloop.kernel.mining.findings.finding import Effect, Finding
from servoloop.kernel.mining.findings.making import hours, hours_zh, made, percent
from servoloop.kernel.mining.findings.reading import (
    FEWEST,
    HOUR,
    LEVEL,
    TESTS,
    Bools,
    Reading,
    activities_like,
    slower,
)
from servoloop.kernel.mining.swept import begins

VISITING = re.compile(r"\bvisit|on.?site|site call|上门|现场服务|到场", re.IGNORECASE)
PARTS = re.compile(
    r"\b(spare |missing )?parts?\b|spares|out of stock|back.?order|缺件|备件|配件|缺货",
    re.IGNORECASE,
)
TRAVELLING = re.compile(
    r"\btravel|\bdriv(e|es|ing)\b|\btrip\b|en.?route|on the way|路途|行程|前往客户|赶往|驾车|路上",
    re.IGNORECASE,
)


def tells_parts(reading: Reading) -> bool:
    """Whether the log has visits, and says of parts anywhere."""
    return bool(activities_like(reading, VISITING)) and bool(_about_parts(reading).any())


def revisits(reading: Reading) -> Iterator[Finding]:
    """Cases visited again with a word about parts in between, when they take longer than others.

    The word is an activity's name or an attribute of an event, from the first visit to before the
    last one.
    """
    visiting = activities_like(reading, VISITING)
    if not visiting or not (about := _about_parts(reading)).any():
        return
    log = reading.log
    again = np.zeros(log.cases, dtype=np.bool_)
    having = np.zeros(log.cases, dtype=np.bool_)
    most = 0
    step = log.activity.names[visiting[0]]
    for activity in visiting:  # planning a visit is no visit: the same activity must come again
        rows = np.flatnonzero(log.activity.codes == activity)
        case = log.case.codes[rows]
        having[case] = True
        first = rows[np.unique(case, return_index=True)[1]]
        last = rows[len(rows) - 1 - np.unique(case[::-1], return_index=True)[1]]
        words_before = np.concatenate([[0], np.cumsum(about)])
        # What the last visit itself says of parts no longer matters.
        found = (last > first) & (words_before[last] - words_before[first] > 0)
        again[log.case.codes[first[found]]] = True
        if int(found.sum()) > most:
            most, step = int(found.sum()), log.activity.names[activity]
    part = share(int(again.sum()), int(having.sum()))
    if part.low is None or part.low <= REVISITS.thresholds["share"]:
        return
    effect = slower(reading, again, among=having)
    if effect is None:
        return
    yield made(
        reading,
        REVISITS,
        again,
        effect,
        subject=step,
        says=words(
            f"{percent(part.value)} of the cases with a visit need another one for a part, and "
            f"take {hours(effect.hours)} longer.",
            f"有上门的案例中 {percent(part.value)} 因备件再次上门，周期长 "
            f"{hours_zh(effect.hours)}。",
        ),
        evidence={"share": part.value, "cases_visited": int(having.sum())},
        by_steps=False,
        among=having,
        steps=(step,),
    )


def _about_parts(reading: Reading) -> Bools:
    """Events that speak of parts, in their name or in a text of few values."""
    log = reading.log
    about = np.isin(log.activity.codes, activities_like(reading, PARTS))
    for column in log.attributes.get_columns():
        if column.dtype not in (pl.String, pl.Categorical, pl.Enum):
            continue
        texts = column.cast(pl.String)
        speaking = [text for text in texts.unique().drop_nulls() if PARTS.search(text)]
        if speaking:
            about |= texts.is_in(speaking).fill_null(value=False).to_numpy()
    result: Bools = about
    return result


def travel(reading: Reading) -> Iterator[Finding]:
    """Shifts of which the road takes more than three tenths, on average and beyond chance.

    A shift is what one person did on one day with at least one trip; travel over all its work.
    """
    found = reading.waiting
    names = travelling_names(reading)
    people = None if found is None else found.log.resource
    if found is None or people is None or not names:
        return
    log = found.log
    spent = np.maximum(log.ts - begins(log), 0) / HOUR
    trips = [code for code, name in enumerate(log.activity.names) if name in names]
    is_trip = np.isin(log.activity.codes, trips)
    at = pl.Series(log.ts).cast(pl.Datetime("us", "UTC"))
    day = at.dt.convert_time_zone(ZoneInfo(reading.zone).key).dt.date().cast(pl.Int32).to_numpy()
    known = (people.codes >= 0) & (spent > 0)
    shift = people.codes.astype(np.int64) * (int(day.max()) + 1) + day
    _, place = np.unique(shift[known], return_inverse=True)
    work = np.bincount(place, weights=spent[known])
    road = np.bincount(place, weights=np.where(is_trip, spent, 0)[known])
    out = road > 0
    if out.sum() < FEWEST:
        return
    parts = road[out] / work[out]
    bar = student(1 - LEVEL / TESTS, freedom=len(parts) - 1)
    lowest = parts.mean() - bar * parts.std(ddof=1) / np.sqrt(len(parts))
    limit = TRAVEL.thresholds["share"]
    if lowest <= limit:
        return
    per_case = np.bincount(log.case.codes, weights=np.where(is_trip, spent, 0), minlength=log.cases)
    affected: Bools = per_case > 0
    each = mean(per_case[affected].tolist())
    yield Finding(
        rule=TRAVEL,
        subject=", ".join(names),
        says=words(
            f"Engineers spend {percent(float(parts.mean()))} of their shifts on the road, "
            f"{hours(each.value)} for each case.",
            f"工程师班次的 {percent(float(parts.mean()))} 花在路上，每个案例 "
            f"{hours_zh(each.value)}。",
        ),
        evidence={"share": float(parts.mean()), "shifts": float(len(parts))},
        n=reading.log.cases,
        cases=int(affected.sum()),
        affected=reading.named(affected),
        effect=Effect(hours=each.value, low=each.low, high=each.high),
        gain=float((road[out] - limit * work[out]).sum()) / reading.weeks,
        gain_how=words(
            "Hours on the road beyond three tenths of the shifts.",
            "超出班次三成的路上时间，合计。",
        ),
        gain_of="work",
        steps=names,
    )


def travelling_names(reading: Reading) -> tuple[str, ...]:
    """The activities that are trips."""
    names = reading.log.activity.names
    return tuple(names[code] for code in activities_like(reading, TRAVELLING))
