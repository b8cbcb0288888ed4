"""Publishing a BPMN file, if the readiness gate lets it through."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from servoloop.kernel.process.document import UnreadableProcess, read_document
from servoloop.kernel.process.readiness.readiness import NotReady, Readiness
from servoloop.kernel.process.readiness.waivers import Waiver
from servoloop.loop.design import as_text, publish, readiness_of
from servoloop.storage.definitions import Signature
from servoloop.web.design.readiness_view import readiness_view
from servoloop.web.design.waiver_form import waivers_in
from servoloop.web.shell.viewers import colleagues_only

LARGEST = 2_000_000  # bytes; a refused file travels back inside the form with the reasons


@require_http_methods(["GET", "POST"])
@colleagues_only
def publish_file(request: HttpRequest) -> HttpResponse:
    """Who may add definitions publishes one; refused, the verdict of the gate says why."""
    if not request.user.has_perm("storage.add_definition"):
        raise PermissionDenied
    if request.method == "GET":
        return render(request, "design/publish.html", {})
    xml = _file_of(request)
    if not xml:
        return _refused(request, _("Choose a BPMN file first."))
    if len(xml) > LARGEST:
        return _refused(request, _("This file is too large; 2 MB are the limit."))
    try:
        published = publish(
            xml,
            at=timezone.now(),
            waivers=_waivers(request, xml),
            signature=Signature(
                author=request.user.get_username(), reason=request.POST.get("reason", "").strip()
            ),
        )
    except UnreadableProcess as error:
        return _refused(request, _("This file cannot be read as BPMN 2.0."), said=str(error))
    except NotReady as error:
        return _not_ready(request, xml, error.readiness)
    messages.success(
        request,
        _("Published. New cases run on this version; running ones keep theirs.")
        if published.is_new
        else _("This very version had been published before; it is the current one."),
    )
    return redirect("design:process", key=published.key)


def _file_of(request: HttpRequest) -> bytes:
    """The uploaded file, or the one that came back with the reasons."""
    file = request.FILES.get("file")
    if file is not None:
        content: bytes = file.read(LARGEST + 1)
        return content
    # A form sends text with CRLF line ends; the file had its own.
    return request.POST.get("xml", "").replace("\r\n", "\n").encode()


def _waivers(request: HttpRequest, xml: bytes) -> tuple[Waiver, ...]:
    """The reasons that were given for the warnings which stand open in this file."""
    if not any(name.startswith("waive-") for name in request.POST):
        return ()
    return waivers_in(request, readiness_of(xml, at=timezone.now()))


def _not_ready(request: HttpRequest, xml: bytes, readiness: Readiness) -> HttpResponse:
    shown = readiness_view(readiness)
    file = request.FILES.get("file")
    context = {
        "readiness": shown,
        "file": file.name if file is not None else request.POST.get("name", ""),
        "with_reasons": shown.needs_reasons_only,
        "xml": as_text(read_document(xml)),
    }
    return render(request, "design/publish.html", context, status=422)


def _refused(request: HttpRequest, words: str, *, said: str = "") -> HttpResponse:
    context = {"problem": words, "said": said}
    return render(request, "design/publish.html", context, status=422)
