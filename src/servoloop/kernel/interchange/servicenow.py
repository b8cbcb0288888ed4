"""Exports of ServiceNow: the audit table `sys_audit` or the history lines of records.

Columns: https://www.servicenow.com/docs/ , "Sys Audit and Audit Relationship Change tables": table
name, field name, document key (the record), user, old value, new value; moments in UTC. A CSV has
them under their names or their labels, JSON under `records` or `result`. The states of incidents
are numbers there; those of the delivered system get their names. What one user changed in one
second is one update. Records of a task table (`incident`) tell when they were opened, resolved and
closed.
"""

import re
from collections.abc import Mapping
from typing import Any

from servoloop.kernel.interchange.desk_history import DeskHistory, FieldChange, as_text
from servoloop.kernel.interchange.json_stream import Member
from servoloop.kernel.interchange.ticket_lists import (
    SERVICENOW_LIST,
    is_list,
    plain,
    take_ticket,
)

ALIASES = {
    "case": ("documentkey", "record", "number", "set", "task", "incident"),
    "field": ("fieldname", "field"),
    "old": ("oldvalue", "old"),
    "new": ("newvalue", "new"),
    "at": ("syscreatedon", "created", "updatetime", "updated"),
    "by": ("user", "syscreatedby", "username", "createdby", "updatedby"),
    "table": ("tablename", "table"),
}
NEEDED = ("case", "field", "new", "at")
INCIDENT_STATES = {
    "1": "New", "2": "In progress", "3": "On hold", "6": "Resolved", "7": "Closed", "8": "Canceled",
}  # fmt: skip
COMMENTS = {
    "comments": "Comment: public", "additional comments": "Comment: public",
    "work_notes": "Comment: internal", "work notes": "Comment: internal",
}  # fmt: skip


def columns_of(names: list[str]) -> dict[str, str] | None:
    """Which column plays which part; None when they are no audit."""
    plain = {re.sub(r"[\W_]+", "", name.lower()): name for name in reversed(names)}
    found = {
        part: next(plain[alias] for alias in aliases if alias in plain)
        for part, aliases in ALIASES.items()
        if any(alias in plain for alias in aliases)
    }
    return found if all(part in found for part in NEEDED) and "old" in found else None


def servicenow_history(name: str) -> DeskHistory:
    """An empty history with ServiceNow's fields."""
    return DeskHistory(
        desk="ServiceNow",
        name=name,
        status_fields=frozenset(("state", "incident_state", "incident state")),
        assignee_fields=frozenset(("assigned_to", "assigned to")),
        team_fields=frozenset(("assignment_group", "assignment group")),
        status_names=INCIDENT_STATES,
    )


def _shown(name: str, value: Any) -> Any:
    """A cell of `sysparm_display_value=all` or a reference as one value: moments as they are kept,
    in UTC; everything else as people see it.
    """
    if not isinstance(value, dict):
        return value
    is_moment = plain(name).endswith(("at", "on"))
    first, second = ("value", "display_value") if is_moment else ("display_value", "value")
    return value.get(first) or value.get(second)


class ServicenowReader:
    """Takes the rows of the audit one by one."""

    def __init__(self, name: str) -> None:
        self._update: tuple[str | None, str | None, str | None] = (None, None, None)
        self._changes: list[FieldChange] = []
        self._line = 0
        self.history = servicenow_history(name)

    def take(self, member: Member) -> None:
        """One record of a JSON export: a change, or a ticket of a list."""
        if not isinstance(member.value, dict):
            return
        row = {name: _shown(name, value) for name, value in member.value.items()}
        parts = columns_of(list(row))
        if parts is not None:
            self.take_row(row, parts, line=member.line)
        elif is_list(row, SERVICENOW_LIST):
            row["state"] = INCIDENT_STATES.get(str(row.get("state")), row.get("state"))
            take_ticket(self.history, row, SERVICENOW_LIST, line=member.line)

    def take_row(self, row: Mapping[str, Any], parts: Mapping[str, str], *, line: int) -> None:
        """One row of the table; `parts` as `columns_of` gives them."""
        given = {part: as_text(row.get(column)) for part, column in parts.items()}
        case, at, by, name = (given.get(part) for part in ("case", "at", "by", "field"))
        comment = COMMENTS.get((name or "").lower())
        if comment is not None:
            self.history.add_event(case, comment, at=at, by=by, line=line, of=name or "")
            return
        if (case, at, by) != self._update:
            self.finish()
            self._update, self._line = (case, at, by), line
        change = FieldChange(name=name or "", new=given.get("new"), old=given.get("old"))
        # An incident has its state twice, in `state` and `incident_state`: one is enough.
        told = {(each.name.replace("incident_", ""), each.new) for each in self._changes}
        if (change.name.replace("incident_", ""), change.new) not in told:
            self._changes.append(change)

    def finish(self) -> None:
        """The update at hand is whole."""
        if self._changes:
            case, at, by = self._update
            self.history.add_changes(case, self._changes, at=at, by=by, line=self._line)
            self._changes = []
