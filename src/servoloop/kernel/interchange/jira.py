"""Exports of Jira Service Management: issues with their changelog (JSON).

Shapes: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/ with
`expand=changelog` (`issues[].changelog.histories[].items[]` of `field`, `fromString`, `toString`),
`…/api-group-issues/#api-rest-api-3-changelog-bulkfetch-post` (`issueChangeLogs`), and comments with
`jsdPublic` of https://developer.atlassian.com/cloud/jira/service-desk/rest/ .
"""

import re
from typing import Any

from servoloop.kernel.interchange.desk_history import DeskHistory, FieldChange, as_text
from servoloop.kernel.interchange.json_stream import Member

ISSUE_PARTS = ("key", "fields", "changelog")
NOT_DESCRIBING = frozenset(
    ("created", "updated", "resolutiondate", "status", "assignee", "summary")
)
ISSUE_OF_ADDRESS = re.compile(r"/issue/([^/?]+)/changelog")
NAMING = ("displayName", "name", "value")


def jira_history(name: str) -> DeskHistory:
    """An empty history with Jira's fields."""
    return DeskHistory(
        desk="Jira Service Management",
        name=name,
        status_fields=frozenset(("status",)),
        assignee_fields=frozenset(("assignee",)),
        team_fields=frozenset(("team", "group", "assigned group", "assignment group")),
    )


class JiraReader:
    """Takes the members of a document one by one; a document may be a single issue."""

    def __init__(self, name: str) -> None:
        self.history = jira_history(name)
        self._single: dict[str, Any] = {}
        self._line = 1
        self._issue_of_page: str | None = None  # of a page of one issue's changelog

    def take(self, member: Member) -> None:
        """One issue, one changelog of an issue, or a part of a single issue."""
        value = member.value
        if member.part in ISSUE_PARTS:
            if member.part == "key":
                self._single["key"] = value
            elif member.name:
                self._single.setdefault(member.part, {})[member.name] = value
        elif member.part == "self" and isinstance(value, str):
            found = ISSUE_OF_ADDRESS.search(value)
            self._issue_of_page = found[1] if found else None
        elif member.part == "values" and isinstance(value, dict) and "items" in value:
            self._histories(self._issue_of_page, [value], member.line)
        elif isinstance(value, dict) and "changeHistories" in value:
            self._histories(as_text(value.get("issueId")), value["changeHistories"], member.line)
        elif isinstance(value, dict) and ("changelog" in value or "fields" in value):
            self._issue(value, member.line)

    def finish(self) -> None:
        """The document has ended: a single issue is whole now."""
        if self._single:
            self._issue(self._single, self._line)

    def _issue(self, issue: dict[str, Any], line: int) -> None:
        case = as_text(issue.get("key") or issue.get("id"))
        fields = issue.get("fields") or {}
        if fields.get("created"):
            creator = _name(fields.get("reporter") or fields.get("creator"))
            at = as_text(fields["created"])
            self.history.add_event(case, "Created", at=at, by=creator, line=line, of="created")
        histories = (issue.get("changelog") or {}).get("histories") or ()
        self._histories(case, histories, line)
        if not histories and fields.get("resolutiondate"):
            at = as_text(fields["resolutiondate"])
            self.history.add_event(case, "Resolved", at=at, by=None, line=line, of="resolutiondate")
        for comment in (fields.get("comment") or {}).get("comments") or ():
            self.history.add_event(
                case,
                _comment_kind(comment.get("jsdPublic")),
                at=as_text(comment.get("created")),
                by=_name(comment.get("author")),
                line=line,
                of="comment",
            )
        described = {
            key: _name(value) for key, value in fields.items() if key not in NOT_DESCRIBING
        }
        self.history.describe(case, described)

    def _histories(self, case: str | None, histories: Any, line: int) -> None:
        for history in histories:
            changes = [
                FieldChange(
                    name=str(item.get("field")),
                    new=as_text(item.get("toString")) or as_text(item.get("to")),
                    old=as_text(item.get("fromString")) or as_text(item.get("from")),
                )
                for item in history.get("items") or ()
            ]
            at, by = as_text(history.get("created")), _name(history.get("author"))
            self.history.add_changes(case, changes, at=at, by=by, line=line)


def _comment_kind(is_public: Any) -> str:
    if is_public is None:
        return "Comment"
    return "Comment: public" if is_public else "Comment: internal"


def _name(value: Any) -> str | None:
    """The name of a person, a priority or a type; the value itself where it is none of these."""
    if isinstance(value, dict):
        return next((as_text(value[key]) for key in NAMING if key in value), None)
    return as_text(value)
