"""The guided start: one question at a time; what was answered is kept in the session."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from servoloop.kernel.process.drafting import draft_document
from servoloop.kernel.process.layout.diagram import draw_diagram
from servoloop.kernel.process.layout.sketch import sketch_of
from servoloop.kernel.process.reader import read_model
from servoloop.loop.new_process import answered_draft, begin_with, plain_steps, steps_asked
from servoloop.storage.calendars import calendar_names
from servoloop.web.design.guide_answers import KPIS, LEVELS, answers_of, steps_with
from servoloop.web.design.guide_questions import Question, questions
from servoloop.web.design.json_requests import may_publish
from servoloop.web.shell.acting import new_key
from servoloop.web.shell.names import names_of
from servoloop.web.shell.viewers import colleagues_only

KEY = "guide"  # in the session
_LONGEST = 20_000  # characters of one answer


@require_GET
@colleagues_only
def begin_guide(request: HttpRequest) -> HttpResponse:
    """On with the first question, or with a new process when the last one is to be forgotten."""
    if request.GET.get("new"):
        request.session.pop(KEY, None)
    return redirect("design:guide", "goal")


@require_http_methods(["GET", "POST"])
@colleagues_only
def ask(request: HttpRequest, question: str) -> HttpResponse:
    """One question; a POST keeps the answer and goes on, or back."""
    if not may_publish(request):
        raise PermissionDenied
    asked = questions()
    position = next((n for n, each in enumerate(asked) if each.slug == question), None)
    if position is None:
        raise Http404
    kept: dict[str, Any] = request.session.get(KEY, {})
    if request.method == "GET":
        return _page(request, asked, position, kept)
    kept = {**kept, **_given(request, question)}
    request.session[KEY] = kept
    if "back" in request.POST:
        return redirect("design:guide", asked[max(0, position - 1)].slug)
    problem = _problem(question, kept)
    if problem:
        return _page(request, asked, position, kept, problem=problem)
    if question == "look":
        return _finish(request, kept)
    return redirect("design:guide", asked[position + 1].slug)


def _given(request: HttpRequest, question: str) -> dict[str, Any]:
    """What this question's form sent, as the session keeps it: words by field."""
    skipped = ("csrfmiddlewaretoken", "back", "next")
    given = {
        name: request.POST[name][:_LONGEST].replace("\r\n", "\n")
        for name in request.POST
        if name not in skipped
    }
    if question == "steps":
        given["text"] = plain_steps(given.get("text", ""))
    return given


def _problem(question: str, kept: dict[str, Any]) -> str:
    if question == "goal" and not kept.get("name", "").strip():
        return _("Give the process a name first.")
    if question in ("steps", "look") and not steps_asked(kept.get("text", "")):
        return _("Write at least one step that a person does.")
    return ""


def _finish(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    person = request.user.get_username()
    draft = answered_draft(answers_of(kept), person=person)
    if draft is None:
        return redirect("design:guide", "steps")
    begun = begin_with(draft, person=person, at=timezone.now(), origin="guide", token=new_key()[:8])
    request.session.pop(KEY, None)
    return redirect("design:draft-edit", begun.id)


def _page(
    request: HttpRequest,
    asked: tuple[Question, ...],
    position: int,
    kept: dict[str, Any],
    *,
    problem: str = "",
) -> HttpResponse:
    question = asked[position]
    context: dict[str, Any] = {
        "question": question,
        "form": f"design/guide_{question.slug}.html",
        "progress": [(each, _state(n, position)) for n, each in enumerate(asked)],
        "number": position + 1,
        "count": len(asked),
        "kept": kept,
        "problem": problem,
        "is_first": position == 0,
        "is_last": position == len(asked) - 1,
    }
    names = names_of(())
    if question.slug in ("roles", "times"):
        context["steps"] = steps_with(kept)
        context["roles"] = [(key, names.role(key)) for key in names.roles]
    elif question.slug == "steps":
        journey = kept.get("journey", "").splitlines()
        context["journey"] = [line.strip() for line in journey if line.strip()]
    elif question.slug == "escalation":
        context["roles"] = [(key, names.role(key)) for key in names.roles]
        context["levels"] = [
            (n, kept.get(f"level-role-{n}", role), kept.get(f"level-hours-{n}", hours))
            for n, role, hours in LEVELS
        ]
    elif question.slug == "measures":
        context["calendars"] = calendar_names()
        context["kpis"] = [
            (each, each.name.in_language(get_language() or "en"), kept.get(f"kpi-{each.id}", ""))
            for each in KPIS
        ]
    elif question.slug == "look":
        context |= _looked_at(request, kept)
    return render(request, "design/guide.html", context, status=422 if problem else 200)


def _state(number: int, position: int) -> str:
    return "now" if number == position else "done" if number < position else "next"


def _looked_at(request: HttpRequest, kept: dict[str, Any]) -> dict[str, Any]:
    """The drawing, and what the process will say."""
    draft = answered_draft(answers_of(kept), person=request.user.get_username())
    if draft is None:
        return {}
    document = draft_document(draft)
    draw_diagram(document)
    picture = sketch_of(read_model(document), language=get_language() or "en")
    human = [node for node in draft.nodes if node.type == "userTask"]
    return {"picture": picture, "sheet": draft.sheet, "human": human, "names": names_of(())}
