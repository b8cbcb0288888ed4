"""Dates, times and durations as FEEL counts them: to the nanosecond, for 999,999,999 years either
way.

A zone is None (local), an offset in seconds east of UTC, or the name of a zone such as
``Europe/Paris``. Everything is immutable; ``==`` is identity of all parts (FEEL's ``is``), while
FEEL's ``=`` compares the moment (see operators.py).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from servoloop.kernel.feel.calendar_days import (
    MAX_YEAR,
    civil_from_days,
    days_from_civil,
    days_in_month,
)

NANOS = 1_000_000_000
DAY_NANOS = 86_400 * NANOS

Zone = None | int | str


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A duration of years and months, counted in months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        sign = "-" if self.months < 0 else ""
        if not years and not months:
            return "P0M"
        return f"{sign}P{f'{years}Y' if years else ''}{f'{months}M' if months else ''}"


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A duration of days, hours, minutes and seconds, counted in nanoseconds."""

    nanos: int

    def __str__(self) -> str:
        if not self.nanos:
            return "PT0S"
        days, rest = divmod(abs(self.nanos), DAY_NANOS)
        hours, rest = divmod(rest, 3600 * NANOS)
        minutes, rest = divmod(rest, 60 * NANOS)
        date_part = f"{days}D" if days else ""
        time_part = f"{hours}H" if hours else ""
        time_part += f"{minutes}M" if minutes else ""
        time_part += f"{_seconds(rest)}S" if rest else ""
        return f"{'-' if self.nanos < 0 else ''}P{date_part}{'T' + time_part if time_part else ''}"


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day, without a time or a zone."""

    year: int
    month: int
    day: int

    @property
    def days(self) -> int:
        """Days since 1970-01-01."""
        return days_from_civil(self.year, self.month, self.day)

    def __str__(self) -> str:
        sign = "-" if self.year < 0 else ""
        return f"{sign}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day; ``nanos`` counts from midnight."""

    nanos: int
    zone: Zone = None

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC; for a named zone those of 1970-01-01, as a time has no date."""
        return zone_offset(self.zone, 0, self.nanos)

    @property
    def instant(self) -> int:
        """Nanoseconds that order times: of the day in UTC, or of the local day without a zone."""
        return self.nanos - (self.offset or 0) * NANOS

    def __str__(self) -> str:
        hours, rest = divmod(self.nanos, 3600 * NANOS)
        minutes, rest = divmod(rest, 60 * NANOS)
        whole, dot, fraction = _seconds(rest).partition(".")
        return f"{hours:02d}:{minutes:02d}:{whole:>02}{dot}{fraction}{zone_text(self.zone)}"


@dataclass(frozen=True, slots=True)
class DateTime:
    """A moment, local or in a zone; ``nanos`` counts from midnight of ``date``."""

    date: Date
    nanos: int
    zone: Zone = None

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC at this moment; None for a local one."""
        return zone_offset(self.zone, self.date.days, self.nanos)

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01 in UTC, or in local time without a zone."""
        return self.date.days * DAY_NANOS + self.nanos - (self.offset or 0) * NANOS

    @property
    def time(self) -> Time:
        """The time of day with the same zone."""
        return Time(self.nanos, self.zone)

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


Temporal = Date | Time | DateTime | DaysDuration | MonthsDuration


def _seconds(nanos: int) -> str:
    whole, fraction = divmod(nanos, NANOS)
    return f"{whole}.{fraction:09d}".rstrip("0") if fraction else str(whole)


def zone_text(zone: Zone) -> str:
    """How a zone ends a time: nothing, ``Z``, ``+02:00`` or ``@Europe/Paris``."""
    if zone is None:
        return ""
    if isinstance(zone, str):
        return f"@{zone}"
    if zone == 0:
        return "Z"
    minutes, seconds = divmod(abs(zone), 60)
    text = f"{'-' if zone < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{seconds:02d}" if seconds else text


@lru_cache(maxsize=1024)
def named_zone(name: str) -> ZoneInfo | None:
    """The zone of that name in the time-zone database, or None."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_offset(zone: Zone, days: int, nanos: int) -> int | None:
    """Seconds east of UTC at a local moment in the zone."""
    if zone is None or isinstance(zone, int):
        return zone
    found = named_zone(zone)
    if found is None:
        return None
    moment = _equivalent(days, nanos).replace(tzinfo=found)
    offset = moment.utcoffset()
    return None if offset is None else int(offset.total_seconds())


def _equivalent(days: int, nanos: int) -> datetime:
    """The same moment in a year that ``datetime`` knows; the calendar repeats every 400 years."""
    year, month, day = civil_from_days(days)
    if not 2 <= year <= 9998:
        year = 2000 + year % 400
    seconds, rest = divmod(nanos, NANOS)
    return datetime(  # noqa: DTZ001 - the zone is attached by the caller
        year, month, day, seconds // 3600, seconds // 60 % 60, seconds % 60, rest // 1000
    )


def make_date(year: int, month: int, day: int) -> Date | None:
    """The day, or None when there is no such day."""
    if abs(year) > MAX_YEAR or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        return None
    return Date(year, month, day)


def date_from_days(days: int) -> Date | None:
    """The day that many days after 1970-01-01, or None outside FEEL's years."""
    year, month, day = civil_from_days(days)
    return Date(year, month, day) if abs(year) <= MAX_YEAR else None


def datetime_from_instant(instant: int, zone: Zone) -> DateTime | None:
    """The moment in the zone that many nanoseconds after 1970-01-01 (UTC, or local without a
    zone)."""
    shift = zone if isinstance(zone, int) else 0
    if isinstance(zone, str):
        found = named_zone(zone)
        if found is not None:
            days, nanos = divmod(instant, DAY_NANOS)
            moment = _equivalent(days, nanos).replace(tzinfo=UTC).astimezone(found)
            offset = moment.utcoffset()
            shift = int(offset.total_seconds()) if offset is not None else 0
    days, nanos = divmod(instant + shift * NANOS, DAY_NANOS)
    date = date_from_days(days)
    return None if date is None else DateTime(date, nanos, zone)


def add_months(date: Date, months: int) -> Date | None:
    """The same day that many months later; the last of the month when that month is shorter."""
    years, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if abs(years) > MAX_YEAR:
        return None
    return Date(years, month + 1, min(date.day, days_in_month(years, month + 1)))


def months_between(earlier: Date, later: Date) -> int:
    """Whole months from one day to another; negative when the second is earlier."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    if months > 0 and later.day < earlier.day:
        months -= 1
    elif months < 0 and later.day > earlier.day:
        months += 1
    return months
