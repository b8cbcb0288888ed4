"""Working together on a draft: who is there, and comments on its elements."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from servoloop.loop import draft_talk as talk
from servoloop.loop.draft_talk import Company
from servoloop.storage.comments import Comment, comments_on
from servoloop.web.design.json_requests import for_scripts, may_publish, sent, text_in
from servoloop.web.shell.names import Names, names_of


@require_http_methods(["GET", "POST"])
@for_scripts()
def presence(request: HttpRequest, draft: int) -> HttpResponse:
    """Who else edits the draft; a POST counts the asker as an editor, if they may edit."""
    person = request.user.get_username()
    if request.method == "POST" and may_publish(request):
        if sent(request).get("leaving") is True:
            talk.leave_draft(draft, person=person)
            return JsonResponse({})
        return _company(talk.be_present(draft, person=person, at=timezone.now()))
    return _company(talk.company_of(draft, person=person, at=timezone.now()))


def _company(found: Company) -> HttpResponse:
    draft = found.draft
    names = names_of([draft.updated_by, *(each.person for each in found.others)])
    others = [
        {
            "person": each.person,
            "name": names.person(each.person),
            "since": each.since.isoformat(),
        }
        for each in found.others
    ]
    return JsonResponse(
        {
            "others": others,
            "rev": draft.rev,
            "saved_by": draft.updated_by,
            "saved_by_name": names.person(draft.updated_by),
            "saved_at": draft.updated_at.isoformat(),
            "closed": draft.closed_as,
        }
    )


@require_http_methods(["GET", "POST"])
@for_scripts()
def draft_comments(request: HttpRequest, draft: int) -> HttpResponse:
    if request.method == "GET":
        return _comments(request, comments_on(draft=draft))
    found = sent(request)
    made = talk.comment_on_draft(
        draft,
        element=text_in(found, "element")[:255],
        text=text_in(found, "text"),
        person=request.user.get_username(),
        at=timezone.now(),
    )
    return _comment_answer(request, made, status=201)


@require_http_methods(["GET", "POST"])
@for_scripts()
def definition_comments(request: HttpRequest, definition: int) -> HttpResponse:
    if request.method == "GET":
        return _comments(request, comments_on(definition=definition))
    found = sent(request)
    made = talk.comment_on_version(
        definition,
        element=text_in(found, "element")[:255],
        text=text_in(found, "text"),
        person=request.user.get_username(),
        at=timezone.now(),
    )
    return _comment_answer(request, made, status=201)


@require_POST
@for_scripts()
def resolve_comment(request: HttpRequest, comment: int) -> HttpResponse:
    """Mark a comment as done with {"resolved": true}, or as open again with false."""
    if sent(request).get("resolved") is False:
        return _comment_answer(request, talk.reopen_comment(comment))
    person = request.user.get_username()
    return _comment_answer(request, talk.resolve_comment(comment, person=person, at=timezone.now()))


def _comments(request: HttpRequest, found: tuple[Comment, ...]) -> HttpResponse:
    names = names_of(name for each in found for name in (each.author, each.resolved_by))
    return JsonResponse({"comments": [_comment(each, names) for each in found]})


def _comment_answer(request: HttpRequest, made: Comment, *, status: int = 200) -> HttpResponse:
    names = names_of([made.author, made.resolved_by])
    return JsonResponse(_comment(made, names), status=status)


def _comment(each: Comment, names: Names) -> dict[str, object]:
    return {
        "id": each.id,
        "element": each.element,
        "author": each.author,
        "author_name": names.person(each.author),
        "text": each.text,
        "at": each.at.isoformat(),
        "resolved_at": each.resolved_at.isoformat() if each.resolved_at else None,
        "resolved_by_name": names.person(each.resolved_by) if each.resolved_by else "",
        "may_resolve": True,
    }
