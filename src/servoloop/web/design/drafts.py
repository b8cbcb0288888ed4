"""Drafts: the list, beginning one, and what the editor saves."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.document import UnreadableProcess
from servoloop.kernel.process.words import Words
from servoloop.loop import drafts as workshop
from servoloop.storage.drafts import Draft, DraftMoved
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.drafts import draft_list, draft_xml
from servoloop.storage.queries.processes import process_list
from servoloop.web.design.finding_json import findings_json
from servoloop.web.design.json_requests import (
    for_scripts,
    may_publish,
    number_in,
    refusal,
    sent,
    text_in,
)
from servoloop.web.shell.acting import new_key
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of

LARGEST = 16_000_000  # bytes of an imported file, as the reader allows


@require_GET
@colleagues_only
def show_drafts(request: HttpRequest) -> HttpResponse:
    """The open drafts, and the ways to begin another."""
    return _list(request)


def _list(request: HttpRequest, *, problem: str = "", said: str = "") -> HttpResponse:
    viewer = viewer_of(request)
    rows = draft_list(viewer)
    context = {
        "rows": rows,
        "names": names_of(row.updated_by for row in rows),
        "processes": process_list(viewer),
        "may_publish": may_publish(request),
        "problem": problem,
        "said": said,
        "name": request.POST.get("name", ""),
    }
    return render(request, "design/drafts.html", context, status=422 if problem else 200)


@require_POST
@colleagues_only
def begin_draft(request: HttpRequest) -> HttpResponse:
    """Begin with nothing, a file, or a published process, and open it in the editor."""
    if not may_publish(request):
        raise PermissionDenied
    try:
        draft = _begun(request, at=timezone.now())
    except UnreadableProcess as error:
        words = _("This file cannot be read as BPMN 2.0.")
        return _list(request, problem=words, said=str(error))
    except NotFound:
        return _list(request, problem=_("This process is not published any more."))
    if draft is None:
        return _list(request, problem=_("Choose a BPMN file first."))
    return redirect("design:draft-edit", draft.id)


def _begun(request: HttpRequest, *, at: datetime) -> Draft | None:
    """None when a file is missing."""
    person = request.user.get_username()
    name = request.POST.get("name", "").strip()[:200]
    match request.POST.get("from"):
        case "process":
            key = request.POST.get("process", "")
            return workshop.create_draft_of(key, viewer=viewer_of(request), at=at)
        case "file":
            file = request.FILES.get("file")
            if file is None:
                return None
            content: bytes = file.read(LARGEST + 1)
            return workshop.create_draft(content, person=person, at=at, origin="file")
    return workshop.create_empty_draft(
        name=Words(default=name or _("New process")), token=new_key()[:8], person=person, at=at
    )


@require_GET
@colleagues_only
def show_draft_xml(request: HttpRequest, draft: int) -> HttpResponse:
    """The text; `Draft-Rev` says which revision it is."""
    try:
        xml, rev = draft_xml(viewer_of(request), draft)
    except NotFound:
        raise Http404 from None
    answer = HttpResponse(xml, content_type="application/xml; charset=utf-8")
    answer["Draft-Rev"] = str(rev)
    answer["Cache-Control"] = "no-store"
    answer["Content-Disposition"] = f'inline; filename="draft-{draft}.bpmn"'
    return answer


@require_POST
@for_scripts(needs_publishing=True)
def save_draft(request: HttpRequest, draft: int) -> HttpResponse:
    """Save {rev, before, xml}, or say who was first."""
    found = sent(request)
    at = timezone.now()
    try:
        saved = workshop.save_draft(
            draft,
            xml=text_in(found, "xml").encode(),
            before=text_in(found, "before").encode(),
            rev=number_in(found, "rev"),
            person=request.user.get_username(),
            at=at,
        )
    except DraftMoved as error:
        return _moved(error.draft)
    readiness = workshop.draft_findings(saved.xml.encode(), at=at)
    return JsonResponse(
        {
            "rev": saved.rev,
            "saved_at": saved.updated_at.isoformat(),
            "saved_by": saved.updated_by,
            "findings": findings_json(readiness),
        }
    )


def _moved(draft: Draft) -> HttpResponse:
    name = names_of([draft.updated_by]).person(draft.updated_by)
    return refusal(
        _("%(person)s has saved this draft in between.") % {"person": name},
        status=409,
        rev=draft.rev,
        by=draft.updated_by,
        by_name=name,
        at=draft.updated_at.isoformat(),
    )


@require_POST
@for_scripts(needs_publishing=True)
def copy_draft(request: HttpRequest, draft: int) -> HttpResponse:
    """Keep {rev, before, xml} as a draft of its own."""
    found = sent(request)
    copy = workshop.copy_draft(
        draft,
        xml=text_in(found, "xml").encode(),
        before=text_in(found, "before").encode(),
        rev=number_in(found, "rev"),
        person=request.user.get_username(),
        at=timezone.now(),
    )
    url = reverse("design:draft-edit", args=[copy.id])
    return JsonResponse({"id": copy.id, "url": url}, status=201)


@require_POST
@colleagues_only
def discard_draft(request: HttpRequest, draft: int) -> HttpResponse:
    """Put it away; the list offers to bring it back."""
    return _put(request, draft, is_discarded=True)


@require_POST
@colleagues_only
def reopen_draft(request: HttpRequest, draft: int) -> HttpResponse:
    return _put(request, draft, is_discarded=False)


def _put(request: HttpRequest, draft: int, *, is_discarded: bool) -> HttpResponse:
    if not may_publish(request):
        raise PermissionDenied
    try:
        if is_discarded:
            workshop.discard_draft(draft, at=timezone.now())
        else:
            workshop.reopen_draft(draft)
    except ServoloopError:
        messages.error(request, _("This draft was closed or reopened by somebody meanwhile."))
        return redirect("design:drafts")
    if is_discarded:
        return redirect(f"{reverse('design:drafts')}?discarded={draft}")
    messages.success(request, _("The draft is open again."))
    return redirect("design:drafts")
