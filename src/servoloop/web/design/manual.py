"""The SOP manual of a published version: a page that prints, and a PDF."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from servoloop.loop.manual.pdf import manual_pdf
from servoloop.loop.manual.process_manual import manuals_of_version
from servoloop.loop.manual.texts import LANGUAGES, Language
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.definition_files import DefinitionFile, definition_file
from servoloop.web.shell.viewers import colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_manual(request: HttpRequest, key: str) -> HttpResponse:
    """In the reader's language."""
    file = _file(request, key)
    (manual,) = manuals_of_version(file, languages=(language_of_reader(),))
    version = request.GET.get("version")
    query = f"?{urlencode({'version': version})}" if version else ""
    pdfs = {name: reverse("design:manual-pdf", args=[key, name]) + query for name in LANGUAGES}
    xml = reverse("design:definition", args=[file.id])
    context = {"file": file, "manual": manual, "pdfs": pdfs, "xml": xml}
    return render(request, "design/manual.html", context)


@require_GET
@colleagues_only
def download_manual(request: HttpRequest, key: str, languages: str) -> HttpResponse:
    """In Chinese, in English, or both in one file."""
    if languages not in LANGUAGES:
        raise Http404
    file = _file(request, key)
    pdf = manual_pdf(manuals_of_version(file, languages=LANGUAGES[languages]))
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file.key}-{languages}.pdf"'
    return answer


def language_of_reader() -> Language:
    return "zh" if (get_language() or "").startswith("zh") else "en"


def _file(request: HttpRequest, key: str) -> DefinitionFile:
    try:
        return definition_file(viewer_of(request), key, version=request.GET.get("version") or None)
    except NotFound:
        raise Http404 from None
