"""The catalogue of event types. A released type is frozen: old logs are read for ever.

To change the meaning or the fields of a type, add a new type; never edit a released one.
`since` is the catalogue version that introduced the type.
"""

from dataclasses import dataclass

CATALOGUE_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One kind of event and the keys that its data must hold."""

    kind: str
    words: str
    fields: frozenset[str]
    since: int = 1


def _type(kind: str, words: str, *fields: str) -> EventType:
    return EventType(kind=kind, words=words, fields=frozenset(fields))


_TYPES = (
    # the case
    _type(
        "case.opened",
        "A case was opened on a definition version.",
        "process",
        "version",
        "variables",
        "customer",
        "channel",
        "subject",
    ),
    _type(
        "case.owned",
        "A person became responsible for the case from first contact to the end.",
        "person",
        "reason",
    ),
    _type("case.closed", "The process of the case came to its end.", "outcome"),
    _type("case.cancelled", "The case was stopped before its end.", "reason"),
    _type("case.reopened", "A closed case began again from the start of its process.", "reason"),
    # tokens
    _type(
        "node.passed",
        "Tokens passed a node; a condition's results are recorded, never redone.",
        "consumed",
        "created",
        "results",
    ),
    _type(
        "scope.entered", "A token entered a sub-process or a called process.", "token", "created"
    ),
    _type("scope.aborted", "Everything inside an activity was stopped.", "token", "reason"),
    _type(
        "variables.set", "A script or a rule set variables of the case.", "token", "values", "by"
    ),
    # people's work
    _type("task.opened", "A step became work for a role.", "task", "token", "role"),
    _type(
        "task.assigned",
        "A task was given to a person by a rule or by another person.",
        "task",
        "person",
        "rule",
    ),
    _type("task.claimed", "A person began a task.", "task", "person"),
    _type("task.released", "A person gave a task back to its queue.", "task", "person"),
    _type("task.completed", "A person finished a task.", "task", "person", "outputs"),
    _type(
        "task.withdrawn", "A task was taken away because the flow went elsewhere.", "task", "reason"
    ),
    # machines' work
    _type(
        "job.requested",
        "Work for a machine was put into the outbox.",
        "job",
        "token",
        "topic",
        "inputs",
    ),
    _type("job.done", "A machine finished its work.", "job", "outputs"),
    _type("job.failed", "A machine gave up its work.", "job", "words", "error"),
    _type("error.thrown", "A BPMN error was thrown and looked for its handler.", "token", "code"),
    # waiting
    _type("timer.armed", "A timer was set.", "timer", "purpose", "subject", "due"),
    _type("timer.fired", "A timer that still mattered came due.", "timer", "token"),
    _type(
        "message.awaited",
        "The case began to wait for a message.",
        "subscription",
        "token",
        "name",
        "key",
        "waits_for",
    ),
    _type(
        "message.received",
        "A message that the case waited for arrived.",
        "subscription",
        "token",
        "name",
        "payload",
        "message_id",
    ),
    _type("message.thrown", "The process sent a message.", "token", "name", "payload"),
    # when something goes wrong
    _type(
        "escalation.raised",
        "A question went to the first level of the step's chain.",
        "escalation",
        "task",
        "level",
        "role",
        "due",
        "reason",
    ),
    _type(
        "escalation.climbed",
        "Nobody answered in time: the question moved one level up.",
        "escalation",
        "level",
        "role",
        "due",
    ),
    _type("escalation.exhausted", "Nobody answered on the last level.", "escalation"),
    _type(
        "escalation.answered",
        "A person answered the escalation.",
        "escalation",
        "person",
        "decision",
        "words",
    ),
    _type(
        "incident.raised",
        "The process cannot go on by itself until someone mends the cause.",
        "incident",
        "token",
        "cause",
        "words",
    ),
    _type(
        "incident.resolved",
        "The cause was mended and the step is tried again.",
        "incident",
        "variables",
    ),
    # service levels
    _type(
        "clock.started",
        "A service-level clock began a cycle.",
        "clock",
        "metric",
        "cycle",
        "target",
        "calendar",
        "due",
        "task",
    ),
    _type("clock.paused", "A clock stopped counting.", "clock", "remaining", "reason"),
    _type("clock.resumed", "A clock went on counting.", "clock", "due"),
    _type("clock.met", "The promise of a clock was kept.", "clock"),
    _type("clock.breached", "The promise of a clock was broken.", "clock"),
    _type("clock.stopped", "A clock ended without a verdict.", "clock", "reason"),
    # conversation
    _type("conversation.received", "The customer said something.", "text", "channel"),
    _type("conversation.sent", "We said something to the customer.", "text", "channel"),
    _type("conversation.noted", "A colleague left an internal note.", "text"),
)

CATALOGUE: dict[str, EventType] = {event_type.kind: event_type for event_type in _TYPES}


def missing_fields(kind: str, data: object) -> frozenset[str]:
    """The fields that the type demands and the data lacks; all of them when it is no mapping."""
    fields = CATALOGUE[kind].fields
    return fields - set(data) if isinstance(data, dict) else fields
