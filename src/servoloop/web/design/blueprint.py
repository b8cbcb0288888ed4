"""The service blueprint of a published version."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from servoloop.kernel.process.blueprint import draw_blueprint
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.reader import read_model
from servoloop.storage.definitions import program_of
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_file
from servoloop.storage.queries.step_times import step_times
from servoloop.web.design.blueprint_view import blueprint_view
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_blueprint(request: HttpRequest, key: str) -> HttpResponse:
    """Layers, lines, fail points and waits, with what the live cases say."""
    viewer = viewer_of(request)
    try:
        file = definition_file(viewer, key, version=request.GET.get("version") or None)
    except NotFound:
        raise Http404 from None
    program = program_of(file.key, file.version)
    blueprint = draw_blueprint(program, read_model(read_document(file.xml.encode())))
    view = blueprint_view(
        blueprint,
        times=step_times(viewer, file.id, at=timezone.now()),
        names=names_of(()),
    )
    return render(request, "design/blueprint.html", {"file": file, "blueprint": view})
