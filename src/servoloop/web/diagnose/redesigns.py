"""From a finding's candidate redesign to a draft in the designer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servoloop.loop.drafts import create_draft
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import definition_file
from servoloop.web.diagnose import runs
from servoloop.web.diagnose.redesign_file import KeptRedesign, read_redesigns
from servoloop.web.diagnose.reports import run_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of

MAY_DRAW = "storage.add_definition"


@require_POST
@colleagues_only
def open_redesign(request: HttpRequest, run: str, finding: str) -> HttpResponse:
    """The definition as a finding would change it, as a new draft, for those who may draw."""
    if not request.user.has_perm(MAY_DRAW):
        raise PermissionDenied
    known = {each.key: each for each in read_redesigns(runs.folder_of(run_of(run).id))}
    if finding not in known:
        raise Http404
    draft = create_draft(
        known[finding].bpmn.encode(),
        person=request.user.get_username(),
        at=timezone.now(),
        origin="finding",
        base=_published(request, known[finding]),
    )
    messages.success(request, _("The redesign is open as a draft."))
    return redirect("design:draft-edit", draft.id)


def _published(request: HttpRequest, redesign: KeptRedesign) -> int | None:
    """The published version that is changed; None when the definition was brought along."""
    try:
        file = definition_file(viewer_of(request), redesign.definition, version=redesign.version)
    except NotFound:
        return None
    return file.id
