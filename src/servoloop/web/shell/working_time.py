"""Calendars for saying how much working time is left."""

from collections.abc import Mapping

from servoloop.kernel.calendars.calendar import ALWAYS, Calendar


def calendar_named(name: str, known: Mapping[str, Calendar]) -> Calendar:
    """The calendar; around the clock when there is none of that name any more."""
    return known.get(name, ALWAYS)
