"""From raw rows to an EventLog: roles settled, times read, rows ordered, quality counted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.interchange.cleaning import (
    duplicates,
    ends_before_start,
    equal_moments,
    implausible,
    proposals,
)
from servoloop.kernel.interchange.log_edges import log_edges
from servoloop.kernel.interchange.options import LogFormat, ReadOptions
from servoloop.kernel.interchange.raw_events import RawEvents
from servoloop.kernel.interchange.read_report import Note, ReadReport, Role
from servoloop.kernel.interchange.roles import (
    OF_CASE,
    SAMPLE_ROWS,
    SEQUENCE,
    Roles,
    as_text,
    choose_roles,
    joined,
)
from servoloop.kernel.interchange.source import Source, UnreadableLog
from servoloop.kernel.interchange.timestamps import ParsedTimes, parse_timestamps
from servoloop.kernel.mining.event_log import (
    NO_TIME,
    NOT_GIVEN,
    Coded,
    EventLog,
    Micros,
    encode,
    take,
)

SUMMER_TIME = 1
"""Offsets of one zone differ by this many hours over the year; more is more than one zone."""


FEW_CASES = 5
"""With fewer cases, one event in each of them says nothing."""

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLog:
    """An event log and how it came about."""

    log: EventLog
    report: ReadReport


def assemble(raw: RawEvents, *, options: ReadOptions, source: Source, format: LogFormat) -> ReadLog:
    """Settle roles and times; refuse rows without case, activity or a readable time.

    Raises UnreadableLog when a role cannot be told or when no row is left.
    """
    roles = choose_roles(as_text(raw.columns.head(SAMPLE_ROWS)), options, name=source.name)
    times = parse_timestamps(
        joined(raw.columns, roles.columns("timestamp")),
        format=options.timestamp_format,
        zone=options.zone,
    )
    kept = _kept_rows(raw, roles, times)
    if not kept.any():
        reasons = "; ".join(reason for reason in list(raw.refusals.by_reason)[:3])
        raise UnreadableLog(
            f"None of the {raw.rows_read:,} rows of {source.name} can be read: {reasons}."
        )
    starts = _starts(raw, roles, options)
    log, out_of_order = _ordered(raw, roles, times.ts, starts, kept)
    return ReadLog(
        log=log, report=_report(raw, roles, times, log, options, source, format, out_of_order)
    )


def _kept_rows(raw: RawEvents, roles: Roles, times: ParsedTimes) -> Mask:
    cases = joined(raw.columns, roles.columns("case"))
    activities = joined(raw.columns, roles.columns("activity"))
    kept: Mask = times.ts != NO_TIME
    if not cases.null_count() and not activities.null_count() and kept.all():
        return kept
    case, activity = cases.is_not_null().to_numpy(), activities.is_not_null().to_numpy()
    kept &= case & activity
    stamps = joined(raw.columns, roles.columns("timestamp"))
    format_name = times.formats[0].format if times.formats else "any known date format"
    refused = np.flatnonzero(~kept)
    for row, stamp in zip(refused, stamps.gather(refused), strict=True):
        reason, kind = _why_refused(
            case=bool(case[row]), activity=bool(activity[row]), stamp=stamp, format=format_name
        )
        raw.refusals.add(int(raw.lines[row]), reason, kind=kind)
    raw.refusals.listed.sort(key=lambda refusal: refusal.line)
    return kept


def _why_refused(*, case: bool, activity: bool, stamp: str | None, format: str) -> tuple[str, str]:
    if not case:
        return ("has no case",) * 2
    if not activity:
        return ("has no activity",) * 2
    if stamp is None:
        return ("has no timestamp",) * 2
    return f"timestamp '{stamp[:60]}' does not read as {format}", "timestamp does not read"


def _starts(raw: RawEvents, roles: Roles, options: ReadOptions) -> Micros | None:
    columns = roles.columns("start")
    if not columns:
        return None
    return parse_timestamps(joined(raw.columns, columns), format=None, zone=options.zone).ts


def _ordered(
    raw: RawEvents, roles: Roles, ts: Micros, starts: Micros | None, kept: Mask
) -> tuple[EventLog, int]:
    rows = None if kept.all() else np.flatnonzero(kept)
    frame = raw.columns if rows is None else raw.columns[rows]
    ts = ts if rows is None else ts[rows]
    starts = starts if rows is None or starts is None else starts[rows]
    case = encode(joined(frame, roles.columns("case")))
    order = case_order(case, ts)
    case = _placed(case, order)
    seq = np.arange(len(ts), dtype=np.int64) if order is None else order
    borders = np.flatnonzero(case.codes[1:] != case.codes[:-1]) + 1
    taken = {*roles.all_columns(), SEQUENCE}
    free = [column for column in frame.columns if column not in taken]
    of_cases = [column for column in free if column.startswith(OF_CASE)]
    rest = [column for column in free if not column.startswith(OF_CASE)]
    offsets = np.concatenate(([0], borders, [len(ts)])).astype(np.int64)

    def role(name: Role) -> Coded | None:
        columns = roles.columns(name)
        return _placed(encode(joined(frame, columns)), order) if columns else None

    log = EventLog(
        case=case,
        activity=_placed(encode(joined(frame, roles.columns("activity"))), order),
        ts=ts if order is None else ts[order],
        seq=seq,
        offsets=offsets,
        start=starts if order is None or starts is None else starts[order],
        resource=role("resource"),
        team=role("team"),
        lifecycle=role("lifecycle"),
        attributes=_gathered(frame, rest, order),
        case_attributes=_of_cases(frame, of_cases, seq, offsets),
    )
    return log, 0 if order is None else _out_of_order(seq, case)


def case_order(case: Coded, ts: Micros) -> npt.NDArray[np.int64] | None:
    """The rows ordered by (case, ts, row): stable, so equal times keep the order of the file.

    None when they stand so already.
    """
    codes = case.codes
    later = codes[1:] > codes[:-1]
    if (later | ((codes[1:] == codes[:-1]) & (ts[1:] >= ts[:-1]))).all():
        return None
    by_time = np.argsort(ts, kind="stable")
    return by_time[np.argsort(codes[by_time], kind="stable")]


def _placed(coded: Coded, order: npt.NDArray[np.int64] | None) -> Coded:
    return coded if order is None else take(coded, order)


def _out_of_order(seq: npt.NDArray[np.int64], case: Coded) -> int:
    return int(((seq[1:] < seq[:-1]) & (case.codes[1:] == case.codes[:-1])).sum())


def _of_cases(
    frame: pl.DataFrame,
    columns: list[str],
    seq: npt.NDArray[np.int64],
    offsets: npt.NDArray[np.int64],
) -> pl.DataFrame:
    """Case attributes as the first row of each case in the file has them."""
    first = np.minimum.reduceat(seq, offsets[:-1]) if columns else offsets[:-1]
    return frame.select(columns)[first] if columns else pl.DataFrame(height=len(first))


def _gathered(
    frame: pl.DataFrame, columns: list[str], order: npt.NDArray[np.int64] | None
) -> pl.DataFrame:
    if not columns:
        return pl.DataFrame(height=frame.height)
    return frame.select(columns) if order is None else frame.select(columns)[order]


def _report(
    raw: RawEvents,
    roles: Roles,
    times: ParsedTimes,
    log: EventLog,
    options: ReadOptions,
    source: Source,
    format: LogFormat,
    out_of_order: int,
) -> ReadReport:
    edges = log_edges(log)
    return ReadReport(
        format=format,
        compression=source.compression,
        bytes_read=source.bytes_read,
        encoding=raw.encoding,
        delimiter=raw.delimiter,
        roles=roles.chosen,
        timestamp_formats=times.formats,
        zone=options.zone,
        zoned_rows=times.zoned_rows,
        naive_rows=times.naive_rows,
        offsets=times.offsets,
        rows_read=raw.rows_read,
        rows_refused=raw.refusals.count,
        refusals=tuple(raw.refusals.listed),
        refused_by_reason=tuple(sorted(raw.refusals.by_reason.items(), key=lambda kv: -kv[1])),
        empty_cases=raw.empty_cases,
        equal_timestamps=int(equal_moments(log).sum()),
        duplicates=int(duplicates(log).sum()),
        out_of_order=out_of_order,
        ends_before_start=int(ends_before_start(log).sum()),
        before_opening=edges.before_opening,
        cut_at_start=edges.cut_at_start,
        open_at_end=edges.open_at_end,
        suspicious_years=int(implausible(log).sum()),
        without_resource=_missing(log.resource),
        lifecycles=_lifecycles(log),
        classifiers=raw.classifiers,
        notes=raw.notes + _time_notes(times) + _shape_notes(log),
        proposals=proposals(log),
    )


def _missing(coded: Coded | None) -> int:
    return 0 if coded is None else int((coded.codes == NOT_GIVEN).sum())


def _lifecycles(log: EventLog) -> tuple[tuple[str, int], ...]:
    if log.lifecycle is None:
        return ()
    counts = np.bincount(log.lifecycle.codes + 1, minlength=len(log.lifecycle.names) + 1)[1:]
    pairs = zip(log.lifecycle.names, counts.tolist(), strict=True)
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def _shape_notes(log: EventLog) -> tuple[Note, ...]:
    """Is it a list of cases rather than their history?"""
    if log.cases < FEW_CASES or log.events > log.cases:
        return ()
    return (Note(code="one_event_per_case", values=(("cases", log.cases),)),)


def _time_notes(times: ParsedTimes) -> tuple[Note, ...]:
    notes = []
    if times.ambiguous:
        notes.append(Note(code="day_or_month_first", values=(("format", times.formats[0].format),)))
    if times.nonexistent:
        notes.append(Note(code="skipped_hour", values=(("rows", times.nonexistent),)))
    hours = [int(offset[:3]) + int(offset[0] + offset[4:]) / 60 for offset, _ in times.offsets]
    if times.zoned_rows and times.naive_rows:
        values = (("naive", times.naive_rows), ("zoned", times.zoned_rows))
        notes.append(Note(code="naive_and_zoned", values=values))
    if hours and max(hours) - min(hours) > SUMMER_TIME:
        listed = ", ".join(f"{offset} ({rows:,})" for offset, rows in times.offsets)
        notes.append(Note(code="several_zones", values=(("offsets", listed),)))
    return tuple(notes)
