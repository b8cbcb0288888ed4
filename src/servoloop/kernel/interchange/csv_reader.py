"""Event logs from CSV and TSV: one row an event, column names in the first line."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from servoloop.kernel.interchange.csv_records import RecordCutter
from servoloop.kernel.interchange.object_log import flatten
from servoloop.kernel.interchange.ocel_table import holds_objects, object_log_of
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.raw_events import RawEvents, Refusals
from servoloop.kernel.interchange.read_report import Note
from servoloop.kernel.interchange.source import Source, UnreadableLog
from servoloop.kernel.interchange.text import as_utf8, guess_encoding, known_encoding
from servoloop.kernel.interchange.timestamps import share_of_moments

DELIMITERS = ",;\t|"
NO_DELIMITERS = '"\r\n\0'
LINES_FOR_GUESS = 50
LONGEST_HEADER = 1 << 20


def read_csv_events(source: Source, options: ReadOptions) -> RawEvents:
    """Read every row as text; rows with too few or too many fields are refused with their line.

    Raises UnreadableLog when there is no header, no row, or only one column.
    """
    opened = _opened(source, options)
    columns, lines, seen = [], [], 0
    for records in opened.cutter.cut(opened.text):
        columns.append(records.columns)
        lines.append(records.lines)
        seen += records.seen
        source.rows = seen
    if not seen:
        raise UnreadableLog(f"{source.name} has column names but no rows.")
    raw = RawEvents(
        columns=pl.concat(columns, rechunk=True),
        lines=np.concatenate(lines),
        rows_read=seen,
        refusals=opened.cutter.refusals,
        encoding=opened.cutter.encoding.removesuffix("-sig"),
        delimiter=opened.cutter.delimiter,
        notes=opened.notes,
    )
    return _flattened(raw, source, options) if holds_objects(opened.cutter.header) else raw


def csv_frames(source: Source, options: ReadOptions) -> Iterator[pl.DataFrame]:
    """The rows of a file too large to hold, some at a time; refused ones are left out unnamed."""
    opened = _opened(source, options)
    for records in opened.cutter.cut(opened.text):
        source.rows += records.seen
        yield records.columns


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A file whose header is read: what cuts it into records, and the text after the header."""

    cutter: RecordCutter
    text: Iterator[bytes]
    notes: tuple[Note, ...]


def _opened(source: Source, options: ReadOptions) -> _Opened:
    encoding = known_encoding(options.encoding or guess_encoding(source.head))
    text = as_utf8(source.chunks(), encoding)
    first = _beginning(text, source)
    delimiter, skipped = _delimiter(first, options, source)
    header, header_lines, rest = _header(first, delimiter, skipped, source)
    cutter = RecordCutter(
        header=unique_names(header),
        delimiter=delimiter,
        refusals=Refusals(),
        encoding=encoding,
        line=1 + skipped + header_lines,
    )
    return _Opened(cutter=cutter, text=_continued(rest, text), notes=header_notes(header))


def _flattened(raw: RawEvents, source: Source, options: ReadOptions) -> RawEvents:
    flat = flatten(object_log_of(raw, name=source.name), object_type=options.object_type)
    return replace(
        flat,
        rows_read=flat.rows_read + raw.refusals.count,
        refusals=raw.refusals,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        notes=raw.notes + flat.notes,
    )


def _beginning(text: Iterator[bytes], source: Source) -> bytes:
    first = b""
    for chunk in text:
        first += chunk
        if len(first) >= LONGEST_HEADER // 16 and b"\n" in first:
            break
        if len(first) > LONGEST_HEADER:
            raise UnreadableLog(
                f"The first line of {source.name} is longer than {LONGEST_HEADER >> 20} MB; a "
                "table begins with a line of column names."
            )
    first = first.removeprefix(b"\xef\xbb\xbf")
    if not first.strip():
        raise UnreadableLog(f"{source.name} holds no text; an event log has a header and rows.")
    return first


def _continued(rest: bytes, text: Iterator[bytes]) -> Iterator[bytes]:
    yield rest
    yield from text


def _delimiter(first: bytes, options: ReadOptions, source: Source) -> tuple[str, int]:
    """The delimiter and how many lines stand before the header (blank ones, Excel's `sep=;`)."""
    lines = first.decode("utf-8", "replace").split("\n")
    skipped = next(index for index, line in enumerate(lines) if line.strip())
    if lines[skipped].lower().startswith("sep=") and len(lines[skipped].strip()) == 5:
        return options.delimiter or lines[skipped].strip()[-1], skipped + 1
    if options.delimiter is not None:
        if len(options.delimiter) != 1 or options.delimiter in NO_DELIMITERS:
            raise UnreadableLog("A delimiter is one character, such as , or ; or a tab.")
        if not options.delimiter.isascii():
            raise UnreadableLog(f"A delimiter is an ASCII character, not '{options.delimiter}'.")
        return options.delimiter, skipped
    sample = lines[skipped : skipped + LINES_FOR_GUESS]
    best = max(DELIMITERS, key=lambda delimiter: _consistency(sample, delimiter))
    if best not in sample[0]:
        raise UnreadableLog(
            f"{source.name} has a single column; an event log has at least a case, an activity "
            "and a timestamp, separated by comma, semicolon, tab or bar."
        )
    return best, skipped


def _consistency(sample: list[str], delimiter: str) -> tuple[float, int]:
    try:
        rows = [row for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:  # a field longer than any field is
        return 0.0, 0
    if not rows or len(rows[0]) == 1:
        return 0.0, 0
    same = sum(len(row) == len(rows[0]) for row in rows)
    return same / len(rows), len(rows[0])


def _header(
    first: bytes, delimiter: str, skipped: int, source: Source
) -> tuple[list[str], int, bytes]:
    lines = first.decode("utf-8", "replace").split("\n")[skipped:]
    reader = csv.reader([line + "\n" for line in lines], delimiter=delimiter)
    try:
        header = [name.strip() for name in next(reader)]
    except csv.Error as error:
        raise UnreadableLog(
            f"The first line of {source.name} has {len(lines[0]):,} characters, too many for the "
            "names of columns."
        ) from error
    if share_of_moments(pl.Series([name or None for name in header], dtype=pl.String)) > 0:
        raise UnreadableLog(
            f"The first line of {source.name} looks like data, not like column names; "
            "put a line with the names of the columns before it."
        )
    rest = first
    for _ in range(skipped + reader.line_num):
        rest = rest.partition(b"\n")[2]
    return header, reader.line_num, rest


def unique_names(header: list[str]) -> list[str]:
    """Column names made unique: `Status`, `Status (2)`; `column 3` where one is empty."""
    seen: Counter[str] = Counter()
    names = []
    for index, name in enumerate(header, start=1):
        plain = name or f"column {index}"
        seen[plain] += 1
        names.append(plain if seen[plain] == 1 else f"{plain} ({seen[plain]})")
    return names


def header_notes(header: list[str]) -> tuple[Note, ...]:
    """One note for each name that several columns have."""
    doubled = sorted(name for name, times in Counter(header).items() if times > 1 and name)
    return tuple(Note(code="doubled_column", values=(("column", name),)) for name in doubled)
