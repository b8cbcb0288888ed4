"""Reading dates, times and durations from text, as ISO 8601 and XML Schema write them."""

import re

from servoloop.kernel.feel.temporal import (
    DAY_NANOS,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    MonthsDuration,
    Temporal,
    Time,
    Zone,
    date_from_days,
    make_date,
    named_zone,
)

_DATE = r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})"
_TIME = (
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(Z|z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+\-/]{1,64})?"
)
_date_pattern = re.compile(_DATE)
_time_pattern = re.compile(_TIME)
_datetime_pattern = re.compile(_DATE + "T" + _TIME)
_months_pattern = re.compile(r"(-)?P(?:([0-9]{1,18})Y)?(?:([0-9]{1,18})M)?")
_days_pattern = re.compile(
    r"(-)?P(?:([0-9]{1,18})D)?"
    r"(?:T(?:([0-9]{1,18})H)?(?:([0-9]{1,18})M)?(?:([0-9]{1,18})(?:\.([0-9]{1,9}))?S)?)?"
)
_MAX_OFFSET = 18 * 3600


def parse_date(text: str) -> Date | None:
    """``2026-02-28`` as a date; None when it is not one."""
    match = _date_pattern.fullmatch(text)
    return make_date(*map(int, match.groups())) if match else None


def parse_time(text: str) -> Time | None:
    """``09:30:00``, with a fraction, an offset or ``@Zone/Name``, as a time; None when it is not
    one."""
    match = _time_pattern.fullmatch(text)
    if match is None:
        return None
    parts = _clock(match.groups())
    return None if parts is None else Time(parts[0] % DAY_NANOS, parts[1])


def parse_datetime(text: str) -> DateTime | None:
    """``2026-02-28T09:30:00`` or just the date (midnight) as a date and time; None when it is
    neither."""
    match = _datetime_pattern.fullmatch(text)
    if match is None:
        day = parse_date(text)
        return None if day is None else DateTime(day, 0)
    groups = match.groups()
    date = make_date(int(groups[0]), int(groups[1]), int(groups[2]))
    parts = _clock(groups[3:])
    if date is None or parts is None:
        return None
    nanos, zone = parts
    if nanos == DAY_NANOS:
        following = date_from_days(date.days + 1)
        return None if following is None else DateTime(following, 0, zone)
    return DateTime(date, nanos, zone)


def parse_duration(text: str) -> DaysDuration | MonthsDuration | None:
    """``P3DT4H`` or ``P1Y6M`` as a duration; None when it is neither or mixes the two."""
    if text[-1:] in ("P", "T"):
        return None
    months = _months_pattern.fullmatch(text)
    if months is not None:
        sign, years, rest = months.groups()
        total = int(years or 0) * 12 + int(rest or 0)
        return MonthsDuration(-total if sign else total)
    days = _days_pattern.fullmatch(text)
    if days is None:
        return None
    sign, day, hour, minute, second, fraction = days.groups()
    nanos = (
        int(day or 0) * DAY_NANOS
        + (int(hour or 0) * 3600 + int(minute or 0) * 60 + int(second or 0)) * NANOS
        + int((fraction or "").ljust(9, "0"))
    )
    return DaysDuration(-nanos if sign else nanos)


def parse_temporal(text: str) -> Temporal | None:
    """Whichever of the four kinds the text is; the meaning of ``@"…"``."""
    return parse_date(text) or parse_time(text) or parse_datetime(text) or parse_duration(text)


def _clock(groups: tuple[str | None, ...]) -> tuple[int, Zone] | None:
    """Nanoseconds since midnight and the zone; 24:00:00 is the only time of hour 24."""
    hour, minute, second = int(groups[0] or 0), int(groups[1] or 0), int(groups[2] or 0)
    nanos = (hour * 3600 + minute * 60 + second) * NANOS + int((groups[3] or "").ljust(9, "0"))
    if hour > 24 or minute > 59 or second > 59 or nanos > DAY_NANOS:
        return None
    zone = groups[4]
    if zone is None:
        return nanos, None
    if zone in ("Z", "z"):
        return nanos, 0
    if zone.startswith("@"):
        return (nanos, zone[1:]) if named_zone(zone[1:]) is not None else None
    offset = _offset(zone)
    return None if offset is None else (nanos, offset)


def _offset(text: str) -> int | None:
    parts = [int(part) for part in text[1:].split(":")]
    seconds = parts[0] * 3600 + parts[1] * 60 + (parts[2] if len(parts) == 3 else 0)
    if parts[1] > 59 or seconds > _MAX_OFFSET or parts[-1] > 59:
        return None
    return -seconds if text[0] == "-" else seconds
