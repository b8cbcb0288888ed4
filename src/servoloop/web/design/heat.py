"""The heat of a process: what its live cases do, drawn on the diagram."""

from datetime import UTC, datetime, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from servoloop.storage.definitions import program_of
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_file
from servoloop.storage.queries.heat import heat
from servoloop.web.design.heat_view import FIGURES, PERIODS, heat_view
from servoloop.web.shell.viewers import colleagues_only, viewer_of

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@require_GET
@colleagues_only
def show_heat(request: HttpRequest, key: str) -> HttpResponse:
    """One figure of the steps, as colours and numbers, over the cases of a period."""
    viewer = viewer_of(request)
    try:
        file = definition_file(viewer, key, version=request.GET.get("version") or None)
    except NotFound:
        raise Http404 from None
    figure = request.GET.get("show", "")
    days = request.GET.get("days", "")
    figure = figure if figure in FIGURES else FIGURES[0]
    days = days if days in PERIODS else PERIODS[0]
    at = timezone.now()
    since = at - timedelta(days=int(days)) if days != "all" else BEGINNING
    found = heat(viewer, file.id, since=since, at=at)
    view = heat_view(program_of(file.key, file.version), found, figure=figure, days=days)
    return render(request, "design/heat.html", {"file": file, "view": view})
