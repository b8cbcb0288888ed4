"""The parts of the dry-run page, computed once from the replayed case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.accounts.people import Person, role_labels
from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.engine.state import CaseStatus, Task, TimerPurpose
from servoloop.kernel.process.program import Node, Program
from servoloop.kernel.process.step import Step
from servoloop.kernel.process.words import NO_WORDS, Words
from servoloop.kernel.service_levels.clock import Clock
from servoloop.kernel.simulation.dry_run import DryRun, played_by
from servoloop.storage.calendars import calendars
from servoloop.storage.queries.cases import TimelineEntry
from servoloop.web.shell.chips import Chip, case_chip, clock_chip
from servoloop.web.shell.event_words import Line, metric_words, reason_words, timeline_lines
from servoloop.web.shell.incident_words import cause_words
from servoloop.web.shell.names import Names
from servoloop.web.shell.process_form import PREFIX, Choice, Input, present, typed_of, value_words
from servoloop.web.shell.working_time import calendar_named


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCard:
    """A task as the agent will see it."""

    number: int
    node: str
    name: str
    role: str
    step: Step
    sop: str
    checklist: tuple[str, ...]
    standard: timedelta | None
    facts: tuple[tuple[str, str], ...]
    inputs: tuple[Input, ...]
    outcomes: tuple[Choice, ...]
    outcome_name: str
    outcome_label: str
    is_escalated: bool
    may_escalate: bool
    clock: Chip | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A timer, a job, a message or an escalation that the case waits for."""

    number: int
    name: str
    words: str
    due: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRunView:
    moves: int
    is_begun: bool
    is_open: bool
    state: Chip
    form: tuple[Input, ...]  # what the customer fills in, before the case is open
    tasks: tuple[TaskCard, ...]
    jobs: tuple[Waiting, ...]
    messages: tuple[Waiting, ...]
    escalations: tuple[Waiting, ...]
    incidents: tuple[Waiting, ...]
    timers: tuple[Waiting, ...]
    waits_for_customer: bool
    is_stuck: bool  # open, and nothing that anybody could do
    clocks: tuple[tuple[str, Chip], ...]
    facts: tuple[tuple[str, str], ...]
    timeline: tuple[Line, ...]  # newest first
    diagram: Mapping[str, Any]


def dry_run_view(
    run: DryRun,
    *,
    moves: int,
    refused: int,
    typed: Mapping[str, str],
    problems: Mapping[str, str],
) -> DryRunView:
    """`refused` is the task, job or 0 (the opening form) whose typed answers come again."""
    state, program = run.state, run.program
    language = get_language() or "en"
    names, known = _names(program), calendars()
    is_open = state.status is CaseStatus.OPEN
    tasks = tuple(
        _card(run, task, names, known, *((typed, problems) if task.id == refused else ({}, {})))
        for task in state.tasks.values()
    )
    jobs = tuple(_waiting(program, j.id, j.node, j.topic) for j in state.jobs.values())
    waits = list(state.subscriptions.values())
    return DryRunView(
        moves=moves,
        is_begun=state.status is not CaseStatus.NEW,
        is_open=is_open,
        state=_state(state.status, waits_for_customer=any(w.is_customer for w in waits)),
        form=present(program.sheet.form, language=language, typed=typed, problems=problems)
        if state.status is CaseStatus.NEW
        else (),
        tasks=tasks,
        jobs=jobs,
        messages=tuple(_waiting(program, w.id, w.node, w.name) for w in waits if not w.is_customer),
        escalations=tuple(
            Waiting(
                number=each.id,
                name=_name(program.node(each.node)),
                words=f"{names.role(each.role)}: {reason_words(each.reason)}",
                due=each.due,
            )
            for each in state.escalations.values()
        ),
        incidents=tuple(
            Waiting(
                number=each.id,
                name=_name(program.node(each.node)) if each.node else "",
                words=f"{cause_words(each.cause)} {each.words}",
            )
            for each in state.incidents.values()
        ),
        timers=tuple(
            Waiting(
                number=timer.id,
                name=_timer_name(run, timer.node, timer.purpose, timer.subject),
                words="",
                due=timer.due,
            )
            for timer in run.timers
        ),
        waits_for_customer=any(each.is_customer for each in waits),
        is_stuck=is_open and not (tasks or jobs or waits or state.timers),
        clocks=tuple(
            (metric_words(clock.metric), _clock(clock, run.at, known))
            for clock in state.clocks.values()
            if not clock.task
        ),
        facts=_facts(run, language),
        timeline=_timeline(run, names),
        diagram=_diagram(run),
    )


def _state(status: CaseStatus, *, waits_for_customer: bool) -> Chip:
    if status is CaseStatus.NEW:
        return Chip(tone="plain", icon="flag", words=_("not begun"))
    return case_chip(str(status), waits_for_customer=waits_for_customer)


def _card(
    run: DryRun,
    task: Task,
    names: Names,
    known: Mapping[str, Calendar],
    typed: Mapping[str, str],
    problems: Mapping[str, str],
) -> TaskCard:
    language = get_language() or "en"
    node = run.program.node(task.node)
    step = node.step
    asked = tuple(each for each in step.outputs if not each.is_outcome)
    outcome = step.outcome
    is_escalated = any(each.task == task.id for each in run.state.escalations.values())
    clocks = [each for each in run.state.clocks.values() if each.task == task.id]
    return TaskCard(
        number=task.id,
        node=task.node,
        name=_name(node),
        role=names.role(task.role),
        step=step,
        sop=step.sop.in_language(language),
        checklist=tuple(each.words.in_language(language) for each in step.checklist),
        standard=step.standard_time,
        facts=tuple(
            (
                each.label.in_language(language) or each.name,
                value_words(run.state.variables.get(each.name), each, language=language),
            )
            for each in step.inputs
        ),
        inputs=present(
            asked,
            language=language,
            typed={**typed_of(run.state.variables, asked), **typed},
            problems=problems,
            currency=step.currency or "",
        ),
        outcomes=tuple(
            Choice(
                value=option.value,
                label=option.label.in_language(language) or option.value,
                is_chosen=False,
            )
            for option in (outcome.options if outcome else ())
        ),
        outcome_name=PREFIX + outcome.name if outcome else "",
        outcome_label=(outcome.label.in_language(language) if outcome else "") or _("Outcome"),
        is_escalated=is_escalated,
        may_escalate=bool(step.escalation) and not is_escalated,
        clock=_clock(clocks[0], run.at, known) if clocks else None,
    )


def _clock(clock: Clock, at: datetime, known: Mapping[str, Calendar]) -> Chip:
    return clock_chip(
        str(clock.status),
        due=clock.due,
        remaining=clock.remaining,
        at=at,
        calendar=calendar_named(clock.calendar, known),
    )


def _waiting(program: Program, number: int, node: str, words: str) -> Waiting:
    return Waiting(number=number, name=_name(program.node(node)), words=words)


def _timer_name(run: DryRun, node: str, purpose: TimerPurpose, subject: int) -> str:
    match purpose:
        case TimerPurpose.CLOCK:
            clock = run.state.clocks.get(subject)
            metric = metric_words(clock.metric) if clock else ""
            step = _name(run.program.node(node)) if node in run.program.by_id else ""
            return _("Deadline: %(what)s") % {"what": step or metric}
        case TimerPurpose.ESCALATION:
            return _("The question climbs to the next level")
        case _:
            return _name(run.program.node(node))


def _facts(run: DryRun, language: str) -> tuple[tuple[str, str], ...]:
    fields = {each.name: each for each in run.program.sheet.form}
    for node in run.program.nodes:
        fields |= {each.name: each for each in node.step.outputs}
    return tuple(
        (
            (fields[name].label.in_language(language) or name) if name in fields else name,
            value_words(value, fields.get(name), language=language),
        )
        for name, value in run.state.variables.items()
        if value is not None
    )


def _timeline(run: DryRun, names: Names) -> tuple[Line, ...]:
    metrics = {
        event.data["clock"]: event.data["metric"]
        for event in run.events
        if event.kind == "clock.started"
    }
    entries = tuple(
        TimelineEntry(
            seq=event.seq,
            at=event.at,
            kind=event.kind,
            activity=event.activity,
            step=_step(run.program, event.activity),
            actor_kind=str(event.actor.kind),
            actor=event.actor.id,
            data=event.data,
        )
        for event in run.events
    )
    lines = timeline_lines(entries, metrics=metrics, names=names, is_complete=False)
    return tuple(reversed(lines))


def _step(program: Program, activity: str | None) -> Words:
    return program.node(activity).name if activity in program.by_id and activity else NO_WORDS


def _diagram(run: DryRun) -> Mapping[str, Any]:
    active = sorted({_drawn(token.node) for token in run.state.tokens.values()})
    passed = {_drawn(event.activity) for event in run.events if event.activity} - set(active)
    return {
        "active": active,
        "passed": sorted(passed),
        "words": {"active": _("The case is here")},
    }


def _drawn(node: str) -> str:
    """Inner elements of a called process are not in this picture; the call is."""
    return node.partition("/")[0]


def _name(node: Node) -> str:
    return node.name.in_language(get_language() or "en") or node.id


def _names(program: Program) -> Names:
    labels = role_labels()
    roles = {node.step.role or node.lane or "" for node in program.nodes}
    roles |= {level.role for node in program.nodes for level in node.step.escalation}
    people = {
        played_by(role): Person(
            username=played_by(role), name=labels.get(role, Words(default=role))
        )
        for role in roles
    }
    return Names(people=people, roles=labels)
