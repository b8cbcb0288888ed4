"""Doing what a form asks: one call into the loop, then back to a page."""

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.web.shell.refusals import refusal_words

DEDUPE_FIELD = "dedupe_key"
_LONGEST_KEY = 64


def act(
    request: HttpRequest, do: Callable[[], object], *, done: str, back: str, draft: str = ""
) -> HttpResponse:
    """Do it and go back; a refusal is said on the page that follows.

    `draft` names the draft that the browser may forget once it was taken.
    """
    try:
        do()
    except CommandRefused as refused:
        messages.error(request, refusal_words(refused))
    else:
        messages.success(request, done, extra_tags=draft)
    return HttpResponseRedirect(way_back(request, back))


def way_back(request: HttpRequest, default: str) -> str:
    """The page that the form names in `next`, if it is one of ours."""
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return back if is_ours else default


def new_key() -> str:
    """A key that a form carries, so that sending it twice means once."""
    return uuid.uuid4().hex


def posted_key(request: HttpRequest) -> str | None:
    """The form's key; a form without one is taken as it comes."""
    key = request.POST.get(DEDUPE_FIELD, "")
    if not key or len(key) > _LONGEST_KEY:
        return None
    return f"web:{request.user.get_username()}:{key}"
