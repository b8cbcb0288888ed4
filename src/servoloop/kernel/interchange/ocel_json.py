"""OCEL as JSON: 2.0 (lists of events and objects) and 1.0 (`ocel:events` by id), streamed."""

from collections.abc import Iterable
from typing import Any

from servoloop.kernel.interchange.json_stream import Member, json_members
from servoloop.kernel.interchange.object_log import ObjectLog
from servoloop.kernel.interchange.source import Source, UnreadableLog


def read_ocel_json(source: Source) -> ObjectLog:
    """Read events and objects; other members (types, globals) repeat what these say.

    Raises UnreadableLog when an event or object has not the shape of the standard.
    """
    log = ObjectLog(name=source.name, version="2.0")
    for member in json_members(source):
        try:
            if member.part == "events":
                _add_event(log, member)
            elif member.part == "objects":
                _add_object(log, member)
            elif member.part == "ocel:events":
                log.version = "1.0"
                _add_old_event(log, member)
            elif member.part == "ocel:objects":
                _add_old_object(log, member)
        except (AttributeError, KeyError, TypeError) as error:
            raise UnreadableLog(
                f"The member at line {member.line:,} of {source.name} is neither an event nor an "
                "object of OCEL."
            ) from error
        source.rows = len(log.event_ids)
    return log


def _add_event(log: ObjectLog, member: Member) -> None:
    event: dict[str, Any] = member.value
    log.add_event(
        str(event["id"]),
        activity=_text(event.get("type")),
        time=_text(event.get("time")),
        line=member.line,
        attributes={each["name"]: each.get("value") for each in event.get("attributes") or ()},
        objects=[str(each["objectId"]) for each in event.get("relationships") or ()],
    )


def _add_object(log: ObjectLog, member: Member) -> None:
    each: dict[str, Any] = member.value
    log.add_object(
        str(each["id"]), type=str(each["type"]), attributes=first_values(
            (given["name"], given.get("time") or "", given.get("value"))
            for given in each.get("attributes") or ()
        )
    )  # fmt: skip


def first_values(given: Iterable[tuple[str, str, Any]]) -> dict[str, Any]:
    """Of (name, time, value) triples the earliest value of each name; ISO times sort as text."""
    earliest: dict[str, tuple[str, Any]] = {}
    for name, time, value in given:
        if name not in earliest or time < earliest[name][0]:
            earliest[name] = (time, value)
    return {name: value for name, (_, value) in earliest.items()}


def _add_old_event(log: ObjectLog, member: Member) -> None:
    event: dict[str, Any] = member.value
    log.add_event(
        member.name,
        activity=_text(event.get("ocel:activity")),
        time=_text(event.get("ocel:timestamp")),
        line=member.line,
        attributes=dict(event.get("ocel:vmap") or {}),
        objects=[str(each) for each in event.get("ocel:omap") or ()],
    )


def _add_old_object(log: ObjectLog, member: Member) -> None:
    each: dict[str, Any] = member.value
    log.add_object(
        member.name, type=str(each["ocel:type"]), attributes=dict(each.get("ocel:ovmap") or {})
    )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
