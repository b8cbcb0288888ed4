"""Rules about what customers bring: scripted kinds, reopenings, weekends, status questions."""

import re
from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np

from servoloop.kernel.metrics.estimates import mean, share
from servoloop.kernel.mining.features import DAYPART, FIRST_TEAM, WEEKDAY
from servoloop.kernel.mining.findings.catalogue import (
    REOPENS,
    SCRIPTED,
    STATUS_QUESTIONS,
    WEEKENDS,
    words,
)
from servoloop.kernel.mining.findings.finding import Effect, Finding
from servoloop.kernel.mining.findings.making import hours, hours_zh, made, percent
from servoloop.kernel.mining.findings.outcomes import reopened_outcome
from servoloop.kernel.mining.findings.reading import FEWEST, LEVEL, TESTS, Reading, slower
from servoloop.kernel.mining.reopenings import reopenings
from servoloop.kernel.mining.root_causes import RootCause, root_causes

ASKING = re.compile(
    r"where is|status (inquiry|enquiry|question|request|check)|follow.?up (call|inquiry)|chasing"
    r"|催单|催促|查询进度|进度查询|追问",
    re.IGNORECASE,
)


def scripted(reading: Reading) -> Iterator[Finding]:
    """A kind of case of which most take one path, much more than cases usually do."""
    swept, limits = reading.swept, SCRIPTED.thresholds
    usual = float(swept.variant_cases.max()) / reading.log.cases
    for feature in reading.features:
        if feature.name in (FIRST_TEAM, WEEKDAY, DAYPART):
            continue  # no kind of matter that could serve itself
        for value, name in enumerate(feature.values):
            kind = feature.codes == value
            size = int(kind.sum())
            if size < max(FEWEST, limits["cases_share"] * reading.log.cases):
                continue
            paths = np.bincount(swept.case_variant[kind])
            part = share(int(paths.max()), size)
            # The whole interval above both bars: a lucky handful of cases is no script.
            bar = max(limits["path_share"], limits["times_usual"] * usual)
            if part.low is None or part.low <= bar:
                continue
            on_it = kind & (swept.case_variant == int(paths.argmax()))
            spent = mean(reading.hours[on_it].tolist())
            yield Finding(
                rule=SCRIPTED,
                subject=f"{feature.name} = {name}",
                says=words(
                    f"{percent(part.value)} of the cases with {feature.name} = {name} take the "
                    f"same path (of all cases, {percent(usual)} take the commonest).",
                    f"{feature.name} = {name} 的案例有 {percent(part.value)} 走同一路径（全部案例中"
                    f"最常见路径仅占 {percent(usual)}）。",
                ),
                evidence={"path_share": part.value, "usual_share": usual},
                n=reading.log.cases,
                cases=int(on_it.sum()),
                affected=reading.named(on_it),
                effect=Effect(hours=spent.value, low=spent.low, high=spent.high),
                gain=spent.value * int(on_it.sum()) / 2 / reading.weeks,
                gain_how=words(
                    "Half of their cycle time: as if every second one served itself.",
                    "其周期的一半，合计：相当于一半自助完成。",
                ),
            )


def reopens(reading: Reading, random: Random) -> Iterator[Finding]:
    """Kinds of cases that are reopened more often than others."""
    found = reopenings(reading.log, reading.swept)
    if found.cases < FEWEST:
        return
    outcome = reopened_outcome(reading.log, found.closing)
    limits, named = REOPENS.thresholds, 0
    for cause in root_causes(outcome, reading.features, random=random).causes:
        is_large = cause.inside >= max(limits["share"], limits["times"] * cause.outside)
        # Adjusted for all kinds tried; the rule itself has only its part of the level.
        if is_large and cause.p <= LEVEL / TESTS and named < limits["most"]:
            named += 1
            yield _reopens(reading, cause, outcome, found.closing)


def _reopens(
    reading: Reading, cause: RootCause, outcome: np.ndarray, closing: tuple[str, ...]
) -> Finding:
    kind = np.ones(reading.log.cases, dtype=np.bool_)
    for condition in cause.conditions:
        feature = next(f for f in reading.features if f.name == condition.attribute)
        kind &= feature.codes == feature.values.index(condition.value)
    affected = kind & (outcome == 1.0)
    longer = reading.hours[outcome == 1.0].mean() - reading.hours[outcome == 0.0].mean()
    extra = max(0.0, float(longer))
    said = " & ".join(f"{c.attribute} = {c.value}" for c in cause.conditions)
    return Finding(
        rule=REOPENS,
        subject=said,
        steps=closing,
        compared_by=tuple(each.name for each in reading.features),
        says=words(
            f"{percent(cause.inside)} of the cases with {said} are reopened, of the others "
            f"{percent(cause.outside)}.",
            f"{said} 的案例重开率 {percent(cause.inside)}，其他案例 {percent(cause.outside)}。",
        ),
        evidence={"share": cause.inside, "share_of_others": cause.outside, "p": cause.p},
        n=reading.log.cases,
        cases=int(affected.sum()),
        affected=reading.named(affected),
        effect=Effect(hours=extra * cause.effect, low=extra * cause.low, high=extra * cause.high),
        gain=extra * cause.excess / reading.weeks,
        gain_how=words(
            "Reopenings beyond the rate of the others, times how much longer reopened cases take.",
            "超出其他案例重开率的次数 × 重开案例多花的时间，合计。",
        ),
        alarms=cause.alarms,
    )


def weekends(reading: Reading) -> Iterator[Finding]:
    """Cases that begin from Friday noon to Sunday, when they take much longer."""
    by = {feature.name: feature for feature in reading.features}
    weekday, daypart = by.get(WEEKDAY), by.get(DAYPART)
    if weekday is None:
        return
    afternoon = np.ones(reading.log.cases, np.bool_) if daypart is None else daypart.codes >= 2
    affected = (weekday.codes >= 5) | ((weekday.codes == 4) & afternoon)
    effect = slower(reading, affected)
    if effect is None or effect.low is None or effect.low < WEEKENDS.thresholds["hours"] / 2:
        return
    if effect.hours < WEEKENDS.thresholds["hours"]:
        return
    yield made(
        reading,
        WEEKENDS,
        affected,
        effect,
        says=words(
            f"Cases that begin from Friday noon to Sunday take {hours(effect.hours)} longer than "
            f"those of the other days.",
            f"周五中午至周日开启的案例比其他日子长 {hours_zh(effect.hours)}。",
        ),
        evidence={"share": float(affected.mean())},
    )


def status_questions(reading: Reading) -> Iterator[Finding]:
    """Cases with an activity that is a customer's question for the state of things."""
    log = reading.log
    asking = [a for a, name in enumerate(log.activity.names) if ASKING.search(name)]
    affected = np.zeros(log.cases, dtype=np.bool_)
    affected[log.case.codes[np.isin(log.activity.codes, asking)]] = True
    part = share(int(affected.sum()), log.cases)
    if part.low is None or part.low <= STATUS_QUESTIONS.thresholds["share"]:
        return
    effect = slower(reading, affected)
    found = made(
        reading,
        STATUS_QUESTIONS,
        affected,
        effect or Effect(hours=0.0, low=None, high=None),
        subject=", ".join(log.activity.names[a] for a in asking),
        steps=tuple(log.activity.names[a] for a in asking),
        says=words(
            f"In {percent(part.value)} of the cases the customer asks where the matter stands.",
            f"{percent(part.value)} 的案例中客户追问进度。",
        ),
        evidence={"share": part.value},
    )
    # Where these cases are not slower, there is no effect that anything could explain.
    yield found if effect is not None else replace(found, alarms=(), compared_by=())
