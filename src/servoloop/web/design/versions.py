"""The versions of a process: who, why, how many cases; roll back and retire."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.kernel.process.readiness.readiness import NotReady
from servoloop.loop.versions import ReasonMissing, retire_process, roll_back
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.drafts import draft_list
from servoloop.storage.queries.versions import versions_page
from servoloop.web.design.json_requests import may_publish
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_versions(request: HttpRequest, key: str) -> HttpResponse:
    viewer = viewer_of(request)
    try:
        page = versions_page(viewer, key)
    except NotFound:
        raise Http404 from None
    drafts = draft_list(viewer, key=key)
    people = [page.owner, *(each.updated_by for each in drafts)]
    for line in page.versions:
        people += (line.author, line.approved_by)
    people += (act.person for act in page.acts)
    context = {
        "page": page,
        "drafts": drafts,
        "names": names_of(people),
        "may_publish": may_publish(request),
    }
    return render(request, "design/versions_page.html", context)


@require_POST
@colleagues_only
def roll_back_to(request: HttpRequest, key: str) -> HttpResponse:
    """Make the version that the form names current again."""
    version, reason = request.POST.get("version", ""), request.POST.get("reason", "")
    viewer = viewer_of(request)

    def do() -> None:
        roll_back(key, version, viewer=viewer, at=timezone.now(), reason=reason)

    done = _("Version %(version)s is current again; running cases keep theirs.")
    return _act(request, key, do, done=done % {"version": version[:8]})


@require_POST
@colleagues_only
def retire(request: HttpRequest, key: str) -> HttpResponse:
    """No new cases."""

    def do() -> None:
        person = request.user.get_username()
        reason = request.POST.get("reason", "")
        retire_process(key, person=person, at=timezone.now(), reason=reason)

    return _act(request, key, do, done=_("Retired. Running cases go on to their end."))


def _act(request: HttpRequest, key: str, do: Callable[[], None], *, done: str) -> HttpResponse:
    if not may_publish(request):
        raise PermissionDenied
    try:
        do()
    except NotFound:
        raise Http404 from None
    except ReasonMissing:
        messages.error(request, _("Write down why, so that it can be understood later."))
    except NotReady:
        messages.error(
            request,
            _("The gate does not let this version through today. Its readiness page says why."),
        )
    else:
        messages.success(request, done)
    return redirect("design:versions", key)
