"""Filters at work: which cases of a log they keep, and the log of those cases alone.

Everything is a mask over the sorted columns. On 1 M events a filter takes some milliseconds, and
building the smaller log less than reading it took (measured in docs/how-to/explore.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import assert_never
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from servoloop.kernel.mining.case_masks import Kept, Rows, happened, touched
from servoloop.kernel.mining.event_log import NOT_GIVEN, Coded, EventLog, Micros
from servoloop.kernel.mining.features import DAYPARTS, WEEKDAYS
from servoloop.kernel.mining.filters import (
    DAYPART,
    FIRST,
    FIRST_TEAM,
    LIFECYCLE,
    RESOURCE,
    TEAM,
    WEEKDAY,
    Contains,
    CycleTime,
    Filter,
    Follows,
    HandsOver,
    Happened,
    HasValue,
    InFinding,
    NumberBetween,
    OfVariant,
    Period,
    Repeats,
)
from servoloop.kernel.mining.moments import MICROSECOND, micros
from servoloop.kernel.mining.rows import log_of_cases
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.swept import Sweep, begins

_Excluding = HasValue | Contains | Follows | OfVariant | Repeats | Happened
_OfTheLog = _Excluding | Period | NumberBetween | HandsOver | CycleTime

NamedCases = Mapping[str, Sequence[str]]
"""The names of the cases of each finding, by its key."""
NO_FINDINGS: NamedCases = {}


def kept_cases(
    log: EventLog,
    filters: Iterable[Filter],
    *,
    zone: str = "UTC",
    swept: Sweep | None = None,
    closing: tuple[str, ...] | None = None,
    findings: NamedCases = NO_FINDINGS,
) -> Kept:
    """The cases that every filter keeps; all of them without filters.

    Days and weekdays are those of `zone`. `swept` is the sweep of this log, if there is one: it
    spares making it where a filter needs it. `closing` are the activities that close cases, if
    they are known (see `reopenings`). `findings` are those that `InFinding` asks for. A filter for
    what the log does not hold keeps no case, or, excluding, all.
    """
    kept: Kept = np.ones(log.cases, dtype=np.bool_)
    for each in filters:
        if isinstance(each, InFinding):
            kept &= _named(log, findings.get(each.key, ()))
        else:
            kept &= _mask(log, each, zone=zone, swept=swept, closing=closing)
    return kept


def filtered(log: EventLog, kept: Kept, *, with_attributes: bool = True) -> EventLog:
    """The log of the kept cases alone, as if no other had ever been in the file.

    Without attributes the two attribute tables have no columns, which is faster where only paths
    and times are asked for. The log may be empty.
    """
    if not with_attributes:
        log = replace(
            log,
            attributes=pl.DataFrame(height=log.events),
            case_attributes=pl.DataFrame(height=log.cases),
        )
    return log if kept.all() else log_of_cases(log, kept)


def variant_key(activities: Iterable[str]) -> str:
    """A short name of a sequence of activities, the same in every log."""
    return blake2b("\x1f".join(activities).encode(), digest_size=5).hexdigest()


def variant_keys(log: EventLog, swept: Sweep) -> tuple[str, ...]:
    """The key of every variant of the sweep."""
    names, codes, offsets = log.activity.names, log.activity.codes, log.offsets
    return tuple(
        variant_key(names[code] for code in codes[offsets[case] : offsets[case + 1]].tolist())
        for case in swept.variant_first_case.tolist()
    )


def follows_rows(log: EventLog, source: str | None, target: str | None) -> Rows:
    """The rows of the events that come directly after the source; for None as the target, the last
    events of the cases that end with the source."""
    a, b = _code(log.activity, source), _code(log.activity, target)
    codes, offsets = log.activity.codes, log.offsets
    nowhere: Rows = np.zeros(0, dtype=np.int64)
    rows: Rows
    if (source is not None and a is None) or (target is not None and b is None):
        return nowhere
    if source is None and target is None:
        return nowhere
    if source is None:
        rows = offsets[:-1][codes[offsets[:-1]] == b]
        return rows
    if target is None:
        rows = offsets[1:] - 1
        rows = rows[codes[rows] == a]
        return rows
    rows = np.flatnonzero((codes[1:] == b) & (codes[:-1] == a)) + 1
    rows = rows[log.case.codes[rows] == log.case.codes[rows - 1]]
    return rows


def waits_before(log: EventLog, rows: Rows) -> Micros:
    """From the event before each row to the begin of the row's event, never below 0."""
    waits: Micros = np.maximum(begins(log)[rows] - log.ts[rows - 1], 0)
    return waits


def _mask(
    log: EventLog,
    each: _OfTheLog,
    *,
    zone: str,
    swept: Sweep | None,
    closing: tuple[str, ...] | None,
) -> Kept:
    match each:
        case Period():
            return _in_period(log, each, zone)
        case HasValue():
            return _unless(_has_value(log, each, zone), each)
        case NumberBetween():
            return _between(log, each)
        case Contains():
            return _unless(touched(log, _rows_of(log, each.activity)), each)
        case Follows():
            return _unless(_followed(log, each), each)
        case HandsOver():
            return _handed_over(log, each)
        case OfVariant():
            return _unless(_of_variant(log, each, swept or sweep(log)), each)
        case CycleTime():
            return _took(log, each)
        case Repeats():
            return _unless(_repeated(log, each.activity), each)
        case Happened():
            return _unless(happened(log, each.what, swept, closing), each)
        case _:
            assert_never(each)


def _named(log: EventLog, cases: Sequence[str]) -> Kept:
    wanted = frozenset(cases)
    return np.fromiter((name in wanted for name in log.case.names), np.bool_, count=log.cases)


def _unless(kept: Kept, each: _Excluding) -> Kept:
    return ~kept if each.is_excluded else kept


def durations(log: EventLog) -> Micros:
    """From the first begin to the last timestamp of each case, as a sweep counts it."""
    if not log.cases:
        return log.ts[:0]
    began = np.minimum.reduceat(begins(log), log.offsets[:-1])
    took: Micros = log.ts[log.offsets[1:] - 1] - began
    return took


def _code(coded: Coded, name: str | None) -> int | None:
    return coded.names.index(name) if name is not None and name in coded.names else None


def _rows_of(log: EventLog, activity: str) -> Rows:
    code = _code(log.activity, activity)
    return np.flatnonzero(log.activity.codes == (NOT_GIVEN if code is None else code))


def _in_period(log: EventLog, each: Period, zone: str) -> Kept:
    """Both days included: the end is the midnight after the last one."""
    low = np.iinfo(np.int64).min if each.first is None else _midnight(each.first, zone)
    high = np.iinfo(np.int64).max
    if each.last is not None and each.last < date.max:
        high = _midnight(each.last + timedelta(days=1), zone)
    if not log.cases:
        return np.zeros(0, dtype=np.bool_)
    began, ended = log.ts[log.offsets[:-1]], log.ts[log.offsets[1:] - 1]
    kept: Kept
    match each.by:
        case "started":
            kept = (began >= low) & (began < high)
        case "ended":
            kept = (ended >= low) & (ended < high)
        case "active":
            kept = (began < high) & (ended >= low)
        case "within":
            kept = (began >= low) & (ended < high)
        case _:
            assert_never(each.by)
    return kept


def _midnight(day: date, zone: str) -> int:
    return micros(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))


def _has_value(log: EventLog, each: HasValue, zone: str) -> Kept:
    coded = {TEAM: log.team, RESOURCE: log.resource, LIFECYCLE: log.lifecycle}
    if each.column in coded:
        column = coded[each.column]
        return touched(log, _rows_with(column, each.values))
    if each.column == FIRST_TEAM:
        if log.team is None:
            return np.zeros(log.cases, dtype=np.bool_)
        return np.isin(log.team.codes[log.offsets[:-1]], _codes(log.team, each.values))
    if each.column in (WEEKDAY, DAYPART):
        return _began_on(log, each, zone)
    if each.column.startswith(FIRST):
        return _is_first(log, each.column.removeprefix(FIRST), each.values)
    if each.column in log.case_attributes.columns:
        return _is_one_of(log.case_attributes[each.column], each.values)
    if each.column in log.attributes.columns:
        hits = _is_one_of(log.attributes[each.column], each.values)
        return touched(log, np.flatnonzero(hits))
    return np.zeros(log.cases, dtype=np.bool_)


def _is_first(log: EventLog, name: str, values: tuple[str, ...]) -> Kept:
    if name in log.case_attributes.columns:
        return _is_one_of(log.case_attributes[name], values)
    if name in log.attributes.columns:
        return _is_one_of(log.attributes[name][log.offsets[:-1]], values)
    return np.zeros(log.cases, dtype=np.bool_)


def _rows_with(coded: Coded | None, values: tuple[str, ...]) -> Rows:
    if coded is None:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(np.isin(coded.codes, _codes(coded, values)))


def _codes(coded: Coded, values: tuple[str, ...]) -> list[int]:
    return [code for code, name in enumerate(coded.names) if name in values]


def _is_one_of(column: pl.Series, values: tuple[str, ...]) -> Kept:
    texts = column.cast(pl.String, strict=False)
    return texts.is_in(list(values)).fill_null(value=False).to_numpy()


def _began_on(log: EventLog, each: HasValue, zone: str) -> Kept:
    began = pl.Series(log.ts[log.offsets[:-1]]).cast(pl.Datetime("us", "UTC"))
    local = began.dt.convert_time_zone(ZoneInfo(zone).key)
    names = WEEKDAYS if each.column == WEEKDAY else DAYPARTS
    codes = local.dt.weekday() - 1 if each.column == WEEKDAY else local.dt.hour() // 6
    wanted = [code for code, name in enumerate(names) if name in each.values]
    return np.isin(codes.to_numpy(), wanted)


def _between(log: EventLog, each: NumberBetween) -> Kept:
    of_cases = each.column in log.case_attributes.columns
    table = log.case_attributes if of_cases else log.attributes
    if each.column not in table.columns:
        return np.zeros(log.cases, dtype=np.bool_)
    numbers = table[each.column].cast(pl.Float64, strict=False).to_numpy()
    low = -np.inf if each.low is None else each.low
    high = np.inf if each.high is None else each.high
    hits: Kept = (numbers >= low) & (numbers <= high)  # false for what is no number
    return hits if of_cases else touched(log, np.flatnonzero(hits))


def _followed(log: EventLog, each: Follows) -> Kept:
    if not each.is_direct and each.source is not None and each.target is not None:
        return _followed_later(log, each.source, each.target, each.waited)
    rows = follows_rows(log, each.source, each.target)
    if each.waited is not None:
        if each.source is None or each.target is None:  # no wait at the edges of a case
            return np.zeros(log.cases, dtype=np.bool_)
        rows = rows[waits_before(log, rows) >= each.waited // MICROSECOND]
    return touched(log, rows)


def _followed_later(log: EventLog, source: str, target: str, waited: timedelta | None) -> Kept:
    """The first source and the last target of a case decide: no other pair is further apart."""
    sources, targets = _rows_of(log, source), _rows_of(log, target)
    first = np.full(log.cases, log.events, dtype=np.int64)
    first[log.case.codes[sources][::-1]] = sources[::-1]  # the last write wins: the first row
    last = np.full(log.cases, -1, dtype=np.int64)
    last[log.case.codes[targets]] = targets
    follows: Kept = last > first
    if waited is None:
        return follows
    cases = np.flatnonzero(follows)
    apart = np.full(log.cases, np.iinfo(np.int64).min)
    rows = targets[np.isin(log.case.codes[targets], cases)]
    rows = rows[rows > first[log.case.codes[rows]]]
    spent = np.maximum(begins(log)[rows] - log.ts[first[log.case.codes[rows]]], 0)
    np.maximum.at(apart, log.case.codes[rows], spent)
    return follows & (apart >= waited // MICROSECOND)


def _handed_over(log: EventLog, each: HandsOver) -> Kept:
    group = log.team if each.by == "team" else log.resource
    if group is None or each.source not in group.names or each.target not in group.names:
        return np.zeros(log.cases, dtype=np.bool_)
    source, target = group.names.index(each.source), group.names.index(each.target)
    rows = np.flatnonzero((group.codes[1:] == target) & (group.codes[:-1] == source)) + 1
    return touched(log, rows[log.case.codes[rows] == log.case.codes[rows - 1]])


def _of_variant(log: EventLog, each: OfVariant, swept: Sweep) -> Kept:
    wanted = [place for place, key in enumerate(variant_keys(log, swept)) if key in each.keys]
    return np.isin(swept.case_variant, wanted)


def _took(log: EventLog, each: CycleTime) -> Kept:
    took = durations(log)
    kept: Kept = np.ones(log.cases, dtype=np.bool_)
    if each.at_least is not None:
        kept &= took >= each.at_least // MICROSECOND
    if each.below is not None:
        kept &= took < each.below // MICROSECOND
    return kept


def _repeated(log: EventLog, activity: str | None) -> Kept:
    if activity is not None:
        cases = log.case.codes[_rows_of(log, activity)]
        again: Kept = np.bincount(cases, minlength=log.cases) > 1
        return again
    width = max(1, len(log.activity.names))
    pairs = np.sort(log.case.codes.astype(np.int64) * width + log.activity.codes)
    twice: Kept = np.zeros(log.cases, dtype=np.bool_)
    twice[pairs[1:][pairs[1:] == pairs[:-1]] // width] = True
    return twice
