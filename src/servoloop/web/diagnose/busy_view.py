"""The week of a selection as pictures of 7 rows: what arrives, is done, and how busy people are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.kernel.mining.features import WEEKDAYS
from servoloop.kernel.mining.filters import WEEKDAY, HasValue
from servoloop.loop.explore import Busy
from servoloop.loop.report.texts import say
from servoloop.loop.report.words import percent
from servoloop.web.diagnose.selection import Selection

WIDTH, HEIGHT = 672, 20
"""Of a row of cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A time of the week; `strength` 0..1 of the greatest of its picture."""

    x: float
    strength: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A row; `query` keeps the cases that began on this weekday."""

    name: str
    y: int
    cells: tuple[Cell, ...]
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """One picture."""

    id: str
    title: str
    days: tuple[Day, ...]
    cell_width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BusyView:
    weeks: tuple[Week, ...]
    zone: str
    occupancy: str  # over the whole week as a share, '' where the log does not tell starts


def busy_view(found: Busy, selection: Selection) -> BusyView:
    """Arrivals and finished work always; presence only where the log tells when work began."""
    load = found.workload
    told = [
        ("arrivals", _("Cases that arrive"), found.arrivals.by_hour, "{:,.0f}"),
        ("done", _("Events done in half an hour"), load.completed.tolist(), "{:.1f}"),
    ]
    if load.busy is not None and load.present is not None:
        told += [
            ("busy", _("People at work"), load.busy.tolist(), "{:.1f}"),
            ("present", _("People on duty"), load.present.tolist(), "{:.1f}"),
        ]
    weeks = [_week(name, title, rows, selection, form) for name, title, rows, form in told]
    share, occupied = "", load.occupancy
    if occupied is not None and load.busy is not None and load.present is not None:
        title = _("Occupancy: at work of those on duty")
        weeks.append(_week("occupancy", title, occupied.tolist(), selection, "{:.0%}"))
        share = percent(float(load.busy.sum() / max(load.present.sum(), 1e-9)))
    return BusyView(weeks=tuple(weeks), zone=load.zone, occupancy=share)


def arrival_rows(found: Busy) -> Iterator[Sequence[object]]:
    """A row for each hour of the week, the names of the columns first."""
    yield ("weekday", "hour", "cases")
    for weekday, hours in zip(WEEKDAYS, found.arrivals.by_hour, strict=True):
        for hour, cases in enumerate(hours):
            yield (weekday, hour, cases)


def workload_rows(found: Busy) -> Iterator[Sequence[object]]:
    """A row for each half-hour of the week, the names of the columns first."""
    load = found.workload
    grids = (load.completed, load.busy, load.present, load.occupancy)
    yield ("weekday", "begins", "events_done", "people_at_work", "people_on_duty", "occupancy")
    for day, weekday in enumerate(WEEKDAYS):
        for slot in range(48):
            figures = (None if grid is None else round(float(grid[day, slot]), 4) for grid in grids)
            yield (weekday, _clock(slot / 2), *figures)


def _week(
    name: str, title: str, rows: Sequence[Sequence[float]], selection: Selection, form: str
) -> Week:
    most = max(max(row) for row in rows) or 1
    width = WIDTH / len(rows[0])
    return Week(
        id=name,
        title=title,
        days=tuple(_day(day, row, most, selection, form) for day, row in enumerate(rows)),
        cell_width=round(width - 1, 2),
    )


def _day(day: int, row: Sequence[float], most: float, selection: Selection, form: str) -> Day:
    spoken = say(f"day_{day}")
    name = spoken.zh if (get_language() or "").startswith("zh") else spoken.en
    hours = 24 / len(row)
    cells = (
        Cell(
            x=round(slot * WIDTH / len(row), 2),
            strength=round(value / most, 3),
            words=f"{name} {_clock(slot * hours)}: {form.format(value)}",
        )
        for slot, value in enumerate(row)
    )
    return Day(
        name=name,
        y=day * HEIGHT,
        cells=tuple(cells),
        query=selection.and_also(HasValue(column=WEEKDAY, values=(WEEKDAYS[day],))),
    )


def _clock(hours: float) -> str:
    return f"{int(hours):02}:{int(hours * 60 % 60):02}"
