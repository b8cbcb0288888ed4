"""An event log as XES (IEEE 1849), trace by trace."""

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.sax.saxutils import quoteattr

import polars as pl

from servoloop.kernel.interchange.csv_writer import moments
from servoloop.kernel.interchange.roles import STANDARD
from servoloop.kernel.mining.event_log import EventLog, decoded

HEADER = """\
<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
\t<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
\t<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
\t<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
\t<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
\t<classifier name="Activity" keys="concept:name"/>
"""
ILLEGAL = {code: None for code in range(32) if code not in (9, 10, 13)}
"""Control characters that XML 1.0 cannot hold are left out."""
AS_CHARACTER = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
LINES_AT_ONCE = 20_000


def write_xes(log: EventLog, stream: BinaryIO) -> None:
    """One trace a case in the order of the log; attributes keep their type, missing ones are left
    out; UTF-8.
    """
    stream.write(HEADER.encode())
    lines: list[str] = []
    for line in _lines(log):
        lines.append(line)
        if len(lines) >= LINES_AT_ONCE:
            stream.write("".join(lines).encode())
            lines.clear()
    stream.write("".join([*lines, "</log>\n"]).encode())


def _lines(log: EventLog) -> Iterator[str]:
    events = _events(log)
    of_events = [(name, _tag(events[name])) for name in events.columns]
    of_cases = [
        (name.removeprefix("case:"), _tag(log.case_attributes[name]))
        for name in log.case_attributes.columns
    ]
    rows = events.iter_rows()
    for case, name in enumerate(log.case.names):
        yield "\t<trace>\n"
        yield _attribute("string", "concept:name", name, indent="\t\t")
        if of_cases:
            yield from _attributes(of_cases, log.case_attributes.row(case), indent="\t\t")
        for _ in range(log.offsets[case], log.offsets[case + 1]):
            yield "\t\t<event>\n"
            yield from _attributes(of_events, next(rows), indent="\t\t\t")
            yield "\t\t</event>\n"
        yield "\t</trace>\n"


def _events(log: EventLog) -> pl.DataFrame:
    columns = {
        STANDARD["activity"]: decoded(log.activity),
        STANDARD["timestamp"]: moments(log.ts),
    }
    if log.start is not None:
        columns[STANDARD["start"]] = moments(log.start)
    for role in ("resource", "team", "lifecycle"):
        coded = getattr(log, role)
        if coded is not None:
            columns[STANDARD[role]] = decoded(coded)
    table = pl.DataFrame(columns)
    return pl.concat([table, log.attributes], how="horizontal") if log.attributes.width else table


def _tag(column: pl.Series) -> str:
    if column.name in (STANDARD["timestamp"], STANDARD["start"]):
        return "date"
    if column.dtype.is_integer():
        return "int"
    if column.dtype.is_float():
        return "float"
    return "boolean" if column.dtype == pl.Boolean else "string"


def _attributes(
    described: list[tuple[str, str]], values: tuple[Any, ...], *, indent: str
) -> Iterator[str]:
    for (key, tag), value in zip(described, values, strict=True):
        if value is not None:
            yield _attribute(tag, key, value, indent=indent)


def _attribute(tag: str, key: str, value: object, *, indent: str) -> str:
    text = str(value).lower() if tag == "boolean" else str(value).translate(ILLEGAL)
    return f"{indent}<{tag} key={_quoted(key)} value={_quoted(text)}/>\n"


def _quoted(text: str) -> str:
    return quoteattr(text, AS_CHARACTER)
