"""Pages of the frame itself: the way in, the search box, the counts beside the navigation."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from servoloop.storage.queries.navigation import navigation_counts
from servoloop.web.shell.acting import way_back
from servoloop.web.shell.context import THEME_COOKIE, THEMES
from servoloop.web.shell.viewers import colleagues_only, viewer_of

_YEAR = 365 * 24 * 3600  # seconds


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Colleagues to their work, everybody else to the portal."""
    viewer = viewer_of(request)
    return redirect("run:work" if viewer.is_colleague else "portal:services")


@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light or dark, remembered by the browser; anything else follows the system again."""
    theme = request.POST.get("theme", "")
    answer = HttpResponseRedirect(way_back(request, "/"))
    if theme in THEMES:
        answer.set_cookie(THEME_COOKIE, theme, max_age=_YEAR, samesite="Lax")
    else:
        answer.delete_cookie(THEME_COOKIE)
    return answer


@require_GET
@colleagues_only
def counts(request: HttpRequest) -> HttpResponse:
    context = {"counts": navigation_counts(viewer_of(request))}
    return render(request, "shell/counts.html", context)
