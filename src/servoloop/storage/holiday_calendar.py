"""Public holidays and make-up workdays of a country, as day rules to seed a calendar with.

The facts are those of the `holidays` package. They are a beginning: an operator edits them, and
what is edited is stored, so a later release of the package changes no calendar by itself.
"""

from datetime import date, timedelta
from difflib import get_close_matches

from holidays import HolidayBase, country_holidays
from holidays.registry import COUNTRIES

from servoloop.kernel.calendars.calendar import DayRule, Holiday, MakeUpWorkday, merge_rules
from servoloop.kernel.errors import ServoloopError

# Governments that move working days by a decree every year; the package knows those published and,
# for later years, only what the law fixes. Others (Bulgaria, Ukraine, …) did so in the past.
_DECREED_YEARLY = frozenset({"AZ", "BY", "CN", "HU", "KG", "KZ", "LV", "MM", "RU", "UZ", "VN"})
_DAY = timedelta(days=1)


class UnknownHolidays(ServoloopError):
    """No holidays are known for this country, part of a country, or year."""


def holiday_rules(
    country: str, years: range, *, subdivision: str | None = None, language: str | None = None
) -> dict[date, DayRule]:
    """Holidays, and workdays given in exchange, on the dates of these years.

    `country` is a code or an English name (CN, CHN, china), `subdivision` a code or a name (BY,
    Bayern) where a country has some. Names of holidays are in the country's own language unless
    `language` is one that the package has for it (en_US, zh_CN, …).

    A make-up workday (调休) takes the hours of the day off that it pays for: Sunday 28 September
    2025 was worked for Tuesday 7 October, so Tuesday's hours apply, and its reason is that date,
    2025-10-07. In China the weekend days
    inside or beside a holiday belong to it, as in the yearly notice ('1 to 8 October'): this
    matters to a desk that opens on Saturdays.
    Raises UnknownHolidays.
    """
    entity = _entity(country, years, subdivision=subdivision, language=language)
    days_off = {day: str(name) for day, name in entity.items()}
    if entity.country == "CN":
        exchanged = set(_exchanges(entity).values())
        days_off |= _weekends_beside(days_off, exchanged=exchanged, worked=entity.weekend_workdays)
    holidays = {day: Holiday(name=name) for day, name in days_off.items() if day.year in years}
    return dict(sorted(merge_rules(holidays, _make_up_workdays(entity, years)).items()))


def published_through(country: str, years: range, *, subdivision: str | None = None) -> date | None:
    """The last date whose holidays are settled; later ones may change. None: all of `years` are.

    Either the end of the last decreed year, where a government moves days every year, or the day
    before the first holiday that is only estimated (a moon not yet seen), whichever is earlier.
    Raises UnknownHolidays.
    """
    entity = _entity(country, years, subdivision=subdivision, language="en_US")
    limits = [day - _DAY for day, name in entity.items() if "estimated" in name]
    if entity.country in _DECREED_YEARLY:
        limits.append(date(max(day_off.year for day_off in _exchanges(entity).values()), 12, 31))
    return min(limits, default=None)


def _entity(
    country: str, years: range, *, subdivision: str | None, language: str | None
) -> HolidayBase:
    code = _country_code(country)
    entity = country_holidays(code, subdiv=_subdivision_code(code, subdivision))
    known = range(entity.start_year, entity.end_year + 1)
    unknown = [year for year in years if year not in known]
    if unknown:
        raise UnknownHolidays(
            f"Holidays of {code} are known from {known[0]} to {known[-1]}, not in {unknown[0]}."
        )
    # One year more on each side: a holiday at new year may be paid for in the other year.
    wide = (
        [year for year in range(min(years) - 1, max(years) + 2) if year in known] if years else []
    )
    if language not in entity.supported_languages:
        language = entity.default_language
    return country_holidays(code, subdiv=entity.subdiv, years=wide, expand=False, language=language)


def _country_code(country: str) -> str:
    codes = {
        alias.casefold(): names[1]
        for module, names in COUNTRIES.items()
        for alias in (*names, module.replace("_", " "))
    }
    wanted = country.strip().casefold()
    if wanted in codes:
        return codes[wanted]
    raise UnknownHolidays(
        f"No holidays are known for country '{country}': "
        f"{_near(wanted, codes) or 'use a code such as CN, DE or US.'}"
    )


def _subdivision_code(country: str, subdivision: str | None) -> str | None:
    if subdivision is None:
        return None
    entity = country_holidays(country)
    codes = {code.casefold(): code for code in entity.subdivisions}
    codes |= {
        name.casefold(): code for name, code in getattr(entity, "subdivisions_aliases", {}).items()
    }
    wanted = subdivision.strip().casefold()
    if wanted in codes:
        return codes[wanted]
    known = ", ".join(sorted(entity.subdivisions)) or "none"
    raise UnknownHolidays(
        f"No holidays are known for '{subdivision}' in {country}: "
        f"{_near(wanted, codes) or f'known are {known}.'}"
    )


def _near(wanted: str, codes: dict[str, str]) -> str:
    names = [name for name in codes if len(name) > 3]  # two letters are near to everything
    near = [f"{name.title()} ({codes[name]})" for name in get_close_matches(wanted, names, n=3)]
    return f"did you mean {' or '.join(near)}?" if near else ""


def _make_up_workdays(entity: HolidayBase, years: range) -> dict[date, DayRule]:
    day_off = _exchanges(entity)
    return {
        day: MakeUpWorkday(weekday=day_off[day].weekday(), reason=day_off[day].isoformat())
        for day in entity.weekend_workdays
        if day.year in years
    }


def _exchanges(entity: HolidayBase) -> dict[date, date]:
    """Each day worked, and the day off that it pays for.

    Read from the package's tables, since its public face has this pair only inside a sentence:
    {year: ((month, day, worked month, worked day[, worked year]) or (month, day, name), …)}.
    """
    pairs: dict[date, date] = {}
    for table in ("special_public_holidays", "special_public_holidays_observed"):
        for year, rows in getattr(entity, table, {}).items():
            for row in rows if isinstance(rows[0], tuple) else (rows,):
                if len(row) > 3:
                    month, day, worked_month, worked_day, *other = row
                    worked = date(other[0] if other else year, worked_month, worked_day)
                    pairs[worked] = date(year, month, day)
    return pairs


def _weekends_beside(
    days_off: dict[date, str], *, exchanged: set[date], worked: set[date]
) -> dict[date, str]:
    """Free weekend days in a row with days off; named for the holiday before, else after them."""
    names: dict[date, str] = {}
    holidays = [day for day in days_off if day not in exchanged]
    for step in (_DAY, -_DAY):
        for holiday in holidays:
            day = holiday + step
            # Weekends and exchanged days of the row; the next holiday names what lies behind it.
            while day in exchanged or (
                day.weekday() >= 5 and day not in worked and day not in days_off
            ):
                names.setdefault(day, days_off[holiday])
                day += step
    return {day: name for day, name in names.items() if day not in days_off}
