"""Exports of service desks as tables: recognised by their columns, turned into events.

ServiceNow's audit has a row per change. Lists have a row per ticket with a few moments in its
columns (`ticket_lists`); Jira repeats the column `Comment`, each cell `date;author;text`
(https://support.atlassian.com/jira-service-management-cloud/docs/create-issues-with-the-csv-importer).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from servoloop.kernel.interchange.desk_history import DeskHistory, as_text
from servoloop.kernel.interchange.freshdesk import freshdesk_history
from servoloop.kernel.interchange.jira import jira_history
from servoloop.kernel.interchange.raw_events import RawEvents
from servoloop.kernel.interchange.servicenow import (
    ServicenowReader,
    columns_of,
    servicenow_history,
)
from servoloop.kernel.interchange.ticket_lists import (
    FRESHDESK_LIST,
    SERVICENOW_LIST,
    ZENDESK_LIST,
    TicketList,
    is_list,
    plain,
    take_ticket,
)
from servoloop.kernel.interchange.zendesk import zendesk_history

Row = dict[str, Any]

JIRA_COLUMNS = {"Issue key", "Created", "Status"}
JIRA_DESCRIBES = (
    "Issue Type", "Status", "Priority", "Resolution", "Assignee", "Component/s",
    "Custom field (Request Type)",
)  # fmt: skip
LISTS: tuple[tuple[TicketList, Callable[[str], DeskHistory]], ...] = (
    (ZENDESK_LIST, zendesk_history),
    (FRESHDESK_LIST, freshdesk_history),
    (SERVICENOW_LIST, servicenow_history),
)


def events_of_table(raw: RawEvents, *, name: str) -> RawEvents | None:
    """The events, with what the table's reader refused and noted; None when no desk's columns."""
    columns = raw.columns.columns
    parts = columns_of(columns)
    if parts is not None:
        reader = ServicenowReader(name)
        for line, row in _rows(raw):
            reader.take_row(row, parts, line=line)
        reader.finish()
        history = reader.history
    elif set(columns) >= JIRA_COLUMNS:
        history = jira_history(name)
        for line, row in _rows(raw):
            _take_issue(history, row, line)
    else:
        found = _list_of(raw)
        if found is None:
            return None
        listed, history_of = found
        history = history_of(name)
        for line, row in _rows(raw):
            take_ticket(history, row, listed, line=line)
    events = history.raw_events(encoding=raw.encoding, delimiter=raw.delimiter)
    return replace(
        events,
        rows_read=events.rows_read + raw.refusals.count,
        refusals=raw.refusals,
        sheets=raw.sheets,
        # Repeated columns are Jira's way, nothing to tell.
        notes=tuple(note for note in raw.notes if note.code != "doubled_column") + events.notes,
    )


def is_table_of_a_desk(columns: list[str]) -> bool:
    """Are these the columns of a desk's export?"""
    if set(columns) >= JIRA_COLUMNS or columns_of(columns) is not None:
        return True
    return any(is_list(columns, listed) for listed, _ in LISTS)


def _rows(raw: RawEvents) -> list[tuple[int, Row]]:
    moments = pl.selectors.date() | pl.selectors.datetime()
    plain = raw.columns.with_columns(
        moments.cast(pl.Datetime("us")).dt.strftime("%Y-%m-%d %H:%M:%S")
    )
    return list(zip(raw.lines.tolist(), plain.iter_rows(named=True), strict=True))


def _list_of(raw: RawEvents) -> tuple[TicketList, Callable[[str], DeskHistory]] | None:
    """The desk whose list of tickets this is: a log has several rows a case, a list has one."""
    for listed, history_of in LISTS:
        if is_list(raw.columns.columns, listed):
            case = next(name for name in raw.columns.columns if plain(name) in listed.case)
            return (listed, history_of) if raw.columns[case].is_unique().all() else None
    return None


def _take_issue(history: DeskHistory, row: Row, line: int) -> None:
    case = as_text(row["Issue key"])
    by = as_text(row.get("Reporter") or row.get("Creator"))
    at = as_text(row["Created"])
    history.add_event(case, "Created", at=at, by=by, line=line, of="Created")
    for column, cell in row.items():
        if cell and (column == "Comment" or column.startswith("Comment (")):
            at, author, *_ = [*str(cell).split(";", 2), "", ""]
            history.add_event(case, "Comment", at=at, by=author or None, line=line, of="Comment")
    if row.get("Resolved"):
        at = as_text(row["Resolved"])
        history.add_event(case, "Resolved", at=at, by=None, line=line, of="Resolved")
    history.describe(case, {name: row[name] for name in JIRA_DESCRIBES if name in row})
