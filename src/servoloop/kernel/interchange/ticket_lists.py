"""Lists of tickets: a row per ticket with a few moments in it, as desks export them.

A list tells less than a history: created, first answered or assigned, resolved, closed. It is read
all the same, since it is often all there is. Names are compared without case, blanks and
punctuation, so that a column's label and its field name are one (`Opened at`, `opened_at`).
Freshdesk: https://developers.freshdesk.com/api/#list_all_tickets (`include=stats`); ServiceNow: the
table `incident`; Zendesk: https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/
with `metric_set`, and the list of its views.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from servoloop.kernel.interchange.desk_history import DeskHistory, as_text

NONE = ("-", "?", "null")
"""What stands for nothing in cells of such lists."""
JUST_A_DURATION = re.compile(r"\d+(:\d\d){1,2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment in the row of a ticket: the columns that may hold it and who brought it about."""

    columns: tuple[str, ...]
    activity: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketList:
    """The columns of one desk's list; `telling` are those by which it is recognised."""

    case: tuple[str, ...]
    telling: frozenset[str]
    one_of: frozenset[str]  # and at least one of these
    moments: tuple[Moment, ...]
    describes: tuple[str, ...]


ZENDESK_LIST = TicketList(
    case=("id",),
    telling=frozenset(("id", "createdat", "assignee")),
    one_of=frozenset(("solvedat",)),
    moments=(
        Moment(columns=("createdat",), activity="Created"),
        Moment(columns=("initiallyassignedat",), activity="Assigned"),
        Moment(columns=("solvedat",), activity="Status: Solved"),
    ),
    describes=("status", "priority", "via", "tickettype", "type", "assignee", "group",
               "organization"),
)  # fmt: skip
SERVICENOW_LIST = TicketList(
    case=("number",),
    telling=frozenset(("number",)),
    one_of=frozenset(("openedat", "opened")),
    moments=(
        Moment(columns=("openedat", "opened"), activity="Created", by=("openedby", "syscreatedby")),
        Moment(columns=("resolvedat", "resolved"), activity="Status: Resolved", by=("resolvedby",)),
        Moment(columns=("closedat", "closed"), activity="Status: Closed", by=("closedby",)),
    ),
    describes=("state", "incidentstate", "priority", "category", "subcategory", "contacttype",
               "channel", "assignmentgroup", "assignedto"),
)  # fmt: skip
FRESHDESK_LIST = TicketList(
    case=("ticketid",),
    telling=frozenset(("ticketid", "createdtime")),
    one_of=frozenset(("resolvedtime", "closedtime")),
    moments=(
        Moment(columns=("createdtime", "createdat"), activity="Created"),
        Moment(columns=("initialresponsetime", "firstrespondedat"), activity="First response"),
        Moment(columns=("reopenedat",), activity="Reopened"),
        Moment(columns=("resolvedtime", "resolvedat"), activity="Status: Resolved"),
        Moment(columns=("closedtime", "closedat"), activity="Status: Closed"),
    ),
    describes=("status", "priority", "source", "type", "agent", "group", "product",
               "resolutionstatus"),
)  # fmt: skip


def plain(name: str) -> str:
    """What a column's label and its field name have in common."""
    return re.sub(r"[\W_]+", "", name.lower())


def is_list(columns: Iterable[str], listed: TicketList) -> bool:
    """Are these the columns of the desk's list?"""
    names = {plain(column) for column in columns}
    return names >= listed.telling and bool(names & listed.one_of)


def take_ticket(
    history: DeskHistory, row: Mapping[str, Any], listed: TicketList, *, line: int
) -> None:
    """The events of one ticket, and what it says of itself."""
    given = {plain(name): name for name in reversed(list(row))}
    case = _value(row, given, listed.case)
    for moment in listed.moments:
        at = _value(row, given, moment.columns)
        if at is None or JUST_A_DURATION.fullmatch(at):
            continue
        of = next(given[name] for name in moment.columns if name in given)
        by = _value(row, given, moment.by)
        history.add_event(case, moment.activity, at=at, by=by, line=line, of=of)
    described = {given[name]: row[given[name]] for name in listed.describes if name in given}
    history.describe(case, {name: _plain_cell(value) for name, value in described.items()})


def _value(row: Mapping[str, Any], given: Mapping[str, str], names: Iterable[str]) -> str | None:
    for name in names:
        value = _plain_cell(row.get(given.get(name, "")))
        if value is not None:
            return value
    return None


def _plain_cell(value: Any) -> str | None:
    text = as_text(value)
    return None if text is None or text.strip() in ("", *NONE) else text
