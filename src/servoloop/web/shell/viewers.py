"""Who is looking, and who may look at all."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from servoloop.accounts.models import User
from servoloop.accounts.people import roles_of
from servoloop.kernel.events.event import Actor, ActorKind
from servoloop.storage.queries.viewer import ANONYMOUS, Viewer

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def viewer_of(request: HttpRequest) -> Viewer:
    """The person behind a request as queries know them. One query for somebody logged in."""
    user = request.user
    if not isinstance(user, User):
        return ANONYMOUS
    return Viewer(
        person=user.username,
        roles=roles_of(user.username),
        customer=user.customer_id,
        is_colleague=user.is_colleague,
    )


def colleague_of(request: HttpRequest) -> Actor:
    return Actor(kind=ActorKind.PERSON, id=request.user.get_username())


def colleagues_only(view: View[P]) -> View[P]:
    """Ask strangers to log in and turn customers away."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path())
        if not user.is_colleague:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true"
