"""A customer's own cases: the list, how one stands, and replying."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.kernel.events.event import Actor, ActorKind, CaseId
from servoloop.loop.run.conversation import say
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.portal import (
    PortalCase,
    portal_case,
    portal_case_by_secret,
    portal_cases,
)
from servoloop.web.portal.progress import row_chip, stages_of, status_words
from servoloop.web.shell.acting import act, posted_key
from servoloop.web.shell.live import case_stream_url
from servoloop.web.shell.process_form import value_words
from servoloop.web.shell.viewers import viewer_of


@require_GET
@login_required
def show_cases(request: HttpRequest) -> HttpResponse:
    rows = [(row, row_chip(row.status)) for row in portal_cases(viewer_of(request))]
    return render(request, "portal/cases.html", {"rows": rows})


@require_GET
@login_required
def show_case(request: HttpRequest, number: str) -> HttpResponse:
    return _draw(request, _own(request, number), reply=reverse("portal:reply", args=[number]))


@require_GET
def follow(request: HttpRequest, secret: str) -> HttpResponse:
    """The case behind a link that only the customer has."""
    page = _by_secret(secret)
    reply_to = reverse("portal:reply_by_secret", args=[secret])
    answer = _draw(request, page, reply=reply_to, is_link=True)
    # The address is the key: it must not stay in shared caches. (It does not travel to other
    # sites either: the policy of every page is same-origin; no-referrer would break the reply,
    # because a form sent with it has the origin "null".)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def reply(request: HttpRequest, number: str) -> HttpResponse:
    back = reverse("portal:case", args=[number])
    return _reply(request, _own(request, number), back=back)


@require_POST
def reply_by_secret(request: HttpRequest, secret: str) -> HttpResponse:
    return _reply(request, _by_secret(secret), back=reverse("portal:follow", args=[secret]))


def _reply(request: HttpRequest, page: PortalCase, *, back: str) -> HttpResponse:
    return act(
        request,
        lambda: say(
            CaseId(page.id),
            text=request.POST.get("text", ""),
            actor=Actor(kind=ActorKind.CUSTOMER, id=page.customer_key),
            at=timezone.now(),
            dedupe_key=posted_key(request),
        ),
        done=_("We have your reply."),
        back=back,
        draft=f"portal-reply-{page.number}",
    )


def _own(request: HttpRequest, number: str) -> PortalCase:
    try:
        return portal_case(viewer_of(request), number)
    except NotFound:
        raise Http404 from None


def _by_secret(secret: str) -> PortalCase:
    try:
        return portal_case_by_secret(secret)
    except NotFound:
        raise Http404 from None


def _draw(
    request: HttpRequest, page: PortalCase, *, reply: str, is_link: bool = False
) -> HttpResponse:
    context = {
        "page": page,
        "words": status_words(page),
        "stages": stages_of(page),
        "asked": _asked(page),
        "reply": reply,
        "is_link": is_link,
        "link": request.build_absolute_uri(reverse("portal:follow", args=[page.secret])),
        "live": case_stream_url(page.id),
    }
    return render(request, "portal/case.html", context)


def _asked(page: PortalCase) -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [
        (each.label.in_language(language) or each.name, value_words(value, each, language=language))
        for each, value in page.asked
    ]
