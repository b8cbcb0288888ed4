import copy
import json
import pickle
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from servoloop.kernel.calendars.calendar import (
    ALWAYS,
    Calendar,
    CalendarError,
    Closed,
    Holiday,
    Interval,
    MakeUpWorkday,
    OpenAsUsual,
    OpenHours,
    merge_rules,
    weekly_hours,
)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def desk(hours="mon-fri 09:00-12:00 13:00-18:00", *, zone="Asia/Shanghai", **exceptions):
    """A desk with its hours; an exception is named by its date, as in d2025_10_01=Closed()."""
    return Calendar(
        name="desk",
        zone=zone,
        weekly=weekly_hours(hours),
        exceptions={
            date.fromisoformat(day[1:].replace("_", "-")): rule for day, rule in exceptions.items()
        },
    )


def local(text, zone=SHANGHAI):
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_nights_lunch_and_weekends_do_not_count():
    friday = local("2025-06-06T11:30")

    assert desk().add(friday, HOUR) == local("2025-06-06T13:30")
    assert desk().add(friday, 6 * HOUR) == local("2025-06-09T09:30")
    assert desk().between(friday, local("2025-06-09T09:30")) == 6 * HOUR


def test_answers_are_in_utc_whatever_zone_the_question_came_in():
    answer = desk().add(local("2025-06-06T09:00", ZoneInfo("America/New_York")), HOUR)

    assert answer.tzinfo is UTC
    assert answer == local("2025-06-09T10:00")


def test_a_target_met_at_closing_time_is_due_then_and_not_at_the_next_opening():
    assert desk().add(local("2025-06-06T16:00"), 2 * HOUR) == local("2025-06-06T18:00")


def test_adding_nothing_is_the_start_itself_even_at_night():
    night = local("2025-06-06T23:00")

    assert desk().add(night, timedelta(0)) == night


def test_subtracting_reaches_back_to_the_latest_moment():
    monday = local("2025-06-09T10:00")

    assert desk().add(monday, -2 * HOUR) == local("2025-06-06T17:00")
    assert desk().add(monday, -HOUR) == local("2025-06-09T09:00")
    assert desk().between(monday, local("2025-06-06T17:00")) == -2 * HOUR


def test_an_offset_that_lands_at_midnight_stays_there_and_does_not_lose_a_day():
    evening = desk("daily 16:00-24:00")
    around = desk("daily 00:00-24:00", d2025_06_08=Closed())

    assert evening.add(local("2025-06-06T20:00"), 4 * HOUR) == local("2025-06-07T00:00")
    assert evening.add(local("2025-06-06T20:00"), 5 * HOUR) == local("2025-06-07T17:00")
    assert around.add(local("2025-06-06T20:00"), 4 * HOUR) == local("2025-06-07T00:00")
    assert around.add(local("2025-06-07T20:00"), 4 * HOUR) == local("2025-06-08T00:00")
    assert around.add(local("2025-06-07T20:00"), 5 * HOUR) == local("2025-06-09T01:00")


def test_overlapping_and_touching_hours_count_once():
    overlapping = desk("mon 09:00-12:00 11:00-15:00 15:00-16:00; sun 22:00-10:00")
    monday = local("2025-06-09T00:00")

    assert overlapping.between(monday, monday + 24 * HOUR) == 16 * HOUR
    assert overlapping.next_closing(monday) == local("2025-06-09T16:00")


def test_a_holiday_makes_a_deadline_later_and_never_earlier():
    thursday = local("2025-06-05T17:00")

    assert desk().add(thursday, 2 * HOUR) == local("2025-06-06T10:00")
    assert desk(d2025_06_06=Holiday(name="off")).add(thursday, 2 * HOUR) == local(
        "2025-06-09T10:00"
    )


def test_a_make_up_saturday_is_worked_with_the_hours_of_the_weekday_it_names():
    short_wednesday = desk(
        "mon-fri 09:00-17:00; wed 19:00-21:00", d2025_10_11=MakeUpWorkday(weekday=2)
    )

    assert short_wednesday.hours_on(date(2025, 10, 11)) == (
        Interval(540, 1020),
        Interval(1140, 1260),
    )
    assert short_wednesday.next_opening(local("2025-10-10T18:00")) == local("2025-10-11T09:00")


def test_explicit_beats_make_up_beats_holiday_whatever_the_order_of_the_layers():
    day, other = date(2025, 10, 11), date(2025, 10, 12)
    holiday, make_up, closed = Holiday(name="h"), MakeUpWorkday(weekday=2), Closed()

    assert merge_rules({day: closed}, {day: make_up}, {day: holiday}) == {day: closed}
    assert merge_rules({day: holiday}, {day: make_up}) == {day: make_up}
    assert merge_rules({day: make_up}, {day: holiday}) == {day: make_up}
    assert merge_rules({day: closed}, {day: OpenAsUsual(), other: holiday}) == {
        day: OpenAsUsual(),
        other: holiday,
    }


def test_a_desk_may_open_on_a_holiday_as_usual_or_with_its_own_hours():
    own = OpenHours(hours=(Interval(600, 660),))
    calendar = desk(d2025_10_01=OpenAsUsual(), d2025_10_04=own)

    assert calendar.between(local("2025-10-01T00:00"), local("2025-10-02T00:00")) == 8 * HOUR
    assert calendar.between(local("2025-10-04T00:00"), local("2025-10-05T00:00")) == HOUR


def test_a_closed_day_leaves_the_night_before_and_takes_its_own_night_away():
    nights = desk("daily 22:00-06:00", d2025_06_07=Closed())

    assert list(nights.open_spans(local("2025-06-06T12:00"), local("2025-06-09T12:00"))) == [
        (local("2025-06-06T22:00"), local("2025-06-07T06:00")),
        (local("2025-06-08T22:00"), local("2025-06-09T06:00")),
    ]


def test_open_spans_are_cut_to_the_question_and_joined_over_new_year():
    nights = desk("daily 22:00-12:00", zone="UTC")
    noon = datetime(2025, 12, 31, 11, tzinfo=UTC)

    assert list(nights.open_spans(noon, noon + 14 * HOUR)) == [
        (noon, noon + HOUR),
        (noon + 11 * HOUR, noon + 14 * HOUR),
    ]
    assert list(nights.open_spans(noon + 2 * HOUR, noon + 3 * HOUR)) == []
    assert list(nights.open_spans(noon, noon)) == []


def test_a_shift_over_new_year_closes_once():
    nights = desk("daily 22:00-06:00", zone="UTC")
    eve = datetime(2025, 12, 31, 23, tzinfo=UTC)

    assert nights.next_closing(eve) == datetime(2026, 1, 1, 6, tzinfo=UTC)
    assert nights.add(eve, 8 * HOUR) == datetime(2026, 1, 1, 23, tzinfo=UTC)
    assert nights.add(datetime(2026, 1, 1, 23, tzinfo=UTC), -8 * HOUR) == eve


def test_hours_reach_over_new_year_in_utc_from_both_edges_of_the_world():
    new_year = datetime(2026, 1, 1, tzinfo=UTC)  # a Thursday
    west = desk("tue 20:00-48:00", zone="America/Los_Angeles")
    east = desk("thu 00:00-24:00", zone="Pacific/Kiritimati")

    assert west.between(new_year - 48 * HOUR, new_year) == 20 * HOUR
    assert west.between(new_year, new_year + 24 * HOUR) == 8 * HOUR
    assert east.between(new_year - 24 * HOUR, new_year) == 14 * HOUR
    assert east.between(new_year, new_year + 24 * HOUR) == 10 * HOUR


def test_open_at_the_opening_and_closed_at_the_closing():
    opening, closing = local("2025-06-06T09:00"), local("2025-06-06T12:00")

    assert desk().is_open(opening)
    assert not desk().is_open(opening - MINUTE)
    assert not desk().is_open(closing)
    assert desk().next_opening(opening) == opening
    assert desk().next_closing(opening) == closing
    assert desk().next_closing(closing) == closing
    assert desk().next_opening(closing) == local("2025-06-06T13:00")


def test_always_is_plain_time_in_any_zone():
    start = local("2025-06-06T23:00")
    round_the_clock = desk("daily 00:00-24:00", zone="Europe/Berlin")

    for calendar in (ALWAYS, round_the_clock):
        assert calendar.add(start, 100 * HOUR) == start + 100 * HOUR
        assert calendar.between(start + HOUR, start) == -HOUR
        assert calendar.is_open(start)
        assert calendar.next_opening(start) == start
        with pytest.raises(CalendarError, match="does not close after"):
            calendar.next_closing(start)


def test_a_day_that_is_closed_by_exception_closes_a_desk_that_otherwise_never_does():
    calendar = desk("daily 00:00-24:00", d2025_06_08=Closed())

    assert calendar.next_closing(local("2025-06-06T12:00")) == local("2025-06-08T00:00")


def test_a_desk_that_never_opens_again_says_so_instead_of_searching_for_ever():
    once = desk("closed", d2025_06_06=OpenHours(hours=(Interval(540, 600),)))
    before, after = local("2025-06-01T00:00"), local("2025-06-07T00:00")

    assert once.add(before, HOUR) == local("2025-06-06T10:00")
    assert once.add(after, -HOUR) == local("2025-06-06T09:00")
    with pytest.raises(CalendarError, match=r"has less than 2:00:00 .* in the 100 years after"):
        once.add(before, 2 * HOUR)
    with pytest.raises(CalendarError, match=r"'desk' does not open again after 2025-06-06T16:00"):
        once.add(after, HOUR)
    with pytest.raises(CalendarError, match="in the 100 years before"):
        once.add(before, -HOUR)
    with pytest.raises(CalendarError, match="does not open again"):
        once.next_opening(after)


def test_a_desk_that_an_idle_exception_keeps_open_is_known_never_to_close():
    calendar = desk("daily 00:00-24:00", zone="UTC", d2025_06_08=OpenAsUsual())

    with pytest.raises(CalendarError, match="does not close after"):
        calendar.next_closing(local("2025-06-06T12:00"))


@pytest.mark.parametrize("at", [datetime.min, datetime.max])
def test_years_at_the_ends_of_the_calendar_are_refused(at):
    for zone in (UTC, ZoneInfo("Pacific/Apia"), ZoneInfo("America/New_York")):
        with pytest.raises(CalendarError, match="calendars know the years 3 to 9996"):
            desk().add(at.replace(tzinfo=zone), HOUR)


def test_always_refuses_a_sum_beyond_the_last_year():
    with pytest.raises(CalendarError, match="has less than 3000000 days"):
        ALWAYS.add(local("2025-06-06T12:00"), timedelta(days=3_000_000))


def test_more_than_a_century_is_not_counted():
    with pytest.raises(CalendarError, match="counts over at most 100 years"):
        desk().between(local("1900-01-01T00:00"), local("2025-01-01T00:00"))


def test_a_moment_without_a_zone_is_refused_with_one_that_would_do():
    naive = datetime(2025, 6, 6, 9)
    for ask in (
        lambda: desk().add(naive, HOUR),
        lambda: desk().between(local("2025-06-06T09:00"), naive),
        lambda: desk().is_open(naive),
        lambda: desk().next_opening(naive),
        lambda: desk().next_closing(naive),
        lambda: desk().is_provisional(naive) or ALWAYS.is_open(naive),
    ):
        with pytest.raises(CalendarError, match=r"has no time zone: .* 2025-06-06T09:00:00\+00:00"):
            ask()


def test_dates_after_the_last_published_holidays_are_provisional_by_the_local_date():
    calendar = Calendar(
        name="desk",
        zone="Asia/Shanghai",
        weekly=weekly_hours("mon-fri 09:00-17:00"),
        published_through=date(2026, 12, 31),
    )

    assert not calendar.is_provisional(local("2026-12-31T23:59"))
    assert calendar.is_provisional(local("2027-01-01T00:00"))
    assert not desk().is_provisional(local("2099-01-01T00:00"))


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Shanghia", "did you mean Asia/Shanghai"),
        ("Europe", "No time zone 'Europe'"),
        ("../etc/passwd", "use one such as Asia/Shanghai"),
        ("", "No time zone ''"),
    ],
)
def test_an_unknown_zone_is_refused_with_near_names(zone, words):
    with pytest.raises(CalendarError) as refusal:
        desk(zone=zone)

    assert words in str(refusal.value)


def test_a_week_of_six_days_and_an_exception_at_an_hour_are_refused():
    with pytest.raises(CalendarError, match="7 days of hours, Monday first, not 6"):
        Calendar(name="desk", zone="UTC", weekly=((),) * 6)
    with pytest.raises(CalendarError, match="An exception is for a date, not for datetime"):
        Calendar(
            name="desk", zone="UTC", weekly=((),) * 7, exceptions={datetime(2025, 1, 1): Closed()}
        )
    with pytest.raises(CalendarError, match="from 0 \\(Monday\\) to 6, not 7"):
        MakeUpWorkday(weekday=7)


def every_kind():
    return Calendar(
        name="客服",
        zone="Asia/Shanghai",
        weekly=weekly_hours("mon-fri 09:00-18:00; fri 22:00-06:00"),
        exceptions={
            date(2025, 1, 1): Holiday(name="元旦"),
            date(2025, 1, 26): MakeUpWorkday(weekday=0, reason="2025-02-03"),
            date(2025, 3, 3): Closed(reason="stocktaking"),
            date(2025, 3, 4): OpenHours(hours=(Interval(600, 660),), reason="half staff"),
            date(2025, 5, 1): OpenAsUsual(reason="promised"),
        },
        published_through=date(2026, 12, 31),
    )


def test_a_calendar_survives_json_pickle_and_copy():
    calendar = every_kind()

    through_json = Calendar.from_data(json.loads(json.dumps(calendar.to_data())))

    for again in (through_json, pickle.loads(pickle.dumps(calendar)), copy.deepcopy(calendar)):
        assert again == calendar
        assert hash(again) == hash(calendar)
    assert through_json.to_data() == calendar.to_data()
    assert calendar != desk()


def test_exceptions_cannot_be_changed_behind_the_calendar():
    mine = {date(2025, 6, 6): Closed()}
    calendar = Calendar(
        name="desk", zone="UTC", weekly=weekly_hours("daily 09:00-10:00"), exceptions=mine
    )

    mine.clear()

    assert not calendar.is_open(datetime(2025, 6, 6, 9, tzinfo=UTC))
    with pytest.raises(TypeError):
        calendar.exceptions[date(2025, 6, 7)] = Closed()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"version": 2}, "version 2 cannot be read: this program reads version 1"),
        ({"weekly": None}, "cannot be read"),
        ({"weekly": [[["09:00", "10:00"]]] * 7}, "two whole minutes"),
        ({"weekly": [[[540]]] * 7}, "cannot be read"),
        ({"exceptions": []}, "cannot be read"),
        ({"exceptions": {"2025-13-01": {"kind": "closed", "reason": ""}}}, "cannot be read"),
        ({"exceptions": {"2025-01-01": {"kind": "shut"}}}, "No kind of day 'shut'. Known: closed"),
        ({"exceptions": {"2025-01-01": {"kind": "closed"}}}, "has no 'reason'"),
        (
            {"exceptions": {"2025-01-01": {"kind": "make_up_workday", "weekday": "mo"}}},
            "No weekday 'mo'",
        ),
        ({"zone": "Mars/Olympus"}, "No time zone 'Mars/Olympus'"),
        ({"published_through": 7}, "cannot be read"),
    ],
)
def test_stored_data_that_is_no_calendar_is_refused_in_words(change, words):
    with pytest.raises(CalendarError, match=words):
        Calendar.from_data(every_kind().to_data() | change)


def test_stored_data_without_a_part_names_the_part():
    data = every_kind().to_data()
    del data["zone"]

    with pytest.raises(CalendarError, match="The calendar data has no 'zone'"):
        Calendar.from_data(data)
    with pytest.raises(CalendarError, match="cannot be read"):
        Calendar.from_data([])
