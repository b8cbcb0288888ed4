"""My work: the tasks that a colleague may take or holds, oldest deadline first."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from servoloop.storage.calendars import calendars
from servoloop.storage.queries.my_work import WorkPage, WorkRow, my_work
from servoloop.storage.queries.viewer import Viewer
from servoloop.web.shell.chips import Chip, due_chip, task_chip
from servoloop.web.shell.live import stream_url
from servoloop.web.shell.names import Names, names_of
from servoloop.web.shell.viewers import colleagues_only, is_fragment, viewer_of
from servoloop.web.shell.working_time import calendar_named

PAGE = 50
MOST_ROWS = 500  # that a live refresh brings again


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFilter:
    role: str | None
    is_mine: bool
    after: str | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkLine:
    """A row in the words of its reader."""

    row: WorkRow
    process: str
    step: str
    role: str
    person: str
    due: Chip
    state: Chip
    is_mine: bool


@require_GET
@colleagues_only
def show_work(request: HttpRequest) -> HttpResponse:
    viewer = viewer_of(request)
    asked = _asked(request)
    page = my_work(
        viewer, role=asked.role, is_mine=asked.is_mine, after=asked.after, limit=asked.limit
    )
    names = names_of(row.person for row in page.rows)
    lines = {
        "lines": _lines(page, names, viewer),
        "next": page.next,
        "more": _query(asked, after=page.next),
        "csrf": get_token(request),
    }
    rows = _rows(lines)
    if asked.after and is_fragment(request):
        return HttpResponse(rows)
    context = {
        "page": page,
        "asked": asked,
        "names": names,
        "viewer": viewer,
        "rows": rows,
        "refresh": _query(asked),
        "live": stream_url(viewer),
    }
    template = "run/work_list.html" if is_fragment(request) else "run/work.html"
    return render(request, template, context)


def _rows(lines: Mapping[str, object]) -> SafeString:
    # Jinja2 escapes as it renders, but hands out plain text; Django's template must know.
    return SafeString(render_to_string("run/work_rows.html", {**lines}, using="jinja2"))


def _asked(request: HttpRequest) -> WorkFilter:
    rows = request.GET.get("rows", "")
    limit = int(rows) if rows.isascii() and rows.isdigit() else PAGE
    return WorkFilter(
        role=request.GET.get("role") or None,
        is_mine=request.GET.get("mine") == "1",
        after=request.GET.get("after") or None,
        limit=min(max(limit, PAGE), MOST_ROWS),
    )


def _query(asked: WorkFilter, *, after: str | None = None) -> str:
    """The query text of this list, or of its following page."""
    wanted = {"role": asked.role, "mine": "1" if asked.is_mine else None, "after": after}
    return urlencode({name: value for name, value in wanted.items() if value})


def _lines(page: WorkPage, names: Names, viewer: Viewer) -> list[WorkLine]:
    at, language, known = timezone.now(), get_language() or "en", calendars()
    return [
        WorkLine(
            row=row,
            process=row.process.in_language(language),
            step=row.step.in_language(language),
            role=names.role(row.role),
            person=names.person(row.person),
            due=due_chip(row.due_at, at=at, calendar=calendar_named(row.calendar, known)),
            state=task_chip(row.status),
            is_mine=bool(row.person) and row.person == viewer.person,
        )
        for row in page.rows
    ]
