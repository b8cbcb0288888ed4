"""Checks for the editor while somebody draws and writes; nothing is kept."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from servoloop.kernel.process.feel_lint import Kind, lint
from servoloop.loop.drafts import draft_findings
from servoloop.web.design.feel_words import feel_words
from servoloop.web.design.finding_json import findings_json
from servoloop.web.design.json_requests import BadRequest, for_scripts, sent, text_in


@require_POST
@for_scripts()
def check_text(request: HttpRequest) -> HttpResponse:
    """What the gate would say to {xml} now."""
    found = sent(request)
    xml = text_in(found, "xml").encode()
    process = text_in(found, "process", is_required=False) or None
    return JsonResponse(findings_json(draft_findings(xml, at=timezone.now(), process=process)))


@require_POST
@for_scripts()
def check_feel(request: HttpRequest) -> HttpResponse:
    """Whether {text} is good FEEL of its {kind}, over the {names} with their types, if given."""
    found = sent(request)
    kinds = {each.value: each for each in Kind}
    kind = kinds.get(text_in(found, "kind"))
    names = found.get("names")
    if kind is None or not (names is None or isinstance(names, dict)):
        raise BadRequest
    types = None if names is None else {str(name): str(type) for name, type in names.items()}
    problem = lint(text_in(found, "text"), kind=kind, names=types)
    if problem is None:
        return JsonResponse({"ok": True})
    return JsonResponse(
        {
            "ok": False,
            "error": feel_words(problem.words),
            "at": problem.position,
            "severity": problem.severity.value,
        }
    )
