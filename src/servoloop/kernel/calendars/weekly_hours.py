"""Opening hours of a week, as intervals of local time and as a line that people can write."""

import re
from dataclasses import dataclass

from servoloop.kernel.errors import ServoloopError

DAY_MINUTES = 1440
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = tuple(day[:3] for day in DAYS)
_FULL_WIDTH = str.maketrans("；，：－–—～", ";,:----")  # as a Chinese keyboard types them
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)


class CalendarError(ServoloopError):
    """A calendar cannot be read, or cannot answer what it was asked."""


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """Open from `start_minute` to `end_minute`, exclusive, in minutes after local midnight.

    It belongs to the day it begins on: 0 <= start < 1440. An end of 1440 is 24:00; a later one
    is on the next day, so 22:00 to 06:00 is Interval(1320, 1800). start < end <= 2880.
    Not keyword-only: nobody mistakes the order of a start and an end.
    """

    start_minute: int
    end_minute: int

    def __post_init__(self) -> None:
        start, end = self.start_minute, self.end_minute
        if type(start) is not int or type(end) is not int:
            raise CalendarError(f"An interval is two whole minutes after midnight, not {self}.")
        if not (0 <= start < DAY_MINUTES and start < end <= 2 * DAY_MINUTES):
            raise CalendarError(
                f"The interval from minute {start} to minute {end} is not possible: it begins at "
                "0 to 1439, and ends after that and by 2880."
            )


Weekly = tuple[tuple[Interval, ...], ...]  # 7 days, Monday first


def weekly_hours(text: str) -> Weekly:
    """The week that a line describes; each day's intervals in order of their start.

    >>> weekly_hours("mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00")[5]
    (Interval(start_minute=600, end_minute=840),)

    Clauses are split by `;`. Each names days (`mon`, `mon-fri`, `sat-mon`, `tue,thu`, `daily`)
    and then hours, which add to what earlier clauses gave these days. An end that is not after
    its start is on the next day: `fri 22:00-06:00`. Ends go up to 24:00, or beyond: 30:00 is
    06:00 on the next day. `sun closed` adds nothing, and `closed` alone is a week without hours.
    Raises CalendarError.
    """
    line = re.sub(r"\s*-\s*", "-", text.translate(_FULL_WIDTH).casefold())
    week: list[set[Interval]] = [set() for _ in DAYS]
    clauses = [clause.strip() for clause in line.split(";") if clause.strip()]
    if not clauses:
        raise CalendarError(
            "The opening hours are empty: write for example 'mon-fri 09:00-17:00', or 'closed'."
        )
    for clause in clauses:
        days, intervals = _clause(clause)
        for day in days:
            week[day].update(intervals)
    return tuple(tuple(sorted(day)) for day in week)


def weekly_text(weekly: Weekly) -> str:
    """The line that `weekly_hours` reads back as the same week; neighbours alike are joined."""
    clauses: list[str] = []
    first = 0
    for day in range(1, 8):
        if day < 7 and set(weekly[day]) == set(weekly[first]):
            continue
        if weekly[first]:
            days = _SHORT[first] if day - first == 1 else f"{_SHORT[first]}-{_SHORT[day - 1]}"
            hours = " ".join(interval_text(interval) for interval in sorted(set(weekly[first])))
            clauses.append(f"{days} {hours}")
        first = day
    return "; ".join(clauses) or "closed"


def interval_text(interval: Interval) -> str:
    """`09:00-17:00`; an overnight end is its time on the next day, or 36:00 where that misleads."""
    start, end = interval.start_minute, interval.end_minute
    if end > DAY_MINUTES and end - DAY_MINUTES < start:
        end -= DAY_MINUTES
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


def _clause(clause: str) -> tuple[list[int], list[Interval]]:
    days: list[int] = []
    intervals: list[Interval] = []
    closed = False
    for word in clause.replace(",", " ").split():
        if word == "closed":
            closed = True
        elif word[0].isdigit():
            intervals.append(_interval(word, clause))
        elif intervals or closed:
            raise CalendarError(
                f"In '{clause}', '{word}' comes after hours: put ';' before the next days."
            )
        else:
            days.extend(_days(word, clause))
    if closed == bool(intervals):
        raise CalendarError(
            f"'{clause}' must say either hours or 'closed', for example 'sat 10:00-14:00'."
        )
    if intervals and not days:
        raise CalendarError(f"'{clause}' names no day: put for example 'mon-fri' before the hours.")
    return days, intervals


def _days(word: str, clause: str) -> list[int]:
    if word == "daily":
        return list(range(7))
    first, _, last = word.partition("-")
    begin = _day(first, clause)
    length = (_day(last, clause) - begin) % 7 if "-" in word else 0
    return [(begin + offset) % 7 for offset in range(length + 1)]


def _day(word: str, clause: str) -> int:
    for number, day in enumerate(DAYS):
        if len(word) >= 3 and day.startswith(word):
            return number
    raise CalendarError(
        f"'{word}' in '{clause}' is no day: use {', '.join(_SHORT[:-1])} or {_SHORT[-1]}."
    )


def _interval(word: str, clause: str) -> Interval:
    first, _, last = word.partition("-")
    start, end = _minute(first), _minute(last)
    if start is None or end is None or start >= DAY_MINUTES or end > 2 * DAY_MINUTES:
        raise CalendarError(
            f"'{word}' in '{clause}' is no interval: write a start before 24:00 and an end, "
            "as in 09:00-17:30."
        )
    if start == end:
        raise CalendarError(
            f"'{word}' in '{clause}' begins and ends at once: write 00:00-24:00 for a whole day."
        )
    return Interval(start, end if end > start else end + DAY_MINUTES)


def _minute(word: str) -> int | None:
    match = _TIME.fullmatch(word)
    return int(match[1]) * 60 + int(match[2]) if match else None
