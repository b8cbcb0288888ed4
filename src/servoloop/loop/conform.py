"""Conform: does what happened keep to a definition, and where not?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from servoloop.kernel.calendars.calendar import ALWAYS, Calendar
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.mining.conformance.check import Conformance, check_conformance
from servoloop.kernel.mining.conformance.late_answers import LateAnswers
from servoloop.kernel.mining.conformance.net import labels_of, plain_name
from servoloop.kernel.mining.conformance.standard_times import StandardTimeUse, standard_time_use
from servoloop.kernel.mining.event_log import Coded, EventLog
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.words import Words
from servoloop.loop.log_file import Progress, one_event_per_execution, read_log_file

NAMES_LISTED = 20
"""So many names of each side are listed where none of them match."""
STEPS = frozenset((Op.HUMAN, Op.SERVICE, Op.SEND, Op.RECEIVE, Op.SCRIPT, Op.RULE))
NO_ALIASES: Mapping[str, str] = {}


class NamesDoNotMatch(ServoloopError):
    """No activity of the log is a step of the definition, so there is nothing to compare."""

    def __init__(self, activities: Sequence[str], steps: Sequence[str]) -> None:
        self.activities = tuple(activities)
        self.steps = tuple(steps)
        super().__init__(
            "The log and the definition have no name in common: the log has "
            f"{_listed(activities)}; the definition has {_listed(steps)}; "
            "say which is which with --alias 'LOGNAME=STEP'."
        )


class UnknownName(ServoloopError):
    """An alias names an activity or a step that does not exist."""

    def __init__(self, what: str, name: str, known: Sequence[str]) -> None:
        self.name = name
        self.known = tuple(known)
        super().__init__(f"There is no {what} '{name}'; known: {_listed(known)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionConformance:
    """One definition and the cases that were compared with it.

    `open_cases` were still running (or were cancelled) and need not have reached the end.
    `standard_times` counts the overruns in the hours of `calendar`; None when the log does not
    tell when work began. `late_answers` are of escalations; None when the log knows none.
    """

    definition: str  # process id
    name: Words
    version: str
    activities: int  # of the log
    open_cases: int
    calendar: str
    conformance: Conformance
    standard_times: tuple[StandardTimeUse, ...] | None
    late_answers: tuple[LateAnswers, ...] | None = None

    @property
    def conforming_share(self) -> float:
        """The cases that agree in every step, 0..1."""
        return self.conformance.conforming_cases / max(1, self.conformance.cases)


def conform_log(
    path: Path,
    program: Program,
    *,
    options: ReadOptions = GUESS,
    aliases: Mapping[str, str] = NO_ALIASES,
    calendar: Calendar = ALWAYS,
    progress: Progress | None = None,
) -> DefinitionConformance:
    """Read an event log from a file and compare it; see `conform`. Raises UnreadableLog too."""
    log = read_log_file(path, options=options, progress=progress).log
    return conform(log, program, aliases=aliases, calendar=calendar)


def conform(
    log: EventLog,
    program: Program,
    *,
    aliases: Mapping[str, str] = NO_ALIASES,
    open_cases: npt.NDArray[np.bool_] | None = None,
    calendar: Calendar = ALWAYS,
) -> DefinitionConformance:
    """Compare every case with the definition; standard times count in the hours of `calendar`.

    `aliases` leads from activities to steps, by id or name; several may lead to one step. Start and
    complete events are joined first. Raises NamesDoNotMatch and UnknownName.
    """
    log = renamed(one_event_per_execution(log), program, aliases=aliases)
    activities = log.activity.names
    if not set(labels_of(program, activities, aliases={}).values()) & set(activities):
        raise NamesDoNotMatch(activities, step_names(program))
    found = check_conformance(log, program, open_cases=open_cases)
    uses = standard_time_use(log, program, calendar=calendar)
    return DefinitionConformance(
        definition=program.key,
        name=process_name(program),
        version=program.version,
        activities=len(activities),
        open_cases=0 if open_cases is None else int(open_cases.sum()),
        calendar=calendar.name,
        conformance=found,
        standard_times=None if log.start is None else uses,
    )


def process_name(program: Program) -> Words:
    """The name of the process; its id when it has none."""
    name = program.sheet.name
    return name if name.default or name.translations else Words(default=program.key)


def step_names(program: Program) -> tuple[str, ...]:
    """The steps that a log could show, in the order of the file."""
    return tuple(dict.fromkeys(_name(node) for node in program.nodes if node.op in STEPS))


def strangers(activities: Sequence[str], *, program: Program) -> tuple[str, ...]:
    """The activities that are no step of the definition by their name, its translations or id."""
    known = {
        plain_name(name) for node in program.nodes for name in (node.id, *_names(node)) if name
    }
    return tuple(activity for activity in activities if plain_name(activity) not in known)


def renamed(log: EventLog, program: Program, *, aliases: Mapping[str, str]) -> EventLog:
    """The log with one name for each step, however its activities spell or translate it."""
    for activity in aliases:
        if activity not in log.activity.names:
            raise UnknownName("activity of the log called", activity, log.activity.names)
    told = {activity: _step_called(program, step) for activity, step in aliases.items()}
    known = {
        plain_name(name): _name(node)
        for node in reversed(program.nodes)  # so that the first of several counts
        for name in _names(node)
        if name
    }
    names = [told.get(name) or known.get(plain_name(name), name) for name in log.activity.names]
    distinct = list(dict.fromkeys(names))
    code = np.array([distinct.index(name) for name in names], dtype=np.int32)
    merged = Coded(codes=code[log.activity.codes], names=tuple(distinct))
    return replace(log, activity=merged)


def _step_called(program: Program, wanted: str) -> str:
    """The name of the step with this id or name; its id where several share the name."""
    if wanted in program.by_id:
        node = program.node(wanted)
    else:
        named = [node for node in program.nodes if wanted in _names(node)]
        if not named:
            raise UnknownName("step of the definition called", wanted, step_names(program))
        node = named[0]
    alone = sum(_name(each) == _name(node) for each in program.nodes) == 1
    return _name(node) if alone else node.id


def _name(node: Node) -> str:
    return node.name.default or node.id


def _names(node: Node) -> tuple[str, ...]:
    return (node.name.default, *node.name.translations.values())


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:NAMES_LISTED]) or "none"
    more = len(names) - NAMES_LISTED
    return f"{shown} and {more} more" if more > 0 else shown
