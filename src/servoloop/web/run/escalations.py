"""Escalations: questions that wait for an answer, the viewer's first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.escalations import answer_escalation
from servoloop.storage.calendars import calendars
from servoloop.storage.queries.escalations import all_open_escalations, waiting_escalations
from servoloop.web.run.escalation_view import escalation_lines
from servoloop.web.shell.acting import act, posted_key
from servoloop.web.shell.live import stream_url
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleague_of, colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_escalations(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    is_all = request.GET.get("all") == "1"
    found = all_open_escalations(viewer) if is_all else waiting_escalations(viewer)
    names = names_of(each.raised_by for each in found)
    context = {
        "lines": escalation_lines(found, viewer, names, at=timezone.now(), known=calendars()),
        "is_all": is_all,
        "live": stream_url(viewer),
    }
    return render(request, "run/escalations.html", context)


@require_POST
@colleagues_only
def answer(request: HttpRequest, case: int, escalation: int) -> HttpResponse:
    return act(
        request,
        lambda: answer_escalation(
            CaseId(case),
            escalation,
            words=request.POST.get("words", "").strip(),
            assign_to=request.POST.get("assign_to") or None,
            actor=colleague_of(request),
            at=timezone.now(),
            dedupe_key=posted_key(request),
        ),
        done=_("Your answer is with the colleague who has the task."),
        back=reverse("run:escalations"),
    )
