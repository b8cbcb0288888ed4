"""What every request learns about its viewer before a view runs."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
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
