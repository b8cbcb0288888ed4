"""The task page, and taking, completing, releasing and escalating a task."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.escalations import escalate_task
from servoloop.loop.run.tasks import claim_task, complete_task, release_task
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.task_page import TaskPage, task_page
from servoloop.storage.queries.viewer import Viewer
from servoloop.web.run.task_view import task_view
from servoloop.web.shell.acting import act, posted_key
from servoloop.web.shell.live import stream_url
from servoloop.web.shell.process_form import Entered, read
from servoloop.web.shell.refusals import refusal_words
from servoloop.web.shell.viewers import colleague_of, colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_task(request: HttpRequest, case: int, task: int) -> HttpResponse:
    viewer = viewer_of(request)
    return _draw(request, viewer, _page(viewer, case, task))


@require_POST
@colleagues_only
def claim(request: HttpRequest, case: int, task: int) -> HttpResponse:
    return act(
        request,
        lambda: claim_task(CaseId(case), task, actor=colleague_of(request), at=timezone.now()),
        done=_("The task is yours. Its standard time runs now."),
        back=reverse("run:task", args=[case, task]),
    )


@require_POST
@colleagues_only
def release(request: HttpRequest, case: int, task: int) -> HttpResponse:
    return act(
        request,
        lambda: release_task(CaseId(case), task, actor=colleague_of(request), at=timezone.now()),
        done=_("The task is back in its queue."),
        back=reverse("run:work"),
    )


@require_POST
@colleagues_only
def escalate(request: HttpRequest, case: int, task: int) -> HttpResponse:
    return act(
        request,
        lambda: escalate_task(
            CaseId(case),
            task,
            reason=request.POST.get("reason", "").strip(),
            actor=colleague_of(request),
            at=timezone.now(),
            dedupe_key=posted_key(request),
        ),
        done=_("Your question is with the next level. It climbs by itself until it is answered."),
        back=reverse("run:task", args=[case, task]),
    )


@require_POST
@colleagues_only
def complete(request: HttpRequest, case: int, task: int) -> HttpResponse:
    """Complete with the typed outputs; refused, the page comes again with what was typed."""
    viewer = viewer_of(request)
    page = _page(viewer, case, task)
    entered = read(page.step.outputs, request.POST)
    if entered.problems:
        return _draw_refused(request, viewer, page, entered, entered.problems)
    try:
        complete_task(
            CaseId(case),
            task,
            outputs=entered.values,
            actor=colleague_of(request),
            at=timezone.now(),
            dedupe_key=posted_key(request),
        )
    except CommandRefused as refused:
        if refused.problems:
            return _draw_refused(request, viewer, page, entered, refused.problems)
        messages.error(request, refusal_words(refused))
        return redirect("run:task", case=case, task=task)
    done = _("“%(step)s” is completed.") % {"step": task_view(page, at=timezone.now()).name}
    messages.success(request, done, extra_tags=f"task-{case}-{task}")
    return redirect("run:work")


def _page(viewer: Viewer, case: int, task: int) -> TaskPage:
    try:
        return task_page(viewer, case, task)
    except NotFound:
        raise Http404 from None


def _draw_refused(
    request: HttpRequest,
    viewer: Viewer,
    page: TaskPage,
    entered: Entered,
    problems: Mapping[str, str],
) -> HttpResponse:
    messages.error(request, _("Some answers cannot be taken yet; they are marked below."))
    return _draw(request, viewer, page, entered=entered, problems=problems)


def _draw(
    request: HttpRequest,
    viewer: Viewer,
    page: TaskPage,
    *,
    entered: Entered | None = None,
    problems: Mapping[str, str] | None = None,
) -> HttpResponse:
    typed = entered.typed if entered else {}
    context = {
        "page": page,
        "view": task_view(page, at=timezone.now(), typed=typed, problems=problems or {}),
        "live": stream_url(viewer, case=page.case.id),
    }
    status = 422 if problems else 200
    return render(request, "run/task.html", context, status=status)
