"""A draft looked at as if it were published: its blueprint, its value stream and its manual."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from servoloop.kernel.process.blueprint import draw_blueprint
from servoloop.kernel.process.check import NotExecutable
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.value_stream import stream_by_standard
from servoloop.loop.dry_run import program_of_draft
from servoloop.loop.manual.pdf import manual_pdf
from servoloop.loop.manual.process_manual import manuals_of_program
from servoloop.loop.manual.texts import LANGUAGES
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.drafts import DraftPage, draft_page, draft_xml
from servoloop.web.design.blueprint_view import blueprint_view
from servoloop.web.design.finding_words import finding_words
from servoloop.web.design.manual import language_of_reader
from servoloop.web.design.value_stream_view import stream_view
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A draft as it is saved now, and what it would do."""

    page: DraftPage
    document: Document
    program: Program


@require_GET
@colleagues_only
def show_blueprint(request: HttpRequest, draft: int) -> HttpResponse:
    """Without live cases, since none runs on a draft."""
    drawn = _drawn(request, draft)
    if isinstance(drawn, NotExecutable):
        return not_yet(request, draft, drawn, title=_("Service blueprint"))
    blueprint = draw_blueprint(drawn.program, read_model(drawn.document))
    view = blueprint_view(blueprint, times={}, names=names_of(()))
    context = {"file": drawn.page, "draft": drawn.page, "blueprint": view}
    return render(request, "design/blueprint.html", context)


@require_GET
@colleagues_only
def show_value_stream(request: HttpRequest, draft: int) -> HttpResponse:
    """By the standard times."""
    drawn = _drawn(request, draft)
    if isinstance(drawn, NotExecutable):
        return not_yet(request, draft, drawn, title=_("Value stream"))
    view = stream_view(stream_by_standard(drawn.program))
    context = {"file": drawn.page, "draft": drawn.page, "is_live": False, "view": view}
    return render(request, "design/value_stream.html", context)


@require_GET
@colleagues_only
def show_manual(request: HttpRequest, draft: int) -> HttpResponse:
    drawn = _drawn(request, draft)
    if isinstance(drawn, NotExecutable):
        return not_yet(request, draft, drawn, title=_("Manual"))
    languages = (language_of_reader(),)
    (manual,) = manuals_of_program(drawn.program, drawn.document, languages=languages)
    pdfs = {name: reverse("design:draft-manual-pdf", args=[draft, name]) for name in LANGUAGES}
    context = {
        "manual": manual,
        "draft": drawn.page,
        "xml": reverse("design:draft-xml", args=[draft]),
        "pdfs": pdfs,
    }
    return render(request, "design/manual.html", context)


@require_GET
@colleagues_only
def download_manual(request: HttpRequest, draft: int, languages: str) -> HttpResponse:
    if languages not in LANGUAGES:
        raise Http404
    drawn = _drawn(request, draft)
    if isinstance(drawn, NotExecutable):
        return not_yet(request, draft, drawn, title=_("Manual"))
    manuals = manuals_of_program(drawn.program, drawn.document, languages=LANGUAGES[languages])
    answer = HttpResponse(manual_pdf(manuals), content_type="application/pdf")
    name = drawn.page.key or f"draft-{draft}"
    answer["Content-Disposition"] = f'attachment; filename="{name}-{languages}.pdf"'
    return answer


def not_yet(request: HttpRequest, draft: int, error: NotExecutable, *, title: str) -> HttpResponse:
    """In words what keeps the draft from being looked at."""
    context = {
        "title": title,
        "back": reverse("design:draft-edit", args=[draft]),
        "words": [finding_words(each) for each in error.findings],
    }
    return render(request, "design/draft_not_yet.html", context)


def _drawn(request: HttpRequest, draft: int) -> Drawn | NotExecutable:
    viewer = viewer_of(request)
    try:
        page = draft_page(viewer, draft)
        xml, _rev = draft_xml(viewer, draft)
        program = program_of_draft(draft, viewer=viewer)
    except NotFound:
        raise Http404 from None
    except NotExecutable as error:
        return error
    return Drawn(page=page, document=read_document(xml.encode()), program=program)
