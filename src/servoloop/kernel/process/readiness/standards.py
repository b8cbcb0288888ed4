"""A method, a standard time and an escalation chain for the steps."""

from collections.abc import Iterable, Iterator

from servoloop.kernel.process.iso8601 import duration_text
from servoloop.kernel.process.readiness.places import Gap, Place


def find_missing_standards(places: Iterable[Place]) -> Iterator[Gap]:
    """What the steps do not say."""
    for place in places:
        if place.is_task and place.step.standard_time is None:
            yield place.gap("no-standard-time")
        if place.is_human:
            yield from _human(place)


def _human(place: Place) -> Iterator[Gap]:
    step = place.step
    if not (
        step.sop.default.strip() or any(each.strip() for each in step.sop.translations.values())
    ):
        yield place.gap("no-method")
    if step.response_time is None:
        yield place.gap("no-response-time")
    elif step.standard_time is not None and step.standard_time > step.response_time:
        yield place.gap(
            "time-contradiction",
            standard=duration_text(step.standard_time),
            response=duration_text(step.response_time),
        )
    if not step.escalation:
        yield place.gap("no-escalation")
    asked = {place.role}
    for number, level in enumerate(step.escalation, start=1):
        if level.role in asked:
            yield place.gap("escalation-in-circle", level=str(number), role=level.role)
        asked.add(level.role)
