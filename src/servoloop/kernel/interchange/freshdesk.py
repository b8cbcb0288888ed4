"""Exports of Freshdesk: ticket activities (JSON, one file a day).

Shape: `GET /api/v2/export/ticket_activities` of https://developers.freshdesk.com/api/ , a document
`{"activities_data": [{"performed_at", "ticket_id", "performer_type", "performer_id", "activity"}]}`
whose `activity` holds the fields that were set, or a `note` with its id and type. What the numbers
of the note types mean is not published, so a note is a plain `Comment`. Tickets as the API lists
them (`/api/v2/tickets?include=stats`, with `conversations` or without) tell their few moments.
"""

import re
from typing import Any

from servoloop.kernel.interchange.desk_history import DeskHistory, FieldChange, as_text
from servoloop.kernel.interchange.json_stream import Member
from servoloop.kernel.interchange.ticket_lists import FRESHDESK_LIST, take_ticket

STATUSES = {"2": "Open", "3": "Pending", "4": "Resolved", "5": "Closed"}
PRIORITIES = {"1": "Low", "2": "Medium", "3": "High", "4": "Urgent"}
SOURCES = {"1": "Email", "2": "Portal", "3": "Phone", "7": "Chat", "9": "Feedback widget",
           "10": "Outbound email"}  # fmt: skip
DAY_FIRST = re.compile(r"(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d:\d\d) ([+-]\d{4})")


def freshdesk_history(name: str) -> DeskHistory:
    """An empty history with Freshdesk's fields."""
    return DeskHistory(
        desk="Freshdesk",
        name=name,
        status_fields=frozenset(("status",)),
        assignee_fields=frozenset(("agent_id", "agent")),
        team_fields=frozenset(("group",)),
        status_names=STATUSES,
    )


class FreshdeskReader:
    """Takes the members of a document one by one."""

    def __init__(self, name: str) -> None:
        self.history = freshdesk_history(name)

    def take(self, member: Member) -> None:
        """One activity, or one ticket of a list."""
        value = member.value
        if not isinstance(value, dict):
            return
        if "performed_at" in value:
            self._take_activity(value, member)
        elif "created_at" in value and "id" in value:
            self._take_listed(value, member)

    def _take_listed(self, ticket: dict[str, Any], member: Member) -> None:
        """A ticket with its statistics and its conversations, where they came along."""
        row = {**ticket, **(ticket.get("stats") or {}), "ticket id": ticket["id"]}
        for name, names in (("status", STATUSES), ("priority", PRIORITIES), ("source", SOURCES)):
            row[name] = names.get(str(ticket.get(name)), ticket.get(name))
        if ticket.get("conversations"):
            row.pop("first_responded_at", None)  # it is one of the comments
        take_ticket(self.history, row, FRESHDESK_LIST, line=member.line)
        for note in ticket.get("conversations") or ():
            self.history.add_event(
                as_text(ticket["id"]),
                "Comment: internal" if note.get("private") else "Comment: public",
                at=as_text(note.get("created_at")),
                by=as_text(note.get("user_id")),
                line=member.line,
                of="conversations",
            )

    def _take_activity(self, value: dict[str, Any], member: Member) -> None:
        case, at, by = (
            as_text(value.get(key)) for key in ("ticket_id", "performed_at", "performer_id")
        )
        at = DAY_FIRST.sub(r"\3-\2-\1T\4\5", at or "") or None
        activity = dict(value.get("activity") or {})
        note = activity.pop("note", None)
        if note is not None:
            kinds = {True: "Comment: internal", False: "Comment: public"}
            kind = kinds.get(note.get("private"), "Comment")
            self.history.add_event(case, kind, at=at, by=by, line=member.line, of="note")
        if activity.pop("new_ticket", None):
            self.history.add_event(case, "Created", at=at, by=by, line=member.line, of="new_ticket")
        changes = [FieldChange(name=key, new=as_text(new)) for key, new in activity.items()]
        if changes:
            self.history.add_changes(case, changes, at=at, by=by, line=member.line)

    def finish(self) -> None:
        """Nothing is left over."""
