"""Event logs from XES (IEEE 1849), streamed: never the document in memory.

Canonical blocks of whole traces are read as arrays (`xes_blocks`), everything else by expat.

Measured on 262 k events (74 MB): a Python call per end tag costs a third of the time, so end tags
are only counted (`list.append` is the handler) and attributes are kept as the parser gives them,
then sorted into columns many thousand events at a time.
"""

import re
from collections.abc import Callable, Iterator
from xml.parsers import expat

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.raw_events import RawEvents, Refusals
from servoloop.kernel.interchange.read_report import Note
from servoloop.kernel.interchange.source import Source, UnreadableLog
from servoloop.kernel.interchange.text import as_utf8, known_encoding
from servoloop.kernel.interchange.xes_blocks import read_block
from servoloop.kernel.interchange.xes_cells import Cells, check_keys

FIRST_TRACE, LAST_TRACE_END = b"<trace>", b"</trace>"
BLOCK = 4 << 20
LONGEST_TRACE = 64 << 20
EVENTS_AT_ONCE = 1 << 16
DEEPEST = 200
LONGEST_TOKEN = 32 << 20
LOG, TRACE, EVENT = 1, 2, 3  # how many elements are open around their children
KNOWN_TO_EXPAT = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "iso8859-1")
CASE_NAME = "concept:name"
DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")


def read_xes_events(source: Source, options: ReadOptions) -> RawEvents:
    """Read every event of every trace; attributes of the trace become `case:KEY` columns.

    Raises UnreadableLog when the document is not well-formed, declares a document type (entities
    could be hidden in it), is nested without end, is no XES, or holds no events.
    """
    encoding = _encoding(source, options)
    reader = _XesReader(source, encoding)
    reader.read(_as_expat_reads(source.chunks(), encoding))
    if not reader.seen:
        raise UnreadableLog(f"{source.name} is a XES file without a single event.")
    return reader.raw_events()


def _encoding(source: Source, options: ReadOptions) -> str:
    if options.encoding is not None:
        return known_encoding(options.encoding)
    declared = DECLARED.search(source.head[:1000])
    if declared is None:
        wide = source.head.startswith((b"\xff\xfe", b"\xfe\xff"))
        return "utf-16" if wide else "utf-8"
    return known_encoding(declared[1].decode())


def _as_expat_reads(chunks: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    return chunks if encoding in KNOWN_TO_EXPAT else as_utf8(chunks, encoding)


class _XesReader:
    def __init__(self, source: Source, encoding: str) -> None:
        self.seen = 0
        self._source = source
        self._encoding = encoding
        self._refusals = Refusals()
        self._classifiers: list[tuple[str, str]] = []
        self._events = Cells()
        self._traces = Cells()
        self._traces_seen = 0
        self._trace_of_event: list[int] = []
        self._lines: list[int] = []
        self._block_owners: list[npt.NDArray[np.int64]] = []
        self._block_lines: list[npt.NDArray[np.int64]] = []
        self._block_events = 0
        self._feeds_in_blocks = 0
        override = "utf-8" if encoding not in KNOWN_TO_EXPAT else None
        self._parser = expat.ParserCreate(override, intern={})
        self._parser.ordered_attributes = True
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype
        self._open_elements: Callable[[], int]
        self._install_handlers()

    def read(self, chunks: Iterator[bytes]) -> None:
        fed = 0
        try:
            for chunk in self._without_blocks(chunks):
                self._parser.Parse(chunk)
                fed += len(chunk)
                if fed - self._parser.CurrentByteIndex > LONGEST_TOKEN:
                    raise UnreadableLog(
                        f"{self._source.name} holds a single tag or text of more than "
                        f"{LONGEST_TOKEN >> 20} MB at line {self._line():,}."
                    )
                self._source.rows = self.seen = self._block_events + len(self._lines)
                if self._events.waiting_rows(self.seen) >= EVENTS_AT_ONCE:
                    self._events.settle(self.seen)
                check_keys(max(self._events.keys, self._traces.keys))
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise UnreadableLog(
                f"{self._source.name} is not well-formed XML at line "
                f"{error.lineno + self._feeds_in_blocks:,}: {expat.ErrorString(error.code)}."
            ) from error
        self.seen = self._block_events + len(self._lines)

    def _without_blocks(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """What is left to the parser: the head, the tail, and all from the first block on that is
        not canonical; the blocks between are read here.
        """
        if self._encoding in KNOWN_TO_EXPAT and self._encoding not in ("utf-8", "ascii"):
            yield from chunks
            return
        head = b""
        for chunk in chunks:
            head += chunk
            if FIRST_TRACE in head or len(head) > LONGEST_TRACE:
                break
        before, _, _ = head.partition(FIRST_TRACE)
        yield before
        rest = head[len(before) :]
        if self._open_elements() == LOG:
            line = 1 + before.count(b"\n")
            for chunk in chunks:
                rest += chunk
                if len(rest) < BLOCK:
                    continue
                taken = self._take_block(rest, line + self._feeds_in_blocks)
                rest = rest[taken:]
                if not taken or len(rest) > LONGEST_TRACE:
                    break
            else:
                rest = rest[self._take_block(rest, line + self._feeds_in_blocks) :]
        yield rest
        yield from chunks

    def _take_block(self, text: bytes, line: int) -> int:
        """Read the whole traces at the beginning of the text; the number of bytes read, or 0."""
        end = text.rfind(LAST_TRACE_END) + len(LAST_TRACE_END)
        block = read_block(text[:end]) if end >= len(LAST_TRACE_END) else None
        if block is None:
            return 0
        self._events.add_block(block.events.columns, block.events.kinds)
        self._traces.add_block(block.traces.columns, block.traces.kinds)
        self._block_owners.append(block.owners + self._traces_seen)
        self._block_lines.append(block.event_lines + line)
        self._block_events += block.events.columns.height
        self._traces_seen += block.traces.columns.height
        self._feeds_in_blocks += block.line_feeds
        self._source.rows = self._block_events
        check_keys(max(self._events.keys, self._traces.keys))
        return end

    def _line(self) -> int:
        return self._parser.CurrentLineNumber + self._feeds_in_blocks

    def raw_events(self) -> RawEvents:
        events = self._events.frame(self.seen)
        traces = self._traces.frame(self._traces_seen)
        notes = []
        traces, unnamed = _named(traces)
        if unnamed:
            notes.append(Note(code="unnamed_traces", values=(("traces", unnamed),)))
        repeated = traces.height - traces["case:" + CASE_NAME].n_unique()
        if repeated:
            notes.append(Note(code="repeated_traces", values=(("traces", repeated),)))
        owners = np.concatenate([*self._block_owners, np.array(self._trace_of_event, np.int64)])
        if "case:" + CASE_NAME in events.columns:
            events = events.drop("case:" + CASE_NAME)
        clashing = [column for column in traces.columns if column in events.columns]
        per_event = traces.drop(clashing)[owners]
        return RawEvents(
            columns=pl.concat([events, per_event], how="horizontal"),
            lines=np.concatenate([*self._block_lines, np.array(self._lines, np.int64)]),
            rows_read=self.seen + self._refusals.count,
            refusals=self._refusals,
            encoding=self._encoding,
            empty_cases=self._traces_seen - int((np.bincount(owners) > 0).sum()),
            classifiers=tuple(self._classifiers),
            notes=tuple(notes),
        )

    def _refuse_doctype(self, *_: object) -> None:
        raise UnreadableLog(
            f"{self._source.name} declares a document type (DOCTYPE), which could hide entities; "
            "no XES log needs one, remove it."
        )

    def _refuse_root(self, name: str) -> None:
        raise UnreadableLog(
            f"{self._source.name} is XML with the root <{name[:40]}>; a XES log has the root <log>."
        )

    def _refuse_depth(self) -> None:
        raise UnreadableLog(
            f"{self._source.name} nests elements more than {DEEPEST} deep at line "
            f"{self._line():,}; no event log does."
        )

    def _install_handlers(self) -> None:
        """Closures over locals: attribute access on self would cost a fifth of the time."""
        parser = self._parser
        ended: list[str] = []
        lines, owners = self._lines, self._trace_of_event
        event_cells, trace_cells = self._events, self._traces
        keep_event_cell, keep_kind = event_cells.given.append, event_cells.kinds.append
        keep_event_at = event_cells.first_cells.append
        started = 0
        in_trace = in_event = False
        top: list[str] = []
        path: list[str] = []
        prefixed = False

        def start(name: str, given: list[str]) -> None:
            nonlocal started, in_trace, in_event, top
            depth = started - len(ended)
            started += 1
            if depth == EVENT:
                if in_event:
                    keep_event_cell(given)
                    keep_kind(name)
                    top = given
                elif in_trace:
                    nested(name, given, depth)
            elif depth == TRACE:
                if not in_trace:
                    return
                in_event = name == "event" or (prefixed and name.endswith(":event"))
                if in_event:
                    lines.append(parser.CurrentLineNumber + self._feeds_in_blocks)
                    owners.append(self._traces_seen - 1)
                    keep_event_at(len(event_cells.given))
                else:
                    trace_cells.keep(name, given)
                    top = given
            else:
                outside(name, given, depth)

        def nested(name: str, given: list[str], depth: int) -> None:
            """An attribute of an attribute is kept under the keys of both: `parent/child`."""
            base = EVENT + 1 if in_event else EVENT
            attributes = dict(zip(given[::2], given[1::2], strict=True))
            del path[depth - base :]
            path.append(attributes.get("key", ""))
            value = attributes.get("value")
            if value is not None:
                parent = dict(zip(top[::2], top[1::2], strict=True)).get("key", "")
                key = "/".join(part for part in (parent, *path) if part)
                (event_cells if in_event else trace_cells).keep(name, ["key", key, "value", value])

        def outside(name: str, given: list[str], depth: int) -> None:
            nonlocal in_trace, in_event, prefixed
            if depth > DEEPEST:
                self._refuse_depth()
            local = name.rpartition(":")[2]
            if depth == 0:
                prefixed = ":" in name
                if local != "log":
                    self._refuse_root(name)
            elif depth == LOG:
                in_event = False
                in_trace = local == "trace"
                if in_trace:
                    self._traces_seen += 1
                    trace_cells.first_cells.append(len(trace_cells.given))
                else:
                    self._beside_traces(local, given)
            elif in_trace:
                nested(name, given, depth)

        self._open_elements = lambda: started - len(ended)
        parser.StartElementHandler = start
        parser.EndElementHandler = ended.append

    def _beside_traces(self, name: str, given: list[str]) -> None:
        if name == "event":
            self._refusals.add(self._line(), "event outside of any trace")
        elif name == "classifier":
            attributes = dict(zip(given[::2], given[1::2], strict=True))
            self._classifiers.append((attributes.get("name", ""), attributes.get("keys", "")))
        elif name in ("events", "objects", "object-types", "event-types"):
            raise UnreadableLog(
                f"{self._source.name} is an object-centric log; read it as OCEL (--format ocel)."
            )


def _named(traces: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    """The traces with a name each (`trace 17` where it is missing), columns called `case:KEY`."""
    numbered = pl.Series([f"trace {row}" for row in range(1, traces.height + 1)], dtype=pl.String)
    given = (
        traces[CASE_NAME].cast(pl.String)
        if CASE_NAME in traces.columns
        else pl.Series([None] * traces.height, dtype=pl.String)
    )
    unnamed = given.null_count()
    rest = traces.drop(CASE_NAME, strict=False)
    rest = rest.rename({column: f"case:{column}" for column in rest.columns})
    names = given.fill_null(numbered).alias("case:" + CASE_NAME)
    return pl.concat([names.to_frame(), rest], how="horizontal"), unnamed
