"""Whether the people are there whom the process counts on."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from servoloop.kernel.calendars.calendar import ALWAYS, Calendar
from servoloop.kernel.process.readiness.places import Gap, Place
from servoloop.kernel.process.step import ProcessSheet
from servoloop.kernel.process.words import Words

_SHOWN = "%Y-%m-%d %H:%M %Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """A person who works here; without a calendar, whenever their work is open."""

    person: str
    roles: frozenset[str]
    calendar: Calendar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who works here, and the hours that are promised by name; looked at from `at` on."""

    workers: tuple[Worker, ...]
    at: datetime
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    horizon: timedelta = timedelta(days=28)  # hours are compared over this time


def find_missing_roles(
    places: Iterable[Place], *, sheet: ProcessSheet, process: str
) -> Iterator[Gap]:
    """What can be said without knowing who works here."""
    if not sheet.owner:
        yield Gap(rule="no-owner", elements=(process,), name=_named(sheet, process))
    for place in places:
        if place.is_human and place.role is None:
            yield place.gap("no-role")


def find_missing_people(
    places: Iterable[Place], *, sheet: ProcessSheet, process: str, organisation: Organisation
) -> Iterator[Gap]:
    """Owners, roles, calendars and hours that nobody stands behind."""
    known = {worker.person for worker in organisation.workers}
    whole = Gap(rule="", elements=(process,), name=_named(sheet, process))
    if sheet.owner and sheet.owner not in known:
        yield _of(whole, "unknown-owner", person=sheet.owner)
    if sheet.calendar and sheet.calendar not in organisation.calendars:
        yield _of(whole, "unknown-calendar", calendar=sheet.calendar)
    for level in sheet.service_levels:
        if level.calendar and level.calendar not in organisation.calendars:
            yield _of(whole, "unknown-calendar", calendar=level.calendar)
    told: set[tuple[str, str]] = set()
    for place in places:
        if place.step.owner and place.step.owner not in known:
            yield place.gap("unknown-owner", person=place.step.owner)
        named = (place.step.calendar, *(level.calendar for level in place.step.escalation))
        for calendar in dict.fromkeys(each for each in named if each):
            if calendar not in organisation.calendars:
                yield place.gap("unknown-calendar", calendar=calendar)
        if place.is_human:
            yield from _absent(place, sheet=sheet, organisation=organisation, told=told)


def _absent(
    place: Place, *, sheet: ProcessSheet, organisation: Organisation, told: set[tuple[str, str]]
) -> Iterator[Gap]:
    """Roles of one step without anybody, and hours of the step's own role without anybody."""
    roles = dict.fromkeys(
        each for each in (place.role, *(level.role for level in place.step.escalation)) if each
    )
    for role in roles:
        if not _members(organisation, role):
            yield place.gap("nobody-in-role", role=role)
    name = place.step.calendar or sheet.calendar or ""
    members = _members(organisation, place.role or "")
    promised = organisation.calendars.get(name, None if name else ALWAYS)
    if not members or promised is None or any(each.calendar is None for each in members):
        return
    if (place.role or "", name) in told:
        return
    told.add((place.role or "", name))
    hours = [each.calendar for each in members if each.calendar is not None]
    until = organisation.at + organisation.horizon
    if hole := first_hole(promised, hours, start=organisation.at, end=until):
        start, end = (_local(each, promised) for each in hole)
        yield place.gap("hours-without-people", role=place.role or "", start=start, end=end)


def first_hole(
    promised: Calendar, hours: Iterable[Calendar], *, start: datetime, end: datetime
) -> tuple[datetime, datetime] | None:
    """The first promised span in which none of the calendars is open."""
    open_spans = sorted(span for each in hours for span in each.open_spans(start, end))
    for opens, closes in promised.open_spans(start, end):
        covered = opens
        for begins, ends in open_spans:
            if begins > covered:
                break
            covered = max(covered, ends)
        if covered < closes:
            return covered, min([closes, *(s for s, _ in open_spans if s > covered)])
    return None


def _members(organisation: Organisation, role: str) -> list[Worker]:
    return [each for each in organisation.workers if role in each.roles]


def _local(moment: datetime, calendar: Calendar) -> str:
    return moment.astimezone(ZoneInfo(calendar.zone)).strftime(_SHOWN)


def _named(sheet: ProcessSheet, process: str) -> Words:
    return sheet.name if sheet.name.default or sheet.name.translations else Words(default=process)


def _of(whole: Gap, rule: str, **parameters: str | Words) -> Gap:
    return Gap(rule=rule, elements=whole.elements, name=whole.name, parameters=parameters)
