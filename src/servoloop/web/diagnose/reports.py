"""The diagnoses: bring a log, choose how it is read, watch it, read its report."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.kernel.interchange.options import ReadOptions
from servoloop.storage.queries.processes import process_list
from servoloop.web.diagnose import runs
from servoloop.web.diagnose.choices import Choices, write_choices
from servoloop.web.diagnose.kept import has_log
from servoloop.web.diagnose.redesign_file import read_redesigns
from servoloop.web.shell.viewers import colleagues_only, is_fragment, viewer_of

LARGEST = 500_000_000  # bytes of a log

# The report is one file with its own style and script; it runs in a box without our cookies. A
# click on a number may lead out of it, to the cases behind.
REPORT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; "
    "font-src data:; frame-ancestors 'self'; "
    "sandbox allow-scripts allow-downloads allow-popups allow-top-navigation-by-user-activation"
)


@require_GET
@colleagues_only
def show_reports(request: HttpRequest) -> HttpResponse:
    runs.remove_old(at=timezone.now())
    context = {
        "runs": runs.recent(request.user.get_username()),
        "processes": process_list(viewer_of(request)),
        "days": runs.kept_for().days,
    }
    return render(request, "diagnose/reports.html", context)


@require_POST
@colleagues_only
def bring_log(request: HttpRequest) -> HttpResponse:
    """Look at the log first, or diagnose it at once with what is guessed."""
    file = request.FILES.get("file")
    if file is None or not file.name or not file.size:
        messages.error(request, _("Choose an event log first."))
        return redirect("diagnose:report")
    if file.size > LARGEST:
        messages.error(request, _("This log is too large for the browser; use the command line."))
        return redirect("diagnose:report")
    stage = "diagnosis" if "at_once" in request.POST else "look"
    return _begin(request, file.name, file.chunks(), stage=stage, choices=None)


@require_POST
@colleagues_only
def diagnose_own(request: HttpRequest) -> HttpResponse:
    """Our own cases, as they ran here: all of them, or those of one process."""
    choices = Choices(
        options=ReadOptions(zone=timezone.get_current_timezone_name()),
        process=request.POST.get("process", ""),
        with_model="model" in request.POST,
    )
    return _begin(request, _("Our own cases"), None, stage="diagnosis", choices=choices)


def _begin(
    request: HttpRequest,
    name: str,
    chunks: Iterable[bytes] | None,
    *,
    stage: str,
    choices: Choices | None,
) -> HttpResponse:
    runs.remove_old(at=timezone.now())
    if runs.is_busy():
        messages.error(request, _("Two diagnoses are running already. Try again in a moment."))
        return redirect("diagnose:report")
    run = runs.begin(
        name,
        chunks,
        stage=stage,
        person=request.user.get_username(),
        language="zh" if (get_language() or "").startswith("zh") else "en",
        zone=timezone.get_current_timezone_name(),
        at=timezone.now(),
    )
    if choices is not None:
        write_choices(choices, runs.folder_of(run.id))
    runs.start(run, stage=stage)
    return redirect("diagnose:run", run=run.id)


@require_POST
@colleagues_only
def cancel(request: HttpRequest, run: str) -> HttpResponse:
    found = run_of(run)
    if found.state == "running":
        runs.ask_to_stop(found.id)
        messages.success(request, _("The diagnosis stops as soon as it can."))
    return redirect("diagnose:run", run=run)


@require_POST
@colleagues_only
def remove(request: HttpRequest, run: str) -> HttpResponse:
    """The report, the log behind it and all else, by the person who brought it."""
    found = own_run_of(request, run)
    runs.remove(found.id)
    messages.success(request, _("“%(name)s” is deleted.") % {"name": found.name})
    return redirect("diagnose:report")


@require_GET
@colleagues_only
def show_page(request: HttpRequest, run: str) -> HttpResponse:
    found = run_of(run)
    page = runs.folder_of(found.id) / "report.html"
    if not page.exists():
        raise Http404
    answer = HttpResponse(page.read_bytes(), content_type="text/html; charset=utf-8")
    answer["Content-Security-Policy"] = REPORT_POLICY
    answer["X-Frame-Options"] = "SAMEORIGIN"
    if request.GET.get("download"):
        answer["Content-Disposition"] = 'attachment; filename="diagnosis.html"'
    return answer


@require_GET
@colleagues_only
def model(request: HttpRequest, run: str) -> HttpResponse:
    """The model that was discovered, as a file."""
    file = runs.folder_of(run_of(run).id) / "model.bpmn"
    if not file.exists():
        raise Http404
    answer = HttpResponse(file.read_bytes(), content_type="application/xml")
    answer["Content-Disposition"] = 'attachment; filename="model.bpmn"'
    return answer


@require_GET
@colleagues_only
def show_run(request: HttpRequest, run: str) -> HttpResponse:
    """How far a diagnosis is, the choices it waits for; in the end, its report."""
    found = run_of(run)
    if is_fragment(request) and found.state != "running":
        # The whole page must come anew, with the report in it.
        answer = HttpResponse()
        answer["HX-Refresh"] = "true"
        return answer
    if is_fragment(request):
        return render(request, "diagnose/progress.html", {"run": found})
    if found.state == "looked":
        return redirect("diagnose:choose", run=run)
    folder = runs.folder_of(found.id)
    context = {
        "run": found,
        "is_own": found.person == request.user.get_username(),
        "page": reverse("diagnose:page", args=[found.id]) + _cases_shown(request, found),
        "has_model": (folder / "model.bpmn").exists(),
        "redesigns": read_redesigns(folder),
        "may_draw": request.user.has_perm("storage.add_definition"),
    }
    return render(request, "diagnose/run.html", context)


def _cases_shown(request: HttpRequest, run: runs.Run) -> str:
    """Tells the report whether its numbers lead to their cases: for the person who brought them."""
    is_own = run.person == request.user.get_username()
    return "#cases=1" if is_own and has_log(run) else ""


def run_of(run: str) -> runs.Run:
    """Raises Http404 where there is none."""
    found = runs.find(run)
    if found is None:
        raise Http404
    return found


def own_run_of(request: HttpRequest, run: str) -> runs.Run:
    """A run of the person who asks. Raises Http404 for those of others."""
    found = run_of(run)
    if found.person != request.user.get_username():
        raise Http404
    return found
