"""Choosing a service and asking for it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from servoloop.accounts.models import User
from servoloop.kernel.engine.forms import problems_of
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.events.event import Actor, ActorKind
from servoloop.kernel.process.step import FieldType
from servoloop.loop.run.cases import OpenedCase, open_case
from servoloop.loop.run.intake import open_for_stranger
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.portal import PortalService, portal_service, portal_services
from servoloop.web.portal.contact import TypedContact, read_contact
from servoloop.web.shell.acting import DEDUPE_FIELD, new_key, posted_key
from servoloop.web.shell.process_form import Entered, present, read
from servoloop.web.shell.refusals import refusal_words

_LONGEST_SUBJECT = 120


@require_GET
def show_services(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/services.html", {"services": portal_services()})


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, key: str) -> HttpResponse:
    """The form of a service; sent twice, it still opens one case."""
    try:
        service = portal_service(key)
    except NotFound:
        raise Http404 from None
    if request.method == "GET":
        return _draw(request, service, Entered(), TypedContact())
    entered = read(service.form, request.POST)
    is_stranger = _customer_of(request) is None
    contact = read_contact(request.POST) if is_stranger else TypedContact()
    if entered.problems or contact.problems:
        # The engine is not asked, so what else is wrong with the form is found here: customers
        # must see everything at once.
        found = {**problems_of(service.form, entered.values), **entered.problems}
        return _draw(request, service, entered, contact, problems=found)
    try:
        opened = _open(request, service, entered, contact)
    except CommandRefused as refused:
        if not refused.problems:
            messages.error(request, refusal_words(refused))
        return _draw(request, service, entered, contact, problems=refused.problems)
    thanks = _("Thank you. Your case number is %(number)s.") % {"number": opened.number}
    messages.success(request, thanks, extra_tags=f"portal-{service.key}")
    if is_stranger:
        return redirect("portal:follow", secret=opened.secret)
    return redirect("portal:case", number=opened.number)


def _open(
    request: HttpRequest, service: PortalService, entered: Entered, contact: TypedContact
) -> OpenedCase:
    subject, key, at = _subject(service, entered.values), posted_key(request), timezone.now()
    customer = _customer_of(request)
    if customer is None:
        return open_for_stranger(
            service.key,
            contact=contact.to_contact(),
            variables=entered.values,
            subject=subject,
            at=at,
            dedupe_key=key,
        )
    return open_case(
        service.key,
        variables=entered.values,
        customer=customer,
        subject=subject,
        language=get_language() or "en",
        actor=Actor(kind=ActorKind.CUSTOMER, id=customer),
        at=at,
        dedupe_key=key,
    )


def _customer_of(request: HttpRequest) -> str | None:
    """The key of the customer who is logged in; None for strangers and colleagues."""
    user = request.user
    return user.customer.key if isinstance(user, User) and user.customer else None


def _subject(service: PortalService, values: Mapping[str, Any]) -> str:
    """What the case is called: its subject, else how its description begins, else the service."""
    long_texts = (f.name for f in service.form if f.type is FieldType.LONG_TEXT)
    texts = (str(values.get(name, "")) for name in ("subject", *long_texts))
    found = next((text for text in texts if text), "")
    words = found or service.name.in_language(get_language() or "en")
    line = words.splitlines()[0]
    return line if len(line) <= _LONGEST_SUBJECT else line[: _LONGEST_SUBJECT - 1] + "…"


def _draw(
    request: HttpRequest,
    service: PortalService,
    entered: Entered,
    contact: TypedContact,
    *,
    problems: Mapping[str, str] | None = None,
) -> HttpResponse:
    wrong = {**(problems or {}), **(contact.problems or {})}
    inputs = present(
        service.form,
        language=get_language() or "en",
        typed=entered.typed,
        problems=problems or {},
        currency="CNY",
    )
    context = {
        "service": service,
        "inputs": inputs,
        "contact": contact,
        "is_stranger": _customer_of(request) is None,
        "dedupe_key": request.POST.get(DEDUPE_FIELD) or new_key(),
        "is_refused": bool(wrong),
    }
    return render(request, "portal/ask.html", context, status=422 if wrong else 200)
