"""Files attached to the method of a step: uploaded in the editor, opened from a task."""

import mimetypes
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.storage.attached_files import LARGEST, TooLarge, keep_file, open_file
from servoloop.storage.not_found import NotFound
from servoloop.web.design.json_requests import for_scripts, refusal
from servoloop.web.shell.viewers import colleagues_only

# Shown in the browser; everything else is downloaded, so that nothing of it can act as a page.
_SHOWN = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@require_POST
@for_scripts(needs_publishing=True)
def attach_file(request: HttpRequest) -> HttpResponse:
    """Keep one file; its address and its name."""
    file = request.FILES.get("file")
    if file is None or not file.name:
        return refusal(_("Choose a file first."), status=422)
    try:
        kept = keep_file(file.name, file.chunks())
    except TooLarge:
        words = _("The file is too large; %(n)d MB are the limit.") % {"n": LARGEST // 1_000_000}
        return refusal(words, status=413)
    address = reverse("design:attached-file", args=[kept.digest, kept.name])
    return JsonResponse({"address": address, "name": file.name}, status=201)


@require_GET
@colleagues_only
def show_attached_file(request: HttpRequest, digest: str, name: str) -> HttpResponse:
    """The file as it was attached; its content never changes, so a browser may keep it."""
    try:
        with open_file(digest, name) as file:
            content = file.read()
    except NotFound:
        raise Http404 from None
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    answer = HttpResponse(content, content_type=kind)
    shown = "inline" if kind in _SHOWN else "attachment"
    answer["Content-Disposition"] = f"{shown}; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "private, max-age=31536000, immutable"
    answer["Content-Security-Policy"] = _POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
