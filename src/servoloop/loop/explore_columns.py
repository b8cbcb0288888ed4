"""By which columns the cases of a log can be told apart, with their values."""

from dataclasses import dataclass

import polars as pl

from servoloop.kernel.mining.event_log import Coded, EventLog
from servoloop.kernel.mining.features import DAYPARTS, FEWEST_NUMBERS, MINED, PEOPLE, WEEKDAYS
from servoloop.kernel.mining.filters import (
    DAYPART,
    FIRST_TEAM,
    LIFECYCLE,
    RESOURCE,
    TEAM,
    WEEKDAY,
)

MOST_VALUES = 200
"""A column with more values than this describes single cases; it can be searched, not chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column and either its values or, for numbers, between what they lie."""

    name: str  # as filters name it
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    names_people: bool = False

    @property
    def is_number(self) -> bool:
        """Whether cases are told apart by more and less."""
        return self.low is not None


def columns_of(log: EventLog) -> tuple[Column, ...]:
    """Roles first, then the beginning, then the attributes of cases and events.

    Columns with one value tell nothing and those with too many single cases; both are left out.
    """
    found = [
        *_coded(TEAM, log.team),
        *_coded(FIRST_TEAM, log.team),
        *_coded(RESOURCE, log.resource, names_people=True),
        *_coded(LIFECYCLE, log.lifecycle),
        Column(name=WEEKDAY, values=WEEKDAYS),
        Column(name=DAYPART, values=DAYPARTS),
    ]
    for table in (log.case_attributes, log.attributes):
        for series in table.get_columns():
            column = None if MINED.search(series.name) else _attribute(series)
            if column is not None:
                found.append(column)
    return tuple(found)


def is_about_people(name: str) -> bool:
    """Whether a column holds individuals, by its role or its name."""
    return name == RESOURCE or PEOPLE.search(name) is not None


def _coded(name: str, coded: Coded | None, *, names_people: bool = False) -> list[Column]:
    if coded is None or not 1 < len(coded.names) <= MOST_VALUES:
        return []
    return [Column(name=name, values=tuple(sorted(coded.names)), names_people=names_people)]


def _attribute(series: pl.Series) -> Column | None:
    names_people = is_about_people(series.name)
    numbers = series.cast(pl.Float64, strict=False)
    is_number = series.null_count() < len(series) and numbers.null_count() == series.null_count()
    different = series.n_unique()
    if is_number and different > FEWEST_NUMBERS and not series.dtype.is_temporal():
        low, high = numbers.min(), numbers.max()
        assert isinstance(low, float)
        assert isinstance(high, float)
        return Column(name=series.name, low=low, high=high, names_people=names_people)
    if not 1 < different <= MOST_VALUES:
        return None
    texts = series.unique().cast(pl.String, strict=False).drop_nulls().sort().to_list()
    return Column(name=series.name, values=tuple(texts), names_people=names_people)
