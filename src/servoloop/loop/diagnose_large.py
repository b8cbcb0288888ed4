"""Diagnose a log that outgrows memory: the flow of all of it, the rest of a stretch of its cases.

Map, variants, times, rework, reopenings, handovers and arrivals are sums over cases and are exact,
whatever the size. Findings, root causes, waiting causes, value and conformance need many cases side
by side; they are told of the last million events in the file, and the diagnosis says so.
"""

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from servoloop.kernel.interchange.csv_reader import csv_frames
from servoloop.kernel.interchange.log_parts import (
    ROWS_AT_ONCE,
    DealtLog,
    Frames,
    LogParts,
    ScatteredCases,
    deal_out,
    parquet_frames,
    parquet_roles,
    parquet_rows,
    regrouped,
)
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.interchange.read import read_log, source_of
from servoloop.kernel.interchange.roles import SAMPLE_ROWS, Roles, as_text, choose_roles
from servoloop.kernel.interchange.source import sniff_format
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.flow import Flow
from servoloop.kernel.mining.flow_parts import flow_of_parts
from servoloop.kernel.mining.rows import log_of_cases
from servoloop.kernel.mining.value import ValueOptions
from servoloop.kernel.process.program import Program
from servoloop.loop.diagnose import (
    VARIANTS_KEPT,
    Diagnosis,
    Examined,
    counts_of,
    diagnose,
)
from servoloop.loop.log_file import Progress

LARGE_EVENTS = 8_000_000
"""Held as a whole, so many events take about 3 GB."""
BYTES_AN_EVENT = 64
"""Of a CSV file, roughly; good enough to tell which files are large."""
PARQUET, GZIP = b"PAR1", b"\x1f\x8b"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Large:
    """A log in frames, with its roles and about how many events it has."""

    frames: Frames
    roles: Roles
    events: int
    is_parquet: bool


def outgrows_memory(path: Path, *, at_least: int = LARGE_EVENTS) -> bool:
    """Whether a Parquet or CSV file has so many events that it is better read in parts."""
    if path.is_dir():
        return True
    if not path.is_file() or path.stat().st_size < at_least:
        return False
    head = _beginning(path)
    if head == PARQUET:
        return parquet_rows(path) >= at_least
    if path.stat().st_size < at_least * BYTES_AN_EVENT or head.startswith(GZIP):
        return False
    with path.open("rb") as stream:
        source = source_of(stream, name=path.name, size=0, options=GUESS, listener=None)
        return sniff_format(source) == "csv"


def diagnose_large(
    path: Path,
    *,
    options: ReadOptions,
    definition: Program | None,
    aliases: Mapping[str, str],
    with_model: bool,
    value: ValueOptions | None = None,
    progress: Progress | None = None,
    rows_at_once: int = ROWS_AT_ONCE,
) -> Diagnosis:
    """Diagnose in memory that does not grow with the events; see `diagnose`.

    A file whose cases do not stand together is first dealt out into a temporary folder, which takes
    about the size of the file on disk.
    """
    large = _opened(path, options, rows_at_once, progress)
    with TemporaryDirectory(prefix="servoloop-") as folder:
        parts: LogParts | DealtLog = LogParts(large.frames, large.roles, options)
        try:
            if not large.is_parquet:
                raise ScatteredCases  # text is parsed once, on its way into the folder
            flow = flow_of_parts(parts, zone=options.zone, top=VARIANTS_KEPT)
            some = _last_cases(path, options, rows_at_once)
        except ScatteredCases:
            buckets = large.events // rows_at_once + 1
            deal_out(large.frames, Path(folder), roles=large.roles, buckets=buckets)
            parts = DealtLog(Path(folder), large.roles, options, buckets=buckets)
            flow = flow_of_parts(parts, zone=options.zone, top=VARIANTS_KEPT)
            some = next(iter(parts()))
    examined = diagnose(
        some,
        name=path.name,
        read_report=None,
        zone=options.zone,
        definition=definition,
        aliases=aliases,
        with_model=with_model,
        value=value,
    )
    return _with_flow(examined, flow)


def _with_flow(examined: Diagnosis, flow: Flow) -> Diagnosis:
    """The diagnosis of some cases, with the flow of all of them."""
    return replace(
        examined,
        examined=Examined(cases=examined.counts.cases, events=examined.counts.events),
        counts=counts_of(flow),
        process_map=flow.process_map,
        variants=flow.variants,
        cycle_times=flow.cycle_times,
        slowest=flow.slowest,
        total_wait=flow.total_wait,
        rework=flow.rework,
        reopenings=flow.reopenings,
        handovers=flow.handovers,
        arrivals=flow.arrivals,
    )


def _opened(
    path: Path, options: ReadOptions, rows_at_once: int, progress: Progress | None
) -> _Large:
    if path.is_dir() or _beginning(path) == PARQUET:
        roles = parquet_roles(path, options)
        columns = sorted(roles.all_columns())
        frames = parquet_frames(path, columns, rows_at_once=rows_at_once)
        return _Large(frames=frames, roles=roles, events=parquet_rows(path), is_parquet=True)
    with closing(_csv_rows(path, options, None)) as rows:
        first = next(rows)
    roles = choose_roles(as_text(first.head(SAMPLE_ROWS)), options, name=path.name)

    def frames_of_text() -> Iterator[pl.DataFrame]:
        columns = sorted(roles.all_columns())
        rows = (frame.select(columns) for frame in _csv_rows(path, options, progress))
        return regrouped(rows, rows_at_once=rows_at_once)

    events = path.stat().st_size // BYTES_AN_EVENT
    return _Large(frames=frames_of_text, roles=roles, events=events, is_parquet=False)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(len(PARQUET))


def _csv_rows(
    path: Path, options: ReadOptions, progress: Progress | None
) -> Generator[pl.DataFrame]:
    with path.open("rb") as stream:
        size = path.stat().st_size
        source = source_of(stream, name=path.name, size=size, options=options, listener=progress)
        yield from csv_frames(source, options)


def _last_cases(path: Path, options: ReadOptions, rows: int) -> EventLog:
    """The cases that lie wholly in the last rows of a file in which cases stand together."""
    height = parquet_rows(path)
    begin = max(0, height - rows)
    with BytesIO() as stream:
        pl.scan_parquet(path).slice(begin, rows).collect().write_parquet(stream)
        stream.seek(0)
        log = read_log(stream, name=path.name, options=options).log
    if not begin or log.cases == 1:
        return log
    is_whole = np.ones(log.cases, dtype=np.bool_)
    is_whole[log.case.codes[log.seq == 0]] = False  # it may have begun before these rows
    return log_of_cases(log, is_whole)
