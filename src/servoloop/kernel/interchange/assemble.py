"""From raw rows to an EventLog: roles settled, times read, rows ordered, quality counted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.interchange.options import LogFormat, ReadOptions
from servoloop.kernel.interchange.raw_events import RawEvents
from servoloop.kernel.interchange.read_report import Note, ReadReport, Role
from servoloop.kernel.interchange.roles import SAMPLE_ROWS, Roles, choose_roles, joined
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

YEAR_1990 = 631_152_000_000_000
YEAR_2100 = 4_102_444_800_000_000

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
    known = raw.columns.drop(raw.case_columns) if format == "csv" else raw.columns
    sample = known.head(SAMPLE_ROWS).cast(pl.String)
    roles = choose_roles(sample, options, name=source.name)
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
    case = joined(raw.columns, roles.columns("case")).is_not_null().to_numpy()
    activity = joined(raw.columns, roles.columns("activity")).is_not_null().to_numpy()
    kept: Mask = case & activity & (times.ts != NO_TIME)
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
    rows = np.flatnonzero(kept).astype(np.int64)
    frame = raw.columns if len(rows) == len(kept) else raw.columns[rows]
    ts = ts[rows]
    case = encode(joined(frame, roles.columns("case")))
    order = case_order(case, ts)
    codes = case.codes[order]
    offsets = np.searchsorted(codes, np.arange(len(case.names) + 1))
    seq = order.astype(np.int64)
    out_of_order = int(((np.diff(seq) < 0) & (np.diff(codes) == 0)).sum())
    rest = [c for c in frame.columns if c not in roles.all_columns() and c not in raw.case_columns]
    first_rows = _first_rows(case, len(rows))
    log = EventLog(
        case=Coded(codes=codes, names=case.names),
        activity=take(encode(joined(frame, roles.columns("activity"))), order),
        ts=ts[order],
        seq=seq,
        offsets=offsets.astype(np.int64),
        start=None if starts is None else starts[rows][order],
        resource=_coded_role(frame, roles, "resource", order),
        team=_coded_role(frame, roles, "team", order),
        lifecycle=_coded_role(frame, roles, "lifecycle", order),
        attributes=_gathered(frame, rest, order),
        case_attributes=_gathered(
            frame, [c for c in raw.case_columns if c not in roles.all_columns()], first_rows
        ),
    )
    return log, out_of_order


def _gathered(frame: pl.DataFrame, columns: list[str], rows: npt.NDArray[np.int64]) -> pl.DataFrame:
    return frame.select(columns)[rows] if columns else pl.DataFrame(height=len(rows))


def case_order(case: Coded, ts: Micros) -> npt.NDArray[np.int64]:
    """The rows ordered by (case, ts, row): stable, so equal times keep the order of the file."""
    codes = case.codes.astype(np.int64)
    same_case = np.diff(codes) == 0
    if (np.diff(codes) >= 0).all() and (np.diff(ts)[same_case] >= 0).all():
        return np.arange(len(ts), dtype=np.int64)
    by_time = np.argsort(ts, kind="stable")
    return by_time[np.argsort(codes[by_time], kind="stable")]


def _first_rows(case: Coded, rows: int) -> npt.NDArray[np.int64]:
    first = np.full(len(case.names), rows, dtype=np.int64)
    np.minimum.at(first, case.codes, np.arange(rows))
    return first


def _coded_role(
    frame: pl.DataFrame, roles: Roles, role: Role, order: npt.NDArray[np.int64]
) -> Coded | None:
    columns = roles.columns(role)
    return take(encode(joined(frame, columns)), order) if columns else None


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
    same_case = np.diff(log.case.codes) == 0
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
        rows_read=raw.rows_read,
        rows_refused=raw.refusals.count,
        refusals=tuple(raw.refusals.listed),
        refused_by_reason=tuple(sorted(raw.refusals.by_reason.items(), key=lambda kv: -kv[1])),
        empty_cases=raw.empty_cases,
        equal_timestamps=int((same_case & (np.diff(log.ts) == 0)).sum()),
        duplicates=_duplicates(log),
        out_of_order=out_of_order,
        ends_before_start=_ends_before_start(log),
        suspicious_years=int(((log.ts < YEAR_1990) | (log.ts > YEAR_2100)).sum()),
        without_resource=_missing(log.resource),
        lifecycles=_lifecycles(log),
        classifiers=raw.classifiers,
        notes=raw.notes + _time_notes(times),
    )


def _duplicates(log: EventLog) -> int:
    keys: dict[str, npt.NDArray[np.signedinteger]] = {
        "case": log.case.codes,
        "ts": log.ts,
        "activity": log.activity.codes,
    }
    if log.resource is not None:
        keys["resource"] = log.resource.codes
    if log.lifecycle is not None:
        keys["lifecycle"] = log.lifecycle.codes
    if log.start is not None:
        keys["start"] = log.start
    near = _near_repeats(log)
    rows = pl.DataFrame({name: column[near] for name, column in keys.items()})
    return rows.height - rows.n_unique() if rows.height else 0


def _near_repeats(log: EventLog) -> npt.NDArray[np.int64]:
    """Rows that share case and time with a neighbour: only among these can duplicates be."""
    equal = (np.diff(log.case.codes) == 0) & (np.diff(log.ts) == 0)
    either = np.concatenate((equal, [False])) | np.concatenate(([False], equal))
    return np.flatnonzero(either)


def _ends_before_start(log: EventLog) -> int:
    if log.start is None:
        return 0
    return int(((log.start != NO_TIME) & (log.start > log.ts)).sum())


def _missing(coded: Coded | None) -> int:
    return 0 if coded is None else int((coded.codes == NOT_GIVEN).sum())


def _lifecycles(log: EventLog) -> tuple[tuple[str, int], ...]:
    if log.lifecycle is None:
        return ()
    counts = np.bincount(log.lifecycle.codes + 1, minlength=len(log.lifecycle.names) + 1)[1:]
    pairs = zip(log.lifecycle.names, counts.tolist(), strict=True)
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def _time_notes(times: ParsedTimes) -> tuple[Note, ...]:
    notes = []
    if times.ambiguous:
        notes.append(Note(code="day_or_month_first", values=(("format", times.formats[0].format),)))
    if times.nonexistent:
        notes.append(Note(code="skipped_hour", values=(("rows", times.nonexistent),)))
    return tuple(notes)
