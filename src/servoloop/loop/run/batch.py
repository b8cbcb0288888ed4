"""Many commands of many cases, written in one statement and one transaction."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error, transaction

from servoloop.kernel.engine.commands import Command, TimerDue
from servoloop.kernel.engine.decide import Decision, decide
from servoloop.kernel.engine.evolve import evolve
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.state import State
from servoloop.kernel.events.event import SYSTEM, CaseId, Event
from servoloop.loop.run.workplace import workplace_at
from servoloop.storage.definitions import program_of
from servoloop.storage.event_log import Move, commit
from servoloop.storage.not_found import NotFound
from servoloop.storage.timers import DueCase, claim_due, lock_cases, next_due, put_back

_log = logging.getLogger(__name__)

ENGINE_FAILURE = "engine"  # cause of the incident of a case that could not be computed
RETRY_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchResult:
    """What became of each command; refused ones left nothing behind."""

    applied: int
    refused: dict[int, CommandRefused]  # position in the batch -> why


def apply_batch(asked: Sequence[tuple[CaseId, Command]], *, at: datetime) -> BatchResult:
    """Take commands of many cases, in order. Raises NotFound when a case does not exist."""
    with transaction.atomic():
        loaded = lock_cases(sorted({case for case, _ in asked}))
        for case, _ in asked:
            if case not in loaded:
                raise NotFound("case", case)
        ahead = {case: _Ahead(loaded[case]) for case in loaded}
        refused: dict[int, CommandRefused] = {}
        for position, (case, command) in enumerate(asked):
            try:
                ahead[case].take(command, at=at)
            except CommandRefused as refusal:
                refused[position] = refusal
        commit([case.move(at=at) for case in ahead.values()])
    return BatchResult(applied=len(asked) - len(refused), refused=refused)


def fire_due_timers(*, at: datetime, limit: int = 500) -> int:
    """Fire up to `limit` due timers; answers how many were taken, stale ones included.

    A case that cannot be computed gets an incident, once, and its timers are tried again later;
    the other cases of the batch are not held up by it.
    """
    with transaction.atomic():
        due = claim_due(at=at, limit=limit)
        commit([_fire(case, at=at) for case in due])
    return sum(len(case.timers) for case in due)


def _fire(case: DueCase, *, at: datetime) -> Move:
    ahead = _Ahead(case)
    try:
        for timer in case.timers:
            ahead.take(TimerDue(timer=timer), at=at)
    except Error:
        raise  # the database's trouble is not the case's: the whole batch is tried again
    except Exception as failure:  # whatever a definition can provoke: it must not stop the others
        _log.exception("The timers of case %s could not be fired.", case.state.case)
        put_back(case.state.case, case.timers, until=at + RETRY_AFTER)
        return _failed(case, failure, at=at)
    return ahead.move(at=at)


class _Ahead:
    """One case of a batch, as the commands so far have left it."""

    def __init__(self, loaded: DueCase) -> None:
        self.before = loaded.state
        self.customer = loaded.customer
        self.stamp = loaded.stamp
        self.state = loaded.state
        self.decisions: list[Decision] = []

    def take(self, command: Command, *, at: datetime) -> None:
        program = program_of(self.before.process, self.before.version)
        workplace = workplace_at(self.stamp, program)
        decision = decide(program, self.state, command, at=at, workplace=workplace)
        self.decisions.append(decision)
        self.state = decision.state

    def move(self, *, at: datetime) -> Move:
        decision = _in_one(self.decisions, self.state)
        return Move(before=self.before, decision=decision, at=at, customer=self.customer)


def _in_one(decisions: Iterable[Decision], state: State) -> Decision:
    """Decisions made one after the other on one case, as a single one."""
    made = list(decisions)
    return Decision(
        events=tuple(event for each in made for event in each.events),
        timers=tuple(t for each in made for t in each.timers if t.id in state.timers),
        effects=tuple(effect for each in made for effect in each.effects),
        state=state,
    )


def _failed(case: DueCase, failure: Exception, *, at: datetime) -> Move:
    """The incident of a case that could not be computed; nothing when it has one already."""
    before = case.state
    known = any(incident.cause == ENGINE_FAILURE for incident in before.incidents.values())
    events = () if known else (_incident(before, failure, at=at),)
    state = evolve(before, events[0]) if events else before
    decision = Decision(events=events, timers=(), effects=(), state=state)
    return Move(before=before, decision=decision, at=at, customer=case.customer)


def _incident(state: State, failure: Exception, *, at: datetime) -> Event:
    return Event(
        case=state.case,
        seq=state.seq + 1,
        at=at,
        kind="incident.raised",
        actor=SYSTEM,
        data={
            "incident": state.last_id + 1,
            "token": 0,
            "cause": ENGINE_FAILURE,
            "words": f"A timer of this case could not be fired: {failure}",
        },
    )


def next_timer_at() -> datetime | None:
    """When the next timer comes due; None when none is set."""
    return next_due()
