"""Whom a wrong password counts for: the name that was typed, from the address it came from."""

from collections.abc import Mapping

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The peer; behind a proxy of ours, the last address it has added, never what a client says."""
    peer: str = request.META.get("REMOTE_ADDR", "")
    added = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return added if settings.SERVOLOOP_BEHIND_PROXY and added else peer


def typed_name(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """The name or e-mail address as the login form took it, in lower case.

    Axes asks before and after each attempt, and gets other keys from allauth each time: a field
    name of its own settings would count failures under a name that it never looks up.
    """
    given = credentials or {}
    name = given.get("username") or given.get("email") or request.POST.get("login") or ""
    return name.casefold()
