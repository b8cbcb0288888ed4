"""Exports of Zendesk: ticket audits and incremental ticket events (JSON), lists of tickets.

Shapes: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/ ,
https://developer.zendesk.com/documentation/ticketing/reference-guides/ticket-audit-events-reference
and https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/ .
Users and groups that come along (sideloaded) give their names.
"""

from dataclasses import dataclass, field
from typing import Any

from servoloop.kernel.interchange.desk_history import DeskHistory, FieldChange, as_text
from servoloop.kernel.interchange.json_stream import Member
from servoloop.kernel.interchange.ticket_lists import ZENDESK_LIST, take_ticket

NAMED = ("users", "groups")
LISTED = frozenset(("raw_subject", "metric_set", "submitter_id", "comments"))
"""Only tickets have these members."""
NOT_FIELDS = frozenset(
    ("id", "via", "via_reference_id", "event_type", "previous_value", "type", "created_at")
)


def zendesk_history(name: str) -> DeskHistory:
    """An empty history with Zendesk's fields."""
    return DeskHistory(
        desk="Zendesk",
        name=name,
        status_fields=frozenset(("status",)),
        assignee_fields=frozenset(("assignee_id",)),
        team_fields=frozenset(("group_id",)),
    )


class ZendeskReader:
    """Takes the members of a document one by one."""

    def __init__(self, name: str) -> None:
        self.history = zendesk_history(name)
        self.names: dict[str, str] = {"-1": "system"}

    def take(self, member: Member) -> None:
        """One audit, one ticket event, or a user or group with its name."""
        value = member.value
        if member.part in NAMED and isinstance(value, dict) and "name" in value:
            self.names[str(value.get("id"))] = str(value["name"])
        elif isinstance(value, dict) and "child_events" in value:
            self._take_event(value, member.line)
        elif isinstance(value, dict) and "ticket_id" in value and "events" in value:
            self._take_audit(value, member.line)
        elif isinstance(value, dict) and "created_at" in value and LISTED & set(value):
            self._take_listed(value, member.line)

    def finish(self) -> None:
        """Nothing is left over."""

    def _take_listed(self, ticket: dict[str, Any], line: int) -> None:
        """A ticket as the API lists it, its metrics and comments where they came along."""
        row = {**(ticket.get("metric_set") or {}), **ticket}
        row["via"] = (ticket.get("via") or {}).get("channel")
        take_ticket(self.history, row, ZENDESK_LIST, line=line)
        for comment in ticket.get("comments") or ():
            self.history.add_event(
                as_text(ticket.get("id")),
                "Comment: internal" if comment.get("public") is False else "Comment: public",
                at=as_text(comment.get("created_at")),
                by=as_text(comment.get("author_id")),
                line=line,
                of="comments",
            )

    def _take_audit(self, audit: dict[str, Any], line: int) -> None:
        case, at, by = (as_text(audit.get(key)) for key in ("ticket_id", "created_at", "author_id"))
        update = _Update(case, at, by, line)
        for event in audit["events"] or ():
            kind = event.get("type")
            if kind in ("Create", "Change"):
                update.is_first |= kind == "Create"
                update.changes.append(_change(str(event.get("field_name")), event))
            elif kind in ("Comment", "VoiceComment"):
                update.comments.append(event.get("public"))
        self._keep(update)

    def _take_event(self, event: dict[str, Any], line: int) -> None:
        case, by = as_text(event.get("ticket_id")), as_text(event.get("updater_id"))
        update = _Update(case, as_text(event.get("created_at") or event.get("timestamp")), by, line)
        for child in event["child_events"] or ():
            kind = child.get("event_type")
            if kind in ("Create", "Change"):
                update.is_first |= kind == "Create"
                named = (key for key in child if key not in NOT_FIELDS)
                update.changes += [_change(key, {**child, "value": child[key]}) for key in named]
            elif kind == "Comment" or child.get("comment_present"):
                update.comments.append(child.get("public", child.get("comment_public")))
        self._keep(update)

    def _keep(self, update: "_Update") -> None:
        """A ticket is opened, then the customer's words stand in it; later words come first."""
        if update.is_first:
            self._keep_changes(update)
        for is_public in update.comments:
            kind = "Comment: internal" if is_public is False else "Comment: public"
            self.history.add_event(
                update.case, kind, at=update.at, by=update.by, line=update.line, of="Comment"
            )
        if not update.is_first:
            self._keep_changes(update)

    def _keep_changes(self, update: "_Update") -> None:
        if update.changes:
            self.history.add_changes(
                update.case, update.changes, at=update.at, by=update.by, line=update.line
            )


@dataclass(slots=True)
class _Update:
    case: str | None
    at: str | None
    by: str | None
    line: int
    changes: list[FieldChange] = field(default_factory=list)
    comments: list[Any] = field(default_factory=list)  # is it public?
    is_first: bool = False


def _change(name: str, event: dict[str, Any]) -> FieldChange:
    return FieldChange(
        name=name, new=as_text(event.get("value")), old=as_text(event.get("previous_value"))
    )
