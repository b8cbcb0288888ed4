"""The editor page of a draft: the drawing, the panel, findings and comments."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.drafts import DraftPage, draft_page
from servoloop.web.design.json_requests import may_publish
from servoloop.web.shell.viewers import colleagues_only, viewer_of

SNIPPETS = ("stages", "approval", "information", "escalation", "visit")
# Pages about a draft that the toolbar leads to, as far as they exist.
_LINKS = ("dry-run", "blueprint", "value-stream", "manual", "publish")


@require_GET
@colleagues_only
def edit_draft(request: HttpRequest, draft: int) -> HttpResponse:
    """Whoever may publish edits; everybody else looks and comments, and so does a phone."""
    try:
        page = draft_page(viewer_of(request), draft)
    except NotFound:
        raise Http404 from None
    may_edit = may_publish(request) and not page.closed_as
    context = {
        "page": page,
        "may_edit": may_edit,
        "facts": _facts(page, person=request.user.get_username(), may_edit=may_edit),
        "links": _links(page),
        "keys": "design/editor_keys.html",
    }
    return render(request, "design/editor.html", context)


def _facts(page: DraftPage, *, person: str, may_edit: bool) -> dict[str, object]:
    """What the island needs to know: addresses, mostly."""
    addresses = ("xml", "save", "copy", "presence", "comments")
    urls = {name: reverse(f"design:draft-{name}", args=[page.id]) for name in addresses}
    urls |= {name: reverse(f"design:{name}") for name in ("check", "directory")}
    urls["resolve"] = reverse("design:comment-resolve", args=[0])
    return {
        "id": page.id,
        "person": person,
        "may_edit": may_edit,
        "file": page.key or f"draft-{page.id}",
        "urls": urls,
        "sprite": static("vendor/icons/icons.svg"),
        "scripts": {
            "modeler": static("vendor/bpmn-js/bpmn-modeler.min.js"),
            "viewer": static("vendor/bpmn-js/bpmn-navigated-viewer.min.js"),
        },
        "snippets": {name: static(f"design/snippets/{name}.bpmn") for name in SNIPPETS},
    }


def _links(page: DraftPage) -> dict[str, str]:
    found = {}
    for name in _LINKS:
        try:
            found[name.replace("-", "_")] = reverse(f"design:draft-{name}", args=[page.id])
        except NoReverseMatch:
            continue
    return found
