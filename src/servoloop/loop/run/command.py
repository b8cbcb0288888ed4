"""The way of every command: lock the case, decide, write everything, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError, transaction

from servoloop.kernel.engine.commands import Command
from servoloop.kernel.engine.decide import decide
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.state import State
from servoloop.kernel.events.event import Actor, ActorKind, CaseId
from servoloop.loop.run.workplace import workplace_at
from servoloop.storage.definitions import program_of
from servoloop.storage.event_log import Move, UnstorableText, commit, lock_case, repeated_result
from servoloop.storage.not_found import NotFound

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A command has been taken: the case stands at event `seq`."""

    case: CaseId
    seq: int
    is_repeated: bool = False  # the key had been used: this is what happened then


def apply(
    case: CaseId, command: Command, *, at: datetime, dedupe_key: str | None = None
) -> Applied:
    """Take a command for a case. Raises NotFound, and CommandRefused with nothing left behind.

    Commands on one case wait for each other. The same `dedupe_key` is applied once.
    """
    return once(
        dedupe_key,
        lambda: _apply(case, command, at=at, dedupe_key=dedupe_key),
        lambda result: _repeated(case, result),
    )


def once(
    dedupe_key: str | None,
    attempt: Callable[[], Answer],
    repeated: Callable[[Mapping[str, Any]], Answer],
) -> Answer:
    """Run an attempt in a transaction; answer as before when its key turns out to be taken."""
    try:
        with transaction.atomic():
            return attempt()
    except UnstorableText as error:
        raise CommandRefused(str(error), code="unstorable") from error
    except IntegrityError:
        # Two asked with one key at the same moment: the other one was first.
        result = repeated_result(dedupe_key) if dedupe_key else None
        if result is None:
            raise
        return repeated(result)


def _apply(case: CaseId, command: Command, *, at: datetime, dedupe_key: str | None) -> Applied:
    loaded = lock_case(case, dedupe_key=dedupe_key)
    if loaded.repeated is not None:
        return _repeated(case, loaded.repeated)
    before = loaded.state
    _require_own(before, getattr(command, "actor", None))
    program = program_of(before.process, before.version)
    workplace = workplace_at(loaded.stamp, program)
    decision = decide(program, before, command, at=at, workplace=workplace)
    applied = Applied(case=case, seq=decision.state.seq)
    move = Move(
        before=before,
        decision=decision,
        at=at,
        customer=loaded.customer,
        dedupe_key=dedupe_key,
        result={"case": int(case), "seq": applied.seq},
    )
    commit([move])
    return applied


def _require_own(state: State, actor: Actor | None) -> None:
    """A customer reaches only their own case; to anybody else it does not exist."""
    if actor and actor.kind is ActorKind.CUSTOMER and actor.id != state.customer:
        raise NotFound("case", state.case)


def _repeated(case: CaseId, result: Mapping[str, Any]) -> Applied:
    if result.get("case") != int(case):
        raise CommandRefused(
            f"The key of this command was used for case {result.get('case')} before; "
            "use a new one for each command.",
            code="key_reused",
        )
    return Applied(case=case, seq=result.get("seq", 0), is_repeated=True)
