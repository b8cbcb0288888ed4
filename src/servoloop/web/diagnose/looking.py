"""What all pages about a kept log share: whose run it is, its log, and which cases are meant."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.mining.filters import text_of
from servoloop.web.diagnose import additions, kept, people, runs
from servoloop.web.diagnose.selection import FILTERS, Selection, names_people, selection_of
from servoloop.web.shell.viewers import colleagues_only, is_fragment


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A run with its log, seen by the person whose run it is."""

    run: runs.Run
    desk: kept.Desk
    reason: people.Reason | None  # why people are named; None when they are not

    @property
    def with_people(self) -> bool:
        return self.reason is not None

    def selection(self, request: HttpRequest, parameter: str = FILTERS) -> Selection:
        """What the address asks for; filters by individuals only while people are named."""
        found = selection_of(request, parameter)
        if self.with_people:
            return found
        allowed = tuple(each for each in found.filters if not names_people(each))
        hidden = tuple(text_of(each) for each in found.filters if names_people(each))
        return Selection(filters=allowed, unread=(*found.unread, *hidden))


_WHOLE_PAGES = {"compare": "comparison", "cases": "case-list", "case": "case-story"}
"""Views that always answer with a page, and what the skeleton takes of it."""

LookView = Callable[..., HttpResponse]  # of a request, a Look and the parts of its address


def own_run(request: HttpRequest, run: str) -> runs.Run:
    """The run of this id. Raises Http404 where there is none, or it is somebody else's."""
    found = runs.find(run)
    if found is None or found.person != request.user.get_username():
        raise Http404
    return found


def is_part(request: HttpRequest) -> bool:
    """Whether only a part of the page is asked for; going back in history asks for all of it."""
    return is_fragment(request) and request.headers.get("HX-History-Restore-Request") != "true"


def at_log(view: LookView) -> Callable[..., HttpResponse]:
    """Hand a view the log of a run; without one the page says why and what to do.

    The first look reads the log, which may take seconds: a whole page is then answered with a
    skeleton that asks again.
    """

    @wraps(view)
    @colleagues_only
    def looking(request: HttpRequest, /, run: str, **parts: str) -> HttpResponse:
        found = own_run(request, run)
        if not kept.has_log(found):
            return render(request, "diagnose/explore/no_log.html", {"run": found}, status=404)
        if _may_wait(request) and not kept.is_at_hand(found):
            part = _WHOLE_PAGES.get(_view_name(request), "")
            context = {"run": found, "selection": selection_of(request), "part": part}
            return render(request, "diagnose/explore/loading.html", context)
        try:
            desk = kept.desk_of(found)
        except UnreadableLog as error:
            context = {"run": found, "words": str(error)}
            return render(request, "diagnose/explore/no_log.html", context, status=500)
        look = Look(run=found, desk=desk, reason=people.naming(found))
        answer = view(request, look, **parts)
        # One address answers with the page or a part of it; a browser must not take one for both.
        patch_vary_headers(answer, ["HX-Request"])
        answer.setdefault("Cache-Control", "no-store")
        return answer

    return looking


def _view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return "" if match is None or match.url_name is None else match.url_name


def _may_wait(request: HttpRequest) -> bool:
    """A person's page may come later; parts, files and readers without script want all at once."""
    wants_page = request.method == "GET" and not request.path.endswith(".csv")
    return wants_page and not is_fragment(request) and request.GET.get("now") != "1"


def added(request: HttpRequest, look: Look) -> HttpResponse | None:
    """Where a form asked for one more filter: the way to the page with it, else None."""
    if "add" not in request.GET:
        return None
    selection = look.selection(request)
    try:
        query = selection.and_also(additions.addition_of(request.GET))
    except additions.NothingAsked as error:
        messages.error(request, str(error))
        query = selection.query
    return redirect(f"{request.path}{query}")


def tell_unread(request: HttpRequest, selection: Selection) -> None:
    """Say that something in the address was left out."""
    if selection.unread:
        messages.warning(
            request,
            _("A filter in the address cannot be used and was left out: %(text)s")
            % {"text": ", ".join(text[:80] for text in selection.unread[:3])},
        )
