"""Opening, cancelling and reopening a case."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from servoloop.kernel.engine.commands import Cancel, Open, Reopen
from servoloop.kernel.engine.decide import decide
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.state import State
from servoloop.kernel.events.event import SYSTEM, Actor, CaseId
from servoloop.loop.run.command import Applied, apply, once
from servoloop.loop.run.workplace import workplace_at
from servoloop.storage.definitions import program_of
from servoloop.storage.event_log import Beginning, Move, Opening, begin_case, commit


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedCase:
    id: CaseId
    number: str  # SL-000123
    secret: str  # of the link that follows the case without a login
    is_repeated: bool = False


def open_case(
    process_key: str,
    *,
    variables: Mapping[str, Any],
    at: datetime,
    actor: Actor = SYSTEM,
    customer: str = "",
    channel: str = "portal",
    subject: str = "",
    language: str = "zh-hans",
    message: str | None = None,
    timer: str | None = None,
    dedupe_key: str | None = None,
) -> OpenedCase:
    """Open a case on the current version of a process; `customer` is a customer's key or "".

    Beside the given variables every case has `case_number` and `language` ("zh" or "en": what
    texts to the customer are written in).

    Raises NotFound for an unknown process or customer, and CommandRefused with the `problems` of
    the form.
    """
    command = Open(
        variables={**variables, "language": language.split("-")[0]},
        customer=customer,
        channel=channel,
        subject=subject,
        message=message,
        timer=timer,
        actor=actor,
    )
    return once(
        dedupe_key,
        lambda: _open(process_key, command, at=at, dedupe_key=dedupe_key),
        _repeated,
    )


def _open(process_key: str, command: Open, *, at: datetime, dedupe_key: str | None) -> OpenedCase:
    beginning = begin_case(process_key, customer=command.customer, dedupe_key=dedupe_key)
    if beginning.repeated is not None:
        return _repeated(beginning.repeated)
    before = State(case=beginning.case)
    number = number_of(beginning.case)
    command = replace(command, variables={**command.variables, "case_number": number})
    program = program_of(process_key, beginning.version)
    workplace = workplace_at(beginning.stamp, program)
    decision = decide(program, before, command, at=at, workplace=workplace)
    opened = OpenedCase(
        id=beginning.case,
        number=number,
        secret=secrets.token_urlsafe(24),
    )
    move = Move(
        before=before,
        decision=decision,
        at=at,
        customer=beginning.customer,
        opening=_opening(beginning, opened),
        dedupe_key=dedupe_key,
        result={"case": int(opened.id), "number": opened.number, "secret": opened.secret},
    )
    commit([move])
    return opened


def _opening(beginning: Beginning, opened: OpenedCase) -> Opening:
    return Opening(
        number=opened.number,
        definition=beginning.definition,
        customer=beginning.customer,
        secret=opened.secret,
    )


def _repeated(result: Mapping[str, Any]) -> OpenedCase:
    if "number" not in result:
        raise CommandRefused(
            f"The key of this command was used for case {result.get('case')} before; "
            "use a new one for each command.",
            code="key_reused",
        )
    return OpenedCase(
        id=CaseId(result["case"]),
        number=result["number"],
        secret=result["secret"],
        is_repeated=True,
    )


def number_of(case: CaseId) -> str:
    """What people call the case."""
    return f"SL-{case:06d}"


def cancel_case(
    case: CaseId, *, reason: str, actor: Actor, at: datetime, dedupe_key: str | None = None
) -> Applied:
    """Stop a case before its end."""
    return apply(case, Cancel(reason=reason, actor=actor), at=at, dedupe_key=dedupe_key)


def reopen_case(
    case: CaseId, *, reason: str, actor: Actor, at: datetime, dedupe_key: str | None = None
) -> Applied:
    """Begin a closed case again from the start of its process."""
    return apply(case, Reopen(reason=reason, actor=actor), at=at, dedupe_key=dedupe_key)
