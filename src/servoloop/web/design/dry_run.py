"""A dry run in the browser: moves are kept in the session, each page replays them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.check import NotExecutable
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.words import Words
from servoloop.kernel.simulation.dry_run import (
    DryRun,
    Interrupted,
    Move,
    move_from_data,
    move_to_data,
)
from servoloop.kernel.simulation.examples import next_move
from servoloop.loop.dry_run import dry_run, program_of_draft, program_of_version
from servoloop.storage.not_found import NotFound
from servoloop.storage.queries.drafts import draft_page
from servoloop.web.design.draft_looks import not_yet
from servoloop.web.design.dry_run_moves import Asked, BadMove, asked_move
from servoloop.web.design.dry_run_view import dry_run_view
from servoloop.web.shell.process_form import Entered
from servoloop.web.shell.refusals import refusal_words
from servoloop.web.shell.viewers import colleagues_only, viewer_of

MOST_MOVES = 400
"""A run of a page takes every move anew; beyond this it would be felt."""
AT_ONCE = 60
"""So many moves are made at most when the case is let run to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The process that is tried, and where it stands."""

    program: Program
    name: Words
    xml: str  # address of the BPMN text
    back: str  # address of the page it was opened from
    key: str  # of the session


@require_http_methods(["GET", "POST"])
@colleagues_only
def of_draft(request: HttpRequest, draft: int) -> HttpResponse:
    """Of a draft as it is saved now."""
    viewer = viewer_of(request)
    back = reverse("design:draft-edit", args=[draft])
    try:
        page = draft_page(viewer, draft)
        program = program_of_draft(draft, viewer=viewer)
    except NotFound:
        raise Http404 from None
    except NotExecutable as error:
        return not_yet(request, draft, error, title=_("Dry run"))
    subject = Subject(
        program=program,
        name=page.name,
        xml=reverse("design:draft-xml", args=[draft]),
        back=back,
        key=f"dry-run:draft:{draft}",
    )
    return _answer(request, subject)


@require_http_methods(["GET", "POST"])
@colleagues_only
def of_version(request: HttpRequest, key: str) -> HttpResponse:
    """Of a published version, beside the cases that really run on it."""
    version = request.GET.get("version") or None
    try:
        program, id = program_of_version(key, version=version, viewer=viewer_of(request))
    except NotFound:
        raise Http404 from None
    subject = Subject(
        program=program,
        name=program.sheet.name,
        xml=reverse("design:definition", args=[id]),
        back=reverse("design:process", args=[key]),
        key=f"dry-run:version:{id}",
    )
    return _answer(request, subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What the session holds of a dry run."""

    begin: datetime
    moves: tuple[Move, ...]

    def to_data(self) -> dict[str, Any]:
        return {"begin": self.begin.isoformat(), "moves": [move_to_data(m) for m in self.moves]}


def _answer(request: HttpRequest, subject: Subject) -> HttpResponse:
    kept = _kept(request, subject)
    if request.method == "GET":
        run, kept = _replayed(request, subject, kept)
        return _draw(request, subject, kept, run)
    made = _moved(request, subject, kept)
    if isinstance(made, HttpResponse):
        return made
    request.session[subject.key] = made.to_data()
    return HttpResponseRedirect(request.get_full_path())


def _kept(request: HttpRequest, subject: Subject) -> _Kept:
    data = request.session.get(subject.key)
    try:
        assert data
        begin = datetime.fromisoformat(data["begin"])
        return _Kept(begin=begin, moves=tuple(move_from_data(each) for each in data["moves"]))
    except (AssertionError, KeyError, TypeError, ValueError):
        return _Kept(begin=timezone.now().replace(microsecond=0), moves=())


def _replayed(request: HttpRequest, subject: Subject, kept: _Kept) -> tuple[DryRun, _Kept]:
    """The case as far as its moves can still be made: the draft may have changed meanwhile."""
    try:
        return dry_run(subject.program, kept.moves, begin=kept.begin), kept
    except (ServoloopError, KeyError):
        messages.info(request, _("The process has changed, so the dry run begins anew."))
        fresh = _Kept(begin=kept.begin, moves=())
        request.session[subject.key] = fresh.to_data()
        return dry_run(subject.program, (), begin=fresh.begin), fresh


def _moved(request: HttpRequest, subject: Subject, kept: _Kept) -> "_Kept | HttpResponse":
    """The run with what was asked for; the page again where that is not possible."""
    match request.POST.get("do"):
        case "undo":
            return _Kept(begin=kept.begin, moves=kept.moves[:-1])
        case "restart":
            return _Kept(begin=_begin(request), moves=())
        case "auto":
            return _played(request, subject, kept, most=1)
        case "finish":
            return _played(request, subject, kept, most=AT_ONCE)
    run, kept = _replayed(request, subject, kept)
    try:
        asked = asked_move(request.POST, run)
    except BadMove as bad:
        messages.error(request, str(bad))
        return HttpResponseRedirect(request.get_full_path())
    if asked.entered.problems:
        return _draw(request, subject, kept, run, asked=asked, problems=asked.entered.problems)
    return _attempted(request, subject, kept, run, asked)


def _attempted(
    request: HttpRequest, subject: Subject, kept: _Kept, run: DryRun, asked: Asked
) -> "_Kept | HttpResponse":
    moves = (*kept.moves, asked.move)
    if len(moves) > MOST_MOVES:
        messages.error(request, _("This dry run is long enough; begin another."))
        return kept
    try:
        dry_run(subject.program, moves, begin=kept.begin)
    except CommandRefused as refused:
        if refused.problems:
            return _draw(request, subject, kept, run, asked=asked, problems=refused.problems)
        messages.error(request, refusal_words(refused))
        return kept
    except Interrupted:
        words = _("A timer took the step away before its standard time was over.")
        messages.warning(request, words)
        return _Kept(begin=kept.begin, moves=(*kept.moves, Move(kind="next")))
    except ServoloopError as error:
        messages.error(request, str(error))
        return kept
    return _Kept(begin=kept.begin, moves=moves)


def _played(request: HttpRequest, subject: Subject, kept: _Kept, *, most: int) -> _Kept:
    """Let the case go on by itself; the same run goes the same way each time."""
    run, kept = _replayed(request, subject, kept)
    moves = kept.moves
    for _turn in range(most):
        if len(moves) >= MOST_MOVES:
            break
        chance = Random(f"{subject.key}{kept.begin}{len(moves)}")
        move = next_move(run, chance, language=get_language() or "en")
        if move is None:
            break
        try:
            run = dry_run(subject.program, (*moves, move), begin=kept.begin)
        except Interrupted:
            move = Move(kind="next")
            run = dry_run(subject.program, (*moves, move), begin=kept.begin)
        except ServoloopError as error:
            messages.error(request, str(error))
            break
        moves = (*moves, move)
    return _Kept(begin=kept.begin, moves=moves)


def _begin(request: HttpRequest) -> datetime:
    """The first virtual moment: the one typed, else now."""
    try:
        local = datetime.fromisoformat(request.POST.get("begin", ""))
    except ValueError:
        return timezone.now().replace(microsecond=0)
    return local if local.tzinfo else timezone.make_aware(local)


def _draw(
    request: HttpRequest,
    subject: Subject,
    kept: _Kept,
    run: DryRun,
    *,
    asked: Asked | None = None,
    problems: Mapping[str, str] | None = None,
) -> HttpResponse:
    entered = asked.entered if asked else Entered()
    view = dry_run_view(
        run,
        moves=len(kept.moves),
        refused=asked.move.subject if asked else -1,
        typed=entered.typed,
        problems=problems or {},
    )
    context = {
        "subject": subject,
        "view": view,
        "run": run,
        "begin": timezone.localtime(kept.begin),
    }
    return render(request, "design/dry_run.html", context, status=422 if problems else 200)
