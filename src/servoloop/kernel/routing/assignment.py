"""Who takes a task."""

from dataclasses import dataclass
from enum import StrEnum

from servoloop.kernel.process.step import Assignment
from servoloop.kernel.routing.workplace import StaffMember, Workplace


class Rule(StrEnum):
    """Why a task went to a person; stored with the event."""

    FIRST_CONTACT = "first_contact"
    LOAD = "load"
    PERSON = "person"  # somebody decided


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    person: str
    rule: Rule


def choose(policy: Assignment, *, role: str, owner: str, workplace: Workplace) -> Choice | None:
    """The person for a new task of `role`, or None: it waits in the role's queue.

    First contact goes to the owner of the case while the owner is present and holds the role;
    otherwise, as with a load policy without anybody present, the task stays in the queue.
    """
    if policy is Assignment.FIRST_CONTACT:
        members = [m for m in _present(workplace, role) if m.person == owner]
        return Choice(person=owner, rule=Rule.FIRST_CONTACT) if members else None
    if policy is Assignment.LOAD:
        return _least_loaded(_present(workplace, role))
    return None


def _present(workplace: Workplace, role: str) -> list[StaffMember]:
    return [m for m in workplace.staff if m.is_present and role in m.roles]


def _least_loaded(members: list[StaffMember]) -> Choice | None:
    if not members:
        return None
    # The name breaks ties, so that the same load always gives the same person.
    member = min(members, key=lambda m: (m.open_tasks, m.person))
    return Choice(person=member.person, rule=Rule.LOAD)
