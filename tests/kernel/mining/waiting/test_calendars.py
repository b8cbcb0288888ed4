"""Working hours told from a log."""

from servoloop.kernel.calendars.weekly_hours import weekly_text
from servoloop.kernel.mining.waiting.calendars import calendars_of, discover_calendars
from tests.kernel.mining.waiting.cast import log_of_work

DAY, HOUR = 24 * 60, 60


def office_days(resource: str, *, weeks: int, hours=range(9, 17)):
    """Work in every hour of Monday to Friday, from its full hour to the next."""
    for day in range(7 * weeks):
        if day % 7 < 5:
            for hour in hours:
                begin = day * DAY + hour * HOUR
                yield (f"{resource}{day}-{hour}", "answer", begin, begin + HOUR, resource)


def test_office_hours_are_found_and_closing_time_does_not_open_the_hour_after():
    (found,) = discover_calendars(log_of_work(office_days("ada", weeks=3)), zone="UTC")
    assert weekly_text(found.calendar.weekly) == "mon-fri 09:00-17:00"
    assert (found.basis, found.confidence, found.support) == ("resource", 1.0, 1.0)


def test_hours_are_those_of_the_zone_asked_for():
    log = log_of_work(office_days("ada", weeks=3))
    (found,) = discover_calendars(log, zone="Asia/Shanghai")
    assert found.calendar.zone == "Asia/Shanghai"
    assert (
        weekly_text(found.calendar.weekly)
        == "mon 17:00-24:00; tue-fri 00:00-01:00 17:00-24:00; sat 00:00-01:00"
    )


def test_who_was_seen_too_rarely_gets_the_hours_of_everybody():
    rows = [*office_days("ada", weeks=3), ("x", "answer", 10 * HOUR, 11 * HOUR, "temp")]
    found = {each.resource: each for each in discover_calendars(log_of_work(rows), zone="UTC")}
    assert found["temp"].basis == "everybody"
    assert found["temp"].calendar.weekly == found["ada"].calendar.weekly


def test_a_bot_that_works_around_the_clock_has_no_closing_time():
    rows = [
        (f"{day}-{hour}", "tag", day * DAY + hour * HOUR, day * DAY + hour * HOUR + 1, "bot")
        for day in range(21)
        for hour in range(24)
    ]
    found = discover_calendars(log_of_work(rows), zone="UTC")
    assert found[0].basis == "always"
    assert calendars_of(found) == {}
