"""What is said to and by the customer, and messages from elsewhere."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from servoloop.kernel.engine.commands import Message, Say
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.events.event import SYSTEM, Actor, CaseId
from servoloop.loop.run.cases import open_case
from servoloop.loop.run.command import Applied, apply
from servoloop.storage.definitions import current_programs
from servoloop.storage.event_log import repeated_result
from servoloop.storage.subscriptions import cases_awaiting


def say(
    case: CaseId,
    *,
    text: str,
    actor: Actor,
    at: datetime,
    is_internal: bool = False,
    channel: str = "portal",
    dedupe_key: str | None = None,
) -> Applied:
    """Add a turn to the conversation; what a colleague says is also sent to the customer."""
    command = Say(text=text, actor=actor, channel=channel, is_internal=is_internal)
    return apply(case, command, at=at, dedupe_key=dedupe_key)


def send_message(
    name: str,
    *,
    at: datetime,
    case: CaseId | None = None,
    key: str = "",
    payload: Mapping[str, Any] | None = None,
    message_id: str = "",
    actor: Actor = SYSTEM,
) -> CaseId:
    """Give a message to the case that waits for it, else open a case that it starts.

    With `case` only that case is asked. A `message_id` is taken once, whichever case took it.
    Answers which case that was; raises CommandRefused when none waits and no process starts by it.
    """
    message = Message(name=name, key=key, payload=payload or {}, message_id=message_id, actor=actor)
    dedupe_key = f"message:{name}:{message_id}" if message_id else None
    if dedupe_key and (taken := repeated_result(dedupe_key)) is not None:
        return CaseId(taken["case"])
    for candidate in [case] if case is not None else cases_awaiting(name, key=key):
        try:
            return apply(candidate, message, at=at, dedupe_key=dedupe_key).case
        except CommandRefused:
            if case is not None:
                raise  # otherwise it stopped waiting a moment ago: the next one may take it
    return _start(message, at=at, dedupe_key=dedupe_key)


def _start(message: Message, *, at: datetime, dedupe_key: str | None) -> CaseId:
    for program in current_programs():
        if message.name in program.message_starts:
            opened = open_case(
                program.key,
                variables=message.payload,
                message=message.name,
                channel="message",
                actor=message.actor,
                at=at,
                dedupe_key=dedupe_key,
            )
            return opened.id
    raise CommandRefused(
        f"Nobody waits for message {message.name!r} with key {message.key!r}, and no published "
        "process starts by it.",
        code="not_awaited",
    )
