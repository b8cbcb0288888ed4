"""Working hours of resources, discovered from when they begin and end work.

A slot is one hour of one weekday. It is open for a resource when it was seen working in it on
enough of the days of that weekday on which it worked at all (the slot's confidence). The calendar
stands when it explains enough of the resource's moments (its support) and rests on enough of them;
otherwise the moments of its team are pooled, then everybody's, and failing that the resource counts
as always available. The idea: López-Pintado & Dumas, 'Business process simulation with
differentiated resources' (2022).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.calendars.calendar import ALWAYS, Calendar
from servoloop.kernel.calendars.weekly_hours import Interval, Weekly
from servoloop.kernel.mining.distinct import distinct
from servoloop.kernel.mining.event_log import NO_TIME, Coded, EventLog, Micros
from servoloop.kernel.mining.swept import Counts

HOURS, WEEK = 24, 168
QUARTER = 900_000_000
THURSDAY = 72
"""The hour of the week, from Monday, in which 1970 began."""
Basis = Literal["resource", "team", "everybody", "always"]
Grid = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings:
    """When hours count as working hours."""

    confidence: float = 0.1  # 0..1: least share of the weekday's active days seen in a slot
    support: float = 0.7  # 0..1: least share of the moments that the open slots hold
    days_per_slot: float = 2.0  # least mean number of days behind an open slot
    always_from: float = 0.95  # share of the 168 slots from which a calendar is 'always'


@dataclass(frozen=True, slots=True, kw_only=True)
class DiscoveredCalendar:
    """`confidence` is the mean of its open slots; `moments` are the starts and ends behind it."""

    resource: str
    calendar: Calendar
    basis: Basis
    confidence: float  # 0..1
    support: float  # 0..1
    moments: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hours:
    open: npt.NDArray[np.bool_]  # 168
    confidence: float
    support: float
    moments: int
    days_per_slot: float


DEFAULT_SETTINGS = CalendarSettings()


def discover_calendars(
    log: EventLog, *, zone: str, settings: CalendarSettings = DEFAULT_SETTINGS
) -> tuple[DiscoveredCalendar, ...]:
    """The calendar of every resource, in the order of `log.resource.names`; none without any."""
    if log.resource is None or not log.resource.names:
        return ()
    seen = _moments(log, log.resource, zone)
    own = _hours(seen, "resource", len(log.resource.names), settings)
    team_of = _team_of(log)
    teams = _hours(_pooled(seen, team_of), "resource", int(team_of.max()) + 1, settings)
    everybody = _hours(_pooled(seen, np.zeros_like(team_of)), "resource", 1, settings)
    return tuple(
        _choose(name, zone, settings, own[code], _at(teams, int(team_of[code])), everybody[0])
        for code, name in enumerate(log.resource.names)
    )


def calendars_of(discovered: tuple[DiscoveredCalendar, ...]) -> Mapping[str, Calendar]:
    """By the name of the resource, as `decompose_waiting` takes them."""
    return {each.resource: each.calendar for each in discovered if each.basis != "always"}


def _moments(log: EventLog, resource: Coded, zone: str) -> pl.DataFrame:
    """A row for each (resource, slot, day) with work, and its number of starts and ends."""
    # A moment on the full hour belongs to the work: a start to the hour after, an end to the one
    # before. So work until closing time does not open the hour that follows.
    stamps = [log.ts - 1]
    codes = [resource.codes]
    if log.start is not None:
        known = log.start != NO_TIME
        stamps.append(log.start[known])
        codes.append(resource.codes[known])
    worker, hour = np.concatenate(codes), _local_hours(np.concatenate(stamps), zone)
    worker, hour = worker[worker >= 0], hour[worker >= 0]
    first, last = (hour.min(), hour.max()) if len(hour) else (0, 0)
    width = last - first + 1
    keys = np.sort(worker * width + (hour - first))
    heads = np.flatnonzero(_is_new(keys))
    hour = keys[heads] % width + first
    return pl.DataFrame(
        {
            "resource": keys[heads] // width,
            "slot": (hour + THURSDAY) % WEEK,
            "day": hour // HOURS,
            "moments": np.diff(np.append(heads, len(keys))),
        }
    )


def _local_hours(at: Micros, zone: str) -> Micros:
    """Of each moment the full hours since 1970 on the clocks of the zone.

    Only quarters of an hour are asked what clocks show then, and few of them put clocks forward or
    back: converting each of a million moments takes longer than all the rest.
    """
    quarters = distinct(at // QUARTER) * QUARTER
    clocks = pl.Series(quarters).cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone)
    ahead = clocks.dt.replace_time_zone(None).to_physical().to_numpy() - quarters
    changes = np.flatnonzero(_is_new(ahead))
    now = np.searchsorted(quarters[changes], at, side="right") - 1
    hours: Micros = (at + ahead[changes][now]) // (4 * QUARTER)
    return hours


def _is_new(values: Counts) -> npt.NDArray[np.bool_]:
    """Per value: does it differ from the one before?"""
    new = np.ones(len(values), dtype=np.bool_)
    new[1:] = values[1:] != values[:-1]
    return new


def _pooled(seen: pl.DataFrame, group_of: Counts) -> pl.DataFrame:
    groups = pl.Series(group_of)
    return (
        seen.with_columns(resource=groups.gather(seen["resource"]))
        .filter(pl.col("resource") >= 0)
        .group_by("resource", "slot", "day")
        .agg(moments=pl.col("moments").sum())
    )


def _hours(
    seen: pl.DataFrame, key: str, groups: int, settings: CalendarSettings
) -> tuple[_Hours, ...]:
    days = np.zeros((groups, WEEK))
    moments = np.zeros((groups, WEEK), dtype=np.int64)
    per_slot = seen.group_by(key, "slot").agg(days=pl.len(), moments=pl.col("moments").sum())
    where = per_slot[key].to_numpy(), per_slot["slot"].to_numpy()
    days[where], moments[where] = per_slot["days"].to_numpy(), per_slot["moments"].to_numpy()
    active = np.ones((groups, 7))
    weekday = (pl.col("slot") // HOURS).alias("weekday")
    per_day = seen.select(key, weekday, "day").unique().group_by(key, "weekday").len()
    active[per_day[key].to_numpy(), per_day["weekday"].to_numpy()] = per_day["len"].to_numpy()
    confidence = days / np.repeat(active, HOURS, axis=1)
    is_open = (confidence >= settings.confidence) & (days > 0)
    return tuple(
        _Hours(
            open=is_open[group],
            confidence=float(confidence[group][is_open[group]].mean())
            if is_open[group].any()
            else 0.0,
            support=float(moments[group][is_open[group]].sum() / max(1, moments[group].sum())),
            moments=int(moments[group].sum()),
            days_per_slot=float(days[group].sum() / max(1, is_open[group].sum())),
        )
        for group in range(groups)
    )


def _team_of(log: EventLog) -> Counts:
    """The team in which each resource acts most often, -1 when it is in none."""
    assert log.resource is not None
    resources = len(log.resource.names)
    if log.team is None or not log.team.names:
        return np.full(resources, -1, dtype=np.int64)
    teams = len(log.team.names)
    both = (log.resource.codes >= 0) & (log.team.codes >= 0)
    pairs = log.resource.codes[both].astype(np.int64) * teams + log.team.codes[both]
    counts = np.zeros((resources, teams), dtype=np.int64)
    found, times = np.unique(pairs, return_counts=True)
    counts[found // teams, found % teams] = times
    return np.where(counts.any(axis=1), counts.argmax(axis=1), -1)


def _at(hours: tuple[_Hours, ...], group: int) -> _Hours | None:
    return hours[group] if group >= 0 else None


def _choose(
    name: str,
    zone: str,
    settings: CalendarSettings,
    own: _Hours,
    team: _Hours | None,
    everybody: _Hours,
) -> DiscoveredCalendar:
    candidates: tuple[tuple[Basis, _Hours | None], ...] = (
        ("resource", own),
        ("team", team),
        ("everybody", everybody),
    )
    for basis, hours in candidates:
        if hours is not None and _stands(hours, settings):
            if hours.open.mean() >= settings.always_from:
                return _calendar(name, ALWAYS, "always", hours)
            calendar = Calendar(name=name, zone=zone, weekly=_weekly(hours.open))
            return _calendar(name, calendar, basis, hours)
    return _calendar(name, ALWAYS, "always", own)


def _stands(hours: _Hours, settings: CalendarSettings) -> bool:
    enough = hours.days_per_slot >= settings.days_per_slot
    return bool(hours.open.any()) and hours.support >= settings.support and enough


def _calendar(name: str, calendar: Calendar, basis: Basis, hours: _Hours) -> DiscoveredCalendar:
    return DiscoveredCalendar(
        resource=name,
        calendar=calendar,
        basis=basis,
        confidence=hours.confidence,
        support=hours.support,
        moments=hours.moments,
    )


def _weekly(is_open: npt.NDArray[np.bool_]) -> Weekly:
    """Neighbouring open hours of a day as one interval."""
    week = []
    for day in is_open.reshape(7, HOURS):
        steps = np.flatnonzero(np.diff(np.concatenate(([0], day.astype(np.int8), [0]))))
        week.append(
            tuple(
                Interval(int(begin) * 60, int(end) * 60)
                for begin, end in zip(steps[::2], steps[1::2], strict=True)
            )
        )
    return tuple(week)
