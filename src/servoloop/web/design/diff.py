"""What changed between two published versions, in words and on the diagram."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from servoloop.kernel.process.diff import compare
from servoloop.storage.definitions import program_of
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_file
from servoloop.web.design.diff_view import concerned_groups
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_diff(request: HttpRequest, key: str, older: str, newer: str) -> HttpResponse:
    """From `older` to `newer`, each the beginning of a version's hash."""
    viewer = viewer_of(request)
    try:
        old = definition_file(viewer, key, version=older)
        new = definition_file(viewer, key, version=newer)
    except NotFound:
        raise Http404 from None
    names = names_of(())
    difference = compare(
        program_of(key, old.version), program_of(key, new.version), roles=names.roles
    )
    context = {
        "old": old,
        "new": new,
        "groups": concerned_groups(difference, names=names),
        "count": len(difference.changes),
        "marks": {**difference.marks(), **difference.old_marks()},
        "has_gone": bool(difference.old_marks()),
    }
    return render(request, "design/diff.html", context)
