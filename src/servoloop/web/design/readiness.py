"""The readiness page of a published version."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from servoloop.loop.design import readiness_of
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_file
from servoloop.web.design.readiness_view import marks_of, readiness_view
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_readiness(request: HttpRequest, key: str) -> HttpResponse:
    """Whether people and machines can work by this version today, and what is missing."""
    try:
        file = definition_file(viewer_of(request), key, version=request.GET.get("version") or None)
    except NotFound:
        raise Http404 from None
    readiness = readiness_of(
        file.xml.encode(),
        at=timezone.now(),
        process=key,
        library={name: text.encode() for name, text in file.library.items()},
    )
    context = {
        "file": file,
        "readiness": readiness_view(readiness),
        "marks": marks_of(readiness),
    }
    return render(request, "design/readiness.html", context)
