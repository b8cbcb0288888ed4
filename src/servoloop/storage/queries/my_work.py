"""My work: the tasks that the viewer may take or holds, oldest deadline first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from servoloop.kernel.process.words import Words
from servoloop.storage.definitions import program_of
from servoloop.storage.queries.step_words import process_name, step_name, step_of
from servoloop.storage.queries.viewer import Viewer
from servoloop.storage.statements import statement


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    case: int
    number: str  # SL-000123
    task: int
    subject: str
    process: Words
    step: Words
    role: str
    status: str  # open (in the queue), assigned or claimed
    person: str  # "" while in the queue
    opened_at: datetime
    due_at: datetime | None
    calendar: str  # that the deadline counts on; "": around the clock
    is_escalated: bool
    is_paused: bool  # the case waits for the customer, so its resolution clock stands


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleTotal:
    role: str
    waiting: int  # tasks in the queue of the role, counted up to COUNTED_UP_TO


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPage:
    rows: tuple[WorkRow, ...]
    next: str | None  # give it back as `after` for the following page
    totals: tuple[RoleTotal, ...]  # one for each role of the viewer, by key
    held: int  # assigned to or claimed by the viewer, counted up to COUNTED_UP_TO


COUNTED_UP_TO = 1000


def my_work(
    viewer: Viewer,
    *,
    role: str | None = None,
    is_mine: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> WorkPage:
    """One page; `role` shows one queue, `is_mine` only what the viewer holds. Two queries.

    `after` is the `next` of the page before; text that is no such mark begins at the start.
    Nobody but a colleague has work.
    """
    if not viewer.is_colleague:
        return WorkPage(rows=(), next=None, totals=(), held=0)
    roles = sorted(viewer.roles)
    asked = [] if is_mine else [r for r in roles if role in (None, r)]
    due, case, no = _start(after)
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "person": viewer.person,
            "with_held": role is None,
            "roles": asked,
            "due": due,
            "case": case,
            "no": no,
            "limit": limit + 1,
        }
        cursor.execute(statement("my_work"), parameters)
        found = [_row(columns) for columns in cursor.fetchall()]
        totals: dict[str, Any] = {"roles": roles, "person": viewer.person, "limit": COUNTED_UP_TO}
        cursor.execute(statement("my_work_totals"), totals)
        counted = dict(cursor.fetchall())
    rows = found[:limit]
    return WorkPage(
        rows=tuple(rows),
        next=_mark(rows[-1]) if len(found) > limit else None,
        totals=tuple(RoleTotal(role=r, waiting=counted[r]) for r in roles),
        held=counted[None],
    )


def _row(columns: tuple[Any, ...]) -> WorkRow:
    case, number, task, subject, key, version, node, role, status, person = columns[:10]
    opened_at, due_at, is_escalated, is_paused = columns[10:]
    program = program_of(key, version)
    return WorkRow(
        case=case,
        number=number,
        task=task,
        subject=subject,
        process=process_name(program),
        step=step_name(program, node),
        role=role,
        status=status,
        person=person,
        opened_at=opened_at,
        due_at=due_at,
        calendar=step_of(program, node).calendar or program.sheet.calendar or "",
        is_escalated=is_escalated,
        is_paused=is_paused,
    )


_FOREVER = "infinity"


def _mark(row: WorkRow) -> str:
    due = row.due_at.isoformat() if row.due_at else _FOREVER
    return f"{due}_{row.case}_{row.task}"


def _start(after: str | None) -> tuple[str, int, int]:
    """The place in the order after which a page begins."""
    try:
        due, case, no = (after or "").split("_")
        if due != _FOREVER:
            datetime.fromisoformat(due)
        if int(case) < 2**63 and int(no) < 2**31:
            return due, int(case), int(no)
    except ValueError:
        pass
    return "-infinity", 0, 0
