"""Who works here and when: what routing and clocks need to know of the organisation."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from servoloop.kernel.calendars.calendar import ALWAYS, Calendar
from servoloop.kernel.errors import ServoloopError


class UnknownCalendar(ServoloopError):
    def __init__(self, name: str, *, known: tuple[str, ...]) -> None:
        super().__init__(f"No calendar {name!r}. Known: {', '.join(known) or 'none'}.")
        self.name = name
        self.known = known


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember:
    person: str  # user name
    roles: frozenset[str]
    open_tasks: int = 0  # assigned and claimed, over all cases
    is_present: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Workplace:
    """Calendars by name and the staff; a snapshot taken by the edge for one decision."""

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    staff: tuple[StaffMember, ...] = ()

    def calendar(self, name: str) -> Calendar:
        """The calendar of that name; the empty name is around the clock."""
        if not name:
            return ALWAYS
        try:
            return self.calendars[name]
        except KeyError:
            raise UnknownCalendar(name, known=tuple(sorted(self.calendars))) from None

    def holds(self, person: str, role: str) -> bool:
        return any(member.person == person and role in member.roles for member in self.staff)
