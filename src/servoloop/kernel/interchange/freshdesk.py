"""Exports of Freshdesk: ticket activities (JSON, one file a day).

Shape: `GET /api/v2/export/ticket_activities` of https://developers.freshdesk.com/api/ , a document
`{"activities_data": [{"performed_at", "ticket_id", "performer_type", "performer_id", "activity"}]}`
whose `activity` holds the fields that were set, or a `note` with its id and type. What the numbers
of the note types mean is not published, so a note is a plain `Comment`.
"""

import re

from servoloop.kernel.interchange.desk_history import DeskHistory, FieldChange, as_text
from servoloop.kernel.interchange.json_stream import Member

STATUSES = {"2": "Open", "3": "Pending", "4": "Resolved", "5": "Closed"}
DAY_FIRST = re.compile(r"(\d\d)-(\d\d)-(\d{4}) (\d\d:\d\d:\d\d) ([+-]\d{4})")


class FreshdeskReader:
    """Takes the members of a document one by one."""

    def __init__(self, name: str) -> None:
        self.history = DeskHistory(
            desk="Freshdesk",
            name=name,
            status_fields=frozenset(("status",)),
            assignee_fields=frozenset(("agent_id", "agent")),
            team_fields=frozenset(("group",)),
            status_names=STATUSES,
        )

    def take(self, member: Member) -> None:
        """One activity."""
        value = member.value
        if not isinstance(value, dict) or "performed_at" not in value:
            return
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
        changes = [FieldChange(name=key, new=as_text(new)) for key, new in activity.items()]
        if changes:
            self.history.add_changes(case, changes, at=at, by=by, line=member.line)

    def finish(self) -> None:
        """Nothing is left over."""
