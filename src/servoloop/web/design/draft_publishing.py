"""Publishing a draft: the verdict, the reason, and the owner's word where it is asked for."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from servoloop.kernel.process.readiness.readiness import NotReady, Readiness
from servoloop.loop.draft_publishing import consent_for, publish_draft
from servoloop.loop.drafts import draft_findings
from servoloop.storage.definitions import Published
from servoloop.storage.drafts import Draft, DraftClosed, DraftMoved, load_draft
from servoloop.storage.not_found import NotFound
from servoloop.storage.publication_requests import AlreadyAsked, requests_of_draft
from servoloop.web.design.draft_changes import changes_to_current
from servoloop.web.design.json_requests import may_publish
from servoloop.web.design.readiness_view import marks_of, readiness_view
from servoloop.web.design.waiver_form import waivers_in
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@require_http_methods(["GET", "POST"])
@colleagues_only
def publish(request: HttpRequest, draft: int) -> HttpResponse:
    """The gate's verdict on the draft as it is saved, and the form that publishes it."""
    if not may_publish(request):
        raise PermissionDenied
    try:
        held = load_draft(draft)
    except NotFound:
        raise Http404 from None
    if held.closed_as == "published":
        return redirect("design:versions", held.key)
    readiness = draft_findings(held.xml.encode(), at=timezone.now())
    if request.method == "GET":
        return _page(request, held, readiness)
    return _published(request, held, readiness)


def _published(request: HttpRequest, held: Draft, readiness: Readiness) -> HttpResponse:
    rev = request.POST.get("rev", "")
    try:
        made = publish_draft(
            held.id,
            rev=int(rev) if rev.isascii() and rev.isdigit() else 0,
            person=request.user.get_username(),
            at=timezone.now(),
            reason=request.POST.get("reason", "").strip(),
            waivers=waivers_in(request, readiness),
        )
    except DraftMoved:
        messages.error(request, _("The draft was saved in between. Look at it again."))
        return redirect("design:draft-publish", held.id)
    except DraftClosed:
        messages.error(request, _("This draft was closed meanwhile."))
        return redirect("design:drafts")
    except AlreadyAsked:
        messages.error(request, _("This draft waits for approval already."))
        return redirect("design:draft-publish", held.id)
    except NotReady as error:
        return _page(request, held, error.readiness, status=422)
    if not isinstance(made, Published):
        name = names_of([made.owner]).person(made.owner) if made.owner else _("A second person")
        messages.success(request, _("%(person)s is asked to approve it.") % {"person": name})
        return redirect("design:draft-publish", held.id)
    messages.success(
        request, _("Published. New cases run on this version; running ones keep theirs.")
    )
    return redirect("design:versions", made.key)


def _page(
    request: HttpRequest, held: Draft, readiness: Readiness, *, status: int = 200
) -> HttpResponse:
    shown = readiness_view(readiness)
    consent = consent_for(held)
    asked = requests_of_draft(held.id)
    people = [consent.owner]
    for each in asked:
        people += (each.requested_by, each.decided_by, each.owner)
    names = names_of(people)
    changes = changes_to_current(viewer_of(request), held.key, xml=held.xml, names=names)
    context = {
        "draft": held,
        "groups": changes.groups,
        "is_same": changes.is_same,
        "is_idle": changes.is_idle,
        "is_overtaken": changes.current is not None and changes.current != held.base,
        "readiness": shown,
        "marks": marks_of(readiness),
        "with_reasons": shown.needs_reasons_only,
        "may_go": shown.is_ready or shown.needs_reasons_only,
        "asks": consent.is_needed_by(request.user.get_username()),
        "owner": consent.owner,
        "waiting": next((each for each in asked if each.status == "waiting"), None),
        "declined": next((each for each in asked[:1] if each.status == "declined"), None),
        "names": names,
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "design/draft_publish.html", context, status=status)
