"""From the facts of a case to the observations of each KPI in a period.

An observer yields seconds (times), booleans (shares), or pairs of seconds and whether the time has
ended (survival). It looks only at what happened before the period's end.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from servoloop.kernel.calendars.calendar import ALWAYS, Calendar
from servoloop.kernel.events.event import ActorKind
from servoloop.kernel.metrics.case_facts import CaseFacts, Message, Promise, Question, covered
from servoloop.kernel.metrics.catalogue import GRACE_DAYS
from servoloop.kernel.routing.workplace import UnknownCalendar
from servoloop.kernel.service_levels.clock import FIRST_RESPONSE, RESOLUTION, STEP_RESPONSE

GRACE = timedelta(days=GRACE_DAYS)

Contacts = Mapping[tuple[str, str], tuple[datetime, ...]]
"""When a customer opened cases of a process, in order."""

Rates = Mapping[tuple[str, str], float]
"""What an hour of work costs, by process and activity; all in one currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From `begin` (inclusive) to `end` (exclusive), aware moments."""

    begin: datetime
    end: datetime

    def holds(self, at: datetime | None) -> bool:
        return at is not None and self.begin <= at < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an observer may look at beside its case."""

    period: Period
    calendars: Mapping[str, Calendar]
    contacts: Contacts = field(default_factory=dict)
    rates: Rates = field(default_factory=dict)

    def working(self, facts: CaseFacts, a: datetime, b: datetime) -> float:
        """Seconds between two moments on the calendar of the case. Raises UnknownCalendar."""
        name = facts.calendar or ""
        if name and name not in self.calendars:
            raise UnknownCalendar(name, known=tuple(sorted(self.calendars)))
        calendar = self.calendars[name] if name else ALWAYS
        return calendar.between(a, b).total_seconds()

    def closed_at(self, facts: CaseFacts) -> datetime | None:
        """When the case was closed, if in the period, to stay so until its end, not cancelled."""
        at = facts.closed_at(self.period.end)
        return at if self.period.holds(at) and at not in facts.cancellations else None


Observation = float | bool | tuple[float, bool]
Observer = Callable[[CaseFacts, View], Iterable[Observation]]


def contacts_of(cases: Iterable[CaseFacts]) -> Contacts:
    """When each customer opened cases of each process; unknown customers are left out."""
    opened: dict[tuple[str, str], list[datetime]] = {}
    for case in cases:
        if case.customer:
            opened.setdefault((case.customer, case.process), []).append(case.opened_at)
    return {key: tuple(sorted(moments)) for key, moments in opened.items()}


# Times


def first_response(facts: CaseFacts, view: View) -> Iterator[float]:
    asked, answer = _first_answer(facts, {ActorKind.PERSON})
    if asked is not None and answer is not None and view.period.holds(answer):
        yield view.working(facts, asked, answer)


def first_response_elapsed(facts: CaseFacts, view: View) -> Iterator[float]:
    yield from _elapsed_answer(facts, view, {ActorKind.PERSON})


def first_response_any(facts: CaseFacts, view: View) -> Iterator[float]:
    yield from _elapsed_answer(facts, view, {ActorKind.PERSON, ActorKind.BOT, ActorKind.SYSTEM})


def _elapsed_answer(facts: CaseFacts, view: View, by: set[ActorKind]) -> Iterator[float]:
    asked, answer = _first_answer(facts, by)
    if asked is not None and answer is not None and view.period.holds(answer):
        yield (answer - asked).total_seconds()


def _first_answer(facts: CaseFacts, by: set[ActorKind]) -> tuple[datetime | None, datetime | None]:
    """The customer's first message and the first answer to it."""
    inbound = (each.at for each in facts.messages if each.sender is ActorKind.CUSTOMER)
    asked = facts.opened_at if facts.is_customers_own else next(inbound, None)
    if asked is None:
        return None, None
    answers = (each.at for each in facts.messages if each.sender in by and each.at >= asked)
    return asked, next(answers, None)


def next_response(facts: CaseFacts, view: View) -> Iterator[float]:
    for asked, answer in _later_gaps(facts.messages, is_waiting=facts.is_customers_own):
        if view.period.holds(answer):
            yield view.working(facts, asked, answer)


def _later_gaps(
    messages: tuple[Message, ...], *, is_waiting: bool
) -> Iterator[tuple[datetime, datetime]]:
    """Oldest unanswered message and a person's answer to it, the first answer left out."""
    oldest: datetime | None = None
    is_first = True
    for message in messages:
        if message.sender is ActorKind.CUSTOMER:
            oldest = oldest or message.at
        elif message.sender is ActorKind.PERSON:
            if oldest is not None and not is_first:
                yield oldest, message.at
            if oldest is not None or is_waiting:
                is_first = False
            oldest = None


def resolution(facts: CaseFacts, view: View) -> Iterator[float]:
    if (closed := view.closed_at(facts)) is not None:
        yield (closed - facts.opened_at).total_seconds()


def resolution_net(facts: CaseFacts, view: View) -> Iterator[float]:
    if (closed := view.closed_at(facts)) is not None:
        waited = covered(facts.customer_waits, begin=facts.opened_at, end=closed)
        yield (closed - facts.opened_at - waited).total_seconds()


def resolution_all(facts: CaseFacts, view: View) -> Iterator[tuple[float, bool]]:
    if not view.period.holds(facts.opened_at):
        return
    ended = next((at for at in facts.closings if at < view.period.end), None)
    until = ended or view.period.end
    is_resolved = ended is not None and ended not in facts.cancellations
    yield (until - facts.opened_at).total_seconds(), is_resolved


def handle_time(facts: CaseFacts, view: View) -> Iterator[float]:
    closed = view.closed_at(facts)
    # A case that closed has put down all of its tasks.
    done = [each for each in facts.work if closed and each.end is not None and each.end <= closed]
    if done:
        yield sum(view.working(facts, each.begin, each.end) for each in done if each.end)


def cost_resolved(facts: CaseFacts, view: View) -> Iterator[float]:
    cost = _cost(facts, view)
    if cost is not None:
        yield cost


def cost_contact(facts: CaseFacts, view: View) -> Iterator[float]:
    """A mean over contacts: each contact of a case bears an equal part of its cost."""
    cost = _cost(facts, view)
    if cost is not None:
        contacts = 1 + len(_before_end(facts.reopenings, view))
        yield from [cost / contacts] * contacts


def _cost(facts: CaseFacts, view: View) -> float | None:
    """Of a case closed in the period, of a process with a rate; None for others."""
    closed = view.closed_at(facts)
    if closed is None or not any(process == facts.process for process, _ in view.rates):
        return None
    done = [each for each in facts.work if each.end is not None and each.end <= closed]
    return sum(
        view.working(facts, each.begin, each.end)
        / 3600
        * view.rates.get((facts.process, each.activity), 0.0)
        for each in done
        if each.end is not None
    )


def backlog_age(facts: CaseFacts, view: View) -> Iterator[float]:
    if _is_open(facts, view):
        yield (view.period.end - facts.opened_at).total_seconds()


# Outcomes


def _matured(facts: CaseFacts, view: View) -> Iterator[datetime]:
    """Closings, not cancellations, whose days of grace ended in the period."""
    for closing in facts.closings:
        if view.period.holds(closing + GRACE) and closing not in facts.cancellations:
            yield closing


def first_contact_resolution(facts: CaseFacts, view: View) -> Iterator[bool]:
    if not facts.customer:
        return
    again = view.contacts.get((facts.customer, facts.process), ())
    for closing in _matured(facts, view):
        came_back = (*again, *facts.reopenings)
        yield not any(closing < at <= closing + GRACE for at in came_back if at < view.period.end)


def reopen(facts: CaseFacts, view: View) -> Iterator[bool]:
    for closing in _matured(facts, view):
        yield any(
            closing < at <= closing + GRACE for at in facts.reopenings if at < view.period.end
        )


def first_contact_ownership(facts: CaseFacts, view: View) -> Iterator[bool]:
    closed = view.closed_at(facts)
    owners = {person for at, person in facts.owners if closed is not None and at <= closed}
    if owners:
        yield len(owners) == 1 and not _before_end(facts.transfers, view)


def transfer(facts: CaseFacts, view: View) -> Iterator[bool]:
    if view.closed_at(facts) is not None:
        yield bool(_before_end(facts.transfers, view))


def escalation(facts: CaseFacts, view: View) -> Iterator[bool]:
    if view.closed_at(facts) is not None:
        yield any(question.raised_at < view.period.end for question in facts.questions)


def escalation_answered(facts: CaseFacts, view: View) -> Iterator[bool]:
    for question in facts.questions:
        verdict = _answered_in_time(question, view.period)
        if verdict is not None:
            yield verdict


def _answered_in_time(question: Question, period: Period) -> bool | None:
    """None when neither the answer nor the passing of the deadline falls in the period."""
    answered = question.answered_at
    if answered is not None and answered <= question.due:
        return True if period.holds(answered) else None
    # A task that ends before takes its question with it, and then neither is in the log.
    return False if period.holds(question.missed_at or answered) else None


def _before_end(moments: tuple[datetime, ...], view: View) -> list[datetime]:
    return [at for at in moments if at < view.period.end]


# Promises


def promise_first_response(facts: CaseFacts, view: View) -> Iterator[bool]:
    return _promises(facts, view, FIRST_RESPONSE)


def promise_resolution(facts: CaseFacts, view: View) -> Iterator[bool]:
    return _promises(facts, view, RESOLUTION)


def promise_step_response(facts: CaseFacts, view: View) -> Iterator[bool]:
    return _promises(facts, view, STEP_RESPONSE)


def _promises(facts: CaseFacts, view: View, metric: str) -> Iterator[bool]:
    for promise in facts.promises:
        if promise.metric == metric:
            verdict = _verdict(promise, view.period)
            if verdict is not None:
                yield verdict


def _verdict(promise: Promise, period: Period) -> bool | None:
    """Kept or broken in the period; broken as well when it fell due in it and still runs."""
    if promise.ended_at is not None and promise.ended_at < period.end:
        if not period.holds(promise.ended_at) or promise.verdict == "stopped":
            return None
        return promise.verdict == "met"
    return False if period.holds(promise.due_at(period.end)) else None


# Backlog


def backlog(facts: CaseFacts, view: View) -> Iterator[bool]:
    if _is_open(facts, view):
        yield True


def backlog_overdue(facts: CaseFacts, view: View) -> Iterator[bool]:
    promised = [
        each
        for each in facts.promises
        if each.metric == RESOLUTION and each.started_at < view.period.end
    ]
    if promised and _is_open(facts, view):
        yield any(_is_broken(promise, view.period.end) for promise in promised)


def _is_broken(promise: Promise, at: datetime) -> bool:
    if promise.ended_at is not None and promise.ended_at < at:
        return promise.verdict == "breached"
    due = promise.due_at(at)
    return due is not None and due < at


def _is_open(facts: CaseFacts, view: View) -> bool:
    end = view.period.end
    return facts.opened_at < end and facts.closed_at(end) is None


OBSERVERS: dict[str, Observer] = {
    "first_response": first_response,
    "first_response.elapsed": first_response_elapsed,
    "first_response.any": first_response_any,
    "next_response": next_response,
    "resolution": resolution,
    "resolution.net": resolution_net,
    "resolution.all": resolution_all,
    "handle_time": handle_time,
    "cost.resolved": cost_resolved,
    "cost.contact": cost_contact,
    "first_contact_resolution": first_contact_resolution,
    "first_contact_ownership": first_contact_ownership,
    "service_level.first_response": promise_first_response,
    "service_level.resolution": promise_resolution,
    "service_level.step_response": promise_step_response,
    "reopen": reopen,
    "transfer": transfer,
    "escalation": escalation,
    "escalation_answered": escalation_answered,
    "backlog": backlog,
    "backlog.age": backlog_age,
    "backlog.overdue": backlog_overdue,
}
