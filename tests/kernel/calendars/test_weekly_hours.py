import pytest

from servoloop.kernel.calendars.calendar import (
    CalendarError,
    Interval,
    weekly_hours,
    weekly_text,
)

OFFICE = (Interval(540, 720), Interval(780, 1080))


def test_a_line_gives_split_shifts_a_short_saturday_and_a_night():
    week = weekly_hours("mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00; fri 22:00-06:00")

    assert week[:4] == (OFFICE,) * 4
    assert week[4] == (*OFFICE, Interval(1320, 1800))
    assert week[5] == (Interval(600, 840),)
    assert week[6] == ()


@pytest.mark.parametrize(
    ("line", "open_days"),
    [
        ("daily 08:00-09:00", [0, 1, 2, 3, 4, 5, 6]),
        ("sat-mon 08:00-09:00", [0, 5, 6]),
        ("tue, thu 08:00-09:00", [1, 3]),
        ("Monday-Wednesday 08:00-09:00; sun closed", [0, 1, 2]),
        ("mon – fri 08:00 – 09:00", [0, 1, 2, 3, 4]),
        ("mon－fri 08：00～09：00；sat 08：00-09：00", [0, 1, 2, 3, 4, 5]),
        ("closed", []),
    ],
)
def test_days_may_be_listed_ranged_and_typed_on_any_keyboard(line, open_days):
    week = weekly_hours(line)

    assert [day for day in range(7) if week[day]] == open_days
    assert {hours for day in week for hours in day} <= {Interval(480, 540)}


def test_midnight_is_an_end_and_a_later_hour_is_on_the_next_day():
    week = weekly_hours("mon 18:00-24:00; tue 18:00-00:00; wed 22:00-30:00; thu 22:00-06:00")

    assert week[0] == week[1] == (Interval(1080, 1440),)
    assert week[2] == week[3] == (Interval(1320, 1800),)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "are empty: write for example 'mon-fri 09:00-17:00'"),
        ("mo-fri 09:00-17:00", "'mo' in 'mo-fri 09:00-17:00' is no day: use mon, tue,"),
        ("mon 9-17", "'9-17' in 'mon 9-17' is no interval: write a start before 24:00"),
        ("mon 09:60-17:00", "'09:60-17:00' in 'mon 09:60-17:00' is no interval"),
        ("mon 24:00-25:00", "'24:00-25:00' in 'mon 24:00-25:00' is no interval"),
        ("mon 09:00-48:01", "'09:00-48:01' in 'mon 09:00-48:01' is no interval"),
        ("mon 09:00-09:00", "begins and ends at once: write 00:00-24:00 for a whole day"),
        ("mon 09:00-10:00 tue 09:00-10:00", "'tue' comes after hours: put ';' before"),
        ("mon", "'mon' must say either hours or 'closed'"),
        ("mon closed 09:00-10:00", "must say either hours or 'closed'"),
        ("09:00-10:00", "'09:00-10:00' names no day: put for example 'mon-fri'"),
    ],
)
def test_a_line_that_cannot_be_read_is_answered_with_one_sentence(line, words):
    with pytest.raises(CalendarError) as refusal:
        weekly_hours(line)

    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "line",
    [
        "mon-fri 09:00-12:00 13:00-18:00; sat 10:00-14:00",
        "mon-thu 09:00-17:00; fri 09:00-17:00 22:00-06:00; sun 18:00-24:00",
        "wed 10:00-36:00",
        "mon-sun 00:00-24:00",
        "closed",
    ],
)
def test_a_week_is_written_back_as_the_line_that_made_it(line):
    assert weekly_text(weekly_hours(line)) == line


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 60), (1440, 1500), (60, 60), (60, 30), (0, 2881), (0.5, 60)]
)
def test_an_impossible_interval_is_refused(start, end):
    with pytest.raises(CalendarError):
        Interval(start, end)
