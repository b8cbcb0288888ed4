"""Working time on the instant line: local hours expanded into spans of UTC, year by year.

**Edges.** An edge such as 09:00 of a date is *the first instant at which the wall clock of the zone
shows that time or a later one*. One function for every edge, and it never goes backwards, so hours
that touch on the wall clock touch on the instant line too:

- an edge that the clock jumps over (02:30 when 02:00 becomes 03:00) is the instant of the jump;
  a day that a zone skipped (Apia, 30 December 2011) is empty;
- an edge that the clock shows twice is its first showing. A shift over the change is as long as it
  really lasts: 22:00 to 06:00 is nine hours when the clock goes back, seven when it goes forward.

**Why a year at a time.** Within a year the running total of working time is an array, so `add` and
`between` are one bisection however many days they cross; a year is cut at 1 January UTC, so years
partition the line and their totals add up. Expanding one takes some milliseconds, once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from servoloop.kernel.calendars.day_rules import DayRule, hours_of
from servoloop.kernel.calendars.weekly_hours import Weekly

HORIZON_YEARS = 100  # how far an answer is searched
FIRST_YEAR, LAST_YEAR = 3, 9996  # so that no expansion leaves what datetime can hold
_CACHED_YEARS = 32  # about 100 kB each; simulations and desks look at a few
_CACHED_EDGES = 1 << 15  # full hours of two years: a hundred people's calendars share them
_ZERO = timedelta(0)
_SECOND = timedelta(seconds=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """The open spans of one UTC year: in order, apart from each other, cut at its ends."""

    starts: list[datetime]
    ends: list[datetime]
    done: list[timedelta]  # working time from the beginning of the year to the end of span i
    total: timedelta

    def worked_before(self, at: datetime) -> timedelta:
        index = bisect_right(self.starts, at) - 1
        if index < 0:
            return _ZERO
        end = self.ends[index]
        return self.done[index] - (end - at) if at < end else self.done[index]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The open spans of a set of hours in a zone, expanded when asked for.

    Shared by all calendars that have the same hours (see `timeline`). Threads may race to expand
    the same year; both make the same one, and either may stay.
    """

    zone: ZoneInfo
    weekly: Weekly
    rules: Mapping[date, DayRule]
    years: dict[int, Year] = field(default_factory=dict, compare=False, repr=False)

    def year(self, number: int) -> Year:
        known = self.years.get(number)
        if known is None:
            if len(self.years) >= _CACHED_YEARS:
                self.years.clear()
            known = self.years[number] = self._expand(number)
        return known

    def forward(self, start: datetime, working: timedelta) -> datetime | None:
        """The earliest instant with `working` > 0 between `start` and it; None over the horizon."""
        year = self.year(start.year)
        target = year.worked_before(start) + working
        if target > year.total:  # the common case stays within the year
            last = min(start.year + HORIZON_YEARS, LAST_YEAR)
            for number in range(start.year + 1, last + 1):
                target -= year.total
                year = self.year(number)
                if target <= year.total:
                    break
            else:
                return None
        index = bisect_left(year.done, target)
        return year.ends[index] - (year.done[index] - target)

    def backward(self, start: datetime, working: timedelta) -> datetime | None:
        """The latest instant with `working` > 0 between it and `start`; None over the horizon."""
        year = self.year(start.year)
        target = year.worked_before(start) - working
        if target < _ZERO:
            last = max(start.year - HORIZON_YEARS, FIRST_YEAR)
            for number in range(start.year - 1, last - 1, -1):
                year = self.year(number)
                target += year.total
                if target >= _ZERO:
                    break
            else:
                return None
        index = bisect_right(year.done, target)
        return year.ends[index] - (year.done[index] - target)

    def between(self, a: datetime, b: datetime) -> timedelta:
        """Working time from `a` to `b`; a <= b."""
        worked = self.year(b.year).worked_before(b) - self.year(a.year).worked_before(a)
        for number in range(a.year, b.year):
            worked += self.year(number).total
        return worked

    def is_open(self, at: datetime) -> bool:
        year = self.year(at.year)
        index = bisect_right(year.starts, at) - 1
        return index >= 0 and at < year.ends[index]

    def spans(self, at: datetime) -> Iterator[Span]:
        """Open spans that end after `at`, in order, up to the horizon; a span may begin before.

        A span that crosses a new year is joined.
        """
        pending: Span | None = None
        for number in range(at.year, min(at.year + HORIZON_YEARS, LAST_YEAR) + 1):
            year = self.year(number)
            first = bisect_right(year.ends, at) if number == at.year else 0
            for start, end in zip(year.starts[first:], year.ends[first:], strict=True):
                if pending is not None and pending[1] == start:
                    pending = (pending[0], end)
                    continue
                if pending is not None:
                    yield pending
                pending = (start, end)
        if pending is not None:
            yield pending

    def _expand(self, number: int) -> Year:
        begin, end = datetime(number, 1, 1, tzinfo=UTC), datetime(number + 1, 1, 1, tzinfo=UTC)
        starts: list[datetime] = []
        ends: list[datetime] = []
        for start, stop in sorted(self._edges(number)):
            start, stop = max(start, begin), min(stop, end)
            if start >= stop:  # of a neighbouring year, or swallowed by a jump of the clock
                continue
            if ends and start <= ends[-1]:
                ends[-1] = max(ends[-1], stop)
            else:
                starts.append(start)
                ends.append(stop)
        done: list[timedelta] = []
        total = _ZERO
        for start, stop in zip(starts, ends, strict=True):
            total += stop - start
            done.append(total)
        return Year(starts=starts, ends=ends, done=done, total=total)

    def _edges(self, number: int) -> Iterator[Span]:
        # Four days before: an interval ends up to two days after its date, and a zone is up to
        # a day off UTC. Three days after, for the zone.
        first = date(number, 1, 1).toordinal() - 4
        last = date(number, 12, 31).toordinal() + 3
        for ordinal in range(first, last + 1):
            day = date.fromordinal(ordinal)
            hours = hours_of(self.rules.get(day), weekday=day.weekday(), weekly=self.weekly)
            if hours:
                midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001 (a wall clock)
                for interval in hours:
                    start = midnight + timedelta(minutes=interval.start_minute)
                    end = midnight + timedelta(minutes=interval.end_minute)
                    yield edge(start, self.zone), edge(end, self.zone)


@lru_cache(maxsize=64)
def timeline(zone: str, weekly: Weekly, rules: frozenset[tuple[date, DayRule]]) -> Timeline:
    """The shared timeline of these hours, so that a calendar read again is not expanded again."""
    return Timeline(ZoneInfo(zone), weekly, dict(rules))


@lru_cache(maxsize=_CACHED_EDGES)
def edge(wall: datetime, zone: ZoneInfo) -> datetime:
    """The first instant (UTC) at which the zone's clock shows the naive `wall` or later."""
    before, after = (zone.utcoffset(wall.replace(fold=fold)) for fold in (0, 1))
    assert before is not None and after is not None
    if before >= after:  # shown once, or twice: then `before` is the offset of the first showing
        return (wall - before).replace(tzinfo=UTC)
    low, high = (wall - after).replace(tzinfo=UTC), (wall - before).replace(tzinfo=UTC)
    while high - low > _SECOND:  # never shown: find the jump, which is after low and by high
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) >= wall:
            high = middle
        else:
            low = middle
    return high
