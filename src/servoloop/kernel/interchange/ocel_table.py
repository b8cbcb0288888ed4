"""OCEL 1.0 as a table: a row an event, a column `ocel:type:…` for the objects of each type."""

import polars as pl

from servoloop.kernel.interchange.object_log import EVENT_ID, ObjectLog
from servoloop.kernel.interchange.raw_events import RawEvents

OF_TYPE = "ocel:type:"
ONE_OBJECT = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\""""
"""An item of a list as Python writes it: `['o1', "o'2"]`."""


def holds_objects(columns: list[str]) -> bool:
    """Does the header have a column of objects?"""
    return any(name.startswith(OF_TYPE) for name in columns)


def object_log_of(raw: RawEvents, *, name: str) -> ObjectLog:
    """The rows as an object-centric log; a cell that is no list is one object."""
    frame = raw.columns
    log = ObjectLog(name=name, version="1.0")
    types = [column for column in frame.columns if column.startswith(OF_TYPE)]
    fixed = (EVENT_ID, "ocel:activity", "ocel:timestamp", *types)
    attributes = [column for column in frame.columns if column not in fixed]
    seen: dict[str, str] = {}
    lists = {column: _objects(frame[column]) for column in types}
    for row, (line, event) in enumerate(
        zip(raw.lines.tolist(), frame.iter_rows(named=True), strict=True)
    ):
        objects = []
        for column in types:
            for id in lists[column][row]:
                objects.append(_unique(id, column.removeprefix(OF_TYPE), seen))
        log.add_event(
            str(event.get(EVENT_ID) or line),
            activity=event.get("ocel:activity"),
            time=event.get("ocel:timestamp"),
            line=line,
            attributes={column: event[column] for column in attributes},
            objects=objects,
        )
    for id, type in seen.items():
        log.add_object(id, type=type, attributes={})
    return log


def _unique(id: str, type: str, seen: dict[str, str]) -> str:
    """The id, with its type before it where another type has the same."""
    if seen.setdefault(id, type) == type:
        return id
    longer = f"{type} {id}"
    seen[longer] = type
    return longer


def _objects(column: pl.Series) -> list[list[str]]:
    text = column.cast(pl.String).fill_null("").str.strip_chars()
    found = text.str.extract_all(ONE_OBJECT).to_list()
    return [
        [item[1:-1] for item in items] if cell.startswith("[") else [cell] if cell else []
        for cell, items in zip(text.to_list(), found, strict=True)
    ]
