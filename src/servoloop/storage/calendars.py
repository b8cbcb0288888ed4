"""The working calendars of this installation."""

from collections.abc import Mapping

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.storage.models import WorkingCalendar


def calendars() -> Mapping[str, Calendar]:
    """All calendars by name. One query. Raises CalendarError on data that cannot be read."""
    rows = WorkingCalendar.objects.values_list("name", "data")
    return {name: Calendar.from_data(data) for name, data in rows}


def calendar_names() -> tuple[str, ...]:
    """In the order of the alphabet. One query."""
    return tuple(WorkingCalendar.objects.order_by("name").values_list("name", flat=True))


def keep_calendar(calendar: Calendar) -> None:
    """Add a calendar, or replace the one of the same name."""
    WorkingCalendar.objects.update_or_create(
        name=calendar.name, defaults={"data": calendar.to_data()}
    )
