"""The value stream of a published version: by its standards, and as its cases really go."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from servoloop.kernel.process.value_stream import stream_as_measured, stream_by_standard
from servoloop.storage.definitions import program_of
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_file
from servoloop.storage.queries.heat import heat
from servoloop.web.design.value_stream_view import measured_by, stream_view
from servoloop.web.shell.viewers import colleagues_only, viewer_of

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@require_GET
@colleagues_only
def show_value_stream(request: HttpRequest, key: str) -> HttpResponse:
    """Where a mean case spends its time, and how much of it is worth something to the customer."""
    viewer = viewer_of(request)
    try:
        file = definition_file(viewer, key, version=request.GET.get("version") or None)
    except NotFound:
        raise Http404 from None
    program = program_of(file.key, file.version)
    found = heat(viewer, file.id, since=BEGINNING, at=timezone.now())
    is_live = request.GET.get("by") != "standard" and found.cases > 0
    stream = (
        stream_as_measured(program, measured_by(found)) if is_live else stream_by_standard(program)
    )
    context = {
        "file": file,
        "cases": found.cases,
        "is_live": is_live,
        "view": stream_view(stream),
    }
    return render(request, "design/value_stream.html", context)
