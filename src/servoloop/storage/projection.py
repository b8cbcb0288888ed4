"""From events to rows: the one place that knows how a table follows from what happened.

Pure. A row is a dict of columns. A record that began in these events is a whole row, which is
inserted; one that began before is a row of the changed columns only. The projections of a case's
commands, applied one after the other, give the same rows as projecting its log event by event
(`rebuild`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from servoloop.kernel.engine.codec import moment_to_text
from servoloop.kernel.engine.state import State
from servoloop.kernel.events.event import Event
from servoloop.kernel.service_levels.clock import STEP_RESPONSE

Row = dict[str, Any]
Key = tuple[int, int]  # (case, number)

RECORDS = ("task", "clock", "escalation", "incident")  # tables with one row per numbered record


@dataclass(slots=True)
class Rows:
    """Changes of any number of cases, gathered for one statement."""

    begun: dict[str, dict[Key, Row]] = field(default_factory=lambda: {t: {} for t in RECORDS})
    changed: dict[str, dict[Key, Row]] = field(default_factory=lambda: {t: {} for t in RECORDS})
    cases: dict[int, Row] = field(default_factory=dict)
    subscribed: dict[Key, Row] = field(default_factory=dict)
    unsubscribed: set[Key] = field(default_factory=set)
    topics: set[str] = field(default_factory=set)  # who should look again

    def begin(self, table: str, key: Key, row: Row) -> None:
        self.begun[table][key] = {"case_id": key[0], "no": key[1], **row}

    def change(self, table: str, key: Key, columns: Row) -> None:
        begun = self.begun[table].get(key)
        if begun is not None:
            begun |= columns
            return
        row = self.changed[table].setdefault(key, {"case_id": key[0], "no": key[1]})
        row |= columns

    def change_case(self, case: int, columns: Row) -> None:
        self.cases.setdefault(case, {}).update(columns)


def project(rows: Rows, *, before: State, after: State, events: Sequence[Event]) -> None:
    """Add to `rows` what the events of one command change; `after` = `before` + `events`."""
    for event in events:
        _project_event(rows, event, before)
    if events:
        _subscriptions(rows, before, after)
        _silent_ends(rows, before, after, events)
        rows.topics.add(f"case:{after.case}")


def _project_event(rows: Rows, event: Event, before: State) -> None:
    data = event.data
    at = moment_to_text(event.at)
    case = event.case
    match event.kind:
        case "case.opened":
            rows.change_case(case, _opened(event, at))
        case "case.owned":
            rows.change_case(case, {"owner": data["person"]})
        case "case.closed":
            columns = {"status": "closed", "outcome": data["outcome"], "closed_at": at}
            rows.change_case(case, columns)
        case "case.cancelled":
            rows.change_case(case, {"status": "cancelled", "closed_at": at})
        case "case.reopened":
            rows.change_case(case, {"status": "open", "outcome": "", "closed_at": None})
        case kind if kind.startswith("task."):
            _task(rows, event, at, before)
        case kind if kind.startswith("clock."):
            _clock(rows, event, at)
        case kind if kind.startswith("escalation."):
            _escalation(rows, event, at)
        case kind if kind.startswith("incident."):
            _incident(rows, event, at)


def _opened(event: Event, at: str) -> Row:
    return {
        "status": "open",
        "subject": event.data["subject"],
        "channel": event.data["channel"],
        "owner": "",
        "outcome": "",
        "opened_at": at,
        "closed_at": None,
    }


def _task(rows: Rows, event: Event, at: str, before: State) -> None:
    data = event.data
    key = (event.case, data["task"])
    if event.kind == "task.opened":
        rows.begin("task", key, _new_task(event, at))
    role = _role_of(rows, key, before)
    if role:
        rows.topics.add(f"role:{role}")
    if person := data.get("person"):
        rows.topics.add(f"person:{person}")
    match event.kind:
        case "task.assigned":
            columns = {"status": "assigned", "person": data["person"], "claimed_at": None}
            rows.change("task", key, columns)
        case "task.claimed":
            rows.change(
                "task", key, {"status": "claimed", "person": data["person"], "claimed_at": at}
            )
        case "task.released":
            rows.change("task", key, {"status": "open", "person": "", "claimed_at": None})
        case "task.completed":
            rows.change(
                "task", key, {"status": "completed", "person": data["person"], "ended_at": at}
            )
        case "task.withdrawn":
            rows.change("task", key, {"status": "withdrawn", "ended_at": at})


def _role_of(rows: Rows, key: Key, before: State) -> str:
    begun = rows.begun["task"].get(key)
    if begun is not None:
        return str(begun["role"])
    task = before.tasks.get(key[1])
    return task.role if task else ""


def _new_task(event: Event, at: str) -> Row:
    return {
        "node": event.activity,
        "role": event.data["role"],
        "status": "open",
        "person": "",
        "opened_at": at,
        "due_at": None,
        "claimed_at": None,
        "ended_at": None,
    }


def _clock(rows: Rows, event: Event, at: str) -> None:
    data = event.data
    key = (event.case, data["clock"])
    match event.kind:
        case "clock.started":
            rows.begin("clock", key, _new_clock(event, at))
            if data["metric"] == STEP_RESPONSE:
                rows.change("task", (event.case, data["task"]), {"due_at": data["due"]})
        case "clock.paused":
            columns = {"status": "paused", "due_at": None, "remaining_seconds": data["remaining"]}
            rows.change("clock", key, columns)
        case "clock.resumed":
            columns = {"status": "running", "due_at": data["due"], "remaining_seconds": None}
            rows.change("clock", key, columns)
        case "clock.met" | "clock.breached" | "clock.stopped":
            status = event.kind.removeprefix("clock.")
            rows.change("clock", key, {"status": status, "ended_at": at})


def _new_clock(event: Event, at: str) -> Row:
    data = event.data
    return {
        "metric": data["metric"],
        "cycle": data["cycle"],
        "task_no": data["task"],
        "node": event.activity or "",
        "calendar": data["calendar"],
        "target_seconds": data["target"],
        "status": "running",
        "started_at": at,
        "due_at": data["due"],
        "remaining_seconds": None,
        "ended_at": None,
    }


def _escalation(rows: Rows, event: Event, at: str) -> None:
    data = event.data
    key = (event.case, data["escalation"])
    if role := data.get("role"):
        rows.topics.add(f"role:{role}")
    match event.kind:
        case "escalation.raised":
            rows.begin("escalation", key, _new_escalation(event, at))
        case "escalation.climbed":
            columns = {"level": data["level"], "role": data["role"], "due_at": data["due"]}
            rows.change("escalation", key, columns)
        case "escalation.exhausted":
            rows.change("escalation", key, {"due_at": None})
        case "escalation.answered":
            columns = {
                "status": "answered",
                "answered_by": data["person"],
                "decision": data["decision"],
                "words": data["words"],
                "ended_at": at,
            }
            rows.change("escalation", key, columns)


def _new_escalation(event: Event, at: str) -> Row:
    data = event.data
    return {
        "task_no": data["task"],
        "node": event.activity or "",
        "level": data["level"],
        "role": data["role"],
        "reason": data["reason"],
        "raised_by": event.actor.id,
        "raised_at": at,
        "due_at": data["due"],
        "status": "open",
        "answered_by": "",
        "decision": "",
        "words": "",
        "ended_at": None,
    }


def _incident(rows: Rows, event: Event, at: str) -> None:
    data = event.data
    key = (event.case, data["incident"])
    rows.topics.add("incidents")
    if event.kind == "incident.raised":
        row = {
            "token": data["token"],
            "node": event.activity or "",
            "cause": data["cause"],
            "words": data["words"],
            "raised_at": at,
            "status": "open",
            "resolved_by": "",
            "ended_at": None,
        }
        rows.begin("incident", key, row)
        return
    columns = {"status": "resolved", "resolved_by": event.actor.id, "ended_at": at}
    rows.change("incident", key, columns)


def _subscriptions(rows: Rows, before: State, after: State) -> None:
    """What the case waits for follows from the states: no event says that a wait was dropped."""
    for number in before.subscriptions.keys() - after.subscriptions.keys():
        key = (int(after.case), number)
        if rows.subscribed.pop(key, None) is None:
            rows.unsubscribed.add(key)
    for number in after.subscriptions.keys() - before.subscriptions.keys():
        subscription = after.subscriptions[number]
        rows.subscribed[(int(after.case), number)] = {
            "case_id": int(after.case),
            "no": number,
            "name": subscription.name,
            "key": subscription.key,
            "is_customer": subscription.is_customer,
        }


_BEGUN_BY = {
    "task.opened": "task",
    "clock.started": "clock",
    "escalation.raised": "escalation",
    "incident.raised": "incident",
}
_SILENT_END = {
    "task": "withdrawn",
    "clock": "stopped",
    "escalation": "withdrawn",
    "incident": "withdrawn",
}


def _silent_ends(rows: Rows, before: State, after: State, events: Sequence[Event]) -> None:
    """Records that end with the token they hang on, without an event of their own."""
    ended_at = moment_to_text(events[-1].at)
    for table, number in _gone(before, after, events):
        key = (int(after.case), number)
        row = rows.begun[table].get(key) or rows.changed[table].get(key) or {}
        if row.get("ended_at") is None:
            rows.change(table, key, {"status": _SILENT_END[table], "ended_at": ended_at})


def _gone(before: State, after: State, events: Sequence[Event]) -> Iterator[tuple[str, int]]:
    """(table, number) of each record that was there, or began meanwhile, and is no more."""
    begun: dict[str, set[int]] = {table: set() for table in RECORDS}
    for event in events:
        if table := _BEGUN_BY.get(event.kind):
            begun[table].add(event.data[table])
    containers = (
        ("task", before.tasks, after.tasks),
        ("clock", before.clocks, after.clocks),
        ("escalation", before.escalations, after.escalations),
        ("incident", before.incidents, after.incidents),
    )
    for table, was, left in containers:
        for number in (was.keys() | begun[table]) - left.keys():
            yield table, number
