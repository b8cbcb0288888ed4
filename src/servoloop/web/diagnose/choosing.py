"""The second step of bringing a log: agree with the guesses or change them, then diagnose."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.storage.queries.processes import process_list
from servoloop.web.diagnose import runs
from servoloop.web.diagnose.choice_form import choices_of
from servoloop.web.diagnose.choices import read_choices, write_choices
from servoloop.web.diagnose.look_file import read_look, read_names
from servoloop.web.diagnose.reports import own_run_of
from servoloop.web.diagnose.wizard import wizard_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of

LARGEST_DEFINITION = 10_000_000  # bytes


@require_GET
@colleagues_only
def show_choices(request: HttpRequest, run: str) -> HttpResponse:
    found = own_run_of(request, run)
    folder = runs.folder_of(found.id)
    look = read_look(folder)
    if found.state != "looked":
        return redirect("diagnose:run", run=run)
    if look is None:  # an older release looked at it
        messages.error(request, _("This log has to be brought again."))
        return redirect("diagnose:report")
    wizard = wizard_of(
        found,
        look,
        read_choices(folder, zone=found.zone),
        names=read_names(folder),
        definitions=process_list(viewer_of(request)),
    )
    return render(request, "diagnose/choices.html", {"wizard": wizard, "run": found})


@require_POST
@colleagues_only
def look_again(request: HttpRequest, run: str) -> HttpResponse:
    """Read the log with other choices, and show them again."""
    return _go_on(request, run, stage="look")


@require_POST
@colleagues_only
def diagnose(request: HttpRequest, run: str) -> HttpResponse:
    return _go_on(request, run, stage="diagnosis")


def _go_on(request: HttpRequest, run: str, *, stage: str) -> HttpResponse:
    found = own_run_of(request, run)
    folder = runs.folder_of(found.id)
    look = read_look(folder)
    if found.state != "looked" or look is None:
        return redirect("diagnose:choose", run=run)
    brought = request.FILES.get("definition_file")
    if brought is not None and (brought.size or 0) > LARGEST_DEFINITION:
        messages.error(request, _("This definition is too large."))
        return redirect("diagnose:choose", run=run)
    if brought is not None:
        runs.definition_file(folder).write_bytes(brought.read())
    choices = choices_of(
        request.POST,
        look=look,
        names=read_names(folder),
        before=read_choices(folder, zone=found.zone),
        definition=(brought.name or "definition.bpmn") if brought is not None else "",
    )
    write_choices(choices, folder)
    if runs.is_busy():
        messages.error(request, _("Two diagnoses are running already. Try again in a moment."))
        return redirect("diagnose:choose", run=run)
    runs.start(found, stage=stage)
    return redirect("diagnose:run", run=run)
