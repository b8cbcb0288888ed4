"""The working calendars of the demo company, with Chinese holidays and make-up days (调休)."""

from servoloop.kernel.calendars.calendar import Calendar, weekly_hours
from servoloop.storage.holiday_calendar import holiday_rules, published_through

ZONE = "Asia/Shanghai"

_HOURS = {
    "office_hours": "mon-fri 09:00-12:00 13:00-18:00",
    "service_hours": "mon-fri 08:30-12:00 13:00-20:00; sat-sun 09:30-12:00 13:00-18:00",
    "field_hours": "mon-sat 08:00-12:00 13:00-18:00",
}


def demo_calendars(years: range) -> dict[str, Calendar]:
    """By name: the office, the service desk (weekends too) and the field service."""
    rules = holiday_rules("CN", years)
    published = published_through("CN", years)
    return {
        name: Calendar(
            name=name,
            zone=ZONE,
            weekly=weekly_hours(hours),
            exceptions=rules,
            published_through=published,
        )
        for name, hours in _HOURS.items()
    }
