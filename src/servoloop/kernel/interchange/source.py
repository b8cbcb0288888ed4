"""Bytes in: decompression with a limit, and a look at the beginning to tell what a file is."""

import re
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.options import LogFormat
from servoloop.kernel.interchange.read_report import ReadProgress

CHUNK = 1 << 20
INFLATION_FREE = 64 << 20
GZIP = b"\x1f\x8b"
NOT_LOGS = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ": "an xz archive",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file, or one protected by a password",
    b"\x7fELF": "a program",
}
MARKS = b"\xef\xbb\xbf\xff\xfe \t\r\n"
OBJECT_CENTRIC = re.compile(rb"<(?:object-types|event-types|objects|events)\b")
JSON_FORMATS: tuple[tuple[LogFormat, re.Pattern[bytes]], ...] = (
    ("ocel", re.compile(rb'"(?:ocel:[a-z-]+|objectTypes|eventTypes)"\s*:')),
    ("freshdesk", re.compile(rb'"(?:activities_data|performed_at|fr_due_by)"\s*:')),
    (
        "jira",
        re.compile(rb'"(?:changelog|changeHistories|issueChangeLogs|fromString|issuetype)"\s*:'),
    ),
    (
        "zendesk",
        re.compile(
            rb'"(?:audits|child_events|ticket_events|raw_subject|metric_set)"\s*:'
            rb'|"ticket_id"\s*:.*"events"\s*:|"events"\s*:.*"ticket_id"\s*:',
            re.DOTALL,
        ),
    ),
    ("servicenow", re.compile(rb'"(?:documentkey|fieldname|opened_at|incident_state)"\s*:')),
    # The weakest sign last: an audit of Zendesk may begin so too.
    ("ocel", re.compile(rb'^\W*"(?:objects|events)"\s*:\s*\[')),
)
"""By members that only they have; the first that fits."""
PAGE = re.compile(rb"[\s\xef\xbb\xbf\xff\xfe]*<(?:!doctype\s+html|html)\b", re.IGNORECASE)
MOST_ZEROS = 0.02
"""Text with more zero bytes than this share is no text; of rows with fewer each is refused."""
ZERO_BYTES_NOT_BINARY = (b"\xff\xfe", b"\xfe\xff")

Listener = Callable[[ReadProgress], None]


class UnreadableLog(ServoloopError):
    """The file as a whole is no event log; the sentence says why and what would work."""


class Source:
    """The decompressed bytes of a log, chunk by chunk, counted on the way.

    `size` is the length of the file on disk (0 when unknown); `listener` hears after each chunk how
    much was read, with the number of rows the reader last put into `rows`.
    """

    def __init__(
        self,
        stream: BinaryIO,
        *,
        name: str,
        size: int = 0,
        largest_inflation: int,
        listener: Listener | None = None,
    ) -> None:
        self.name = name
        self.rows = 0
        self.bytes_read = 0
        self._stream = stream
        self._size = size
        self._largest_inflation = largest_inflation
        self._listener = listener
        self._first = stream.read(CHUNK)
        self.compression: Literal["none", "gzip"] = (
            "gzip" if self._first.startswith(GZIP) else "none"
        )
        self._chunks = self._inflated() if self.compression == "gzip" else self._raw()
        self.head = next(self._chunks, b"")

    def whole(self) -> BinaryIO:
        """The stream from its beginning, for formats whose index stands at the end."""
        if self.compression == "gzip" or not self._stream.seekable():
            raise UnreadableLog(f"{self.name} must be a plain file; decompress it first.")
        self._stream.seek(0)
        return self._stream

    def path(self) -> str | None:
        """Where the file lies, for formats that a library reads in place; None when compressed or
        not a file."""
        place = place_of(self._stream)
        return place if isinstance(place, str) and self.compression == "none" else None

    def chunks(self) -> Iterator[bytes]:
        """All bytes from the beginning (once)."""
        if self.head:
            yield self.head
        yield from self._chunks

    def _raw(self) -> Iterator[bytes]:
        chunk = self._first
        while chunk:
            self.bytes_read += len(chunk)
            yield chunk
            self._report()
            chunk = self._stream.read(CHUNK)

    def _inflated(self) -> Iterator[bytes]:
        inflater = zlib.decompressobj(wbits=31)
        inflated = 0
        chunk = self._first
        while chunk:
            self.bytes_read += len(chunk)
            while chunk:
                try:
                    plain = inflater.decompress(chunk, CHUNK)
                except zlib.error as error:
                    raise UnreadableLog(
                        f"{self.name} is a damaged gzip file after {inflated:,} bytes; "
                        "compress it again from the original."
                    ) from error
                inflated += len(plain)
                self._refuse_a_bomb(inflated)
                if plain:
                    yield plain
                chunk = inflater.unconsumed_tail
                if inflater.eof:
                    chunk = inflater.unused_data
                    if not chunk.startswith(GZIP):
                        chunk = b""  # padding after the last member
                    else:
                        inflater = zlib.decompressobj(wbits=31)
            self._report()
            chunk = self._stream.read(CHUNK)
            if chunk and inflater.eof and chunk.startswith(GZIP):
                inflater = zlib.decompressobj(wbits=31)
        if not inflater.eof:
            raise UnreadableLog(
                f"{self.name} is a gzip file cut off after {inflated:,} bytes of content; "
                "copy or download it again."
            )

    def _refuse_a_bomb(self, inflated: int) -> None:
        if inflated > INFLATION_FREE and inflated > self.bytes_read * self._largest_inflation:
            raise UnreadableLog(
                f"{self.name} inflates to more than {self._largest_inflation} times its size, "
                "which no event log does; decompress it yourself if it is genuine."
            )

    def _report(self) -> None:
        if self._listener is not None:
            self._listener(
                ReadProgress(bytes_read=self.bytes_read, bytes_total=self._size, rows=self.rows)
            )


def place_of(stream: BinaryIO) -> BinaryIO | str:
    """Where the file lies, so that a library maps it instead of copying it; else the stream."""
    name = getattr(stream, "name", None)
    return name if isinstance(name, str) else stream


def sniff_format(source: Source) -> LogFormat:
    """Tell CSV from XES by the content, never by the name; refuse what is neither."""
    head = source.head
    if not head.strip():
        raise UnreadableLog(f"{source.name} is empty; an event log has a header and rows.")
    for magic, what in NOT_LOGS.items():
        if head.startswith(magic):
            raise UnreadableLog(
                f"{source.name} is {what}; export the log as CSV, XLSX, XES or OCEL."
            )
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return "xlsx"
    if head.startswith(b"SQLite format 3\x00"):
        return "ocel"
    plain = head.replace(b"\x00", b"") if looks_like_utf16(head) else head
    if PAGE.match(plain[:4096]):
        raise UnreadableLog(
            f"{source.name} is a web page, perhaps one that asks for a login; export the log again."
        )
    if looks_like_xml(plain):
        return "ocel" if OBJECT_CENTRIC.search(plain) else "xes"
    if looks_like_json(plain):
        return _json_format(plain, source.name)
    if _is_binary(head[:65536]) and not looks_like_utf16(head):
        raise UnreadableLog(
            f"{source.name} holds binary data, not text; export the log as CSV, XES (also .gz) or "
            "Parquet."
        )
    return "csv"


def _is_binary(head: bytes) -> bool:
    """Zero bytes among the names of columns, or many anywhere; a few in rows refuse those rows."""
    return 0 in head.partition(b"\n")[0] or head.count(0) > MOST_ZEROS * len(head)


def _json_format(head: bytes, name: str) -> LogFormat:
    for format, pattern in JSON_FORMATS:
        if pattern.search(head):
            return format
    raise UnreadableLog(
        f"{name} is JSON, but neither OCEL nor an export of Zendesk, Jira, ServiceNow or Freshdesk "
        "with the history of tickets; export the log as CSV, XLSX, XES or OCEL."
    )


def looks_like_json(head: bytes) -> bool:
    """Is the first mark, blanks and byte order marks aside, a brace or bracket?"""
    return head[:4096].replace(b"\x00", b"").lstrip(MARKS)[:1] in (b"{", b"[")


def looks_like_xml(head: bytes) -> bool:
    """Is the first mark, blanks and byte order marks aside, a `<`?"""
    return head[:4096].replace(b"\x00", b"").lstrip(MARKS).startswith(b"<")


def looks_like_utf16(head: bytes) -> bool:
    """A byte order mark, or every second byte of the beginning zero (Latin text in UTF-16)."""
    if head.startswith(ZERO_BYTES_NOT_BINARY):
        return True
    sample = head[:2000]
    zeros = (sample[0::2].count(0), sample[1::2].count(0))
    return len(sample) >= 8 and max(zeros) > len(sample) * 0.4 and min(zeros) < len(sample) * 0.02
