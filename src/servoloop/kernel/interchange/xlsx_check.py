"""Is a workbook what it says it is? Checked before a library unpacks it, at the price of one pass.

A ZIP may inflate without end, and a sheet with one cell in its last corner asks for 17 billion
cells: both fit in a few kilobytes.
"""

import re
import zipfile
import zlib
from typing import BinaryIO

from servoloop.kernel.interchange.source import CHUNK, INFLATION_FREE, UnreadableLog

WORKBOOK = "xl/workbook.xml"
SHEETS = "xl/worksheets/"
PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})(\d{1,10})["']""")
LONGEST_PLACE = 40
CELLS_FREE = 20_000_000
EMPTY_PER_CELL = 20
"""A sheet may span this many times the cells it fills, once it spans more than `CELLS_FREE`."""


def check_workbook(stream: BinaryIO, *, name: str, largest_inflation: int) -> None:
    """Return if the stream is an XLSX workbook of honest size; it ends up at its beginning.

    Raises UnreadableLog when it is no ZIP, no workbook, inflates beyond reason, or is nearly empty
    over a huge area.
    """
    size = stream.seek(0, 2)
    allowed = max(INFLATION_FREE, size * largest_inflation)
    try:
        with zipfile.ZipFile(stream) as archive:
            if WORKBOOK not in archive.namelist():
                raise UnreadableLog(
                    f"{name} is a ZIP archive, not an Excel workbook; unpack it and give the log."
                )
            for entry in archive.infolist():
                allowed -= _inflated(archive, entry, allowed=allowed, name=name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableLog(
            f"{name} is a damaged ZIP archive or Excel workbook; save it again."
        ) from error
    stream.seek(0)


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, allowed: int, name: str) -> int:
    """The true length of an entry; sheets are looked through on the way."""
    # What the directory says of the length is not believed: read until it ends or is too much.
    entry.file_size = allowed + 2 * CHUNK
    extent = _Extent() if entry.filename.startswith(SHEETS) else None
    length = 0
    with archive.open(entry) as content:
        while chunk := content.read(CHUNK):
            length += len(chunk)
            if length > allowed:
                raise UnreadableLog(
                    f"{name} inflates to far more than its size, which no workbook does; save the "
                    "sheet as CSV if it is genuine."
                )
            if extent is not None:
                extent.look_at(chunk)
    if extent is not None and extent.is_hollow():
        raise UnreadableLog(
            f"A sheet of {name} spans {extent.rows:,} rows and {extent.columns:,} columns but is "
            "nearly empty; delete the stray cells at its far end."
        )
    return length


class _Extent:
    """How far the cells of a sheet reach, and how many there are."""

    def __init__(self) -> None:
        self.rows = 0
        self.columns = 0
        self._cells = 0
        self._rest = b""

    def look_at(self, chunk: bytes) -> None:
        text = self._rest + chunk
        places = PLACE.findall(text)
        self._rest = text[-LONGEST_PLACE:]
        if places:
            letters, digits = zip(*places, strict=True)
            self._cells += len(places)
            self.rows = max(self.rows, *map(int, set(digits)))
            self.columns = max(self.columns, *map(_column, set(letters)))

    def is_hollow(self) -> bool:
        spanned = self.rows * self.columns
        return spanned > max(CELLS_FREE, EMPTY_PER_CELL * self._cells)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
