"""Durations, moments and repetitions as ISO 8601 writes them."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from servoloop.kernel.process.document import ProcessError

_NUMBER = r"(\d{1,9}(?:[.,]\d{1,9})?)"
_DURATION = re.compile(
    rf"P(?:{_NUMBER}W|(?:{_NUMBER}D)?(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)"
)
_LONGEST = timedelta(days=36_525)  # so that a moment plus a duration stays in the calendar
_SECONDS = (604_800, 86_400, 3_600, 60, 1)
_MONTHS = re.compile(r"P(?=\d)(\d+Y)?(\d+M)?(\d+D)?(T.*)?")
_CYCLE = re.compile(r"R(\d{0,6})/(?:([^/P][^/]*)/)?(P[^/]*)")


class BadTime(ProcessError):
    """Text that is not the ISO 8601 duration, moment or repetition that was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """A repetition: `count` times (None is for ever) every `every`, from `start` if given."""

    count: int | None
    every: timedelta
    start: datetime | None = None


def parse_duration(text: str) -> timedelta:
    """'PT30M' is half an hour. Months and years have no fixed length and are refused."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        if _MONTHS.fullmatch(text.strip()):
            raise BadTime(f"'{text}' counts months or years, whose length varies; write days.")
        raise BadTime(f"'{text}' is not an ISO 8601 duration such as PT30M, PT8H or P2D.")
    seconds = sum(
        (Decimal(part.replace(",", ".")) * unit)
        for part, unit in zip(found.groups(), _SECONDS, strict=True)
        if part
    )
    if seconds > _LONGEST.total_seconds():
        raise BadTime(f"'{text}' is longer than a hundred years.")
    return timedelta(microseconds=int(seconds * 1_000_000))


def duration_text(duration: timedelta) -> str:
    """The shortest exact spelling; days stay days: timedelta(hours=26) is 'P1DT2H'."""
    if duration < timedelta(0):
        raise BadTime(f"A duration cannot be negative: {duration}.")
    hours, rest = divmod(duration.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    decimal = f"{Decimal(seconds) + Decimal(duration.microseconds) / 1_000_000:f}"
    clock = "".join(
        f"{amount}{unit}"
        for amount, unit in ((str(hours), "H"), (str(minutes), "M"), (decimal, "S"))
        if Decimal(amount)
    )
    days = f"{duration.days}D" if duration.days else ""
    return f"P{days}T{clock}" if clock else f"P{days or 'T0S'}"


def parse_moment(text: str) -> datetime:
    """'2026-03-01T09:00:00+08:00'; a moment without a zone is refused."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadTime(
            f"'{text}' is not a possible date and time such as 2026-03-01T09:00:00+08:00."
        ) from None
    if moment.tzinfo is None:
        raise BadTime(f"'{text}' has no time zone; write it like 2026-03-01T09:00:00+08:00.")
    return moment


def parse_cycle(text: str) -> Cycle:
    """'R3/PT10M' is three times, ten minutes apart; 'R/PT1H' goes on for ever."""
    found = _CYCLE.fullmatch(text.strip())
    if found is None:
        raise BadTime(f"'{text}' is not an ISO 8601 repetition such as R3/PT10M or R/PT1H.")
    count, start, every = found.groups()
    duration = parse_duration(every)
    if not duration:
        raise BadTime(f"'{text}' repeats without a pause; the interval must be longer than zero.")
    return Cycle(
        count=int(count) if count else None,
        every=duration,
        start=parse_moment(start) if start else None,
    )
