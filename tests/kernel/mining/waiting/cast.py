"""Small logs of work with a start: minutes of Monday 2026-03-02, UTC."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.mining.event_log import EventLog
from tests.kernel.mining.cast import read_text

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MINUTE = 60_000_000
Work = tuple[str, str, int, int, str]


def log_of_work(rows: Iterable[Work]) -> EventLog:
    """A log of (case, activity, start minute, end minute, resource) rows."""
    text = "case,activity,start,timestamp,resource\n" + "".join(
        f"{case},{activity},{stamp(start)},{stamp(end)},{resource}\n"
        for case, activity, start, end, resource in rows
    )
    options = ReadOptions(
        delimiter=",",
        timestamp_format="%Y-%m-%d %H:%M:%S",
        case="case",
        activity="activity",
        start="start",
        timestamp="timestamp",
        resource="resource",
    )
    return read_text(text, options).log


def stamp(minute: int) -> str:
    return f"{MONDAY + timedelta(minutes=minute):%Y-%m-%d %H:%M:%S}"


def hours(text: str) -> Calendar:
    return Calendar(name=text, zone="UTC", weekly=weekly_hours(text))
