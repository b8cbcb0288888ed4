"""Compare the cases that ran here with the definitions that they follow."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from servoloop.kernel.calendars.calendar import ALWAYS
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.metrics.case_facts import CaseFacts, facts_of_cases
from servoloop.kernel.mining.conformance.late_answers import LateAnswers, late_answers
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.process.program import Program
from servoloop.loop.conform import DefinitionConformance, conform
from servoloop.loop.live_work import LiveWork
from servoloop.storage.calendars import calendars
from servoloop.storage.definitions import is_published, program_of
from servoloop.storage.queries.live_log import case_numbers, live_log, unfinished_cases
from servoloop.storage.queries.measured_events import measured_events
from servoloop.storage.queries.step_words import step_name
from servoloop.storage.queries.viewer import Viewer

Version = tuple[str, str]  # key and version of a definition
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


class NothingToCompare(ServoloopError):
    """No such process, or no case of it has completed a step yet."""


def conform_process(
    process: str, *, language: str = "en", at: datetime | None = None
) -> tuple[DefinitionConformance, ...]:
    """The versions of one process that have cases; raises NothingToCompare where none has."""
    if not is_published(process):
        raise NothingToCompare(f"No process '{process}' was ever published here.")
    found = conform_live(process=process, language=language, at=at)
    if not found:
        raise NothingToCompare(
            f"No case of process '{process}' has completed a step yet; there is nothing to compare."
        )
    return found


def conform_live(
    *, process: str | None = None, language: str = "en", at: datetime | None = None
) -> tuple[DefinitionConformance, ...]:
    """Each case against the version it is pinned to: one answer a version, most cases first.

    Cases are matched by element id, so a renamed step is the same step; what is shown is named in
    `language`. Standard times count in the hours of the process; late answers to escalations are
    those known `at` a moment. Empty before the first completed step.
    """
    unfinished = unfinished_cases(process=process)
    late = {} if at is None else _late(process, at)
    found = [
        _with_late(
            _conform(log, program_of(*version), unfinished, language),
            None if at is None else late.get(version, ()),
            language,
        )
        for version, log in _logs(process).items()
        if log.events
    ]
    return tuple(sorted(found, key=lambda each: (-each.conformance.cases, each.definition)))


def _logs(process: str | None) -> dict[Version, EventLog]:
    """The completed work of every version; activities are element ids."""
    work: dict[Version, LiveWork] = defaultdict(LiveWork)
    for columns in live_log(process=process):
        for key, version, case, element, at, lifecycle, resource, role in zip(
            columns.process,
            columns.version,
            columns.case,
            columns.element,
            columns.at,
            columns.lifecycle,
            columns.resource,
            columns.role,
            strict=True,
        ):
            work[(key, version)].take(
                case=case,
                element=element,
                at=at,
                lifecycle=lifecycle,
                activity=element,
                resource=resource,
                role=role,
            )
    return {version: each.event_log() for version, each in work.items()}


def _conform(
    log: EventLog, program: Program, unfinished: frozenset[str], language: str
) -> DefinitionConformance:
    open_cases = np.array([case in unfinished for case in log.case.names], dtype=np.bool_)
    hours = calendars().get(program.sheet.calendar or "", ALWAYS)
    found = conform(log, program, open_cases=open_cases, calendar=hours)
    return _named(found, program, language)


def _late(process: str | None, at: datetime) -> dict[Version, tuple[LateAnswers, ...]]:
    """Late answers to escalations by version; examples are case numbers. Two queries."""
    asked: dict[Version, list[CaseFacts]] = defaultdict(list)
    everybodys = Viewer(is_colleague=True)  # sums only; who may look was decided before
    for facts in facts_of_cases(
        measured_events(everybodys, since=BEFORE_ALL, process=process or "")
    ):
        if facts.questions:
            asked[facts.process, facts.version].append(facts)
    found = {version: late_answers(cases, at=at) for version, cases in asked.items()}
    examples = {int(each.example_case) for late in found.values() for each in late}
    numbers = case_numbers(examples)
    return {
        version: tuple(replace(e, example_case=numbers[int(e.example_case)]) for e in late)
        for version, late in found.items()
    }


def _with_late(
    found: DefinitionConformance, late: tuple[LateAnswers, ...] | None, language: str
) -> DefinitionConformance:
    if late is None:
        return found
    program = program_of(found.definition, found.version)
    named = tuple(
        replace(each, step=step_name(program, each.step).in_language(language) or each.step)
        for each in late
    )
    return replace(found, late_answers=named)


def _named(found: DefinitionConformance, program: Program, language: str) -> DefinitionConformance:
    """The same with names of steps in place of their ids."""

    # An id that is also a name (in lower case) was taken for it; both lead to the step.
    ids = {node.name.default: node.id for node in reversed(program.nodes)}

    def name(step: str) -> str:
        return step_name(program, ids.get(step, step)).in_language(language) or step

    def names(steps: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(map(name, steps))

    said = found.conformance
    return replace(
        found,
        standard_times=None
        if found.standard_times is None
        else tuple(replace(each, step=name(each.step)) for each in found.standard_times),
        conformance=replace(
            said,
            deviations=tuple(replace(each, step=name(each.step)) for each in said.deviations),
            steps_never_seen=names(said.steps_never_seen),
            activities_not_in_model=names(said.activities_not_in_model),
        ),
    )
