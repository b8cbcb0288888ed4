"""Event logs from Excel workbooks (XLSX): a row an event, as in CSV; dates typed by the cells."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import polars as pl
from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from servoloop.kernel.interchange.csv_reader import header_notes, unique_names
from servoloop.kernel.interchange.desk_tables import is_table_of_a_desk
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.raw_events import RawEvents, Refusals
from servoloop.kernel.interchange.read_report import Note
from servoloop.kernel.interchange.roles import SAMPLE_ROWS, as_text, choose_roles
from servoloop.kernel.interchange.source import Source, UnreadableLog
from servoloop.kernel.interchange.xlsx_check import check_workbook

NEEDED_COLUMNS = 3
LOOK_FOR_HEADER = 30
"""A header stands in the first rows, below a title perhaps."""

Row = list[Any]


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    header: list[str]
    rows: list[Row]
    lines: list[int]


def read_xlsx_events(source: Source, options: ReadOptions) -> RawEvents:
    """Read the sheet that the user named, else the first visible one whose columns tell case,
    activity and timestamp, else the first one that is a table.

    The line of an event is its row in the sheet. Raises UnreadableLog when the file is no workbook,
    is protected by a password, is hostile (see `check_workbook`) or has no such sheet.
    """
    stream = source.whole()
    check_workbook(stream, name=source.name, largest_inflation=options.largest_inflation)
    with _one_sentence(source):
        workbook = CalamineWorkbook.from_filelike(stream)
    names = [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    if options.sheet and options.sheet not in names:
        raise UnreadableLog(
            f"{source.name} has no visible sheet '{options.sheet}'. It has: {', '.join(names)}."
        )
    tables: list[RawEvents] = []
    for name in [options.sheet] if options.sheet else names:
        with _one_sentence(source):
            sheet = _sheet(workbook, name)
        if sheet is None:
            continue
        tables.append(_raw_events(sheet, names))
        if _is_log(tables[-1], options):
            return _counted(tables[-1], source)
    if tables:
        return _counted(tables[0], source)  # what it lacks is said where its roles are settled
    raise UnreadableLog(
        f"{source.name} has no sheet with column names and rows; an event log has at least a "
        "case, an activity and a timestamp."
    )


def _is_log(raw: RawEvents, options: ReadOptions) -> bool:
    if is_table_of_a_desk(raw.columns.columns):
        return True
    try:
        choose_roles(as_text(raw.columns.head(SAMPLE_ROWS)), options, name="")
    except UnreadableLog:
        return False
    return True


def _counted(raw: RawEvents, source: Source) -> RawEvents:
    source.rows = raw.rows_read
    return raw


@contextmanager
def _one_sentence(source: Source) -> Iterator[None]:
    """What goes wrong inside the library, its panics included, as a sentence."""
    try:
        yield
    except PasswordError as error:
        raise UnreadableLog(
            f"{source.name} is protected by a password; save it without one."
        ) from error
    except CalamineError as error:
        raise UnreadableLog(f"{source.name} is a damaged workbook; save it again.") from error
    except BaseException as error:
        # Rust's panics reach Python as a class of their own below BaseException.
        if type(error).__name__ != "PanicException":
            raise
        raise UnreadableLog(f"{source.name} is a damaged workbook; save it again.") from error


def _sheet(workbook: CalamineWorkbook, name: str) -> _Sheet | None:
    """The sheet from its header on; None when it has none or no rows."""
    found = workbook.get_sheet_by_name(name)
    first = found.start[0] + 1 if found.start is not None else 1
    rows: list[Row] = []
    lines: list[int] = []
    header: list[str] | None = None
    for line, row in enumerate(found.iter_rows(), start=first):
        filled = sum(cell != "" for cell in row)
        if header is None:
            if filled >= NEEDED_COLUMNS:
                header = [str(cell).strip() for cell in row]
            elif line - first > LOOK_FOR_HEADER:
                return None
        elif filled:
            rows.append(row)
            lines.append(line)
    return _Sheet(name, header, rows, lines) if header is not None and rows else None


def _raw_events(sheet: _Sheet, names: list[str]) -> RawEvents:
    columns = unique_names(sheet.header)
    cells = zip(*sheet.rows, strict=True)
    notes = header_notes(sheet.header)
    if len(names) > 1:
        others = ", ".join(name for name in names if name != sheet.name)
        chosen = Note(code="sheet_chosen", values=(("sheet", sheet.name), ("others", others)))
        notes = (*notes, chosen)
    return RawEvents(
        columns=pl.DataFrame(
            [_column(name, list(values)) for name, values in zip(columns, cells, strict=True)]
        ),
        lines=np.array(sheet.lines, dtype=np.int64),
        rows_read=len(sheet.rows),
        refusals=Refusals(),
        encoding="utf-8",
        notes=notes,
        sheets=(sheet.name, *(name for name in names if name != sheet.name)),
    )


def _column(name: str, values: list[Any]) -> pl.Series:
    """Typed when all cells agree, else text; whole numbers are no decimals, midnights are dates."""
    given: list[Any] = [None if value == "" else value for value in values]
    kinds = {type(value) for value in given if value is not None}
    if kinds == {bool}:
        return pl.Series(name, given, dtype=pl.Boolean)
    if kinds and kinds <= {int, float}:
        whole = all(value is None or (value == value // 1 and abs(value) < 1e15) for value in given)
        return pl.Series(name, given, dtype=pl.Float64, strict=False).cast(
            pl.Int64 if whole else pl.Float64
        )
    if kinds and kinds <= {datetime, date}:
        moments = [_moment(value) for value in given]
        series = pl.Series(name, moments, dtype=pl.Datetime("us"))
        midnights = all(value is None or value.time() == time() for value in moments)
        return series.cast(pl.Date) if midnights else series
    return pl.Series(name, [_text(value) for value in given], dtype=pl.String)


def _moment(value: date | datetime | None) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001  # wall-clock, as the cell has it


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return str(value).strip() or None
