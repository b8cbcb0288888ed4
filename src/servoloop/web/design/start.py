"""New process: four ways to begin, the template library, and pasted steps."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from servoloop.kernel.process.drafting import draft_document
from servoloop.kernel.process.layout.diagram import draw_diagram
from servoloop.kernel.process.layout.sketch import Sketch, sketch_of
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.step import Step
from servoloop.kernel.process.words import Words
from servoloop.loop.drafts import create_draft
from servoloop.loop.new_process import begin_with, understand
from servoloop.loop.templates.library import (
    Kind,
    UnknownTemplate,
    list_templates,
    template,
    template_model,
    template_picture,
    template_xml,
)
from servoloop.web.design.json_requests import may_publish
from servoloop.web.design.outline_words import line_views
from servoloop.web.shell.acting import new_key
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only

LONGEST_TEXT = 40_000  # characters


@require_GET
@colleagues_only
def show_start(request: HttpRequest) -> HttpResponse:
    """The four ways."""
    context = {"templates": len(list_templates()), "may_publish": may_publish(request)}
    return render(request, "design/start.html", context)


# Templates


def kind_words(kind: str) -> str:
    return {
        Kind.QUESTION: _("Questions and complaints"),
        Kind.GOODS: _("Goods"),
        Kind.FIELD: _("At the customer's"),
        Kind.RELATION: _("Customers and news"),
        Kind.STAFF: _("Colleagues"),
    }[Kind(kind)]


@require_GET
@colleagues_only
def show_templates(request: HttpRequest) -> HttpResponse:
    """The library, all of it or one kind."""
    wanted = request.GET.get("kind", "")
    known = list_templates()
    kinds = [(each.value, kind_words(each)) for each in Kind]
    cards = [each for each in known if not wanted or each.kind == wanted]
    context = {"cards": cards, "kinds": kinds, "wanted": wanted, "count": len(known)}
    return render(request, "design/start_templates.html", context)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateStep:
    name: Words
    role: Words  # as the lane is called; the organisation may not have it yet
    step: Step


@require_http_methods(["GET", "POST"])
@colleagues_only
def show_template(request: HttpRequest, template_id: str) -> HttpResponse:
    """What the template holds; a POST begins a draft with it."""
    try:
        card = template(template_id)
    except UnknownTemplate:
        raise Http404 from None
    if request.method == "POST":
        if not may_publish(request):
            raise PermissionDenied
        draft = create_draft(
            template_xml(template_id),
            person=request.user.get_username(),
            at=timezone.now(),
            origin="template",
        )
        return redirect("design:draft-edit", draft.id)
    model = template_model(template_id)
    lanes = {lane.role: lane.name for process in model.processes for lane in process.lanes}
    steps = [
        TemplateStep(name=node.name, role=lanes.get(node.step.role, Words()), step=node.step)
        for node in model.nodes()
        if node.type in ("userTask", "manualTask")
    ]
    context = {
        "card": card,
        "kind": kind_words(card.kind),
        "steps": steps,
        "names": names_of(()),
        "picture": template_picture(template_id, language=get_language() or "en"),
        "may_publish": may_publish(request),
    }
    return render(request, "design/start_template.html", context)


@require_GET
@colleagues_only
def template_svg(request: HttpRequest, template_id: str, language: str) -> HttpResponse:
    """The picture of a template as an image; it never changes."""
    try:
        picture = template_picture(template_id, language=language)
    except UnknownTemplate:
        raise Http404 from None
    answer = render(
        request,
        "design/start_picture.html",
        {"picture": picture, "alone": True},
        content_type="image/svg+xml",
    )
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


# Pasted steps


@require_http_methods(["GET", "POST"])
@colleagues_only
def begin_with_text(request: HttpRequest) -> HttpResponse:
    """Steps in words: a form with what was understood, and on POST a draft."""
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    if request.method == "GET":
        return render(request, "design/start_text.html", {"may_publish": may_publish(request)})
    if not may_publish(request):
        raise PermissionDenied
    person = request.user.get_username()
    outline = understand(text, person=person)
    if outline.draft is None:
        context = {
            "text": text,
            "may_publish": True,
            "problem": _("No step was understood. Write one step per line."),
        }
        return render(request, "design/start_text.html", context, status=422)
    draft = begin_with(
        outline.draft, person=person, at=timezone.now(), origin="text", token=new_key()[:8]
    )
    return redirect("design:draft-edit", draft.id)


@require_POST
@colleagues_only
def preview_text(request: HttpRequest) -> HttpResponse:
    """What is understood of the text so far, line by line, and the drawing."""
    text = request.POST.get("text", "")[:LONGEST_TEXT]
    outline = understand(text, person=request.user.get_username())
    picture: Sketch | None = None
    if outline.draft is not None:
        document = draft_document(outline.draft)
        draw_diagram(document)
        picture = sketch_of(read_model(document), language=get_language() or "en")
    lines = line_views(outline.lines, names_of(()))
    context = {
        "lines": lines,
        "lost": sum(line.state == "lost" for line in lines),
        "steps": sum(node.type == "userTask" for node in outline.draft.nodes)
        if outline.draft is not None
        else 0,
        "picture": picture,
        "title": outline.draft.sheet.name if outline.draft is not None else None,
    }
    return render(request, "design/start_text_preview.html", context)
