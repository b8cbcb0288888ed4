"""The cases behind a number: a list in pages, a file of all of them, and one case in full."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from servoloop.web.diagnose.explore import frame_of
from servoloop.web.diagnose.looking import Look, added, at_log, is_part, tell_unread

if TYPE_CHECKING:  # it loads NumPy and Polars
    from servoloop.loop.explore_cases import Sort


@require_GET
@at_log
def show_cases(request: HttpRequest, look: Look) -> HttpResponse:
    """A page of cases; with htmx and `after` only the rows that follow."""
    from servoloop.loop.explore_cases import list_cases

    if answer := added(request, look):
        return answer
    selection = look.selection(request)
    tell_unread(request, selection)
    sort = _sort(request)
    page = list_cases(
        look.desk.subject, selection.filters, sort=sort, after=request.GET.get("after")
    )
    context = {
        **frame_of(look, selection),
        "page": page,
        "sort": sort,
        "sorts": _sorts(),
        "all_cases": look.desk.subject.log.cases,
    }
    is_more = is_part(request) and request.GET.get("after")
    part = "diagnose/explore/case_rows.html" if is_more else "diagnose/explore/cases.html"
    return render(request, part, context)


@require_GET
@at_log
def save_cases(request: HttpRequest, look: Look) -> HttpResponse:
    """All cases of the selection as CSV, with what the log says of each."""
    from servoloop.loop.explore_cases import case_table
    from servoloop.web.diagnose import tables

    selection = look.selection(request)
    rows = case_table(
        look.desk.subject,
        selection.filters,
        sort=_sort(request),
        with_people=look.with_people,
    )
    return tables.csv_answer(rows, name="cases")


@require_GET
@at_log
def show_case(request: HttpRequest, look: Look) -> HttpResponse:
    """One case by its name: what happened when, and what the log says about it."""
    from servoloop.loop.explore_cases import NoSuchCase, case_story

    name = request.GET.get("name", "")
    try:
        story = case_story(look.desk.subject, name, with_people=look.with_people)
    except NoSuchCase:
        raise Http404 from None
    selection = look.selection(request)
    context = {**frame_of(look, selection), "story": story}
    return render(request, "diagnose/explore/case.html", context)


def _sort(request: HttpRequest) -> "Sort":
    from servoloop.loop.explore_cases import SORTS

    asked = request.GET.get("sort", "")
    return next((each for each in SORTS if each == asked), "longest")


def _sorts() -> dict[str, Any]:
    return {
        "longest": _("longest first"),
        "shortest": _("shortest first"),
        "newest": _("newest first"),
        "oldest": _("oldest first"),
        "most_events": _("most events first"),
        "name": _("by name"),
    }
