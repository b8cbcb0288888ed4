"""From a discovered model to a draft in the designer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servoloop.loop.drafts import create_draft
from servoloop.web.diagnose import runs
from servoloop.web.diagnose.reports import run_of
from servoloop.web.shell.viewers import colleagues_only

MAY_DRAW = "storage.add_definition"


@require_POST
@colleagues_only
def open_draft(request: HttpRequest, run: str) -> HttpResponse:
    """The model of a run as a new draft, for those who may draw processes."""
    if not request.user.has_perm(MAY_DRAW):
        raise PermissionDenied
    file = runs.folder_of(run_of(run).id) / "model.bpmn"
    if not file.exists():
        raise Http404
    draft = create_draft(
        file.read_bytes(),
        person=request.user.get_username(),
        at=timezone.now(),
        origin="log",
    )
    messages.success(request, _("The discovered model is open as a draft."))
    return redirect("design:draft-edit", draft.id)
