"""The live view of a run: its cases narrowed by filters, every figure drawn anew."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.web.diagnose import additions, people
from servoloop.web.diagnose.looking import Look, added, at_log, is_part, own_run, tell_unread
from servoloop.web.diagnose.selection import Selection, chips_of
from servoloop.web.shell.viewers import colleagues_only

if TYPE_CHECKING:  # they load NumPy and Polars
    from servoloop.loop.explore import Exploration


@require_GET
@at_log
def show_explore(request: HttpRequest, look: Look) -> HttpResponse:
    """The page, or with htmx the part below its head."""
    if answer := added(request, look):
        return answer
    selection = look.selection(request)
    tell_unread(request, selection)
    context = {
        **frame_of(look, selection),
        "reasons": people.reasons_of(look.run),
        **_figures(request, look, selection),
    }
    part = "diagnose/explore/body.html"
    return render(request, part if is_part(request) else "diagnose/explore/page.html", context)


@require_GET
@at_log
def show_section(request: HttpRequest, look: Look, section: str) -> HttpResponse:
    """A section that takes longer than the rest: it comes when the page stands."""
    selection = look.selection(request)
    context = {**frame_of(look, selection), **_section(look, selection, section)}
    part = f"diagnose/explore/{section}.html"
    context["part"] = part
    return render(request, part if is_part(request) else "diagnose/explore/alone.html", context)


@require_GET
@at_log
def show_values(request: HttpRequest, look: Look) -> HttpResponse:
    """The values of the column that was chosen, as a form."""
    selection = look.selection(request)
    context = {
        **frame_of(look, selection),
        "column": column_of(look, request.GET.get("column", "")),
    }
    part = "diagnose/explore/values.html"
    context["part"] = part
    return render(request, part if is_part(request) else "diagnose/explore/alone.html", context)


@require_GET
@at_log
def save_table(request: HttpRequest, look: Look, table: str) -> HttpResponse:
    """One of the tables of the page as CSV."""
    from servoloop.web.diagnose import tables

    selection = look.selection(request)
    rows = _rows(look, selection, table)
    if rows is None:
        raise Http404
    return tables.csv_answer(rows, name=table)


@require_POST
@colleagues_only
def name_people(request: HttpRequest, run: str) -> HttpResponse:
    """Begin to name individuals for a written reason, or stop it."""
    found = own_run(request, run)
    why = request.POST.get("why", "").strip()
    stops = request.POST.get("stop") == "1"
    if not stops and not people.is_reason(why):
        messages.error(request, _("Write down why people must be named, in at least a few words."))
    else:
        who = request.user.get_username()
        people.record(found, who=who, at=timezone.now(), why="" if stops else why)
        said = _("People are no longer named.") if stops else _("Your reason is kept with the run.")
        messages.success(request, said)
    query = request.POST.get("query", "")
    back = reverse("diagnose:explore", args=[run])
    return redirect(back + (query if query.startswith("?") else "") + "#people")


def frame_of(look: Look, selection: Selection) -> dict[str, Any]:
    """What every live page needs: the run, the filters, and whether people are named."""
    return {
        "run": look.run,
        "look": look,
        "selection": selection,
        "chips": chips_of(selection.filters),
        "reason": look.reason,
    }


def _figures(request: HttpRequest, look: Look, selection: Selection) -> dict[str, Any]:
    from servoloop.loop.explore import Nothing
    from servoloop.loop.report.map_data import map_data
    from servoloop.web.diagnose.explore_view import explore_view

    found = look.desk.explored(selection.filters)
    context: dict[str, Any] = {
        "found": found,
        "is_empty": isinstance(found, Nothing),
        "columns": look.desk.columns(with_people=look.with_people),
        "activities": sorted(look.desk.subject.log.activity.names),
        "periods": additions.PERIODS,
        "span": days_of(look),
    }
    if not isinstance(found, Nothing):
        with_all = request.GET.get("variants") == "all"
        context["view"] = explore_view(found, selection, with_all=with_all)
        context["map"] = map_data(found)
        context["tells_starts"] = look.desk.subject.log.start is not None or _joins(look)
    return context


def _joins(look: Look) -> bool:
    """Whether the log tells begin and end of work by its lifecycle."""
    lifecycle = look.desk.subject.log.lifecycle
    names = () if lifecycle is None else lifecycle.names
    return {"start", "complete"} <= {name.casefold() for name in names}


def days_of(look: Look) -> tuple[str, str]:
    """The first and the last day of the log, in its zone."""
    from servoloop.kernel.mining.moments import moment

    subject = look.desk.subject
    first, last = int(subject.log.ts.min()), int(subject.log.ts.max())
    return (
        moment(first, subject.zone).date().isoformat(),
        moment(last, subject.zone).date().isoformat(),
    )


def _section(look: Look, selection: Selection, section: str) -> dict[str, Any]:
    """Raises Http404 for an unknown section, or for people who are not to be named."""
    from servoloop.loop.explore import busy_of, kpis_of, people_of, waiting_of

    subject, filters = look.desk.subject, selection.filters
    match section:
        case "waiting":
            return {"waiting": waiting_of(subject, filters)}
        case "kpis":
            from servoloop.web.diagnose.kpi_rows import kpi_rows

            return {"kpis": kpi_rows(kpis_of(subject, filters), selection)}
        case "busy":
            from servoloop.web.diagnose.busy_view import busy_view

            busy = busy_of(subject, filters)
            hours = [(28 * hour, f"{hour}:00") for hour in range(0, 25, 6)]
            return {"busy": busy and busy_view(busy, selection), "hours": hours}
        case "people" if look.with_people:
            return {"people": people_of(subject, filters)}
        case _:
            raise Http404


def column_of(look: Look, name: str) -> Any:
    """A column that may be chosen. Raises Http404 for any other name."""
    columns = look.desk.columns(with_people=look.with_people)
    found = next((each for each in columns if each.name == name), None)
    if found is None:
        raise Http404
    return found


def _rows(look: Look, selection: Selection, table: str) -> Any:
    """The rows of a table, None for a name that is none or a selection without cases."""
    from servoloop.loop.explore import Nothing, busy_of, kpis_of, people_of, waiting_of
    from servoloop.web.diagnose import tables

    subject, filters = look.desk.subject, selection.filters
    match table:
        case "waiting":
            waiting = waiting_of(subject, filters)
            return None if waiting is None else tables.waiting_table(waiting)
        case "arrivals" | "workload":
            from servoloop.web.diagnose.busy_view import arrival_rows, workload_rows

            busy = busy_of(subject, filters)
            rows = arrival_rows if table == "arrivals" else workload_rows
            return None if busy is None else rows(busy)
        case "kpis":
            return tables.kpi_table(kpis_of(subject, filters))
        case "people" | "people-handovers":
            named = people_of(subject, filters) if look.with_people else None
            if named is None:
                return None
            is_load = table == "people"
            return tables.people_table(named) if is_load else tables.people_handover_table(named)
        case _:
            found: Exploration | Any = look.desk.explored(filters)
            return None if isinstance(found, Nothing) else tables.table_of(found, table)
