"""Exports of service desks: which desk, read as JSON or as a table, and mapped to events."""

from collections.abc import Callable
from typing import Protocol

from servoloop.kernel.interchange.csv_reader import read_csv_events
from servoloop.kernel.interchange.desk_history import DeskHistory
from servoloop.kernel.interchange.desk_tables import events_of_table
from servoloop.kernel.interchange.freshdesk import FreshdeskReader
from servoloop.kernel.interchange.jira import JiraReader
from servoloop.kernel.interchange.json_stream import Member, json_members
from servoloop.kernel.interchange.options import LogFormat, ReadOptions
from servoloop.kernel.interchange.raw_events import RawEvents
from servoloop.kernel.interchange.servicenow import ServicenowReader
from servoloop.kernel.interchange.source import Source, UnreadableLog, looks_like_json
from servoloop.kernel.interchange.zendesk import ZendeskReader


class DeskReader(Protocol):
    """Takes the members of a JSON export; its history holds the events."""

    history: DeskHistory

    def take(self, member: Member) -> None:
        """One member of the document."""

    def finish(self) -> None:
        """The document has ended."""


DESKS: dict[LogFormat, Callable[[str], DeskReader]] = {
    "zendesk": ZendeskReader,
    "jira": JiraReader,
    "servicenow": ServicenowReader,
    "freshdesk": FreshdeskReader,
}
"""By `--format`."""


def read_desk_events(source: Source, options: ReadOptions, *, format: LogFormat) -> RawEvents:
    """Read the export of one desk.

    Raises UnreadableLog when a member has not the shape of that desk, or nothing in it is an event.
    """
    if not looks_like_json(source.head):
        raw = mapped_table(read_csv_events(source, options), options, name=source.name)
        if raw.notes and raw.notes[-1].code.startswith("desk_"):
            return raw
        raise UnreadableLog(f"{source.name} has not the columns of an export of a service desk.")
    reader = DESKS[format](source.name)
    for member in json_members(source):
        try:
            reader.take(member)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnreadableLog(
                f"The entry at line {member.line:,} of {source.name} has not the shape of an "
                f"export of {reader.history.desk}."
            ) from error
        source.rows = reader.history.events
    reader.finish()
    names = reader.names if isinstance(reader, ZendeskReader) else None
    return reader.history.raw_events(names=names)


def reader_of(format: LogFormat) -> Callable[[Source, ReadOptions], RawEvents]:
    """The reader of one desk, as `READERS` wants it."""
    return lambda source, options: read_desk_events(source, options, format=format)


def mapped_table(raw: RawEvents, options: ReadOptions, *, name: str) -> RawEvents:
    """A table that is a desk's export as its events; any other, and one that the user wants as a
    table or whose columns the user named, as it is.
    """
    if options.as_table or options.case or options.activity or options.timestamp:
        return raw
    return events_of_table(raw, name=name) or raw
