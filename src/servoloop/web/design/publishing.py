"""Publishing a BPMN file, with the verdict of the check."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from servoloop.kernel.process.check import NotExecutable
from servoloop.kernel.process.document import UnreadableProcess
from servoloop.loop.design import publish
from servoloop.web.design.finding_words import finding_lines
from servoloop.web.shell.viewers import colleagues_only

LARGEST = 5_000_000  # bytes


@require_http_methods(["GET", "POST"])
@colleagues_only
def publish_file(request: HttpRequest) -> HttpResponse:
    """Who may add definitions publishes one; refused, the findings say why."""
    if not request.user.has_perm("storage.add_definition"):
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "design/publish.html", {})
    file = request.FILES.get("file")
    if file is None or not file.size:
        return _refused(request, _("Choose a BPMN file first."))
    if file.size > LARGEST:
        return _refused(request, _("This file is too large; 5 MB are the limit."))
    try:
        published = publish(file.read(), at=timezone.now())
    except UnreadableProcess as error:
        return _refused(request, _("This file cannot be read as BPMN 2.0."), said=str(error))
    except NotExecutable as error:
        context = {"findings": finding_lines(error.findings), "file": file.name}
        return render(request, "design/publish.html", context, status=422)
    messages.success(
        request,
        _("Published. New cases run on this version; running ones keep theirs.")
        if published.is_new
        else _("This very version had been published before; it is the current one."),
    )
    return redirect("design:process", key=published.key)


def _refused(request: HttpRequest, words: str, *, said: str = "") -> HttpResponse:
    context = {"problem": words, "said": said}
    return render(request, "design/publish.html", context, status=422)
