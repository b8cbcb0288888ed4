"""Where a page hears of changes."""

from django.conf import settings
from django.utils import timezone

from servoloop.storage.queries.viewer import Viewer
from servoloop.web.live_token import issue, topics_of


def stream_url(viewer: Viewer, *, case: int | None = None) -> str:
    """The event stream of a viewer; `case` is one whose page they have been shown."""
    return _url(topics_of(viewer, case=case))


def case_stream_url(case: int) -> str:
    """The stream of one case alone, for the customer whose case it is."""
    return _url((f"case:{case}",))


def _url(topics: tuple[str, ...]) -> str:
    token = issue(topics, at=timezone.now())
    return f"{settings.SERVOLOOP_LIVE_URL}/events?token={token}"
