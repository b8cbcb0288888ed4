"""What is known of each case beside its path: columns by which cases can be told apart."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl

from servoloop.kernel.mining.event_log import NOT_GIVEN, Codes, EventLog

MOST_VALUES = 40
"""A column with more values than this describes single cases, not kinds of cases."""
MOST_FEATURES = 12
FEWEST_NUMBERS = 8
"""A column of numbers with more different ones than this is cut into quarters."""
PEOPLE = re.compile(
    r"user|agent|resource|person|operator|creator|owner|assignee|staff|employee"
    r"|人员|坐席|处理人|责任人|客服",
    re.IGNORECASE,
)
"""Columns with such names hold people."""
MINED = re.compile(r"variant|trace.?id", re.IGNORECASE)
"""Columns that other mining tools leave behind: they name the path, which is no cause of itself."""
FIRST_TEAM, WEEKDAY, DAYPART = "first team", "weekday of the beginning", "hour of the beginning"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYPARTS = ("00-06", "06-12", "12-18", "18-24")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Feature:
    """One column: `values[codes[c]]` is the value of case c; `NOT_GIVEN` where unknown."""

    name: str
    values: tuple[str, ...]
    codes: Codes  # int32, length C


def case_features(log: EventLog, *, zone: str = "UTC") -> tuple[Feature, ...]:
    """Attributes of cases and first events, first team, the beginning; at most `MOST_FEATURES`.

    However many attributes there are, team, weekday and hour are always among them. People are left
    out on purpose: causes are looked for in the work, not in individuals. Numbers with many values
    become quarters. Columns with one value, or too many, tell nothing and are left out.
    """
    always = [each for each in (*_team(log), *_begin(log, zone)) if len(each.values) > 1]
    first = log.attributes[log.offsets[:-1]]
    columns = (*log.case_attributes.get_columns(), *first.get_columns())
    told = [each for each in attribute_features(columns) if len(each.values) > 1]
    return (*told[: MOST_FEATURES - len(always)], *always)


def attribute_features(columns: Iterable[pl.Series]) -> Iterator[Feature]:
    """Columns with a value for each case, known before it went well or not."""
    for column in columns:
        name = column.name
        if PEOPLE.search(name) or MINED.search(name):
            continue
        numbers = column.cast(pl.Float64, strict=False)
        is_number = numbers.null_count() == column.null_count()
        if is_number and numbers.n_unique() > FEWEST_NUMBERS:
            yield _quarters(name, numbers)
        else:
            yield from _texts(name, column.cast(pl.String, strict=False))


def _texts(name: str, column: pl.Series) -> Iterator[Feature]:
    values = sorted(column.drop_nulls().unique().to_list())
    if len(values) <= MOST_VALUES:
        codes = column.cast(pl.Enum(values)).to_physical().cast(pl.Int32).fill_null(NOT_GIVEN)
        yield Feature(name=name, values=tuple(values), codes=codes.to_numpy())


def _quarters(name: str, numbers: pl.Series) -> Feature:
    """Equal counts as far as ties allow; the value says the bounds."""
    given = numbers.to_numpy()
    known = ~np.isnan(given)
    cuts = np.unique(np.quantile(given[known], (0.25, 0.5, 0.75)))
    edges = [given[known].min(), *cuts, given[known].max()]
    codes = np.searchsorted(cuts, given, side="left").astype(np.int32)
    codes[~known] = NOT_GIVEN
    words = [f"{a:g} to {b:g}" for a, b in pairwise(edges)]
    return Feature(name=name, values=tuple(words), codes=codes)


def _team(log: EventLog) -> Iterator[Feature]:
    if log.team is not None and len(log.team.names) <= MOST_VALUES:
        codes = log.team.codes[log.offsets[:-1]]
        yield Feature(name=FIRST_TEAM, values=log.team.names, codes=codes)


def _begin(log: EventLog, zone: str) -> Iterator[Feature]:
    began = pl.Series(log.ts[log.offsets[:-1]]).cast(pl.Datetime("us", "UTC"))
    local = began.dt.convert_time_zone(ZoneInfo(zone).key)
    weekday = (local.dt.weekday().cast(pl.Int32) - 1).to_numpy()
    yield Feature(name=WEEKDAY, values=WEEKDAYS, codes=weekday)
    daypart = (local.dt.hour().cast(pl.Int32) // 6).to_numpy()
    yield Feature(name=DAYPART, values=DAYPARTS, codes=daypart)
