"""OCEL as a SQLite database: 2.0 (one table per type) and 1.0 (EVENTS, OBJECTS, RELATIONS).

Opened read-only and without trust: only plain tables are read, no view, trigger or virtual table.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from servoloop.kernel.interchange.object_log import EVENT_ID, ObjectLog
from servoloop.kernel.interchange.ocel_json import first_values
from servoloop.kernel.interchange.source import Source, UnreadableLog

MAGIC = b"SQLite format 3\x00"
LARGEST_IN_MEMORY = 1 << 30
TABLES_OF_2 = ("event", "object", "event_object", "event_map_type", "object_map_type")
TABLES_OF_1 = ("EVENTS", "OBJECTS", "RELATIONS")
FIXED = ("ocel_id", "ocel_time", "ocel_changed_field", "ocel_type")

Row = dict[str, Any]


def read_ocel_sqlite(source: Source) -> ObjectLog:
    """Read the tables of OCEL; the line of an event is its row.

    A compressed file is inflated in memory. Raises UnreadableLog when the database is damaged, has
    not these tables, or is a view, which could run for ever.
    """
    try:
        with closing(_opened(source)) as database:
            tables = _plain_tables(database)
            if all(table in tables for table in TABLES_OF_2):
                return _read_2(database, source, tables)
            if all(table in tables for table in TABLES_OF_1):
                return _read_1(database, source)
    except sqlite3.Error as error:
        raise UnreadableLog(
            f"{source.name} is a SQLite database that cannot be read ({error}); export it again."
        ) from error
    shown = ", ".join(sorted(tables)[:8]) or "none"
    raise UnreadableLog(
        f"{source.name} is a SQLite database without the tables of OCEL (event, object, "
        f"event_object, …); it has: {shown}. Export the log as CSV, XES or OCEL 2.0."
    )


def _opened(source: Source) -> sqlite3.Connection:
    path = source.path()
    if path is not None:
        address = f"{Path(path).absolute().as_uri()}?mode=ro&immutable=1"
        database = sqlite3.connect(address, uri=True)
    else:
        database = sqlite3.connect(":memory:")
        database.deserialize(_whole(source))
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.execute("PRAGMA cell_size_check = ON")
    database.text_factory = lambda data: data.decode("utf-8", "replace")
    return database


def _whole(source: Source) -> bytes:
    data = bytearray()
    for chunk in source.chunks():
        data += chunk
        if len(data) > LARGEST_IN_MEMORY:
            raise UnreadableLog(
                f"{source.name} holds a SQLite database of more than {LARGEST_IN_MEMORY >> 30} GB; "
                "decompress it first."
            )
    # Versions of the file format in the header: 2 is a write-ahead log, which memory has not.
    data[18:20] = b"\x01\x01"
    return bytes(data)


def _plain_tables(database: sqlite3.Connection) -> set[str]:
    listed = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    return {name for (name,) in listed}


def _rows(database: sqlite3.Connection, table: str) -> Iterator[Row]:
    cursor = database.execute(f"SELECT * FROM {_quoted(table)}")  # noqa: S608  # a quoted name of a plain table
    names = [column[0] for column in cursor.description]
    for values in cursor:
        yield dict(zip(names, values, strict=True))


def _quoted(table: str) -> str:
    return '"' + table.replace('"', '""') + '"'


def _read_2(database: sqlite3.Connection, source: Source, tables: set[str]) -> ObjectLog:
    log = ObjectLog(name=source.name, version="2.0")
    related = _pairs(database, source, "event_object", "ocel_event_id", "ocel_object_id")
    details = _details(database, source, tables, kind="event")
    for line, event in enumerate(_rows(database, "event"), start=1):
        id = _needed(event, "ocel_id", "event", source)
        detail = details.get(id, [{}])[0]
        log.add_event(
            str(id),
            activity=_text(event.get("ocel_type")),
            time=_text(detail.get("ocel_time")),
            line=line,
            attributes=_attributes(detail),
            objects=related.get(id, []),
        )
        source.rows = line
    details = _details(database, source, tables, kind="object")
    for each in _rows(database, "object"):
        id = _needed(each, "ocel_id", "object", source)
        log.add_object(
            str(id),
            type=str(each.get("ocel_type")),
            attributes=first_values(
                (name, str(detail.get("ocel_time") or ""), value)
                for detail in details.get(id, ())
                for name, value in _attributes(detail).items()
                if value is not None
            ),
        )
    return log


def _details(
    database: sqlite3.Connection, source: Source, tables: set[str], *, kind: str
) -> dict[Any, list[Row]]:
    """The rows of all `event_…` (or `object_…`) tables by id: time and attributes."""
    found: dict[Any, list[Row]] = {}
    for mapped in _rows(database, f"{kind}_map_type"):
        table = f"{kind}_{mapped.get('ocel_type_map')}"
        if table in tables:
            for row in _rows(database, table):
                found.setdefault(_needed(row, "ocel_id", table, source), []).append(row)
    return found


def _attributes(row: Row) -> Row:
    return {name: _plain(value) for name, value in row.items() if name not in FIXED}


def _read_1(database: sqlite3.Connection, source: Source) -> ObjectLog:
    log = ObjectLog(name=source.name, version="1.0")
    related = _pairs(database, source, "RELATIONS", "ocel:eid", "ocel:oid")
    fixed = (EVENT_ID, "ocel:timestamp", "ocel:activity")
    for line, event in enumerate(_rows(database, "EVENTS"), start=1):
        id = _needed(event, EVENT_ID, "EVENTS", source)
        log.add_event(
            str(id),
            activity=_text(event.get("ocel:activity")),
            time=_text(event.get("ocel:timestamp")),
            line=line,
            attributes={name: _plain(value) for name, value in event.items() if name not in fixed},
            objects=related.get(id, []),
        )
        source.rows = line
    for each in _rows(database, "OBJECTS"):
        id = _needed(each, "ocel:oid", "OBJECTS", source)
        attributes = {
            name: _plain(value)
            for name, value in each.items()
            if name not in ("ocel:oid", "ocel:type")
        }
        type = str(each.get("ocel:type")).removeprefix("ocel:type:")
        log.add_object(str(id), type=type, attributes=attributes)
    return log


def _pairs(
    database: sqlite3.Connection, source: Source, table: str, event: str, object: str
) -> dict[Any, list[str]]:
    found: dict[Any, list[str]] = {}
    for row in _rows(database, table):
        id = _needed(row, event, table, source)
        found.setdefault(id, []).append(str(_needed(row, object, table, source)))
    return found


def _needed(row: Row, column: str, table: str, source: Source) -> Any:
    if column not in row:
        raise UnreadableLog(
            f"The table {table} of {source.name} has no column {column}, which OCEL asks for."
        )
    return row[column]


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _plain(value: Any) -> Any:
    """Binary values are left out."""
    return None if isinstance(value, bytes) else value
