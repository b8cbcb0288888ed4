"""What the events of a case say that any KPI asks for, read once.

Facts keep moments, never verdicts: a KPI of a past period looks only at what happened before the
period's end, so measuring March in June gives March's figure. (Law: facts of the log cut off at a
moment give the same results for every period that ends there.)
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from servoloop.kernel.events.event import ActorKind, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One turn of the conversation; `sender` CUSTOMER is inbound, every other kind outbound."""

    at: datetime
    sender: ActorKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time with a begin and perhaps an end: work of a person, or waiting for the customer."""

    begin: datetime
    end: datetime | None
    person: str = ""
    activity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A service-level clock; `dues` are the moments at which its due time became another one.

    A due of None is a paused clock. `verdict` is met, breached or stopped, given at `ended_at`.
    """

    metric: str
    calendar: str
    activity: str
    started_at: datetime
    dues: tuple[tuple[datetime, datetime | None], ...]
    verdict: str
    ended_at: datetime | None

    def due_at(self, at: datetime) -> datetime | None:
        """The due time as it was known just before `at`."""
        due = None
        for since, then in self.dues:
            if since < at:
                due = then
        return due


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One level of an escalation, asked until `due`; `missed_at`: its silence was acted upon."""

    level: int
    role: str
    due: datetime
    missed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """An escalation: asked of its first level until `due`; `levels` in the order asked."""

    raised_at: datetime
    due: datetime
    missed_at: datetime | None  # when the silence was acted upon: it climbed, or was exhausted
    answered_at: datetime | None
    ended_at: datetime | None = None  # answered, or its task or case ended without an answer
    activity: str = ""
    levels: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """One case. `closings` and `reopenings` alternate; a cancelled case has a closing as well."""

    case: int
    process: str
    customer: str
    channel: str
    opened_at: datetime
    is_customers_own: bool  # opened by the customer, not by a colleague for them
    version: str = ""  # of the process
    team: str = ""  # the role of the first task
    closings: tuple[datetime, ...] = ()
    cancellations: tuple[datetime, ...] = ()
    reopenings: tuple[datetime, ...] = ()
    messages: tuple[Message, ...] = ()
    work: tuple[Stretch, ...] = ()  # from taking a task to completing or releasing it
    customer_waits: tuple[Stretch, ...] = ()
    promises: tuple[Promise, ...] = ()
    questions: tuple[Question, ...] = ()
    owners: tuple[tuple[datetime, str], ...] = ()
    transfers: tuple[datetime, ...] = ()  # a task passed from one person to another

    def closed_at(self, until: datetime) -> datetime | None:
        """The last closing before `until`, None for a case open then."""
        closed = [at for at in self.closings if at < until]
        opened = [at for at in self.reopenings if at < until]
        if not closed or len(opened) >= len(closed):
            return None
        return closed[-1]

    @property
    def calendar(self) -> str | None:
        """The calendar of the promises to the customer; None when the process makes none."""
        kept = [each.calendar for each in self.promises if not each.activity]
        return kept[0] if kept else None


def facts_of_cases(events: Iterable[Event]) -> Iterator[CaseFacts]:
    """Facts of every case; the events of a case stand together, ordered by seq.

    Cases whose opening is not among the events are left out.
    """
    for _, found in groupby(events, key=lambda event: event.case):
        facts = case_facts(list(found))
        if facts is not None:
            yield facts


def case_facts(events: Sequence[Event]) -> CaseFacts | None:
    """Facts of one case from its events in order; None when they do not begin with its opening."""
    if not events or events[0].kind != "case.opened":
        return None
    reader = _Reader(opened=events[0])
    for event in events:
        reader.read(event)
    return reader.facts()


@dataclass(slots=True)
class _Reader:
    """Collects while reading; nothing outside this module sees it."""

    opened: Event
    closings: list[datetime] = field(default_factory=list)
    cancellations: list[datetime] = field(default_factory=list)
    reopenings: list[datetime] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    team: str = ""
    owners: list[tuple[datetime, str]] = field(default_factory=list)
    transfers: list[datetime] = field(default_factory=list)
    work: list[Stretch] = field(default_factory=list)
    taken: dict[int, Stretch] = field(default_factory=dict)  # by task
    held: dict[int, str] = field(default_factory=dict)  # task -> who held it last
    waits: dict[int, datetime] = field(default_factory=dict)  # subscription -> since
    customer_waits: list[Stretch] = field(default_factory=list)
    promises: dict[int, dict[str, Any]] = field(default_factory=dict)
    questions: dict[int, dict[str, Any]] = field(default_factory=dict)
    asked_of: dict[int, int] = field(default_factory=dict)  # open escalation -> its task

    def read(self, event: Event) -> None:
        family = event.kind.partition(".")[0]
        reads = {
            "case": self._case,
            "conversation": self._turn,
            "task": self._task,
            "message": self._message,
            "clock": self._clock,
            "escalation": self._question,
        }.get(family)
        if reads is not None:
            reads(event)

    def facts(self) -> CaseFacts:
        data = self.opened.data
        open_work = list(self.taken.values())
        open_waits = [Stretch(begin=since, end=None) for since in self.waits.values()]
        return CaseFacts(
            case=int(self.opened.case),
            process=str(data.get("process", "")),
            version=str(data.get("version", "")),
            team=self.team,
            customer=str(data.get("customer", "")),
            channel=str(data.get("channel", "")),
            opened_at=self.opened.at,
            is_customers_own=self.opened.actor.kind is ActorKind.CUSTOMER,
            closings=tuple(self.closings),
            cancellations=tuple(self.cancellations),
            reopenings=tuple(self.reopenings),
            messages=tuple(self.messages),
            work=tuple(self.work + open_work),
            customer_waits=tuple(self.customer_waits + open_waits),
            promises=tuple(Promise(**each) for each in self.promises.values()),
            questions=tuple(Question(**each) for each in self.questions.values()),
            owners=tuple(self.owners),
            transfers=tuple(self.transfers),
        )

    def _case(self, event: Event) -> None:
        if event.kind == "case.owned":
            self.owners.append((event.at, str(event.data["person"])))
        elif event.kind == "case.reopened":
            self.reopenings.append(event.at)
        elif event.kind in ("case.closed", "case.cancelled"):
            self.closings.append(event.at)
            if event.kind == "case.cancelled":
                self.cancellations.append(event.at)
            self._end_waits(event.at)
            self._end_questions(event.at)

    def _end_waits(self, at: datetime) -> None:
        self.customer_waits += [Stretch(begin=since, end=at) for since in self.waits.values()]
        self.waits.clear()
        for task in list(self.taken):
            self._put_down(task, at)

    def _end_questions(self, at: datetime, *, task: int | None = None) -> None:
        """Of one task, or all of them."""
        for number, asked_of in list(self.asked_of.items()):
            if task is None or asked_of == task:
                self.questions[number]["ended_at"] = at
                del self.asked_of[number]

    def _turn(self, event: Event) -> None:
        if event.kind == "conversation.received":
            self.messages.append(Message(at=event.at, sender=ActorKind.CUSTOMER))
        elif event.kind == "conversation.sent":
            # A text that a step of the process sends is the system's, whoever moved the case on.
            sender = ActorKind.SYSTEM if event.activity else event.actor.kind
            self.messages.append(Message(at=event.at, sender=sender))

    def _task(self, event: Event) -> None:
        task = int(event.data["task"])
        if event.kind == "task.opened":
            self.team = self.team or str(event.data.get("role") or "")
        if event.kind in ("task.completed", "task.withdrawn"):
            self._end_questions(event.at, task=task)
        if event.kind in ("task.assigned", "task.claimed"):
            self._hold(task, str(event.data["person"]), event.at)
        if event.kind == "task.claimed":
            self._put_down(task, event.at)
            self.taken[task] = Stretch(
                begin=event.at,
                end=None,
                person=str(event.data["person"]),
                activity=event.activity or "",
            )
        elif event.kind != "task.opened":  # completed, released, withdrawn; assigned away as well
            self._put_down(task, event.at)

    def _hold(self, task: int, person: str, at: datetime) -> None:
        if self.held.get(task, person) != person:
            self.transfers.append(at)
        self.held[task] = person

    def _put_down(self, task: int, at: datetime) -> None:
        if (stretch := self.taken.pop(task, None)) is not None:
            self.work.append(
                Stretch(
                    begin=stretch.begin, end=at, person=stretch.person, activity=stretch.activity
                )
            )

    def _message(self, event: Event) -> None:
        if event.kind == "message.awaited" and event.data["waits_for"] == "customer":
            self.waits[int(event.data["subscription"])] = event.at
        elif event.kind == "message.received":
            since = self.waits.pop(int(event.data["subscription"]), None)
            if since is not None:
                self.customer_waits.append(Stretch(begin=since, end=event.at))

    def _clock(self, event: Event) -> None:
        number = int(event.data["clock"])
        if event.kind == "clock.started":
            self.promises[number] = {
                "metric": str(event.data["metric"]),
                "calendar": str(event.data["calendar"]),
                "activity": event.activity or "",
                "started_at": event.at,
                "dues": ((event.at, _moment(event.data["due"])),),
                "verdict": "",
                "ended_at": None,
            }
        elif (found := self.promises.get(number)) is not None:
            if event.kind in ("clock.paused", "clock.resumed"):
                due = _moment(event.data["due"]) if event.kind == "clock.resumed" else None
                found["dues"] = (*found["dues"], (event.at, due))
            elif not found["verdict"]:  # met, breached, stopped: the first counts
                found |= {"verdict": event.kind.partition(".")[2], "ended_at": event.at}

    def _question(self, event: Event) -> None:
        number = int(event.data["escalation"])
        if event.kind == "escalation.raised":
            self.questions[number] = {
                "raised_at": event.at,
                "due": _moment(event.data["due"]),
                "missed_at": None,
                "answered_at": None,
                "ended_at": None,
                "activity": event.activity or "",
                "levels": (_asked(event),),
            }
            self.asked_of[number] = int(event.data["task"])
        elif (found := self.questions.get(number)) is not None:
            if event.kind == "escalation.answered":
                found |= {"answered_at": event.at, "ended_at": event.at}
                self.asked_of.pop(number, None)
                return
            *before, last = found["levels"]
            climbed = (_asked(event),) if event.kind == "escalation.climbed" else ()
            found["levels"] = (*before, replace(last, missed_at=event.at), *climbed)
            if found["missed_at"] is None:
                found["missed_at"] = event.at


def _asked(event: Event) -> Asked:
    data = event.data
    return Asked(
        level=int(data.get("level", 0)), role=str(data.get("role", "")), due=_moment(data["due"])
    )


def _moment(text: Any) -> datetime:
    return datetime.fromisoformat(str(text))


def covered(stretches: Iterable[Stretch], *, begin: datetime, end: datetime) -> timedelta:
    """How much of begin..end the stretches cover together; overlaps count once."""
    total, reach = timedelta(), begin
    for stretch in sorted(stretches, key=lambda each: each.begin):
        since = max(stretch.begin, reach)
        until = end if stretch.end is None else min(stretch.end, end)
        if until > since:
            total += until - since
            reach = until
    return total
