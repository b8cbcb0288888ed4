"""The laws of working time, and its equality with an oracle that walks minute by minute."""

import json
import pickle
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from servoloop.kernel.calendars.calendar import (
    Calendar,
    CalendarError,
    Closed,
    Holiday,
    Interval,
    MakeUpWorkday,
    OpenAsUsual,
    OpenHours,
    weekly_hours,
    weekly_text,
)

ZERO = timedelta(0)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)

# A zone, and a date in whose neighbourhood its clock changes (or a year ends).
PLACES = (
    ("Europe/Berlin", date(2025, 3, 30)),
    ("Europe/Berlin", date(2025, 10, 26)),
    ("America/New_York", date(2025, 3, 9)),
    ("America/New_York", date(2025, 11, 2)),
    ("Australia/Lord_Howe", date(2025, 4, 6)),
    ("Australia/Lord_Howe", date(2025, 10, 5)),
    ("Asia/Shanghai", date(2025, 12, 31)),
    ("Asia/Shanghai", date(1991, 9, 15)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("America/Sao_Paulo", date(2018, 2, 18)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Asia/Kathmandu", date(1986, 1, 1)),
    ("UTC", date(2024, 12, 31)),
)


# Often edges on the hour around midnight and the usual changes of the clock, else any minute.
starts = st.one_of(st.sampled_from([0, 60, 90, 120, 150, 180, 1320, 1439]), st.integers(0, 1439))
lengths = st.one_of(
    st.sampled_from([1, 30, 60, 480, 1440]), st.integers(1, 1441), st.integers(1, 2880)
)
intervals = st.builds(
    lambda start, length: Interval(start, min(start + length, 2880)), starts, lengths
)
hours = st.lists(intervals, max_size=3).map(tuple)
weeks = st.tuples(*[hours] * 7)
rules = st.one_of(
    st.builds(Closed),
    st.builds(OpenHours, hours=hours),
    st.builds(OpenAsUsual),
    st.builds(MakeUpWorkday, weekday=st.integers(0, 6)),
    st.builds(Holiday, name=st.sampled_from(["国庆节", "Neujahr"])),
)


@st.composite
def calendars(draw, week=weeks):
    """A calendar with exceptions around a change of its clock, and a moment near both."""
    zone, near = draw(st.sampled_from(PLACES))
    days = st.integers(-6, 6).map(lambda offset: near + offset * DAY)
    calendar = Calendar(
        name="any",
        zone=zone,
        weekly=draw(week),
        exceptions=draw(st.dictionaries(days, rules, max_size=5)),
    )
    moment = datetime(near.year, near.month, near.day, tzinfo=UTC) + draw(
        st.timedeltas(min_value=-8 * DAY, max_value=8 * DAY)
    )
    return calendar, moment


open_weeks = weeks.filter(  # at least half a day a week, so that sums stay within weeks
    lambda week: sum(i.end_minute - i.start_minute for day in week for i in day[:1]) >= 720
)
open_calendars = calendars(open_weeks)
moves = st.timedeltas(min_value=ZERO, max_value=8 * DAY)
amounts = st.one_of(
    st.integers(0, 80).map(lambda halves: halves * timedelta(minutes=30)),  # lands on edges
    st.timedeltas(min_value=ZERO, max_value=timedelta(hours=40)),
)

law = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@law
@given(open_calendars, amounts)
def test_between_gives_back_what_add_added(place, working):
    calendar, start = place

    due = calendar.add(start, working)

    assert calendar.between(start, due) == working
    assert calendar.between(due, start) == -working
    assert due >= start


@law
@given(open_calendars, amounts)
def test_add_is_the_earliest_such_moment_and_subtracting_the_latest(place, working):
    calendar, start = place
    assume(working > ZERO)

    due, begun = calendar.add(start, working), calendar.add(start, -working)

    assert calendar.between(start, due - TICK) < working
    assert calendar.between(begun, start) == working
    assert calendar.between(begun + TICK, start) < working


@law
@given(open_calendars, amounts, moves)
def test_a_later_start_or_more_work_is_never_due_earlier(place, working, move):
    calendar, start = place
    due = calendar.add(start, working)

    assert calendar.add(start + move, working) >= due
    assert calendar.add(start, working + move / 8) >= due
    assert calendar.between(start, due + move) >= working
    assert calendar.add(start, -working) <= calendar.add(start + move, -working)


@law
@given(open_calendars, amounts, amounts)
def test_two_steps_are_one(place, first, second):
    calendar, start = place

    assert calendar.add(calendar.add(start, first), second) == calendar.add(start, first + second)
    assert calendar.add(calendar.add(start, -first), -second) == calendar.add(
        start, -first - second
    )


@law
@given(calendars(), moves, moves)
def test_working_time_adds_up_along_the_line(place, first, second):
    calendar, a = place
    b, c = a + first, a + first + second

    assert calendar.between(a, b) + calendar.between(b, c) == calendar.between(a, c)
    assert ZERO <= calendar.between(a, b) <= b - a


@law
@given(open_calendars, amounts, st.integers(-6, 6), st.sampled_from([Closed(), Holiday(name="h")]))
def test_one_more_day_off_never_makes_a_deadline_earlier(place, working, offset, rest):
    calendar, start = place
    day = (start + offset * DAY).date()

    with_rest = Calendar(
        name="rest",
        zone=calendar.zone,
        weekly=calendar.weekly,
        exceptions={**calendar.exceptions, day: rest},
    )

    assert with_rest.add(start, working) >= calendar.add(start, working)


@law
@given(calendars(), moves)
def test_open_spans_are_where_the_desk_is_open(place, length):
    calendar, a = place
    spans = list(calendar.open_spans(a, a + length))

    assert sum((end - start for start, end in spans), ZERO) == calendar.between(a, a + length)
    for start, end in spans:
        assert a <= start < end <= a + length
        assert calendar.is_open(start)
        assert calendar.next_opening(start) == start
        assert calendar.next_closing(start) >= end
    for (_, closing), (opening, _) in pairwise(spans):
        assert closing < opening
        assert not calendar.is_open(closing)
        assert calendar.next_closing(closing) == closing
        assert calendar.next_opening(closing) == opening


@law
@given(calendars())
def test_storing_a_calendar_and_writing_down_its_week_lose_nothing(place):
    calendar, _ = place

    assert Calendar.from_data(json.loads(json.dumps(calendar.to_data()))) == calendar
    assert pickle.loads(pickle.dumps(calendar)) == calendar
    in_order = tuple(tuple(sorted(set(day))) for day in calendar.weekly)
    assert weekly_hours(weekly_text(calendar.weekly)) == in_order


@law
@given(st.text(max_size=30) | st.from_regex(r"(mon|tue-sat|daily)( \d\d:\d\d-\d\d:\d\d){1,2};?"))
@example("mon 09:00-")
@example("-")
@example("mon--tue 09:00-10:00")
def test_any_line_is_a_week_or_one_sentence(line):
    try:
        week = weekly_hours(line)
    except CalendarError as refusal:
        assert str(refusal)
    else:
        assert weekly_hours(weekly_text(week)) == week


# The oracle. It knows neither edges nor spans: it walks the minutes of UTC, keeps the highest time
# that the wall clock has shown so far (so a repeated hour stands still at its first showing), and
# asks of each minute whether that time lies in hours of its date or of the two dates before.
SPAN = 10 * 1440  # minutes walked


@lru_cache
def wall_clock(zone, near):
    """The first minute of the walk, and the highest wall time up to each minute of it."""
    first = datetime(near.year, near.month, near.day, tzinfo=UTC) - 5 * DAY
    shown = (
        (first + minute * MINUTE).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        for minute in range(-2 * 1440, SPAN)
    )
    return first, list(accumulate(shown, max))[2 * 1440 :]


def open_minutes(calendar, wall):
    """For each wall time, whether the calendar is open then."""
    hours_by_day = {}

    def hours_of(day):
        if day not in hours_by_day:
            weekday = day.weekday()
            match calendar.exceptions.get(day):
                case Closed() | Holiday():
                    hours_by_day[day] = ()
                case OpenHours(hours=own):
                    hours_by_day[day] = own
                case MakeUpWorkday(weekday=other):
                    hours_by_day[day] = calendar.weekly[other]
                case _:
                    hours_by_day[day] = calendar.weekly[weekday]
        return hours_by_day[day]

    for time in wall:
        day, minute = time.date(), time.hour * 60 + time.minute
        yield any(
            i.start_minute <= minute + back * 1440 < i.end_minute
            for back in (0, 1, 2)
            for i in hours_of(day - back * DAY)
        )


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(
    st.sampled_from(PLACES),
    weeks,
    st.dictionaries(st.integers(-6, 6), rules, max_size=5),
    st.randoms(use_true_random=False),
)
def test_a_calendar_equals_walking_minute_by_minute(place, weekly, exceptions, random):
    zone, near = place
    first, wall = wall_clock(zone, near)
    calendar = Calendar(
        name="any",
        zone=zone,
        weekly=weekly,
        exceptions={near + offset * DAY: rule for offset, rule in exceptions.items()},
    )
    is_open = list(open_minutes(calendar, wall))
    worked = [0, *accumulate(is_open)]  # open minutes before each minute

    assert [calendar.is_open(first + minute * MINUTE) for minute in range(SPAN)] == is_open
    for _ in range(60):
        a, b = sorted(random.sample(range(SPAN), 2))
        start, end = first + a * MINUTE, first + b * MINUTE
        assert calendar.between(start, end) == (worked[b] - worked[a]) * MINUTE
        if worked[b] > worked[a]:
            working = random.randint(1, worked[b] - worked[a])
            due = next(m for m in range(a, SPAN) if worked[m] - worked[a] == working)
            assert calendar.add(start, working * MINUTE) == first + due * MINUTE
            opening = is_open.index(True, a)
            assert calendar.next_opening(start) == first + opening * MINUTE
        if False in is_open[a:]:
            closing = is_open.index(False, a)
            assert calendar.next_closing(start) == first + closing * MINUTE
