"""Diagnosis of a log brought along: start it, watch it, read its report."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.web.diagnose import runs
from servoloop.web.shell.viewers import colleagues_only, is_fragment

LARGEST = 500_000_000  # bytes of a log

# The report is one file with its own style and script; it runs in a box without our cookies.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "font-src data:; frame-ancestors 'self'; sandbox allow-scripts allow-downloads allow-popups"
)


@require_GET
@colleagues_only
def show_reports(request: HttpRequest) -> HttpResponse:
    context = {"runs": runs.recent(request.user.get_username())}
    return render(request, "diagnose/reports.html", context)


@require_POST
@colleagues_only
def bring_log(request: HttpRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or not file.name or not file.size:
        messages.error(request, _("Choose an event log first."))
        return redirect("diagnose:report")
    if file.size > LARGEST:
        messages.error(request, _("This log is too large for the browser; use the command line."))
        return redirect("diagnose:report")
    return _begin(request, file.name, file.chunks())


@require_POST
@colleagues_only
def diagnose_own(request: HttpRequest) -> HttpResponse:
    """Our own cases, as they ran here."""
    return _begin(request, _("Our own cases"), None)


def _begin(request: HttpRequest, name: str, chunks: Iterable[bytes] | None) -> HttpResponse:
    if runs.is_busy():
        messages.error(request, _("Two diagnoses are running already. Try again in a moment."))
        return redirect("diagnose:report")
    run = runs.begin(
        name,
        chunks,
        person=request.user.get_username(),
        language="zh" if (get_language() or "").startswith("zh") else "en",
        zone=timezone.get_current_timezone_name(),
        at=timezone.now(),
    )
    return redirect("diagnose:run", run=run)


@require_GET
@colleagues_only
def show_run(request: HttpRequest, run: str) -> HttpResponse:
    """How far a diagnosis is; in the end, its report."""
    found = _run(run)
    if is_fragment(request) and found.state != "running":
        # The whole page must come anew, with the report in it.
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    template = "diagnose/progress.html" if is_fragment(request) else "diagnose/run.html"
    return render(request, template, {"run": found})


@require_POST
@colleagues_only
def cancel(request: HttpRequest, run: str) -> HttpResponse:
    found = _run(run)
    if found.state == "running":
        runs.ask_to_stop(found.id)
        messages.success(request, _("The diagnosis stops as soon as it can."))
    return redirect("diagnose:run", run=run)


@require_GET
@colleagues_only
def show_page(request: HttpRequest, run: str) -> HttpResponse:
    found = _run(run)
    page = runs.folder_of(found.id) / "report.html"
    if not page.exists():
        raise Http404
    answer = HttpResponse(page.read_bytes(), content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = REPORT_POLICY
    answer["X-Frame-Options"] = "SAMEORIGIN"
    if request.GET.get("download"):
        answer["Content-Disposition"] = 'attachment; filename="diagnosis.html"'
    return answer


def _run(run: str) -> runs.Run:
    found = runs.find(run)
    if found is None:
        raise Http404
    return found
