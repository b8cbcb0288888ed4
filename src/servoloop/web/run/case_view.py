"""The case page's parts, computed once from what the query found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.kernel.process.step import Field
from servoloop.storage.calendars import calendars
from servoloop.storage.queries.case_page import CasePage
from servoloop.storage.queries.cases import IncidentEntry, TaskEntry
from servoloop.web.run.clock_view import ClockLine, clock_lines
from servoloop.web.run.task_view import Fact
from servoloop.web.shell.chips import Chip, case_chip, task_chip
from servoloop.web.shell.event_words import Line, reason_words, timeline_lines
from servoloop.web.shell.incident_words import cause_words
from servoloop.web.shell.names import Names, names_of
from servoloop.web.shell.process_form import value_words

_SAID_ELSEWHERE = ("language", "case_number")  # what the engine adds for texts to customers


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    entry: TaskEntry
    state: Chip
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    state: Chip
    clocks: list[ClockLine]  # of the case, and those of steps that are not simply kept
    kept: list[ClockLine]  # step responses that were in time
    timeline: list[Line]
    is_complete: bool
    tasks: list[TaskLine]
    escalations: list[tuple[Any, str]]  # entry and reason
    incidents: list[tuple[IncidentEntry, str]]  # open ones, with the cause in words
    facts: list[Fact]  # what forms have a label for
    other_facts: list[Fact]  # the rest, under the names of variables
    diagram: dict[str, Any]  # JSON for <process-diagram>
    passed: list[str]  # names of the elements reached, for readers without the picture
    active: list[str]
    names: Names


def case_view(page: CasePage, *, at: datetime, is_complete: bool) -> CaseView:
    names = names_of(_people(page))
    clocks = clock_lines(page.clocks, at=at, known=calendars())
    facts, others = _facts(page)
    return CaseView(
        state=case_chip(page.case.status, waits_for_customer=page.case.waits_for_customer),
        clocks=[clock for clock in clocks if not _is_kept_step(clock)],
        kept=[clock for clock in clocks if _is_kept_step(clock)],
        timeline=timeline_lines(
            page.timeline,
            metrics={clock.no: clock.metric for clock in page.clocks},
            names=names,
            is_complete=is_complete,
        ),
        is_complete=is_complete,
        tasks=[
            TaskLine(entry=each, state=task_chip(each.status), is_open=each.ended_at is None)
            for each in page.tasks
        ],
        escalations=[(each, reason_words(each.reason)) for each in page.escalations],
        incidents=[(e, cause_words(e.cause)) for e in page.incidents if e.status == "open"],
        facts=facts,
        other_facts=others,
        diagram={
            "active": page.active,
            "passed": [each for each in page.passed if each not in page.active],
            "words": {"active": _("The case is here")},
        },
        passed=[_element(page, each) for each in page.passed],
        active=[_element(page, each) for each in page.active],
        names=names,
    )


def _people(page: CasePage) -> set[str]:
    named = {str(entry.data.get("person", "")) for entry in page.timeline}
    acted = {entry.actor for entry in page.timeline if entry.actor_kind == "person"}
    return named | acted | {page.case.owner}


def _is_kept_step(clock: ClockLine) -> bool:
    return bool(clock.entry.task) and clock.entry.status == "met"


def _facts(page: CasePage) -> tuple[list[Fact], list[Fact]]:
    """The variables of the case: those that a form has a label for, then the others."""
    language = get_language() or "en"
    fields = _fields(page)
    labelled, others = [], []
    for name, value in page.variables.items():
        if name in _SAID_ELSEWHERE:
            continue
        words = value_words(value, fields.get(name), language=language)
        if name in fields:
            labelled.append(Fact(label=fields[name].label.in_language(language), value=words))
        else:
            others.append(Fact(label=name, value=words))
    return labelled, others


def _fields(page: CasePage) -> dict[str, Field]:
    found: dict[str, Field] = {}
    steps = [node.step for node in page.program.nodes]
    forms = [page.program.sheet.form, *(f for s in steps for f in (s.outputs, s.inputs))]
    for form in forms:
        for each in form:
            if each.label.in_language("en"):
                found.setdefault(each.name, each)
    return found


def _element(page: CasePage, element: str) -> str:
    if element not in page.program.by_id:
        return element
    node = page.program.node(element)
    return node.name.in_language(get_language() or "en") or element
