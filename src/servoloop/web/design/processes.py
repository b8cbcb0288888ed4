"""Processes: the list, and one with its diagram and the standard of each step."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.processes import (
    ProcessPage,
    definition_xml,
    process_list,
    process_page,
    retired_processes,
)
from servoloop.web.design.step_lines import step_lines
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_processes(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    rows = process_list(viewer)
    context = {
        "rows": rows,
        "retired": retired_processes(viewer),
        "names": names_of(row.owner for row in rows),
        "may_publish": request.user.has_perm("storage.add_definition"),
    }
    return render(request, "design/processes.html", context)


@require_GET
@colleagues_only
def show_process(request: HttpRequest, key: str) -> HttpResponse:
    page = _page(request, key)
    steps = step_lines(page.steps)
    names = names_of([page.owner, *(line.node.step.owner or "" for line in steps)])
    context = {
        "page": page,
        "steps": steps,
        "names": names,
        "diagram": {"counts": dict(page.open_at), "words": {"count": _("open here")}},
        "is_retired": not any(v.is_current for v in page.versions),
        "is_current": any(v.is_current and v.id == page.definition for v in page.versions),
    }
    return render(request, "design/process.html", context)


@require_GET
@colleagues_only
def definition(request: HttpRequest, definition: int) -> HttpResponse:
    """The BPMN text; immutable, so a browser may keep it."""
    try:
        xml = definition_xml(viewer_of(request), definition)
    except NotFound:
        raise Http404 from None
    answer = HttpResponse(xml, content_type="application/xml; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    answer["Content-Disposition"] = f'inline; filename="definition-{definition}.bpmn"'
    return answer


def _page(request: HttpRequest, key: str) -> ProcessPage:
    try:
        return process_page(viewer_of(request), key, version=request.GET.get("version") or None)
    except NotFound:
        raise Http404 from None
