"""The tables of the live pages as rows of text, for saving as CSV."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from io import StringIO

from django.http import HttpResponse

from servoloop.kernel.metrics.definition import Measured
from servoloop.loop.compare import Comparison, Pair
from servoloop.loop.explore import Exploration, People
from servoloop.loop.waiting import WaitingFindings

Row = Sequence[object]

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet would take for a formula."""


def csv_answer(rows: Iterable[Row], *, name: str) -> HttpResponse:
    """Rows as a file; the mark at its beginning tells spreadsheets that it is UTF-8."""
    answer = HttpResponse("".join(_lines(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def table_of(found: Exploration, name: str) -> Iterator[Row] | None:
    """A table of a selection with the names of its columns first; None for an unknown name."""
    tables = {
        "activities": _activities,
        "transitions": _transitions,
        "variants": _variants,
        "cycle-times": _cycle_times,
        "handovers": _handovers,
    }
    return tables[name](found) if name in tables else None


def waiting_table(found: WaitingFindings) -> Iterator[Row]:
    """Each cause of waiting over the whole selection, then before each activity."""
    yield ("before_activity", "cause", "seconds", "share")
    for each in found.causes:
        yield ("", each.cause, _seconds(each.total), _share(each.share))
    for row in found.activities:
        for cause, share in zip(found.causes, row.shares, strict=True):
            yield (row.activity, cause.cause, _seconds(row.total * share), _share(share))


def kpi_table(found: Sequence[Measured]) -> Iterator[Row]:
    yield ("kpi", "version", "figure", "value", "low", "high", "n")
    for each in found:
        for figure in each.figures:
            e = figure.estimate
            yield (each.kpi.id, each.kpi.version, figure.name, e.value, e.low, e.high, e.n)


def people_table(found: People) -> Iterator[Row]:
    yield ("person", "events", "cases", "share_of_events")
    for each in found.load:
        yield (each.person, each.events, each.cases, _share(each.share))


def people_handover_table(found: People) -> Iterator[Row]:
    yield ("from", "to", "count", "cases")
    for each in found.handovers:
        yield (each.source, each.target, each.count, each.cases)


def comparison_table(found: Comparison, name: str) -> Iterator[Row] | None:
    """A table of a comparison; None for an unknown name."""
    match name:
        case "figures":
            return _pairs(found.figures)
        case "activities":
            return _pairs(found.activities)
        case "variants":
            return _pairs([each.cases for each in found.variants])
        case "transitions":
            return _pairs([each.cases for each in found.edges])
        case "waits":
            return _pairs([each.wait for each in found.edges if each.wait is not None])
        case _:
            return None


def _activities(found: Exploration) -> Iterator[Row]:
    yield ("activity", "events", "cases", "first_in", "last_in", "repeats", "cases_with_repeats")
    for n in found.process_map.nodes:
        yield (n.activity, n.events, n.cases, n.starts, n.ends, n.repeats, n.repeat_cases)


def _transitions(found: Exploration) -> Iterator[Row]:
    yield ("from", "to", "transitions", "cases", "median_wait_s", "p90_wait_s", "total_wait_s")
    for edge in found.process_map.edges:
        waits = (edge.median_wait, edge.p90_wait, edge.total_wait) if edge.is_step else ()
        yield (
            edge.source or "",
            edge.target or "",
            edge.transitions,
            edge.cases,
            *map(_seconds, waits),
        )


def _variants(found: Exploration) -> Iterator[Row]:
    yield ("rank", "cases", "share", "coverage", "median_cycle_s", "activities")
    for rank, each in enumerate(found.variants, 1):
        share, coverage = _share(each.share), _share(each.coverage)
        path = " > ".join(each.activities)
        yield (rank, each.cases, share, coverage, _seconds(each.median_duration), path)


def _cycle_times(found: Exploration) -> Iterator[Row]:
    yield ("at_least_s", "below_s", "cases")
    for bar in found.cycle_times.bars:
        yield (_seconds(bar.begin), "" if bar.end is None else _seconds(bar.end), bar.cases)


def _handovers(found: Exploration) -> Iterator[Row]:
    yield ("from", "to", "transitions")
    for pair in () if found.handovers is None else found.handovers.pairs:
        yield (pair.source, pair.target, pair.transitions)


def _pairs(pairs: Iterable[Pair]) -> Iterator[Row]:
    sides = ("a", "b", "change")
    parts = ("", "_low", "_high", "_n")
    yield ("what", "unit", *(f"{side}{part}" for side in sides for part in parts), "is_clear")
    for pair in pairs:
        cells: list[object] = []
        for each in (pair.a, pair.b, pair.change):
            cells += [None] * 4 if each is None else [each.value, each.low, each.high, each.n]
        yield (pair.name, pair.unit, *cells, int(pair.is_clear))


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    yield "\ufeff"
    for row in rows:
        line = StringIO()
        csv.writer(line).writerow([_cell(each) for each in row])
        yield line.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def _seconds(span: timedelta) -> float:
    return round(span.total_seconds(), 3)


def _share(share: float) -> float:
    return round(share, 6)
