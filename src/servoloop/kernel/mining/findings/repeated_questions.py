"""Rule 8: the customer is asked for the same thing again."""

import re
from collections.abc import Iterator

import numpy as np
import polars as pl

from servoloop.kernel.metrics.estimates import share
from servoloop.kernel.mining.findings.catalogue import SAME_QUESTION, words
from servoloop.kernel.mining.findings.finding import Finding
from servoloop.kernel.mining.findings.making import hours, hours_zh, made, percent
from servoloop.kernel.mining.findings.reading import (
    Bools,
    Reading,
    activities_like,
    slower,
)

DEMANDING = re.compile(
    r"\b(ask|request|requir|demand|query|chase)\w*\b.*\b(info|information|details?|data|documents?"
    r"|number|photos?|proof|evidence|serial|address|receipt)\b|(more|missing|further) info"
    r"|索要|补充(材料|资料|信息|说明)|要求(提供|补充)|补件|请客户(提供|补充)",
    re.IGNORECASE,
)
"""Activities that ask the customer for something."""
WHAT_WAS_ASKED = re.compile(
    r"^(asked|requested|missing|needed)[ _]?(for|info|information|fields?|items?|documents?)?$"
    r"|^(索要|所缺|缺少|补充)(内容|信息|材料|资料)?$",
    re.IGNORECASE,
)
"""Columns that say what an event asked the customer for."""


def asks_customers(reading: Reading) -> bool:
    """Whether the log could show a question that is asked again."""
    return _column(reading) is not None or bool(activities_like(reading, DEMANDING))


def same_question(reading: Reading) -> Iterator[Finding]:
    """Cases in which the same thing is asked twice, when they take longer than others asked once.

    The same thing is the same value of the column that names it; without one, the same activity.
    """
    if not asks_customers(reading):
        return
    asked, subjects = _asked(reading)
    cases = reading.log.cases
    once, again = np.zeros(cases, dtype=np.bool_), np.zeros(cases, dtype=np.bool_)
    case = reading.log.case.codes
    rows = np.flatnonzero(asked >= 0)
    once[case[rows]] = True
    keys, times = np.unique(
        case[rows].astype(np.int64) * len(subjects) + asked[rows], return_counts=True
    )
    repeated = keys[times > 1]
    again[repeated // max(1, len(subjects))] = True
    part = share(int(again.sum()), int(once.sum())) if once.any() else None
    if part is None or part.low is None or part.low <= SAME_QUESTION.thresholds["share"]:
        return
    effect = slower(reading, again, among=once)
    if effect is None:
        return
    what = np.bincount(repeated % len(subjects))
    yield made(
        reading,
        SAME_QUESTION,
        again,
        effect,
        subject=subjects[int(what.argmax())],
        says=words(
            f"{percent(part.value)} of the customers who are asked for something are asked for the "
            f"same again, most often '{subjects[int(what.argmax())]}'; their cases take "
            f"{hours(effect.hours)} longer.",
            f"被索要信息的客户中有 {percent(part.value)} 被重复索要同一内容，"
            f"最多的是“{subjects[int(what.argmax())]}”；其案例长 {hours_zh(effect.hours)}。",
        ),
        evidence={"share": part.value, "cases_asked": int(once.sum())},
        by_steps=False,
        among=once,
        steps=_asking_steps(reading, asked, again),
    )


def _asked(reading: Reading) -> tuple[np.ndarray, tuple[str, ...]]:
    """Per event, the number of the thing that it asks for (-1: none), and their names."""
    column = _column(reading)
    log = reading.log
    if column is not None:
        texts = log.attributes[column].cast(pl.String, strict=False).str.strip_chars()
        texts = texts.set(texts == "", None)
        names = tuple(texts.drop_nulls().unique(maintain_order=True).to_list())
        codes = texts.cast(pl.Enum(names)).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
        return codes, names
    asking = np.array(activities_like(reading, DEMANDING), dtype=np.int64)
    place = np.full(len(log.activity.names), -1, dtype=np.int64)
    place[asking] = np.arange(len(asking))
    return place[log.activity.codes], tuple(log.activity.names[code] for code in asking)


def _column(reading: Reading) -> str | None:
    return next((n for n in reading.log.attributes.columns if WHAT_WAS_ASKED.search(n)), None)


def _asking_steps(reading: Reading, asked: np.ndarray, again: Bools) -> tuple[str, ...]:
    """The activities in which these cases were asked, the most frequent first."""
    log = reading.log
    rows = (asked >= 0) & again[log.case.codes]
    counts = np.bincount(log.activity.codes[rows], minlength=len(log.activity.names))
    order = np.argsort(-counts, kind="stable")
    return tuple(log.activity.names[code] for code in order if counts[code])[:3]
