"""Days of the proleptic Gregorian calendar for years far outside those of the standard library.

FEEL allows the years -999,999,999 to 999,999,999; ``datetime`` stops at 1 and 9999.
The algorithm is Howard Hinnant's "chrono-Compatible Low-Level Date Algorithms".
"""

MAX_YEAR = 999_999_999

_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    """Whether the year has a 29 February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    """28 to 31; the month counts from 1."""
    return 29 if month == 2 and is_leap(year) else _LENGTHS[month - 1]


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01; negative before."""
    shifted = year - 1 if month <= 2 else year
    era = shifted // 400
    year_of_era = shifted - era * 400
    day_of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146097 + day_of_era - 719468


def civil_from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a count of days since 1970-01-01."""
    shifted = days + 719468
    era = shifted // 146097
    day_of_era = shifted - era * 146097
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36524 - day_of_era // 146096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_shifted = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_shifted + 2) // 5 + 1
    month = month_shifted + 3 if month_shifted < 10 else month_shifted - 9
    year = year_of_era + era * 400
    return (year + 1 if month <= 2 else year), month, day


def weekday(days: int) -> int:
    """1 for Monday to 7 for Sunday."""
    return (days + 3) % 7 + 1


def week_of_year(year: int, month: int, day: int) -> int:
    """The ISO 8601 week, 1 to 53."""
    days = days_from_civil(year, month, day)
    thursday = days - weekday(days) + 4
    of_year, _, _ = civil_from_days(thursday)
    return (thursday - days_from_civil(of_year, 1, 1)) // 7 + 1
