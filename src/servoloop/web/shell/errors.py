"""Error pages in the frame of the house: one sentence, what to do, and a reference."""

import logging
import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

_log = logging.getLogger(__name__)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        400,
        _("We could not understand this request"),
        _("Go back, check what you entered, and send it again."),
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        403,
        _("You may not open this page"),
        _("Your role does not include it. Ask your supervisor if you need it."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is nothing at this address"),
        _("The link may be old, or the case is not one that you may see."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(
        request,
        403,
        _("This form has expired"),
        _("Reload the page and send the form again. What you typed is kept in your browser."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Drawn without the frame's own queries: the database may be what failed."""
    reference = uuid.uuid4().hex[:8]
    _log.error("Error page %s for %s", reference, request.path)
    context = {
        "status": 500,
        "title": _("Something went wrong on our side"),
        "words": _("Nothing you entered before was lost. Try again in a minute."),
        "reference": reference,
    }
    return render(request, "shell/error_bare.html", context, status=500)


def _page(request: HttpRequest, status: int, title: str, words: str) -> HttpResponse:
    context = {"status": status, "title": title, "words": words}
    return render(request, "shell/error.html", context, status=status)
