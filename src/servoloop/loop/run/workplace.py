"""The workplace that a decision sees: staff and calendars as they are now."""

from dataclasses import replace

from servoloop.accounts.people import staff
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.step import Assignment
from servoloop.kernel.routing.workplace import Workplace
from servoloop.storage.calendars import calendars
from servoloop.storage.staff_load import open_tasks_by_person

_kept: tuple[int, Workplace] | None = None  # under the stamp that it was read after


def workplace_at(stamp: int, program: Program) -> Workplace:
    """The workplace at or after `stamp`, which a caller has just read.

    Kept until the stamp changes. How much people have in hand is read afresh, and only when a step
    of the program is assigned by load.
    """
    global _kept
    kept = _kept
    if kept is None or kept[0] != stamp:
        kept = (stamp, Workplace(calendars=calendars(), staff=staff()))
        _kept = kept
    workplace = kept[1]
    if not _assigns_by_load(program):
        return workplace
    load = open_tasks_by_person()
    members = tuple(replace(m, open_tasks=load.get(m.person, 0)) for m in workplace.staff)
    return replace(workplace, staff=members)


def _assigns_by_load(program: Program) -> bool:
    return any(node.step.assignment is Assignment.LOAD for node in program.nodes)
