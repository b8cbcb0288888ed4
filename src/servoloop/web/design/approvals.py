"""What waits for the approval of its owner: the list, one with what it changes, and the answer."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.kernel.process.readiness.readiness import NotReady
from servoloop.loop.draft_publishing import (
    NotYours,
    approve_request,
    decline_request,
    may_decide,
    withdraw_request,
)
from servoloop.storage.not_found import NotFound
from servoloop.storage.publication_requests import (
    AlreadyDecided,
    Request,
    load_request,
    waiting_requests,
)
from servoloop.web.design.draft_changes import changes_to_current
from servoloop.web.design.json_requests import may_publish
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_approvals(request: HttpRequest) -> HttpResponse:
    """Everything that waits; the viewer's own decisions first."""
    rows = waiting_requests()
    mine = [each for each in rows if _is_mine(request, each)]
    context = {
        "mine": mine,
        "others": [each for each in rows if each not in mine],
        "names": names_of(name for each in rows for name in (each.owner, each.requested_by)),
    }
    return render(request, "design/approvals.html", context)


@require_GET
@colleagues_only
def show_approval(request: HttpRequest, id: int) -> HttpResponse:
    asked = _asked(id)
    names = names_of([asked.owner, asked.requested_by, asked.decided_by])
    me = request.user.get_username()
    changes = changes_to_current(viewer_of(request), asked.key, xml=asked.xml, names=names)
    context = {
        "asked": asked,
        "names": names,
        "groups": changes.groups,
        "marks": dict(changes.marks),
        "may_decide": asked.status == "waiting" and _is_mine(request, asked),
        "may_withdraw": asked.status == "waiting" and asked.requested_by == me,
    }
    return render(request, "design/approval.html", context)


@require_GET
@colleagues_only
def show_approval_xml(request: HttpRequest, id: int) -> HttpResponse:
    """The text that waits."""
    return HttpResponse(_asked(id).xml, content_type="application/xml; charset=utf-8")


def _is_mine(request: HttpRequest, asked: Request) -> bool:
    """Whether the viewer decides; where no owner is named, somebody who may publish."""
    if not may_decide(asked, request.user.get_username()):
        return False
    return bool(asked.owner) or may_publish(request)


@require_POST
@colleagues_only
def decide(request: HttpRequest, id: int) -> HttpResponse:
    """Approve, decline with words, or withdraw one's own."""
    asked = _asked(id)
    person, at = request.user.get_username(), timezone.now()
    words = request.POST.get("words", "").strip()
    answer = request.POST.get("answer")
    if answer != "withdraw" and not _is_mine(request, asked):
        raise PermissionDenied
    if answer == "decline" and not words:
        messages.error(request, _("Say why you decline it."))
        return redirect("design:approval", id)
    try:
        if answer == "approve":
            approve_request(id, person=person, at=at)
            messages.success(request, _("Approved and published."))
            return redirect("design:versions", asked.key)
        if answer == "withdraw":
            withdraw_request(id, person=person, at=at)
            messages.success(request, _("The request is withdrawn."))
        else:
            decline_request(id, person=person, at=at, words=words)
            messages.success(request, _("Declined. The draft stays as it is."))
    except NotYours:
        raise PermissionDenied from None
    except AlreadyDecided:
        messages.error(request, _("This was decided meanwhile."))
    except NotReady:
        messages.error(request, _("The gate does not let this version through today."))
    return redirect("design:approval", id)


def _asked(id: int) -> Request:
    try:
        return load_request(id)
    except NotFound:
        raise Http404 from None
