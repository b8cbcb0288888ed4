"""The task page's parts, computed once from what the query found."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.accounts.people import Person, colleagues_in
from servoloop.kernel.calendars.calendar import Calendar
from servoloop.storage.calendars import calendars
from servoloop.storage.queries.task_page import TaskPage
from servoloop.web.run.clock_view import ClockLine, clock_lines
from servoloop.web.shell.chips import Chip, task_chip
from servoloop.web.shell.event_words import reason_words
from servoloop.web.shell.names import Names, names_of
from servoloop.web.shell.process_form import (
    PREFIX,
    Choice,
    Input,
    present,
    typed_of,
    value_words,
)
from servoloop.web.shell.working_time import calendar_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """An input of the step: what it is called and what the case says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardTime:
    """How far the work is against its standard, in seconds of working time."""

    standard: int
    spent: int
    is_counting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView:
    name: str
    sop: str
    state: Chip
    clocks: list[ClockLine]
    facts: list[Fact]
    inputs: tuple[Input, ...]  # asked for, without the outcome
    outcomes: tuple[Choice, ...]  # the buttons
    outcome_name: str  # of the HTML input
    outcome_label: str
    outcome_problem: str  # problem code
    standard: StandardTime | None
    names: Names
    escalated_because: str
    colleagues: list[Person]  # whom the task may be given to, where the viewer may say so


def task_view(
    page: TaskPage,
    *,
    at: datetime,
    typed: Mapping[str, str] | None = None,
    problems: Mapping[str, str] | None = None,
) -> TaskView:
    language = get_language() or "en"
    known = calendars()
    outcome = page.step.outcome
    asked = tuple(each for each in page.step.outputs if not each.is_outcome)
    problems = problems or {}
    return TaskView(
        name=page.name.in_language(language),
        sop=page.step.sop.in_language(language),
        state=task_chip(page.task.status),
        clocks=clock_lines(page.clocks, at=at, known=known),
        facts=_facts(page, language),
        inputs=present(
            asked,
            language=language,
            typed={**typed_of(page.variables, asked), **(typed or {})},
            problems=problems,
            currency=page.step.currency or "",
        ),
        outcomes=_outcomes(page, language),
        outcome_name=PREFIX + page.outcome_field,
        outcome_label=(outcome.label.in_language(language) if outcome else "") or _("Outcome"),
        outcome_problem=problems.get(page.outcome_field, ""),
        standard=_standard_time(page, at=at, known=known),
        names=_names(page),
        escalated_because=reason_words(page.escalation.reason) if page.escalation else "",
        colleagues=colleagues_in(page.task.role) if page.may_answer else [],
    )


def _names(page: TaskPage) -> Names:
    people = {page.task.person, page.case.owner, *(turn.actor for turn in page.conversation)}
    if page.escalation:
        people.add(page.escalation.raised_by)
    return names_of(people)


def _facts(page: TaskPage, language: str) -> list[Fact]:
    return [
        Fact(
            label=each.label.in_language(language) or each.name,
            value=value_words(page.variables.get(each.name), each, language=language),
        )
        for each in page.step.inputs
    ]


def _outcomes(page: TaskPage, language: str) -> tuple[Choice, ...]:
    return tuple(
        Choice(
            value=option.value,
            label=option.label.in_language(language) or option.value,
            is_chosen=False,
        )
        for option in page.outcomes
    )


def _standard_time(
    page: TaskPage, *, at: datetime, known: Mapping[str, Calendar]
) -> StandardTime | None:
    """Working time since the task was taken; None before that or without a standard."""
    if page.step.standard_time is None or page.task.claimed_at is None:
        return None
    calendar = calendar_named(page.clocks[0].calendar if page.clocks else "", known)
    spent = calendar.between(page.task.claimed_at, at)
    return StandardTime(
        standard=int(page.step.standard_time.total_seconds()),
        spent=int(spent.total_seconds()),
        is_counting=page.task.status == "claimed" and calendar.is_open(at),
    )
