"""Hours over a change of the clock: an edge is the first instant that shows its time or later."""

from datetime import UTC, datetime, timedelta

import pytest

from servoloop.kernel.calendars.calendar import Calendar, weekly_hours

# The change, in UTC, and what it does; each is inside the day that follows in the table.
CHANGES = {
    "Berlin forward": ("Europe/Berlin", datetime(2025, 3, 30, 1, tzinfo=UTC)),
    "Berlin back": ("Europe/Berlin", datetime(2025, 10, 26, 1, tzinfo=UTC)),
    "New York forward": ("America/New_York", datetime(2025, 3, 9, 7, tzinfo=UTC)),
    "New York back": ("America/New_York", datetime(2025, 11, 2, 6, tzinfo=UTC)),
    "Lord Howe back": ("Australia/Lord_Howe", datetime(2025, 4, 5, 15, tzinfo=UTC)),
    "Lord Howe forward": ("Australia/Lord_Howe", datetime(2025, 10, 4, 15, 30, tzinfo=UTC)),
    "São Paulo back at midnight": ("America/Sao_Paulo", datetime(2018, 2, 18, 2, tzinfo=UTC)),
    "São Paulo forward at midnight": ("America/Sao_Paulo", datetime(2018, 11, 4, 3, tzinfo=UTC)),
    "Apia skips a day": ("Pacific/Apia", datetime(2011, 12, 30, 10, tzinfo=UTC)),
}


def worked_around(change, hours):
    """Working time in the 40 hours on either side of a change of the clock."""
    zone, at = CHANGES[change]
    calendar = Calendar(name="desk", zone=zone, weekly=weekly_hours(hours))
    return calendar.between(at - timedelta(hours=40), at + timedelta(hours=40))


@pytest.mark.parametrize(
    ("change", "hours", "worked"),
    [
        # A night shift is as long as it really lasts: 22 to 06 the night of the change alone.
        ("Berlin forward", "sat 22:00-06:00", 7),
        ("Berlin back", "sat 22:00-06:00", 9),
        ("New York forward", "sat 22:00-06:00", 7),
        ("New York back", "sat 22:00-06:00", 9),
        ("Lord Howe back", "sat 22:00-06:00", 8.5),
        ("Lord Howe forward", "sat 22:00-06:00", 7.5),
        # Hours in the skipped hour do not exist; hours that begin in it begin at the jump.
        ("Berlin forward", "sun 02:00-03:00", 0),
        ("Berlin forward", "sun 02:15-02:45", 0),
        ("Berlin forward", "sun 02:30-04:00", 1),
        ("Berlin forward", "sun 01:00-02:30", 1),
        # The repeated hour: up to the first showing of the end, from the first of the start.
        ("Berlin back", "sun 02:00-03:00", 2),
        ("Berlin back", "sun 02:00-02:30", 0.5),
        ("Berlin back", "sun 02:30-03:00", 1.5),
        ("Berlin back", "sun 01:00-02:00", 1),
        ("Berlin back", "sun 03:00-04:00", 1),
        ("Lord Howe back", "sun 01:30-02:00", 1),
        # 24:00 is the midnight that ends the day, however often the clock shows the hour before.
        ("São Paulo back at midnight", "sat 22:00-24:00", 3),
        ("São Paulo back at midnight", "sun 00:00-01:00", 1),
        ("São Paulo forward at midnight", "sat 23:00-24:00", 1),
        ("São Paulo forward at midnight", "sun 00:00-02:00", 1),
        # Friday 30 December 2011 never was: Thursday's midnight is Saturday's.
        ("Apia skips a day", "fri 00:00-24:00", 0),
        ("Apia skips a day", "fri 22:00-06:00", 6),
        ("Apia skips a day", "thu 22:00-06:00", 2),
        ("Apia skips a day", "daily 12:00-13:00", 4),
        ("Apia skips a day", "thu 00:00-24:00; sat 00:00-24:00", 48),
    ],
)
def test_hours_last_as_long_as_the_clock_makes_them(change, hours, worked):
    assert worked_around(change, hours) == timedelta(hours=worked)


@pytest.mark.parametrize("change", CHANGES)
def test_splitting_hours_at_any_minute_changes_nothing(change):
    whole = worked_around(change, "daily 00:00-12:00")

    for hour in range(5):
        for minute in (0, 15, 30, 59):
            split = f"{hour:02}:{max(minute, 1):02}"
            halves = f"daily 00:00-{split} {split}-12:00"
            assert worked_around(change, halves) == whole


def test_a_deadline_across_a_change_counts_real_hours():
    calendar = Calendar(name="nights", zone="Europe/Berlin", weekly=weekly_hours("sat 22:00-06:00"))
    evening = datetime(2025, 3, 29, 21, tzinfo=UTC)  # 22:00 in Berlin

    due = calendar.add(evening, timedelta(hours=7))

    assert due == datetime(2025, 3, 30, 4, tzinfo=UTC)  # 06:00 in Berlin, one hour was skipped


def test_a_zone_from_before_whole_minute_offsets_is_exact():
    calendar = Calendar(name="old", zone="Asia/Shanghai", weekly=weekly_hours("daily 09:00-10:00"))

    opening = calendar.next_opening(datetime(1895, 6, 1, tzinfo=UTC))

    assert opening == datetime(1895, 6, 1, 0, 54, 17, tzinfo=UTC)  # local mean time +8:05:43
