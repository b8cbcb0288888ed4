"""Cuts CSV text into records with their line numbers, a block at a time.

Finding the record ends is vectorised: a line feed ends a record when an even number of quotes
stands before it. A block in which a quote stands where RFC 4180 allows none (`5" screen`) is read
by the standard library's reader instead, which takes such a quote literally.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.interchange.raw_events import Refusals
from servoloop.kernel.interchange.text import UNDECODABLE

BLOCK = 8 << 20
LONGEST_RECORD = 1 << 20
SENTINEL = "\x00end of block\x00"
OVERLONG = f"is longer than {LONGEST_RECORD >> 20} MB"
NEVER_CLOSES = "a quote that opens on this line never closes"
QUOTE, LINE_FEED, CARRIAGE_RETURN = 34, 10, 13

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Records:
    """Good records of a block: all columns as text, and the line of each."""

    columns: pl.DataFrame
    lines: Positions
    seen: int  # records in the block, refused ones included


@dataclass(slots=True, kw_only=True)
class RecordCutter:
    """Cuts a stream of UTF-8 chunks; `line` is the line at which the unread rest begins."""

    header: list[str]
    delimiter: str
    refusals: Refusals
    encoding: str
    line: int
    _overlong: bool = False

    def cut(self, chunks: Iterable[bytes]) -> Iterator[Records]:
        """All records of the stream, block by block, in order."""
        rest = b""
        for chunk in chunks:
            rest = self._after_overlong(rest + chunk)
            if len(rest) >= BLOCK:
                records, rest = self._block(rest, final=False)
                yield records
        while rest.strip(b"\r\n"):
            records, rest = self._block(rest if rest.endswith(b"\n") else rest + b"\n", final=True)
            yield records

    def _block(self, block: bytes, *, final: bool) -> tuple[Records, bytes]:
        data = np.frombuffer(block, dtype=np.uint8)
        quotes = np.flatnonzero(data == QUOTE)
        feeds = np.flatnonzero(data == LINE_FEED)
        if len(quotes) and not self._quotes_in_place(data, quotes):
            return self._by_standard_library(block, final=final)
        ends = feeds[np.searchsorted(quotes, feeds) % 2 == 0] if len(quotes) else feeds
        rest_at = int(ends[-1]) + 1 if len(ends) else 0
        if rest_at == 0 and (final or len(block) > LONGEST_RECORD):
            return self._refuse_runaway(block)
        records = self._records(data, block, quotes, feeds, ends)
        self.line += int(np.searchsorted(feeds, rest_at))
        return records, block[rest_at:]

    def _records(
        self,
        data: npt.NDArray[np.uint8],
        block: bytes,
        quotes: Positions,
        feeds: Positions,
        ends: Positions,
    ) -> Records:
        delimiters = np.flatnonzero(data == ord(self.delimiter))
        if len(quotes):
            delimiters = delimiters[np.searchsorted(quotes, delimiters) % 2 == 0]
        starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
        lines = self.line + np.searchsorted(feeds, starts)
        fields = np.diff(np.searchsorted(delimiters, np.append(starts, ends[-1:] + 1))) + 1
        lengths = ends - starts
        blank = (lengths == 0) | ((lengths == 1) & (data[starts] == CARRIAGE_RETURN))
        undecodable = self._holding(block, UNDECODABLE, ends)
        ragged = ~blank & (fields != len(self.header))
        good = ~blank & ~ragged & ~undecodable
        for row in np.flatnonzero(~blank & ~good):
            self._refuse(int(lines[row]), int(fields[row]), undecodable=bool(undecodable[row]))
        whole = block[: int(ends[-1]) + 1] if len(ends) else b""
        if not good.all():
            whole = b"".join(
                block[start : end + 1] for start, end in zip(starts[good], ends[good], strict=True)
            )
        columns = self._frame(whole)
        return Records(columns=columns, lines=lines[good], seen=int((~blank).sum()))

    def _frame(self, text: bytes) -> pl.DataFrame:
        schema = dict.fromkeys(self.header, pl.String)
        if not text:
            return pl.DataFrame(schema=schema)
        frame = pl.read_csv(
            text, has_header=False, schema=schema, separator=self.delimiter, quote_char='"',
        )  # fmt: skip
        # Only a quoted "" is read as text without characters; it is as missing as nothing at all.
        return frame.with_columns(pl.all().replace("", None)) if b'""' in text else frame

    def _holding(self, block: bytes, mark: bytes, ends: Positions) -> npt.NDArray[np.bool_]:
        held = np.zeros(len(ends), dtype=np.bool_)
        at = block.find(mark)
        while at >= 0:
            row = int(np.searchsorted(ends, at))
            if row >= len(ends):
                break
            held[row] = True
            at = block.find(mark, int(ends[row]))
        return held

    def _quotes_in_place(self, data: npt.NDArray[np.uint8], quotes: Positions) -> bool:
        """Opening quotes follow a delimiter or a line's start, closing ones precede its like."""
        allowed = np.array([ord(self.delimiter), LINE_FEED, QUOTE], dtype=np.uint8)
        opening, closing = quotes[0::2], quotes[1::2]
        before = data[opening[opening > 0] - 1]
        after = data[closing[closing + 1 < len(data)] + 1]
        return bool(
            np.isin(before, allowed).all()
            and np.isin(after, np.append(allowed, np.uint8(CARRIAGE_RETURN))).all()
        )

    def _refuse_runaway(self, block: bytes) -> tuple[Records, bytes]:
        """Refuse the line on which a quote opens that never closes, and go on after it."""
        self._overlong = b"\n" not in block
        self.refusals.add(self.line, OVERLONG if self._overlong else NEVER_CLOSES)
        empty = Records(columns=self._frame(b""), lines=np.empty(0, np.int64), seen=1)
        if self._overlong:
            return empty, b""
        self.line += 1
        return empty, block[block.index(b"\n") + 1 :]

    def _after_overlong(self, text: bytes) -> bytes:
        """Skip the rest of a line that was refused before its end was seen."""
        if not self._overlong:
            return text
        end = text.find(b"\n")
        if end < 0:
            return b""
        self._overlong = False
        self.line += 1
        return text[end + 1 :]

    def _by_standard_library(self, block: bytes, *, final: bool) -> tuple[Records, bytes]:
        """Read whole lines with `csv`; a sentinel line after them shows a quote left open."""
        text, tail = block[: block.rindex(b"\n") + 1].decode(), block[block.rindex(b"\n") + 1 :]
        physical = text.split("\n")[:-1]
        reader = csv.reader(io.StringIO(text + SENTINEL, newline=""), delimiter=self.delimiter)
        rows: list[list[str]] = []
        numbers: list[int] = []
        seen = consumed = 0
        unclosed = False
        try:
            for row in reader:
                if row and row[-1].endswith(SENTINEL):
                    unclosed = row != [SENTINEL]
                    break
                if row:
                    seen += 1
                    self._sort_out(row, self.line + consumed, rows, numbers)
                consumed = reader.line_num
        except csv.Error:  # a field longer than any field is
            unclosed = final = True
        if unclosed and (final or len(block) > BLOCK + LONGEST_RECORD):
            self.refusals.add(self.line + consumed, NEVER_CLOSES)
            seen += 1
            consumed += 1
        self.line += consumed
        rest = "".join(line + "\n" for line in physical[consumed:]).encode() + tail
        return Records(
            columns=self._columns(rows), lines=np.array(numbers, np.int64), seen=seen
        ), rest

    def _columns(self, rows: list[list[str]]) -> pl.DataFrame:
        frame = pl.DataFrame(rows, schema=dict.fromkeys(self.header, pl.String), orient="row")
        return frame.with_columns(pl.all().replace("", None))

    def _sort_out(
        self, row: list[str], line: int, rows: list[list[str]], numbers: list[int]
    ) -> None:
        undecodable = any("\ufffd" in value for value in row)
        if len(row) == len(self.header) and not undecodable:
            rows.append(row)
            numbers.append(line)
        else:
            self._refuse(line, len(row), undecodable=undecodable)

    def _refuse(self, line: int, fields: int, *, undecodable: bool) -> None:
        if undecodable:
            self.refusals.add(line, f"holds bytes that are not {self.encoding} text")
            return
        expected = len(self.header)
        self.refusals.add(
            line,
            f"has {fields} fields where the header has {expected}",
            kind=f"not {expected} fields like the header",
        )
