"""Live cases for the search of root causes: what is known of each, and how each fared."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.metrics.case_facts import CaseFacts, Promise
from servoloop.kernel.mining.features import (
    DAYPART,
    DAYPARTS,
    FIRST_TEAM,
    MOST_VALUES,
    WEEKDAY,
    WEEKDAYS,
    Feature,
    attribute_features,
)

Floats = npt.NDArray[np.float64]
UNKNOWN = float("nan")


Answers = Mapping[int, Mapping[str, str | float]]
"""What was answered when a case was opened, by case and field."""
NO_ANSWERS: Answers = {}


def features_of_cases(
    cases: Sequence[CaseFacts], *, zone: str, answers: Answers = NO_ANSWERS
) -> tuple[Feature, ...]:
    """Process, channel, first team, what the form was answered with, and when it was opened.

    One value for all tells nothing. Customers are left out, as people are: a cause is looked for in
    the work.
    """
    local = [facts.opened_at.astimezone(ZoneInfo(zone)) for facts in cases]
    found = (
        _texts("process", [facts.process for facts in cases]),
        _texts("channel", [facts.channel for facts in cases]),
        _texts(FIRST_TEAM, [facts.team for facts in cases]),
        *attribute_features(_columns(cases, answers)),
        _codes(WEEKDAY, WEEKDAYS, [at.weekday() for at in local]),
        _codes(DAYPART, DAYPARTS, [at.hour // 6 for at in local]),
    )
    return tuple(each for each in found if len(each.values) <= MOST_VALUES)


def _columns(cases: Sequence[CaseFacts], answers: Answers) -> Iterator[pl.Series]:
    """A column for each field; numbers stay numbers, where all of them are."""
    given = [answers.get(facts.case, {}) for facts in cases]
    for field in dict.fromkeys(name for each in given for name in each):
        values = [each.get(field) for each in given]
        yield pl.Series(field, values, strict=False)


def _texts(name: str, column: Sequence[str]) -> Feature:
    values = sorted({text for text in column if text})
    place = {value: code for code, value in enumerate(values)}
    return _codes(name, tuple(values), [place.get(text, -1) for text in column])


def _codes(name: str, values: tuple[str, ...], codes: Sequence[int]) -> Feature:
    return Feature(name=name, values=values, codes=np.array(codes, dtype=np.int32))


def hours_to_resolution(cases: Sequence[CaseFacts], *, at: datetime) -> Floats:
    """Hours from opening to the last closing; NaN for cancelled cases and those open at `at`."""

    def hours(facts: CaseFacts) -> float:
        closed = facts.closed_at(at)
        if closed is None or closed in facts.cancellations:
            return UNKNOWN
        return (closed - facts.opened_at).total_seconds() / 3600

    return _outcome(cases, hours)


def breached(cases: Sequence[CaseFacts], metric: str, *, at: datetime) -> Floats:
    """1 where a promise of the metric was broken, or is overdue at `at`; 0 where all were kept.

    NaN for cases without such a promise, and for those that may still keep it.
    """

    def verdict(facts: CaseFacts) -> float:
        promises = [p for p in facts.promises if p.metric == metric and p.started_at < at]
        verdicts = {_is_broken(promise, at) for promise in promises}
        if True in verdicts:
            return 1.0
        return UNKNOWN if None in verdicts or not verdicts else 0.0

    return _outcome(cases, verdict)


def _is_broken(promise: Promise, at: datetime) -> bool | None:
    """None for a promise that still runs in time, or ended without a verdict."""
    if promise.ended_at is not None and promise.ended_at < at:
        return {"met": False, "breached": True}.get(promise.verdict)
    due = promise.due_at(at)
    return True if due is not None and due < at else None


def reopened(cases: Sequence[CaseFacts], *, at: datetime) -> Floats:
    """1 for cases reopened before `at`, 0 for those closed and not, NaN for those never closed."""

    def verdict(facts: CaseFacts) -> float:
        if any(again < at for again in facts.reopenings):
            return 1.0
        return UNKNOWN if facts.closed_at(at) is None else 0.0

    return _outcome(cases, verdict)


def _outcome(cases: Sequence[CaseFacts], of: Callable[[CaseFacts], float]) -> Floats:
    return np.array([of(facts) for facts in cases], dtype=np.float64)
