"""Text to microseconds since 1970-01-01 UTC: date formats guessed, shown, and overridable."""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import product
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import numpy.typing as npt
import polars as pl

from servoloop.kernel.interchange.iso_times import iso_micros
from servoloop.kernel.interchange.read_report import FormatUse
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.mining.event_log import NO_TIME, Micros

DATES = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y年%m月%d日",
    "%d-%b-%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%d.%m.%y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d/%b/%y",
    "%Y%m%d",
    "%y%m%d",
)
TIMES = (
    " %H:%M:%S%.f",
    " %H:%M",
    "T%H:%M:%S%.f",
    " %I:%M:%S %p",
    " %I:%M %p",
    " %H:%M:%S%.f%#z",
    " %H:%M:%S%.f %#z",
    "T%H:%M",
    "%H:%M:%S",
    "%H%M%S",
    " %H时%M分%S秒",
    "%H时%M分%S秒",
    "",
)
ISO = "%Y-%m-%dT%H:%M:%S%.f%#z"
ISO_LAYOUTS = {
    f"%Y-%m-%d{separator}%H:%M:%S%.f{offset}": (separator, offset != "")
    for separator in "T "
    for offset in ("", "%#z")
}
SPREADSHEET, DAYS_TO_1970 = "spreadsheet days", 25_569
EPOCHS = {"s": 1_000_000, "ms": 1_000, "us": 1}
FORMATS = (ISO, *(date + time for date, time in product(DATES, TIMES)))
"""By how common they are; the first that reads all of a sample wins."""
DAY_OR_MONTH_FIRST = (("%d/%m/", "%m/%d/"), ("%d-%m-", "%m-%d-"))
OFFSET = re.compile(r"([+-]\d\d):?(\d\d)$")
SAMPLE = 400
FOUR_DIGITS = r"\d.*\d.*\d.*\d"
"""No date has fewer; sparing the other columns two hundred formats each."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ParsedTimes:
    """A column of moments: `ts` is `NO_TIME` where the text is missing or unreadable.

    `nonexistent` counts the wall-clock times that a change to summer time skipped (they are
    `NO_TIME` too); `ambiguous` says that every value reads both day-first and month-first.
    """

    ts: Micros
    formats: tuple[FormatUse, ...]
    zoned_rows: int
    naive_rows: int
    nonexistent: int = 0
    ambiguous: bool = False
    offsets: tuple[tuple[str, int], ...] = ()  # as +01:00, with rows; by rows, descending


def parse_timestamps(column: pl.Series, *, format: str | None, zone: str) -> ParsedTimes:
    """Read a column of text; stamps without an offset are wall-clock times in `zone`.

    The format that reads most of a sample is applied to all; what it leaves is tried with the
    formats that read those, so a file that changes its format half-way is still read.
    Raises UnreadableLog for an unknown zone.
    """
    if zone != "UTC" and zone not in available_timezones():  # which walks the file system: 25 ms
        raise UnreadableLog(f"No time zone '{zone}'; use an IANA name such as Europe/Rome or UTC.")
    if column.dtype.is_temporal():
        return _typed_times(column, zone)
    text = column.cast(pl.String).str.strip_chars()
    text = text.set(text == "", None)
    micros = np.full(len(text), NO_TIME, dtype=np.int64)
    uses: list[FormatUse] = []
    tallies = _Tallies()
    left = np.flatnonzero(text.is_not_null().to_numpy())
    while len(left):
        rest = text.gather(left)
        chosen = format if format is not None else _best_format(rest, tallies)
        if chosen is None:
            break
        found, hits = _read(rest, chosen, zone, tallies)
        if not hits.any():
            break
        micros[left[hits]] = found[hits]
        uses.append(FormatUse(format=chosen, rows=int(hits.sum())))
        left = left[~hits]
        if format is not None:
            break
    return ParsedTimes(
        ts=micros,
        formats=tuple(uses),
        zoned_rows=tallies.zoned,
        naive_rows=tallies.naive,
        nonexistent=tallies.nonexistent,
        ambiguous=tallies.ambiguous,
        offsets=tuple(sorted(tallies.offsets.items(), key=lambda each: (-each[1], each[0]))),
    )


def share_of_moments(sample: pl.Series) -> float:
    """How much of a sample of text reads as moments, 0..1 (plain numbers do not count)."""
    text = sample.drop_nulls().str.strip_chars()
    text = text.filter((text.str.len_chars() >= 6) & text.str.contains(FOUR_DIGITS))
    if text.is_empty():
        return 0.0
    most = 0
    for name in FORMATS:
        most = max(most, _hits(text, name))
        if most > len(text) / 2:
            break
    return most / len(sample)


def possible_formats(column: pl.Series) -> tuple[str, ...]:
    """The formats that read more than half of some texts, the ones that read most first."""
    sample = column.drop_nulls().str.strip_chars()
    sample = sample.filter(sample.str.contains(FOUR_DIGITS)).head(SAMPLE)
    if sample.is_empty():
        return ()
    hits = {name: _hits(sample, name) for name in FORMATS}
    epoch = _epoch_unit(sample)
    fitting = [name for name in FORMATS if hits[name] > len(sample) / 2]
    fitting.sort(key=lambda name: -hits[name])
    return ((epoch,) if epoch else ()) + tuple(fitting)


@dataclass(slots=True)
class _Tallies:
    zoned: int = 0
    naive: int = 0
    nonexistent: int = 0
    ambiguous: bool = False
    offsets: Counter[str] = field(default_factory=Counter)


def _best_format(text: pl.Series, tallies: _Tallies) -> str | None:
    sample = text.gather(np.unique(np.linspace(0, len(text) - 1, SAMPLE).astype(np.int64)))
    epoch = _epoch_unit(sample)
    if epoch is not None:
        return epoch
    best, most = None, 0
    for name in FORMATS if sample.str.contains(FOUR_DIGITS).any() else ():
        hits = _hits(sample, name)
        if hits > most:
            best, most = name, hits
        if hits == len(sample):
            break
    if best is None:
        return None
    for day_first, month_first in DAY_OR_MONTH_FIRST:
        if best.startswith(day_first):
            return _day_or_month_first(text, best, day_first, month_first, tallies)
    return best


def _day_or_month_first(
    text: pl.Series, format: str, day_first: str, month_first: str, tallies: _Tallies
) -> str:
    """Decide by the whole column: a 13th month rules one out; else fewer jumps back in time."""
    other = format.replace(day_first, month_first)
    days, months = _hits(text, format), _hits(text, other)
    if days != months:
        return format if days > months else other
    tallies.ambiguous = True
    jumps = [
        int((np.diff(_naive(text, name).drop_nulls().to_numpy()) < 0).sum())
        for name in (format, other)
    ]
    return format if jumps[0] <= jumps[1] else other


def _hits(text: pl.Series, format: str) -> int:
    return len(text) - _naive(text, format).null_count()


def _naive(text: pl.Series, format: str) -> pl.Series:
    """Microseconds as written (offset applied when the format has one), null where unreadable."""
    if format in ISO_LAYOUTS and len(text) > SAMPLE:
        separator, zoned = ISO_LAYOUTS[format]
        micros = iso_micros(text, separator=separator, zoned=zoned)
        left = np.flatnonzero((micros == NO_TIME) & text.is_not_null().to_numpy())
        if len(left):
            rest = text.gather(left).str.to_datetime(format, strict=False, time_unit="us")
            micros[left] = rest.dt.epoch("us").fill_null(NO_TIME).to_numpy()
        found = pl.Series(micros)
        return found.set(found == NO_TIME, None) if (micros == NO_TIME).any() else found
    if "%H" not in format and "%I" not in format:
        parsed = text.str.to_date(format, strict=False).cast(pl.Datetime("us"))
    else:
        parsed = text.str.to_datetime(format, strict=False, time_unit="us")
    return parsed.dt.epoch("us")


def _epoch_unit(sample: pl.Series) -> str | None:
    if sample.str.contains(r"^[2-7]\d{4}(\.\d+)?$").all():
        return SPREADSHEET
    if not sample.str.contains(r"^\d{10}(\.\d+)?$|^\d{13}$|^\d{16}$").all():
        return None
    digits = int(sample.str.extract(r"^(\d+)").str.len_chars().median() or 0)  # type: ignore[arg-type]  # the median of lengths is a number
    return {10: "s", 13: "ms", 16: "us"}.get(digits)


def _read(
    text: pl.Series, format: str, zone: str, tallies: _Tallies
) -> tuple[Micros, npt.NDArray[np.bool_]]:
    """The moments and which texts the format could read (a skipped hour is read, yet no moment)."""
    if format == SPREADSHEET:
        days = text.cast(pl.Float64, strict=False) - DAYS_TO_1970
        # A spreadsheet's fraction of a day is no exact second: rounded to the millisecond.
        naive = ((days * 86_400_000).round() * 1000).cast(pl.Int64)
        return _placed(naive, zone, tallies)
    if format in EPOCHS:
        micros = (text.cast(pl.Float64, strict=False) * EPOCHS[format]).round().cast(pl.Int64)
        hits = micros.is_not_null().to_numpy()
        tallies.zoned += int(hits.sum())
        return micros.fill_null(NO_TIME).to_numpy(), hits
    naive = _naive(text, format)
    hits = naive.is_not_null().to_numpy()
    if format.endswith(("%#z", "%z", "%:z")):
        tallies.zoned += int(hits.sum())
        _count_offsets(text.filter(pl.Series(hits)), tallies)
        return naive.fill_null(NO_TIME).to_numpy(), hits
    return _placed(naive, zone, tallies)


def _count_offsets(text: pl.Series, tallies: _Tallies) -> None:
    """By the last characters, of which there are few: a digit may stand before +0100."""
    is_utc = text.str.ends_with("Z")
    tallies.offsets.update({"+00:00": int(is_utc.sum())} if is_utc.any() else {})
    for end, rows in text.filter(~is_utc).str.tail(6).value_counts().iter_rows():
        found = OFFSET.search(end)
        if found is not None:
            tallies.offsets[f"{found[1]}:{found[2]}"] += rows


def _placed(naive: pl.Series, zone: str, tallies: _Tallies) -> tuple[Micros, npt.NDArray[np.bool_]]:
    """Wall-clock microseconds put into the zone, and where there were any."""
    hits = naive.is_not_null().to_numpy()
    tallies.naive += int(hits.sum())
    if zone != "UTC":
        naive = _in_zone(naive, zone)
        tallies.nonexistent += int(hits.sum()) - (len(naive) - naive.null_count())
    return naive.fill_null(NO_TIME).to_numpy(), hits


def _typed_times(column: pl.Series, zone: str) -> ParsedTimes:
    """A column that its file already types as moments or dates."""
    at = column.cast(pl.Datetime("us")) if column.dtype == pl.Date else column
    micros = at.dt.epoch("us")
    has_zone = getattr(column.dtype, "time_zone", None) is not None
    read = len(micros) - micros.null_count()
    if not has_zone and zone != "UTC":
        micros = _in_zone(micros, zone)
    whole = micros.fill_null(NO_TIME) if micros.null_count() else micros
    return ParsedTimes(
        ts=whole.to_numpy(),
        formats=(FormatUse(format=str(column.dtype), rows=read),),
        zoned_rows=read if has_zone else 0,
        naive_rows=0 if has_zone else read,
        nonexistent=read - (len(micros) - micros.null_count()),
    )


def _in_zone(naive: pl.Series, zone: str) -> pl.Series:
    """Wall clock to UTC: the first of two equal times in autumn, null for a skipped one."""
    wall = naive.cast(pl.Datetime("us")).to_frame("wall")
    placed = wall.select(
        pl.col("wall").dt.replace_time_zone(
            ZoneInfo(zone).key, ambiguous="earliest", non_existent="null"
        )
    )
    return placed["wall"].dt.epoch("us")
