"""Rules about the path of cases: hand-overs, loops, order, approvals, refusals, variants."""

import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from servoloop.kernel.metrics.estimates import mean, share
from servoloop.kernel.mining.event_log import NOT_GIVEN
from servoloop.kernel.mining.findings.catalogue import (
    ANY_ORDER,
    APPROVALS,
    BETTER_VARIANT,
    LATE_REJECTS,
    LOOPS,
    TRANSFERS,
    words,
)
from servoloop.kernel.mining.findings.finding import Effect, Finding
from servoloop.kernel.mining.findings.making import hours, hours_zh, made, percent
from servoloop.kernel.mining.findings.reading import (
    FEWEST,
    HOUR,
    Bools,
    Reading,
    confounders,
    slower,
)
from servoloop.kernel.mining.swept import Ids, begins

APPROVING = re.compile(r"approv|authori[sz]|sign.?off|审批|批准|复核|审核", re.IGNORECASE)
SAME_LOOP = 0.8
REFUSING = re.compile(r"reject|refus|declin|denied|拒绝|驳回|不予", re.IGNORECASE)


def transfers(reading: Reading) -> Iterator[Finding]:
    """Cases whose team (or person) changes at least twice, when they also take longer."""
    group, log = reading.group, reading.log
    if group is None:
        return
    known = np.flatnonzero(group.codes != NOT_GIVEN)
    case, codes = log.case.codes[known], group.codes[known]
    changed = case[1:][(case[1:] == case[:-1]) & (codes[1:] != codes[:-1])]
    changes = np.bincount(changed, minlength=log.cases)
    affected = changes >= TRANSFERS.thresholds["changes"]
    part = share(int(affected.sum()), log.cases)
    if part.low is None or part.low <= TRANSFERS.thresholds["share"]:
        return
    effect = slower(reading, affected)
    if effect is None:
        return
    yield made(
        reading,
        TRANSFERS,
        affected,
        effect,
        says=words(
            f"{percent(part.value)} of the cases change hands twice or more, and take "
            f"{hours(effect.hours)} longer.",
            f"{percent(part.value)} 的案例转手两次以上，周期长 {hours_zh(effect.hours)}。",
        ),
        evidence={"share": part.value, "mean_changes": float(changes.mean())},
    )


def loops(reading: Reading) -> Iterator[Finding]:
    """Activities that cases come back to after doing something else."""
    log, names = reading.log, reading.log.activity.names
    back_in, back_to = _come_back(reading)
    many = np.bincount(back_to, minlength=len(names))
    candidates = [a for a in range(len(names)) if many[a] >= FEWEST]
    told: list[Bools] = []
    for activity in sorted(candidates, key=lambda a: -many[a]):
        affected = np.zeros(log.cases, dtype=np.bool_)
        affected[back_in[back_to == activity]] = True
        cases_with = int(reading.swept.activity_cases[activity])
        part = share(int(many[activity]), cases_with)
        if part.low is None or part.low <= LOOPS.thresholds["share"]:
            continue
        having = np.zeros(log.cases, dtype=np.bool_)
        having[log.case.codes[log.activity.codes == activity]] = True
        effect = slower(reading, affected, subjects=len(candidates), among=having)
        # Steps of one loop come back together; it is told once, by its commonest step.
        if effect is None or any(_overlap(affected, other) > SAME_LOOP for other in told):
            continue
        told.append(affected)
        name = names[activity]
        yield made(
            reading,
            LOOPS,
            affected,
            effect,
            subject=name,
            says=words(
                f"{percent(part.value)} of the cases with '{name}' come back to it, and take "
                f"{hours(effect.hours)} longer.",
                f"经过“{name}”的案例有 {percent(part.value)} 会再回到该步骤，周期长 "
                f"{hours_zh(effect.hours)}。",
            ),
            evidence={"share": part.value, "cases_with": cases_with},
            by_steps=False,
            among=having,
            steps=(name,),
        )


def _overlap(one: Bools, other: Bools) -> float:
    """Cases in both over cases in either."""
    return float((one & other).sum() / max(1, (one | other).sum()))


def _come_back(reading: Reading) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of case and activity in which the activity begins a second run."""
    log = reading.log
    codes, case = log.activity.codes.astype(np.int64), log.case.codes.astype(np.int64)
    width = len(log.activity.names)
    begins_run = np.ones(log.events, dtype=np.bool_)
    begins_run[1:] = (codes[1:] != codes[:-1]) | (case[1:] != case[:-1])
    keys, runs = np.unique((case * width + codes)[begins_run], return_counts=True)
    again = keys[runs > 1]
    return again // width, again % width


def any_order(reading: Reading) -> Iterator[Finding]:
    """Two activities that follow each other directly, in both orders about as often."""
    swept, names = reading.swept, reading.log.activity.names
    pairs = set(zip(swept.edge_source.tolist(), swept.edge_target.tolist(), strict=True))
    for one, other in sorted(pairs):
        if one < other < len(names) and (other, one) in pairs:
            yield from _in_any_order(reading, one, other)


def _in_any_order(reading: Reading, one: int, other: int) -> Iterator[Finding]:
    """Counted in cases that do each of both exactly once: coming back is a loop, no free order."""
    log = reading.log
    once = _cases_with_one_each(reading, one, other)
    pair = np.isin(log.activity.codes, (one, other)) & once[log.case.codes]
    follows = np.zeros(log.events, dtype=np.bool_)
    follows[1:] = pair[1:] & pair[:-1] & (log.case.codes[1:] == log.case.codes[:-1])
    there = int((follows & (log.activity.codes == other)).sum())
    again = int((follows & (log.activity.codes == one)).sum())
    low, high = sorted((there, again))
    if low < max(FEWEST, ANY_ORDER.thresholds["balance"] * high):
        return
    wait = np.maximum(begins(log)[1:] - log.ts[:-1], 0) / HOUR
    spent = np.zeros(log.cases)
    np.add.at(spent, log.case.codes[1:][follows[1:]], wait[follows[1:]])
    affected = spent > 0
    cases = int(affected.sum())
    if cases < max(FEWEST, ANY_ORDER.thresholds["share"] * log.cases):
        return
    saved = mean(spent[affected].tolist())
    names = (log.activity.names[one], log.activity.names[other])
    yield Finding(
        rule=ANY_ORDER,
        subject=f"{names[0]} | {names[1]}",
        steps=names,
        says=words(
            f"'{names[0]}' and '{names[1]}' come in either order ({there} and {again} times) and "
            f"wait for each other {hours(saved.value)} on average.",
            f"“{names[0]}”与“{names[1]}”先后不定（{there} 次与 {again} 次），平均相互等待 "
            f"{hours_zh(saved.value)}。",
        ),
        evidence={"one_order": there, "other_order": again},
        n=log.cases,
        cases=cases,
        affected=reading.named(affected),
        effect=Effect(hours=saved.value, low=saved.low, high=saved.high),
        gain=saved.value * cases / reading.weeks,
        gain_how=words(
            "The wait between the two, times affected cases: what doing both at once saves "
            "at most.",
            "两步之间的等待 × 受影响案例数：并行最多可省的时间。",
        ),
    )


def _cases_with_one_each(reading: Reading, one: int, other: int) -> np.ndarray:
    log = reading.log
    times = [
        np.bincount(log.case.codes[log.activity.codes == each], minlength=log.cases)
        for each in (one, other)
    ]
    once: np.ndarray = (times[0] == 1) & (times[1] == 1)
    return once


def approvals(reading: Reading) -> Iterator[Finding]:
    """An activity that sounds like an approval and is nearly always followed by the same step."""
    swept, names = reading.swept, reading.log.activity.names
    for activity, name in enumerate(names):
        if not APPROVING.search(name):
            continue
        leaving = np.flatnonzero((swept.edge_source == activity) & (swept.edge_target != activity))
        times = swept.edge_transitions[leaving]
        if len(leaving) < 2 or times.sum() < FEWEST:
            continue
        usual = share(int(times.max()), int(times.sum()))
        if usual.value > APPROVALS.thresholds["share"]:
            yield _approval(reading, activity, int(leaving[times.argmax()]), usual.value)


def _approval(reading: Reading, activity: int, edge: int, part: float) -> Finding:
    log, name = reading.log, reading.log.activity.names[activity]
    rows = np.flatnonzero(log.activity.codes == activity)
    inner = rows[~np.isin(rows, log.offsets[:-1])]
    # All the time since the step before: the wait for the approver, and the approving.
    spent = np.zeros(log.cases)
    np.add.at(spent, log.case.codes[inner], (log.ts[inner] - log.ts[inner - 1]) / HOUR)
    affected = spent > 0
    target = int(reading.swept.edge_target[edge])
    then = log.activity.names[target] if target < len(log.activity.names) else "end"
    saved = mean(spent[affected].tolist()) if affected.any() else mean([0.0])
    return Finding(
        rule=APPROVALS,
        subject=name,
        steps=(name, then),
        says=words(
            f"'{name}' leads to '{then}' in {100 * part:.1f} % of the cases and takes "
            f"{hours(saved.value)} on average.",
            f"“{name}”之后 {100 * part:.1f} % 都是“{then}”，平均耗时 {hours_zh(saved.value)}。",
        ),
        evidence={"share": part, "approvals": len(rows)} | _limit(reading, rows, target),
        n=log.cases,
        cases=int(affected.sum()),
        affected=reading.named(affected),
        effect=Effect(hours=saved.value, low=saved.low, high=saved.high),
        gain=saved.value * int(affected.sum()) * part / reading.weeks,
        gain_how=words(
            "Time from the step before to the end of the approval, for the usual answer.",
            "常规结果下，从上一步到审批结束的时间，合计。",
        ),
    )


AMOUNT = re.compile(r"amount|value|price|total|sum\b|金额|价格|总额", re.IGNORECASE)


def _limit(reading: Reading, rows: np.ndarray, usual: int) -> dict[str, float]:
    """The amount up to which the answer was always the usual one, where the log tells amounts.

    Nine tenths, eight tenths or half of the approvals must lie below it; {} otherwise.
    """
    log = reading.log
    following = np.append(log.activity.codes[1:], -1)[rows]
    says_yes = (following == usual) & np.isin(rows + 1, log.offsets, invert=True)
    columns = [*log.case_attributes.get_columns(), *log.attributes.get_columns()]
    for column in columns:
        amounts = column.cast(pl.Float64, strict=False)
        if not AMOUNT.search(column.name) or amounts.null_count() == len(amounts):
            continue
        place = rows if len(amounts) == log.events else log.case.codes[rows]
        of_row = amounts.to_numpy()[place]
        known = ~np.isnan(of_row)
        for part in (0.9, 0.8, 0.5):
            limit = float(np.quantile(of_row[known], part)) if known.any() else 0.0
            below = known & (of_row <= limit)
            if below.sum() >= FEWEST and says_yes[below].mean() > APPROVALS.thresholds["share"]:
                return {"limit": limit}
    return {}


def late_rejects(reading: Reading) -> Iterator[Finding]:
    """Cases that end refused after most of the work that other cases need."""
    log = reading.log
    refusing = [a for a, name in enumerate(log.activity.names) if REFUSING.search(name)]
    affected = np.zeros(log.cases, dtype=np.bool_)
    affected[log.case.codes[np.isin(log.activity.codes, refusing)]] = True
    refused, others = int(affected.sum()), int((~affected).sum())
    if min(refused, others) < FEWEST:
        return
    part = share(refused, log.cases)
    steps = np.diff(log.offsets)
    before = float(_steps_before(log.activity.codes, log.offsets, refusing)[affected].mean())
    usual = float(steps[~affected].mean())
    late = before / usual
    limits = LATE_REJECTS.thresholds
    if part.low is None or part.low <= limits["share"] or late <= limits["steps_before"]:
        return
    spent = mean(reading.hours[affected].tolist())
    yield Finding(
        rule=LATE_REJECTS,
        subject=", ".join(log.activity.names[a] for a in refusing),
        steps=_usual_before(reading, affected, refusing),
        says=words(
            f"{percent(part.value)} of the cases are refused, after {before:.1f} steps on average "
            f"(others need {usual:.1f} in all).",
            f"{percent(part.value)} 的案例被拒绝，平均已走 {before:.1f} 步（其他案例共需 "
            f"{usual:.1f} 步）。",
        ),
        evidence={"share": part.value, "steps_before": before, "steps_of_others": usual},
        n=log.cases,
        cases=refused,
        affected=reading.named(affected),
        effect=Effect(hours=spent.value, low=spent.low, high=spent.high),
        gain=spent.value * refused / 2 / reading.weeks,
        gain_how=words(
            "Half of the cycle time of the refused cases: the check comes at half its way.",
            "被拒案例周期的一半，合计：即检查提前到中途。",
        ),
    )


def _usual_before(reading: Reading, refused: Bools, refusing: list[int]) -> tuple[str, ...]:
    """The refusing activities, and before them the one that most often decides: the step before."""
    log = reading.log
    rows = np.flatnonzero(np.isin(log.activity.codes, refusing) & refused[log.case.codes])
    inner = rows[~np.isin(rows, log.offsets[:-1])]
    before = log.activity.codes[inner - 1]
    before = before[~np.isin(before, refusing)]
    names = tuple(log.activity.names[a] for a in refusing)
    if not len(before):
        return names
    return (log.activity.names[int(np.bincount(before).argmax())], *names)


def _steps_before(codes: Ids, offsets: np.ndarray, refusing: list[int]) -> np.ndarray:
    """Per case, the steps before the first refusing one (0 where there is none)."""
    before = np.zeros(len(offsets) - 1)
    rows = np.flatnonzero(np.isin(codes, refusing))
    case = np.searchsorted(offsets, rows, side="right") - 1
    first, place = np.unique(case, return_index=True)
    before[first] = rows[place] - offsets[first]
    return before


def better_variants(reading: Reading) -> Iterator[Finding]:
    """A variant other than the main one that is faster than the main one, same kind of case.

    Only variants that do every activity of the main one: leaving work out is quick, too.
    """
    log, swept = reading.log, reading.swept
    counts = swept.variant_cases
    main = 0
    needed = set(_path(reading, main))
    fewest = max(FEWEST, BETTER_VARIANT.thresholds["cases_share"] * log.cases)
    named = 0
    rivals = [
        variant
        for variant in range(1, len(counts))
        if counts[variant] >= fewest and needed <= set(_path(reading, variant))
    ]
    if counts[main] < FEWEST:
        return
    for variant in rivals:
        both = np.isin(swept.case_variant, (main, variant))
        on_main = swept.case_variant == main
        effect = slower(reading, on_main, subjects=len(rivals), among=both)
        usual = float(reading.hours[on_main].mean())
        if effect is None or effect.hours < BETTER_VARIANT.thresholds["faster"] * usual:
            continue
        alarms = confounders(reading, on_main, among=both, by_steps=False)
        if any(alarm.kind == "reversed" for alarm in alarms):
            continue
        if named == BETTER_VARIANT.thresholds["most"]:
            return
        named += 1
        path = " > ".join(log.activity.names[code] for code in _path(reading, variant))
        yield Finding(
            rule=BETTER_VARIANT,
            subject=path,
            steps=tuple(log.activity.names[code] for code in _path(reading, variant)),
            compared_by=tuple(each.name for each in reading.features),
            says=words(
                f"{int(counts[variant])} cases do the same work in another order and take "
                f"{hours(effect.hours)} less than the main path.",
                f"{int(counts[variant])} 个案例以不同顺序完成同样工作，比主路径快 "
                f"{hours_zh(effect.hours)}。",
            ),
            evidence={"cases_on_it": int(counts[variant]), "main_mean_hours": usual},
            n=log.cases,
            cases=int(on_main.sum()),
            affected=reading.named(on_main),
            effect=effect,
            gain=effect.hours * int(on_main.sum()) / reading.weeks,
            gain_how=words(
                "The difference, times the cases of the main path; a pilot must decide, for "
                "the paths may serve different cases.",
                "两者之差 × 主路径案例数；两条路径的案例可能不同，须以试点判定。",
            ),
            alarms=alarms,
        )


def _path(reading: Reading, variant: int) -> list[int]:
    case = int(reading.swept.variant_first_case[variant])
    rows = slice(reading.log.offsets[case], reading.log.offsets[case + 1])
    return [int(code) for code in reading.log.activity.codes[rows]]
