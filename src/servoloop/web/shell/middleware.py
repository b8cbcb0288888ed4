"""What every request passes before a view runs, and every answer after it."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    QueryDict,
)
from django.urls import Resolver404, resolve
from django.utils import timezone

ZONE_COOKIE = "zone"

GetResponse = Callable[[HttpRequest], HttpResponse]


def viewer_zone(get_response: GetResponse) -> GetResponse:
    """Show moments in the zone that the browser reported (cookie `zone`), else in the house's."""

    def in_zone(request: HttpRequest) -> HttpResponse:
        zone = _zone(request.COOKIES.get(ZONE_COOKIE, ""))
        if zone is None:
            timezone.deactivate()
        else:
            timezone.activate(zone)
        return get_response(request)

    return in_zone


def _zone(name: str) -> ZoneInfo | None:
    if not name or len(name) > 64:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        # The cookie is anybody's text: '../x' is a ValueError, a folder of zones an OSError.
        return None


def without_nul(get_response: GetResponse) -> GetResponse:
    """Drop NUL characters from what was typed: PostgreSQL keeps none, and nobody means one."""

    def cleaned(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise Http404
        if _has_nul(request.GET):
            request.GET = _without_nul(request.GET)  # type: ignore[assignment]  # stubs: immutable
        if request.method == "POST" and _has_nul(request.POST):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]  # likewise
        return get_response(request)

    return cleaned


def _has_nul(typed: QueryDict) -> bool:
    return any("\0" in text for name, texts in typed.lists() for text in (name, *texts))


def _without_nul(typed: QueryDict) -> QueryDict:
    cleaned = typed.copy()
    cleaned.clear()
    for name, texts in typed.lists():
        cleaned.setlist(name.replace("\0", ""), [text.replace("\0", "") for text in texts])
    return cleaned


def lead_back(get_response: GetResponse) -> GetResponse:
    """Lead whoever opens the address of an action to the page that it belongs to.

    Browsers do so by a reload after a refusal, after the language was changed there, and on the
    way back from a login that came in between.
    """

    def led(request: HttpRequest) -> HttpResponse:
        answer = get_response(request)
        if isinstance(answer, HttpResponseNotAllowed) and request.method == "GET":
            return HttpResponseRedirect(_page_above(request.path_info))
        return answer

    return led


def _page_above(path: str) -> str:
    """The nearest address above `path` that exists; "/" always does."""
    above = path.rstrip("/").rpartition("/")[0] + "/"
    try:
        resolve(above)
    except Resolver404:
        return _page_above(above)
    return above
