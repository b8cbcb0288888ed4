"""Hostile and broken files: one clear sentence each, in bounded memory, or a row refused."""

import gzip
import io
import zlib
from collections.abc import Iterator

import pytest

from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.interchange.source import UnreadableLog
from tests.kernel.interchange.workbooks import workbook
from tests.kernel.mining.cast import read_bytes, read_text

HEADER = "case,activity,timestamp\n"
ROW = "1,Open,2026-01-05 09:00\n"
EVENT = (
    '<event><string key="concept:name" value="Open"/>'
    '<date key="time:timestamp" value="2026-01-05T09:00:00Z"/>{more}</event>'
)


class Endless(io.RawIOBase):
    """A stream that is made while it is read, and counts what was asked of it."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts = parts
        self.given = 0
        self.rest = b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while len(self.rest) < size and (part := next(self.parts, b"")):
            self.rest += part
        given, self.rest = self.rest[:size], self.rest[size:]
        self.given += len(given)
        return given


def sentence_of(data: bytes, options: ReadOptions | None = None, name: str = "log") -> str:
    with pytest.raises(UnreadableLog) as refused:
        read_bytes(data, options or ReadOptions(), name=name)
    said = str(refused.value)
    assert "\n" not in said
    assert said.endswith(".")
    return said


def test_a_line_of_a_hundred_megabytes_is_refused_and_the_rest_is_read():
    def parts() -> Iterator[bytes]:
        yield (HEADER + ROW + "2,").encode()
        yield from [b"a" * (1 << 20)] * 100
        yield b",2026-01-05 09:00\n" + ROW.encode()

    found = read_log(Endless(parts()), name="log.csv")
    assert found.log.events == 2
    assert [(each.line, each.reason) for each in found.report.refusals] == [
        (3, "is longer than 1 MB")
    ]


def test_a_file_without_a_single_line_end_is_given_up_early():
    stream = Endless(iter([b"a" * (1 << 20)] * 4096))
    with pytest.raises(UnreadableLog, match="is longer than 1 MB"):
        read_log(stream, name="log.csv")
    assert stream.given < 8 << 20


@pytest.mark.parametrize(
    ("begin", "said"),
    [
        (b'<log><trace><string key="concept:name" value="', "more than 32 MB"),
        (b'{"ticket_events":[{"x":"', "more than 64 MB"),
    ],
)
def test_a_value_without_end_is_given_up(begin: bytes, said: str):
    stream = Endless(iter([begin] + [b"a" * (1 << 20)] * 4096))
    with pytest.raises(UnreadableLog, match=said):
        read_log(stream, name="log")
    assert stream.given < 400 << 20


def test_a_file_that_inflates_without_end_is_given_up():
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    blanks = b" " * (1 << 20)
    head = packer.compress(b'<?xml version="1.0"?><log>')
    bomb = head + b"".join(packer.compress(blanks) for _ in range(100)) + packer.flush()
    assert "inflates to more than 300 times" in sentence_of(bomb)


def test_broken_and_doubled_compression_is_told():
    whole = gzip.compress((HEADER + ROW * 500).encode())
    assert "cut off" in sentence_of(whole[:-20])
    assert "damaged gzip" in sentence_of(whole[:40] + b"\x00" * 60)
    assert "binary data" in sentence_of(gzip.compress(whole))
    assert "is empty" in sentence_of(gzip.compress(b""))


def test_a_zip_that_is_no_workbook_and_a_workbook_cut_off_are_told():
    data = workbook({"Log": [["case", "activity", "timestamp"], ["1", "a", "2026-01-05 09:00"]]})
    assert "damaged ZIP archive or Excel workbook" in sentence_of(data[:-30])


def test_a_row_with_a_zero_byte_is_refused_with_its_line():
    found = read_bytes((HEADER + ROW * 9 + "2,Op\x00en,2026-01-05 09:00\n" + ROW).encode())
    assert found.log.events == 10
    assert [each.line for each in found.report.refusals] == [11]


def test_rows_in_another_encoding_than_most_are_refused_not_misread():
    row = "2,Prüfung,2026-01-05 09:00\n"
    data = (HEADER + row * 3).encode() + row.encode("cp1252") + ROW.encode()
    found = read_bytes(data)
    assert found.report.encoding == "utf-8"
    assert found.log.activity.names == ("Prüfung", "Open")
    assert [each.line for each in found.report.refusals] == [5]


@pytest.mark.parametrize("encoding", ["base64", "zlib", "idna", "klingon", "rot13"])
def test_what_is_no_text_encoding_is_told(encoding: str):
    said = sentence_of((HEADER + ROW).encode(), ReadOptions(encoding=encoding))
    assert said.startswith(f"No text encoding '{encoding}'")


@pytest.mark.parametrize("delimiter", ['"', "\n", "\0", "ü", ";;"])
def test_what_cannot_part_columns_is_told(delimiter: str):
    assert "delimiter is" in sentence_of((HEADER + ROW).encode(), ReadOptions(delimiter=delimiter))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "utf-16-be"])
def test_byte_order_marks_and_wide_characters_are_understood(encoding: str):
    assert read_bytes((HEADER + ROW * 20).encode(encoding)).log.events == 20


def test_ten_thousand_columns_are_read():
    names = ["case", "activity", "timestamp", *(f"c{n}" for n in range(10_000))]
    row = ["1", "Open", "2026-01-05 09:00", *["x"] * 10_000]
    found = read_text(",".join(names) + "\n" + (",".join(row) + "\n") * 3)
    assert (found.log.events, found.log.attributes.width) == (3, 10_000)


@pytest.mark.parametrize("begin", ["<log>", "<log><!-- read by the parser -->"])
def test_thousands_of_different_attributes_are_given_up(begin: str):
    keys = [f'<string key="k{n}" value="v"/>' for n in range(2_100)]
    traces = "".join(f"<trace>{EVENT.format(more=key)}</trace>\n" for key in keys)
    said = sentence_of(f"{begin}{traces}</log>".encode())
    assert said.startswith("The log has more than 2,000 different attributes")


def test_a_saved_login_page_is_called_a_web_page():
    assert "is a web page" in sentence_of(b"<!DOCTYPE html><html><body>Log in</body></html>")
