"""Geometry of the small charts; the templates draw it as inline SVG."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from servoloop.kernel.mining.arrivals import Arrivals
from servoloop.kernel.mining.durations import CycleTimes
from servoloop.loop.report.words import Words, duration

WIDTH, HEIGHT = 720, 220


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A bar in a frame of `WIDTH` x `HEIGHT`, y downwards."""

    x: float
    y: float
    width: float
    height: float
    cases: int
    label: Words
    is_open: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark on the x axis."""

    x: float
    label: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A quantile as a vertical line; `anchor` keeps its label inside the frame."""

    x: float
    label: Words
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Bars, ticks, and the median and the 90 % quantile as marks."""

    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """An hour of the week; `strength` 0..1 is its share of the busiest hour."""

    day: int
    hour: int
    cases: int
    strength: float


def histogram(times: CycleTimes) -> Histogram:
    """Trim empty bins at the left, so that the bars fill the frame."""
    first = next((i for i, bar in enumerate(times.bars) if bar.cases), 0)
    bars = times.bars[max(0, first - 1) :]
    most = max(bar.cases for bar in bars)
    step = WIDTH / len(bars)
    columns = tuple(
        Column(
            x=round(index * step + 1, 1),
            y=round(HEIGHT * (1 - bar.cases / most), 1),
            width=round(step - 2, 1),
            height=round(HEIGHT * bar.cases / most, 1),
            cases=bar.cases,
            label=_range(bar.begin, bar.end),
            is_open=bar.end is None,
        )
        for index, bar in enumerate(bars)
    )
    begin = bars[0].begin
    width = times.bars[0].end or times.longest
    every = max(1, len(bars) // 6)
    ticks = tuple(
        Tick(x=round(index * step, 1), label=duration(bars[index].begin))
        for index in range(0, len(bars), every)
    )

    def place(q: float) -> float:
        return min(float(WIDTH), max(0.0, (times.quantile(q) - begin) / width * step))

    return Histogram(columns=columns, ticks=ticks, marks=_marks(times, place(0.5), place(0.9)))


def _marks(times: CycleTimes, median_x: float, p90_x: float) -> tuple[Mark, ...]:
    close = p90_x - median_x < 150
    median, p90 = duration(times.median), duration(times.quantile(0.9))
    return (
        Mark(
            x=round(median_x, 1),
            label=Words(en=f"50 %: {median.en}", zh=f"50 %：{median.zh}"),
            anchor="start" if median_x < 70 else "end" if close else "middle",
        ),
        Mark(
            x=round(p90_x, 1),
            label=Words(en=f"90 %: {p90.en}", zh=f"90 %：{p90.zh}"),
            anchor="end" if p90_x > WIDTH - 70 else "start" if close else "middle",
        ),
    )


def heat_map(arrivals: Arrivals) -> tuple[tuple[Cell, ...], ...]:
    """7 x 24 cells."""
    most = max(1, max(max(day) for day in arrivals.by_hour))
    return tuple(
        tuple(
            Cell(day=day, hour=hour, cases=cases, strength=round(cases / most, 3))
            for hour, cases in enumerate(hours)
        )
        for day, hours in enumerate(arrivals.by_hour)
    )


def months(arrivals: Arrivals) -> tuple[Column, ...]:
    """Cases per month as bars in a frame of `WIDTH` x 80."""
    if not arrivals.by_month:
        return ()
    most = max(1, max(cases for _, cases in arrivals.by_month))
    step = WIDTH / len(arrivals.by_month)
    return tuple(
        Column(
            x=round(index * step, 1),
            y=round(80 * (1 - cases / most), 1),
            width=round(max(1.0, step - 2), 1),
            height=round(80 * cases / most, 1),
            cases=cases,
            label=Words(en=f"{month:%Y-%m}", zh=f"{month:%Y-%m}"),
        )
        for index, (month, cases) in enumerate(arrivals.by_month)
    )


def _range(begin: timedelta, end: timedelta | None) -> Words:
    low = duration(begin)
    if end is None:
        return Words(en=f"{low.en} or more", zh=f"{low.zh}及以上")
    high = duration(end)
    return Words(en=f"{low.en} – {high.en}", zh=f"{low.zh} – {high.zh}")
