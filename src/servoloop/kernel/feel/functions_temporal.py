"""The functions of dates, times and durations."""

from decimal import Decimal
from typing import Any

from servoloop.kernel.feel.budget import Budget
from servoloop.kernel.feel.calendar_days import days_from_civil, week_of_year, weekday
from servoloop.kernel.feel.operators import whole
from servoloop.kernel.feel.signatures import feel
from servoloop.kernel.feel.temporal import (
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Time,
    Zone,
    make_date,
    months_between,
    named_zone,
)
from servoloop.kernel.feel.temporal_text import (
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from servoloop.kernel.feel.values import MATH, from_python

Number = int | Decimal

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@feel("date(from: string|date|date and time)")
def date(from_: str | Date | DateTime) -> Date | None:
    if isinstance(from_, str):
        return parse_date(from_)
    return from_.date if isinstance(from_, DateTime) else from_


@feel("date(year: number, month: number, day: number)")
def date_of(year: Number, month: Number, day: Number) -> Date | None:
    return make_date(whole(year), whole(month), whole(day))


@feel("date and time(from: string|date|date and time)")
def date_and_time(from_: str | Date | DateTime) -> DateTime | None:
    if isinstance(from_, str):
        return parse_datetime(from_)
    return DateTime(from_, 0, 0) if isinstance(from_, Date) else from_


@feel("date and time(date: date|date and time, time: time)")
def date_and_time_of(date_: Date | DateTime, time_: Time) -> DateTime:
    day = date_.date if isinstance(date_, DateTime) else date_
    return DateTime(day, time_.nanos, time_.zone)


_PARTS = "year: number, month: number, day: number, hour: number, minute: number, second: number"


@feel(f"date and time({_PARTS}, offset?: number|null)")
def date_and_time_of_parts(
    year: Number,
    month: Number,
    day: Number,
    hour: Number,
    minute: Number,
    second: Number,
    offset: Number | None = None,
) -> DateTime | None:
    """The offset counts hours."""
    zone = None if offset is None else whole(MATH.multiply(offset, 3600))
    if zone is not None and abs(zone) > 18 * 3600:
        return None
    return _moment(date_of(year, month, day), _nanos(hour, minute, second), zone)


@feel(f"date and time({_PARTS}, timezone: string)")
def date_and_time_in_zone(
    year: Number,
    month: Number,
    day: Number,
    hour: Number,
    minute: Number,
    second: Number,
    timezone: str,
) -> DateTime | None:
    if named_zone(timezone) is None:
        return None
    return _moment(date_of(year, month, day), _nanos(hour, minute, second), timezone)


def _moment(day: Date | None, nanos: int | None, zone: Zone) -> DateTime | None:
    return None if day is None or nanos is None else DateTime(day, nanos, zone)


@feel("time(from: string|time|date and time|date)")
def time(from_: str | Time | DateTime | Date) -> Time | None:
    match from_:
        case str():
            return parse_time(from_)
        case DateTime():
            return from_.time
        case Date():
            return Time(0, 0)
        case Time():
            return from_


@feel("time(hour: number, minute: number, second: number, offset?: days|null)")
def time_of(
    hour: Number, minute: Number, second: Number, offset: DaysDuration | None = None
) -> Time | None:
    nanos = _nanos(hour, minute, second)
    if nanos is None:
        return None
    if offset is None:
        return Time(nanos)
    if abs(offset.nanos) > 18 * 3600 * NANOS:
        return None
    return Time(nanos, offset.nanos // NANOS if offset.nanos >= 0 else -(-offset.nanos // NANOS))


def _nanos(hour: Number, minute: Number, second: Number) -> int | None:
    hours, minutes = whole(hour), whole(minute)
    if not (0 <= hours <= 23 and 0 <= minutes <= 59 and 0 <= second < 60):
        return None
    return (hours * 3600 + minutes * 60) * NANOS + whole(MATH.multiply(second, NANOS))


@feel("duration(from: string|days|months)")
def duration(from_: str | DaysDuration | MonthsDuration) -> DaysDuration | MonthsDuration | None:
    return parse_duration(from_) if isinstance(from_, str) else from_


@feel("years and months duration(from: date|date and time, to: date|date and time)")
def years_and_months_duration(from_: Date | DateTime, to: Date | DateTime) -> MonthsDuration | None:
    first = from_.date if isinstance(from_, DateTime) else from_
    second = to.date if isinstance(to, DateTime) else to
    return MonthsDuration(months_between(first, second))


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@feel("day of year(date: date|date and time)")
def day_of_year(date_: Date | DateTime) -> int:
    day = _day(date_)
    return day.days - days_from_civil(day.year, 1, 1) + 1


@feel("day of week(date: date|date and time)")
def day_of_week(date_: Date | DateTime) -> str:
    return _WEEKDAYS[weekday(_day(date_).days) - 1]


@feel("month of year(date: date|date and time)")
def month_of_year(date_: Date | DateTime) -> str:
    return _MONTHS[_day(date_).month - 1]


@feel("week of year(date: date|date and time)")
def number_of_week(date_: Date | DateTime) -> int:
    day = _day(date_)
    return week_of_year(day.year, day.month, day.day)


@feel("last day of month(date: date|date and time)")
def last_day_of_month(date_: Date | DateTime) -> Date | None:
    """Not in the standard, but widely known."""
    day = _day(date_)
    return make_date(day.year, day.month, 31) or next(
        found
        for last in (30, 29, 28)
        if (found := make_date(day.year, day.month, last)) is not None
    )


@feel("now()", budgeted=True)
def now(*, budget: Budget) -> DateTime | None:
    """The moment that the evaluation was given; null when it was given none."""
    moment: Any = None if budget.at is None else from_python(budget.at)
    return moment if isinstance(moment, DateTime) else None


@feel("today()", budgeted=True)
def today(*, budget: Budget) -> Date | None:
    moment = now(budget=budget)
    return None if moment is None else moment.date
