"""Two periods or two segments of a log side by side."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from servoloop.kernel.mining.filters import (
    Contains,
    Filter,
    Follows,
    Happened,
    HasValue,
    OfVariant,
    Repeats,
    joined,
    text_of,
)
from servoloop.web.diagnose.additions import PERIODS, NothingAsked, addition_of
from servoloop.web.diagnose.explore import column_of, days_of, frame_of
from servoloop.web.diagnose.looking import Look, at_log, is_part, tell_unread
from servoloop.web.diagnose.selection import SIDE_A, SIDE_B, Selection, chips_of


@require_GET
@at_log
def show_comparison(request: HttpRequest, look: Look) -> HttpResponse:
    """Both sides with their differences, or the forms that ask for two sides."""
    selection = look.selection(request)
    if "add" in request.GET:
        return redirect(f"{request.path}{_asked(request, selection)}")
    a, b = (look.selection(request, side) for side in (SIDE_A, SIDE_B))
    for each in (selection, a, b):
        tell_unread(request, each)
    context = {
        **frame_of(look, selection),
        "chips": chips_of(selection.filters, rest=request.GET),
        "side_a": a,
        "side_b": b,
        "columns": [c for c in look.desk.columns(with_people=look.with_people) if c.values],
        "periods": PERIODS,
        "halves": _halves(look),
        "opposite": _opposite(selection),
        "has_sides": bool(a.filters and b.filters),
        **_compared(look, selection, a, b),
    }
    return render(request, "diagnose/explore/compare.html", context)


@require_GET
@at_log
def show_values(request: HttpRequest, look: Look) -> HttpResponse:
    """The values of the column that was chosen, twice: for A and for B."""
    selection = look.selection(request)
    column = column_of(look, request.GET.get("column", ""))
    context = {**frame_of(look, selection), "column": column}
    part = "diagnose/explore/compare_values.html"
    context["part"] = part
    return render(request, part if is_part(request) else "diagnose/explore/alone.html", context)


@require_GET
@at_log
def save_table(request: HttpRequest, look: Look, table: str) -> HttpResponse:
    """One of the tables of the comparison as CSV."""
    from servoloop.loop.compare import OneSided
    from servoloop.web.diagnose import tables

    selection = look.selection(request)
    a, b = (look.selection(request, side) for side in (SIDE_A, SIDE_B))
    found = look.desk.compared(
        joined(selection.filters, *a.filters), joined(selection.filters, *b.filters)
    )
    rows = None if isinstance(found, OneSided) else tables.comparison_table(found, table)
    if rows is None:
        raise Http404
    return tables.csv_answer(rows, name=f"comparison-{table}")


def _compared(look: Look, selection: Selection, a: Selection, b: Selection) -> dict[str, Any]:
    from servoloop.loop.compare import OneSided
    from servoloop.loop.report.map_data import map_data
    from servoloop.web.diagnose.compare_view import compare_view

    if not a.filters or not b.filters:
        return {}
    in_a, in_b = (joined(selection.filters, *side.filters) for side in (a, b))
    compared = look.desk.compared(in_a, in_b)
    if isinstance(compared, OneSided):
        return {"one_sided": compared}
    changes = [[c.share_a, c.share_b, c.wait_a, c.wait_b] for c in compared.changes]
    return {
        "compared": compared,
        "found": compared.both,  # of which the map is drawn
        "map": {**map_data(compared.both), "changes": changes},
        "changes": True,
        "view": compare_view(compared),
        "query_a": Selection(filters=in_a).query,
        "query_b": Selection(filters=in_b).query,
        "words_a": [chip.words for chip in chips_of(a.filters)],
        "words_b": [chip.words for chip in chips_of(b.filters)],
        "sides": _query(selection, a.filters, b.filters),
    }


def _asked(request: HttpRequest, selection: Selection) -> str:
    """The query of two sides that a form asked for."""
    given = request.GET
    try:
        if given["add"] == "periods":
            a, b = (addition_of(_side(request, side)) for side in (SIDE_A, SIDE_B))
        elif given["add"] == "segments":
            a, b = _segments(request)
        else:
            raise NothingAsked(_("This comparison is not known here."))
    except NothingAsked as error:
        messages.error(request, str(error))
        return selection.query
    return _query(selection, (a,), (b,))


def _side(request: HttpRequest, side: str) -> Any:
    """The fields of one side as the form of a period."""
    given = request.GET.copy()
    given["add"] = "period"
    for name in ("first", "last"):
        given[name] = request.GET.get(f"{side}_{name}", "")
    return given


def _segments(request: HttpRequest) -> tuple[Filter, Filter]:
    """One value against another, or against all others."""
    column = request.GET.get("column", "")
    one, other = request.GET.get("value_a", ""), request.GET.get("value_b", "")
    if not column or not one:
        raise NothingAsked(_("Choose an attribute and a value for A."))
    if one == other:
        raise NothingAsked(_("Choose two different values."))
    a = HasValue(column=column, values=(one,))
    if not other:
        return a, HasValue(column=column, values=(one,), is_excluded=True)
    return a, HasValue(column=column, values=(other,))


def _query(selection: Selection, a: tuple[Filter, ...], b: tuple[Filter, ...]) -> str:
    sides = [(SIDE_A, text_of(each)) for each in a] + [(SIDE_B, text_of(each)) for each in b]
    return f"?{urlencode([*selection.pairs, *sides])}"


def _opposite(selection: Selection) -> str:
    """With one filter that can be turned round: its cases against the others; else ''."""
    if len(selection.filters) != 1:
        return ""
    (only,) = selection.filters
    match only:
        case HasValue() | Contains() | Follows() | OfVariant() | Repeats() | Happened():
            turned: Filter = replace(only, is_excluded=not only.is_excluded)
        case _:
            return ""
    return _query(Selection(filters=()), (only,), (turned,))


def _halves(look: Look) -> tuple[str, str, str, str]:
    """The days of the log in two halves: first and last of A, first and last of B."""
    first, last = (date.fromisoformat(day) for day in days_of(look))
    middle = first + (last - first) // 2
    next_day = min(last, middle + timedelta(days=1))
    return first.isoformat(), middle.isoformat(), next_day.isoformat(), last.isoformat()
