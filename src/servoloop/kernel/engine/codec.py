"""State and events as JSON data, and back.

Moments become ISO 8601 text in UTC, durations seconds, records objects, so that a snapshot in the
database can be read by a person and by any other program. Equal values give equal text.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from servoloop.kernel.engine.state import (
    ArmedTimer,
    CaseStatus,
    Escalation,
    Incident,
    Job,
    State,
    Subscription,
    Task,
    Token,
)
from servoloop.kernel.events.event import Actor, ActorKind, CaseId, Event, Lifecycle
from servoloop.kernel.service_levels.clock import Clock

Coder = Callable[[Any], Any]


def moment_to_text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def text_to_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _same(value: Any) -> Any:
    return value


def _coders(annotation: Any) -> tuple[Coder, Coder]:
    """How a field of this type is written and read."""
    if get_origin(annotation) is UnionType:
        write, read = _coders(next(a for a in get_args(annotation) if a is not type(None)))
        return (
            lambda v: None if v is None else write(v),
            lambda v: None if v is None else read(v),
        )
    if annotation is datetime:
        return moment_to_text, text_to_moment
    if annotation is timedelta:
        return timedelta.total_seconds, lambda seconds: timedelta(seconds=seconds)
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return str, annotation
    return _same, _same


class _Codec:
    """Writes and reads one record class; built once, at import."""

    def __init__(self, record: type) -> None:
        hints = get_type_hints(record)
        self.record = record
        self.coders = tuple((f.name, *_coders(hints[f.name])) for f in fields(record))

    def write(self, value: Any) -> dict[str, Any]:
        return {name: write(getattr(value, name)) for name, write, _ in self.coders}

    def read(self, data: Mapping[str, Any]) -> Any:
        return self.record(**{name: read(data[name]) for name, _, read in self.coders})


_RECORDS = {
    "tokens": _Codec(Token),
    "tasks": _Codec(Task),
    "jobs": _Codec(Job),
    "timers": _Codec(ArmedTimer),
    "subscriptions": _Codec(Subscription),
    "escalations": _Codec(Escalation),
    "incidents": _Codec(Incident),
    "clocks": _Codec(Clock),
}
_PLAIN = tuple(f.name for f in fields(State) if f.name not in {*_RECORDS, "message_ids"})


def state_to_data(state: State) -> dict[str, Any]:
    data: dict[str, Any] = {name: getattr(state, name) for name in _PLAIN}
    data["message_ids"] = list(state.message_ids)
    for name, codec in _RECORDS.items():
        # Ids ascend by construction, so a list of records is canonical.
        data[name] = [codec.write(record) for record in getattr(state, name).values()]
    return data


def state_from_data(data: Mapping[str, Any]) -> State:
    known = {name: data[name] for name in _PLAIN} | {"status": CaseStatus(data["status"])}
    containers: dict[str, Any] = {
        name: {record["id"]: codec.read(record) for record in data[name]}
        for name, codec in _RECORDS.items()
    }
    return State(**known, **containers, message_ids=tuple(data["message_ids"]))


def event_to_data(event: Event) -> dict[str, Any]:
    return {
        "case": event.case,
        "seq": event.seq,
        "at": moment_to_text(event.at),
        "kind": event.kind,
        "activity": event.activity,
        "lifecycle": event.lifecycle and str(event.lifecycle),
        "actor_kind": str(event.actor.kind),
        "actor": event.actor.id,
        "data": dict(event.data),
    }


def event_from_data(data: Mapping[str, Any]) -> Event:
    return Event(
        case=CaseId(data["case"]),
        seq=data["seq"],
        at=text_to_moment(data["at"]),
        kind=data["kind"],
        activity=data["activity"],
        lifecycle=data["lifecycle"] and Lifecycle(data["lifecycle"]),
        actor=Actor(kind=ActorKind(data["actor_kind"]), id=data["actor"]),
        data=data["data"],
    )
