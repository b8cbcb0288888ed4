"""Cases: the list, one case with everything about it, and what may be done to it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.cases import cancel_case, reopen_case
from servoloop.loop.run.conversation import say
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.case_page import case_list, case_page
from servoloop.web.run.case_view import case_view
from servoloop.web.shell.acting import act, posted_key
from servoloop.web.shell.live import stream_url
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleague_of, colleagues_only, is_fragment, viewer_of

STATUSES = ("open", "closed", "cancelled")
_PREFIX = "SL-"


@require_GET
@colleagues_only
def show_cases(request: HttpRequest) -> HttpResponse:
    status = request.GET.get("status", "open")
    status = status if status in STATUSES else ""
    viewer = viewer_of(request)
    page = case_list(viewer, status=status or None, after=request.GET.get("after") or None)
    context = {
        "page": page,
        "status": status,
        "names": names_of(row.owner for row in page.rows),
        "live": stream_url(viewer),
    }
    is_more = is_fragment(request) and request.GET.get("after")
    return render(request, "run/cases_rows.html" if is_more else "run/cases.html", context)


@require_GET
@colleagues_only
def find(request: HttpRequest) -> HttpResponse:
    """From a number, with or without its prefix, to the case."""
    typed = request.GET.get("q", "").strip()
    digits = typed.upper().removeprefix(_PREFIX).lstrip("0")
    if digits.isascii() and digits.isdigit() and len(digits) < 18:
        return redirect("run:case", case=int(digits))
    return render(request, "run/not_found.html", {"typed": typed}, status=404)


@require_GET
@colleagues_only
def show_case(request: HttpRequest, case: int) -> HttpResponse:
    viewer = viewer_of(request)
    try:
        page = case_page(viewer, case)
    except NotFound:
        raise Http404 from None
    is_complete = request.GET.get("all") == "1"
    view = case_view(page, at=timezone.now(), is_complete=is_complete)
    context = {"page": page, "view": view, "live": stream_url(viewer, case=case)}
    return render(request, "run/case.html", context)


@require_POST
@colleagues_only
def say_to_customer(request: HttpRequest, case: int) -> HttpResponse:
    is_internal = request.POST.get("internal") == "1"
    return act(
        request,
        lambda: say(
            CaseId(case),
            text=request.POST.get("text", ""),
            is_internal=is_internal,
            actor=colleague_of(request),
            at=timezone.now(),
            dedupe_key=posted_key(request),
        ),
        done=_("The note is kept.") if is_internal else _("Your reply is on its way."),
        back=reverse("run:case", args=[case]),
        draft=f"case-{case}-{'note' if is_internal else 'reply'}",
    )


@require_POST
@colleagues_only
def cancel(request: HttpRequest, case: int) -> HttpResponse:
    return act(
        request,
        lambda: cancel_case(
            CaseId(case),
            reason=request.POST.get("reason", ""),
            actor=colleague_of(request),
            at=timezone.now(),
            dedupe_key=posted_key(request),
        ),
        done=_("The case is cancelled."),
        back=reverse("run:case", args=[case]),
    )


@require_POST
@colleagues_only
def reopen(request: HttpRequest, case: int) -> HttpResponse:
    return act(
        request,
        lambda: reopen_case(
            CaseId(case),
            reason=request.POST.get("reason", ""),
            actor=colleague_of(request),
            at=timezone.now(),
            dedupe_key=posted_key(request),
        ),
        done=_("The case is open again, from the start of its process."),
        back=reverse("run:case", args=[case]),
    )
