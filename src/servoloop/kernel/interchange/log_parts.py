"""Logs too large to hold: read in parts of whole cases, straight from a file sorted by case, else
by way of a folder into which the rows are dealt out by case.

Only the columns that play a role are read. That cases stand together is not believed but checked
while reading: what a case is called is hashed at its first row, and no hash may come twice.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.assemble import case_order
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.read_report import Role
from servoloop.kernel.interchange.roles import SAMPLE_ROWS, Roles, as_text, choose_roles, joined
from servoloop.kernel.interchange.timestamps import parse_timestamps
from servoloop.kernel.mining.event_log import NO_TIME, Coded, EventLog, Micros, encode, take

ROWS_AT_ONCE = 1 << 20
ROW = "servoloop:row"
"""The column that keeps the place of a row in the file while rows are dealt out."""

Frames = Callable[[], Iterator[pl.DataFrame]]
"""The rows of a file in its order, some at a time, from the first again at every call."""


class ScatteredCases(ServoloopError):
    """The rows of a case do not stand together, so no part of the file holds whole cases."""

    def __init__(self) -> None:
        super().__init__("The events of a case do not stand together in the file.")


def parquet_frames(path: Path, columns: list[str], *, rows_at_once: int = ROWS_AT_ONCE) -> Frames:
    """Some columns of a Parquet file or of a folder of them."""
    scan = pl.scan_parquet(path).select(columns)
    height = parquet_rows(path)

    def frames() -> Iterator[pl.DataFrame]:
        for begin in range(0, height, rows_at_once):
            yield scan.slice(begin, rows_at_once).collect()

    return frames


def parquet_rows(path: Path) -> int:
    """How many rows a Parquet file or folder has, by its index alone."""
    return int(pl.scan_parquet(path).select(pl.len()).collect().item())


def parquet_roles(path: Path, options: ReadOptions) -> Roles:
    """The roles of the columns, guessed from the first rows as for any log."""
    sample = pl.scan_parquet(path).head(SAMPLE_ROWS).collect()
    nested = [name for name, dtype in sample.schema.items() if dtype.is_nested()]
    return choose_roles(as_text(sample.drop(nested)), options, name=path.name)


class LogParts:
    """The parts of a log whose rows come in frames; call it for an iterator over them.

    `refused` counts the rows without case, activity or readable time of the last pass.
    """

    def __init__(self, frames: Frames, roles: Roles, options: ReadOptions) -> None:
        self.refused = 0
        self._frames = frames
        self._roles = roles
        self._options = options

    def __call__(self) -> Iterator[EventLog]:
        """Parts of whole cases; ScatteredCases when there are none, after the last part at worst.

        `seq` counts the rows of the file from 0, refused ones included.
        """
        self.refused = 0
        read, heads, carried = 0, [], pl.DataFrame()
        for frame in self._frames():
            frame = pl.concat([carried, frame]) if carried.height else frame
            case = joined(frame, self._roles.columns("case")).cast(pl.String)
            begins = _begins(case)
            named = case.gather(begins)
            if named.n_unique() < len(named):  # at once where it shows in one frame already
                raise ScatteredCases
            cut = int(begins[-1])  # the last case may go on in the next frame
            if cut:
                heads.append(named[:-1].hash().to_numpy())
                yield from self._log(frame[:cut], np.arange(read, read + cut))
            read, carried = read + cut, frame[cut:]
        if carried.height:
            heads.append(named[-1:].hash().to_numpy())
            yield from self._log(carried, np.arange(read, read + carried.height))
        hashes = np.sort(np.concatenate(heads)) if heads else np.zeros(0)
        if (hashes[1:] == hashes[:-1]).any():
            raise ScatteredCases

    def _log(self, frame: pl.DataFrame, rows: npt.NDArray[np.int64]) -> Iterator[EventLog]:
        log = log_of_rows_read(frame, rows, roles=self._roles, options=self._options)
        self.refused += frame.height - (0 if log is None else log.events)
        if log is not None:
            yield log


class DealtLog:
    """The parts of a log whose rows are dealt out into a folder by case; see `deal_out`."""

    def __init__(self, folder: Path, roles: Roles, options: ReadOptions, *, buckets: int) -> None:
        self.refused = 0
        self._folder = folder
        self._roles = roles
        self._options = options
        self._buckets = buckets

    def __call__(self) -> Iterator[EventLog]:
        """One part a bucket; empty ones are left out."""
        self.refused = 0
        for bucket in range(self._buckets):
            files = sorted(self._folder.glob(f"{bucket:05}-*.parquet"))
            if not files:
                continue
            frame = pl.concat([pl.read_parquet(file) for file in files])
            rows = frame[ROW].to_numpy()
            log = log_of_rows_read(frame, rows, roles=self._roles, options=self._options)
            self.refused += frame.height - (0 if log is None else log.events)
            if log is not None:
                yield log


def deal_out(frames: Frames, folder: Path, *, roles: Roles, buckets: int) -> int:
    """Deal the rows out into files of `folder`, all rows of a case into one bucket; the rows.

    Memory holds some rows at a time, disk the columns that play a role.
    """
    read = 0
    for number, frame in enumerate(frames()):
        case = joined(frame, roles.columns("case")).cast(pl.String)
        dealt = frame.with_columns(
            pl.Series(ROW, np.arange(read, read + frame.height)),
            (case.hash() % buckets).alias("bucket"),
        )
        for (bucket,), rows in dealt.partition_by("bucket", as_dict=True).items():
            file = folder / f"{bucket:05}-{number:06}.parquet"
            rows.drop("bucket").write_parquet(file, compression="lz4", statistics=False)
        read += frame.height
    return read


def log_of_rows_read(
    frame: pl.DataFrame, rows: npt.NDArray[np.int64], *, roles: Roles, options: ReadOptions
) -> EventLog | None:
    """The log of rows in the order of the file, without attributes; None when none can be read."""
    ts = parse_timestamps(
        joined(frame, roles.columns("timestamp")),
        format=options.timestamp_format,
        zone=options.zone,
    ).ts
    kept = ts != NO_TIME
    for role in ("case", "activity"):
        kept &= joined(frame, roles.columns(role)).is_not_null().to_numpy()
    if not kept.all():
        which = np.flatnonzero(kept)
        frame, rows, ts = frame[which], rows[which], ts[which]
    if not frame.height:
        return None
    case = encode(joined(frame, roles.columns("case")))
    order = case_order(case, ts)

    def column(role: Role) -> Coded | None:
        columns = roles.columns(role)
        if not columns:
            return None
        coded = encode(joined(frame, columns))
        return coded if order is None else take(coded, order)

    activity = column("activity")
    assert activity is not None
    case = case if order is None else take(case, order)
    borders = np.flatnonzero(case.codes[1:] != case.codes[:-1]) + 1
    return EventLog(
        case=case,
        activity=activity,
        ts=ts if order is None else ts[order],
        seq=rows if order is None else rows[order],
        offsets=np.concatenate(([0], borders, [len(ts)])).astype(np.int64),
        start=_starts(frame, roles, options, order),
        resource=column("resource"),
        team=column("team"),
        lifecycle=column("lifecycle"),
        attributes=pl.DataFrame(height=len(ts)),
        case_attributes=pl.DataFrame(height=len(case.names)),
    )


def _starts(
    frame: pl.DataFrame, roles: Roles, options: ReadOptions, order: npt.NDArray[np.int64] | None
) -> Micros | None:
    columns = roles.columns("start")
    if not columns:
        return None
    start = parse_timestamps(joined(frame, columns), format=None, zone=options.zone).ts
    return start if order is None else start[order]


def _begins(case: pl.Series) -> npt.NDArray[np.int64]:
    """The rows at which another case begins than in the row before; the first is one."""
    changes = case.ne_missing(case.shift(1)).to_numpy().copy()
    changes[0] = True
    return np.flatnonzero(changes)


def regrouped(frames: Iterator[pl.DataFrame], *, rows_at_once: int) -> Iterator[pl.DataFrame]:
    """The same rows in frames of at least so many, the last aside."""
    waiting: list[pl.DataFrame] = []
    for frame in frames:
        waiting.append(frame)
        if sum(each.height for each in waiting) >= rows_at_once:
            yield pl.concat(waiting)
            waiting = []
    if waiting:
        yield pl.concat(waiting)
