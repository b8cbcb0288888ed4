"""Incidents: where a process stands still until somebody mends the cause."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servoloop.kernel.events.event import CaseId
from servoloop.loop.run.incidents import resolve_incident
from servoloop.storage.queries.incidents import open_incidents
from servoloop.web.shell.acting import act, posted_key
from servoloop.web.shell.incident_words import cause_words
from servoloop.web.shell.live import stream_url
from servoloop.web.shell.viewers import colleague_of, colleagues_only, viewer_of


@require_GET
@colleagues_only
def show_incidents(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    lines = [(each, cause_words(each.cause)) for each in open_incidents(viewer)]
    return render(request, "run/incidents.html", {"lines": lines, "live": stream_url(viewer)})


@require_POST
@colleagues_only
def resolve(request: HttpRequest, case: int, incident: int) -> HttpResponse:
    """Set one variable of the case, or none, and try the step again."""
    variables = _variables(request)
    if variables is None:
        messages.error(request, _("Name the variable as well as its new value."))
        return redirect("run:incidents")
    return act(
        request,
        lambda: resolve_incident(
            CaseId(case),
            incident,
            variables=variables,
            actor=colleague_of(request),
            at=timezone.now(),
            dedupe_key=posted_key(request),
        ),
        done=_("The step is tried again."),
        back=reverse("run:case", args=[case]),
    )


def _variables(request: HttpRequest) -> dict[str, Any] | None:
    """The change that was typed: {} for none, None for a value without a name."""
    name = request.POST.get("variable", "").strip()
    text = request.POST.get("value", "").strip()
    if not name:
        return None if text else {}
    return {name: _value(text)}


def _value(text: str) -> Any:
    """A number, true, false or null as such; anything else is text."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if not isinstance(value, dict | list) else text
