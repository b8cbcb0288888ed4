"""A look at a file before it is diagnosed: what was guessed, a few rows, what cleaning would do.

The whole file is read once, by the same readers, so what is shown is what a diagnosis will do. A
file whose roles cannot be told, or whose columns cannot even be parted, is shown as far as it can
be read, with the sentence that says what is missing.
"""

import codecs
from typing import BinaryIO

import numpy as np
import polars as pl

from servoloop.kernel.interchange.assemble import ReadLog
from servoloop.kernel.interchange.looked import Look, LookedColumn
from servoloop.kernel.interchange.options import LogFormat, ReadOptions
from servoloop.kernel.interchange.raw_events import RawEvents
from servoloop.kernel.interchange.read import read_raw, settled, source_of
from servoloop.kernel.interchange.read_report import ReadReport, RoleChoice
from servoloop.kernel.interchange.roles import SAMPLE_ROWS, as_text, joined, told_roles
from servoloop.kernel.interchange.source import Listener, Source, UnreadableLog, sniff_format
from servoloop.kernel.interchange.text import guess_encoding
from servoloop.kernel.interchange.timestamps import possible_formats
from servoloop.kernel.mining.event_log import EventLog

ROWS_SHOWN = 8
COLUMNS_SHOWN = 100
"""Of a wider table the first ones are shown; the others play the roles that were guessed."""
LONGEST_CELL = 60
REFUSALS_SHOWN = 10
ACTIVITIES_SHOWN = 300
LINES_SHOWN = 5
BEGIN_AND_END = frozenset(("start", "complete"))


def look_at_log(
    stream: BinaryIO,
    *,
    name: str,
    size: int,
    options: ReadOptions,
    listener: Listener | None = None,
) -> Look:
    """Read a file as `read_log` would. Raises UnreadableLog when nothing of it can be shown."""
    source = source_of(stream, name=name, size=size, options=options, listener=listener)
    format = options.format or sniff_format(source)
    try:
        raw = read_raw(source, options, format=format)
    except UnreadableLog as error:
        if format != "csv":
            raise
        return _unparted(source, options, problem=str(error))
    try:
        read = settled(raw, options, source=source, format=format)
    except UnreadableLog as error:
        return _look(raw, None, source, options, format, problem=str(error))
    return _look(raw, read, source, options, format, problem="")


def _look(
    raw: RawEvents,
    read: ReadLog | None,
    source: Source,
    options: ReadOptions,
    format: LogFormat,
    *,
    problem: str,
) -> Look:
    report: ReadReport | None = None if read is None else read.report
    return Look(
        format=format,
        compression=source.compression,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        desk=_desk(raw),
        columns=_columns(raw.columns),
        columns_in_all=raw.columns.width,
        lines=(),
        roles=report.roles if report else _told(raw, options),
        date_formats=report.timestamp_formats if report else (),
        possible_formats=_possible_formats(raw, report),
        zone=options.zone,
        naive_rows=report.naive_rows if report else 0,
        object_types=raw.object_types,
        sheets=raw.sheets,
        classifiers=raw.classifiers,
        has_starts_and_completes=report is not None and _begins_and_ends(report),
        events=read.log.events if read else 0,
        cases=read.log.cases if read else 0,
        activities=_activities(read.log) if read else (),
        rows_read=raw.rows_read,
        rows_refused=raw.refusals.count,
        refusals=tuple(raw.refusals.listed[:REFUSALS_SHOWN]),
        proposals=report.proposals if report else (),
        problem=problem,
    )


def _unparted(source: Source, options: ReadOptions, *, problem: str) -> Look:
    """A text without columns: its first lines, so that somebody can say what parts them."""
    encoding = options.encoding or guess_encoding(source.head)
    try:
        text = codecs.decode(source.head[:20_000], encoding, "replace")
    except LookupError:
        text = codecs.decode(source.head[:20_000], "utf-8", "replace")
    lines = [line[:200] for line in str(text).splitlines() if line.strip()][:LINES_SHOWN]
    return Look(
        format="csv",
        compression=source.compression,
        encoding=encoding.removesuffix("-sig"),
        delimiter="",
        desk="",
        columns=(),
        columns_in_all=0,
        lines=tuple(lines),
        roles=(),
        date_formats=(),
        possible_formats=(),
        zone=options.zone,
        naive_rows=0,
        object_types=(),
        sheets=(),
        classifiers=(),
        has_starts_and_completes=False,
        events=0,
        cases=0,
        activities=(),
        rows_read=0,
        rows_refused=0,
        refusals=(),
        proposals=(),
        problem=problem,
    )


def _told(raw: RawEvents, options: ReadOptions) -> tuple[RoleChoice, ...]:
    """The roles as far as they are known; none where the user named a column that is not there."""
    sample = as_text(raw.without(options.left_out).columns.head(SAMPLE_ROWS))
    try:
        return told_roles(sample, options, name="").chosen
    except UnreadableLog:
        return ()


def _columns(frame: pl.DataFrame) -> tuple[LookedColumn, ...]:
    shown = as_text(frame[:ROWS_SHOWN, :COLUMNS_SHOWN])
    return tuple(
        LookedColumn(name=name, cells=tuple(map(_cell, shown[name].to_list())))
        for name in shown.columns
    )


def _cell(text: str | None) -> str | None:
    return text if text is None or len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"


def _possible_formats(raw: RawEvents, report: ReadReport | None) -> tuple[str, ...]:
    """Of the column of the timestamp, where it is text."""
    if report is None:
        return ()
    columns = next(choice.columns for choice in report.roles if choice.role == "timestamp")
    column = joined(raw.columns.head(1000), columns)
    return possible_formats(column) if column.dtype == pl.String else ()


def _desk(raw: RawEvents) -> str:
    for note in raw.notes:
        if note.code == "desk_export":
            return str(dict(note.values)["desk"])
    return ""


def _begins_and_ends(report: ReadReport) -> bool:
    """Would joining start and complete events make sense?"""
    has_starts = any(choice.role == "start" for choice in report.roles)
    names = {name.casefold() for name, _ in report.lifecycles}
    return not has_starts and names >= BEGIN_AND_END


def _activities(log: EventLog) -> tuple[tuple[str, int], ...]:
    counts = np.bincount(log.activity.codes, minlength=len(log.activity.names))
    most = np.argsort(-counts, kind="stable")[:ACTIVITIES_SHOWN]
    return tuple((log.activity.names[code], int(counts[code])) for code in most)
