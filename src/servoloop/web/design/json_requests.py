"""Requests of the editor's scripts: JSON in, JSON out, refusals in the reader's language."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from servoloop.accounts.models import User
from servoloop.kernel.process.document import UnreadableProcess
from servoloop.loop.draft_talk import EmptyComment
from servoloop.storage.drafts import DraftClosed
from servoloop.storage.not_found import NotFound

LARGEST = 20_000_000  # bytes: a file at its limit, before and after a change
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class BadRequest(Exception):
    """The script sent something that no page of ours sends."""


def for_scripts(*, needs_publishing: bool = False) -> Callable[[View[P]], View[P]]:
    """A view that answers scripts; `needs_publishing` asks for the right to publish, too."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            user = request.user
            if not isinstance(user, User):
                return refusal(_("You are logged out. Log in again in another window."), status=401)
            if not user.is_colleague or (needs_publishing and not may_publish(request)):
                return refusal(_("You may not do this; ask a process owner."), status=403)
            return _answered(view, request, *args, **kwargs)

        return guarded

    return guard


def _answered(
    view: View[P], request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
) -> HttpResponse:
    try:
        return view(request, *args, **kwargs)
    except NotFound:
        return refusal(_("This is not there any more."), status=404)
    except DraftClosed as error:
        return refusal(_closed_words(error), status=410, closed=error.draft.closed_as)
    except UnreadableProcess as error:
        words = _("This text cannot be read as BPMN 2.0.")
        return refusal(f"{words} {error}", status=422)
    except EmptyComment:
        return refusal(_("Write a comment of at most 10,000 characters."), status=422)
    except BadRequest:
        return refusal(_("We could not understand this request"), status=422)


def may_publish(request: HttpRequest) -> bool:
    """Whether this person may draw and publish processes."""
    user = request.user
    return isinstance(user, User) and user.is_colleague and user.has_perm("storage.add_definition")


def refusal(words: str, *, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"error": words, **more}, status=status)


def sent(request: HttpRequest) -> dict[str, Any]:
    """The JSON object of the body. Raises BadRequest."""
    body = request.read(LARGEST + 1)  # not `.body`, which stops at the limit for forms
    try:
        found = json.loads(body) if 0 < len(body) <= LARGEST else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BadRequest
    return found


def text_in(found: dict[str, Any], name: str, *, is_required: bool = True) -> str:
    """A text of the body, without NUL, which PostgreSQL cannot keep. Raises BadRequest."""
    value = found.get(name, None if is_required else "")
    if not isinstance(value, str):
        raise BadRequest
    return value.replace("\0", "")


def number_in(found: dict[str, Any], name: str) -> int:
    """Raises BadRequest."""
    value = found.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest
    return value


def _closed_words(error: DraftClosed) -> str:
    if error.draft.closed_as == "published":
        return _("This draft was published meanwhile. Keep your text as a new draft.")
    return _("This draft was discarded meanwhile. Keep your text as a new draft.")
