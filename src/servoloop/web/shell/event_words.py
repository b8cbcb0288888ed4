"""The timeline in words: what each type of event means to a colleague who reads a case."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from servoloop.storage.queries.cases import TimelineEntry
from servoloop.web.shell.incident_words import cause_words
from servoloop.web.shell.names import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """How a type of event is told; `is_quiet` ones are shown only in the complete log."""

    icon: str
    words: str  # msgid with %(…)s of `_parts`
    tone: str = "plain"
    is_quiet: bool = False


def _say(icon: str, words: str, *, tone: str = "plain", is_quiet: bool = False) -> Saying:
    return Saying(icon=icon, words=words, tone=tone, is_quiet=is_quiet)


_SAYINGS: Mapping[str, Saying] = {
    "case.opened": _say("flag", gettext_noop("The case was opened."), tone="info"),
    "case.owned": _say("user-check", gettext_noop("%(person)s is responsible from now on.")),
    "case.closed": _say("circle-check", gettext_noop("The case was closed."), tone="ok"),
    "case.cancelled": _say("ban", gettext_noop("The case was cancelled: %(reason)s")),
    "case.reopened": _say("rotate-2", gettext_noop("The case was opened again: %(reason)s")),
    "node.passed": _say("arrow-right", gettext_noop("The flow passed %(step)s."), is_quiet=True),
    "scope.entered": _say("arrow-right", gettext_noop("The flow entered %(step)s."), is_quiet=True),
    "scope.aborted": _say("ban", gettext_noop("Everything inside %(step)s was stopped.")),
    "variables.set": _say("adjustments", gettext_noop("%(step)s: data was set."), is_quiet=True),
    "task.opened": _say("inbox", gettext_noop("%(step)s went to the queue of %(role)s.")),
    "task.assigned": _say("user-plus", gettext_noop("%(step)s was given to %(person)s.")),
    "task.claimed": _say("hand-grab", gettext_noop("%(person)s took %(step)s.")),
    "task.released": _say("arrow-back-up", gettext_noop("%(person)s gave %(step)s back.")),
    "task.completed": _say("check", gettext_noop("%(person)s completed %(step)s."), tone="ok"),
    "task.withdrawn": _say("ban", gettext_noop("%(step)s was no longer needed.")),
    "job.requested": _say(
        "settings", gettext_noop("%(step)s was handed to a machine."), is_quiet=True
    ),
    "job.done": _say("bolt", gettext_noop("%(step)s was done by a machine.")),
    "job.failed": _say(
        "alert-triangle", gettext_noop("A machine gave up %(step)s: %(words)s"), tone="late"
    ),
    "error.thrown": _say(
        "alert-triangle", gettext_noop("%(step)s threw the error “%(code)s”."), tone="warn"
    ),
    "timer.armed": _say("hourglass", gettext_noop("A timer was set."), is_quiet=True),
    "timer.fired": _say("bell", gettext_noop("A timer came due."), is_quiet=True),
    "message.awaited": _say(
        "hourglass", gettext_noop("%(step)s: waiting for an answer."), tone="paused"
    ),
    "message.received": _say("mail", gettext_noop("%(step)s: the awaited answer came.")),
    "message.thrown": _say("send", gettext_noop("%(step)s: a message went out."), is_quiet=True),
    "escalation.raised": _say(
        "stairs-up", gettext_noop("%(step)s was escalated to %(role)s: %(reason)s"), tone="warn"
    ),
    "escalation.climbed": _say(
        "stairs-up",
        gettext_noop("Nobody answered in time; the question climbed to %(role)s."),
        tone="warn",
    ),
    "escalation.exhausted": _say(
        "alert-triangle", gettext_noop("Nobody answered on the last level."), tone="late"
    ),
    "escalation.answered": _say(
        "message-circle", gettext_noop("%(person)s answered the escalation: %(words)s"), tone="ok"
    ),
    "incident.raised": _say(
        "alert-triangle", gettext_noop("The process stands still: %(cause)s"), tone="late"
    ),
    "incident.resolved": _say("tool", gettext_noop("The cause was mended."), tone="ok"),
    "clock.started": _say(
        "clock-play", gettext_noop("The clock for the %(metric)s began."), is_quiet=True
    ),
    "clock.paused": _say(
        "clock-pause", gettext_noop("The clock for the %(metric)s was paused."), is_quiet=True
    ),
    "clock.resumed": _say(
        "clock-play", gettext_noop("The clock for the %(metric)s went on."), is_quiet=True
    ),
    "clock.met": _say("circle-check", gettext_noop("The %(metric)s was in time."), tone="ok"),
    "clock.breached": _say(
        "clock-exclamation", gettext_noop("The %(metric)s was not in time."), tone="late"
    ),
    "clock.stopped": _say(
        "ban", gettext_noop("The clock for the %(metric)s ended without a verdict."), is_quiet=True
    ),
    "conversation.received": _say("message", gettext_noop("The customer wrote.")),
    "conversation.sent": _say("send", gettext_noop("We wrote to the customer.")),
    "conversation.noted": _say("note", gettext_noop("An internal note was left.")),
}

_REASONS = {
    "step_response_breached": gettext_noop("the step was not done in time"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the timeline, ready to show."""

    entry: TimelineEntry
    icon: str
    tone: str
    words: str
    actor: str


def metric_words(metric: str) -> str:
    match metric:
        case "first_response":
            return _("first response")
        case "resolution":
            return _("resolution")
        case "step_response":
            return _("response of the step")
        case _:
            return metric


def reason_words(reason: str) -> str:
    """Why something was escalated: the engine's own reasons translated, people's as they wrote."""
    return _(_REASONS[reason]) if reason in _REASONS else reason


def actor_words(kind: str, actor: str, names: Names) -> str:
    match kind:
        case "customer":
            return _("customer")
        case "bot":
            return _("bot")
        case "system":
            return _("system")
        case _:
            return names.person(actor)


def timeline_lines(
    entries: tuple[TimelineEntry, ...],
    *,
    metrics: Mapping[int, str],
    names: Names,
    is_complete: bool,
) -> list[Line]:
    """The lines of the timeline; `metrics` says what each clock number measures."""
    lines = (_line(entry, metrics=metrics, names=names) for entry in entries)
    return [line for line in lines if is_complete or not _is_quiet(line.entry.kind)]


def _is_quiet(kind: str) -> bool:
    return kind in _SAYINGS and _SAYINGS[kind].is_quiet


def _line(entry: TimelineEntry, *, metrics: Mapping[int, str], names: Names) -> Line:
    saying = _SAYINGS.get(entry.kind, _say("circle-dot", entry.kind))
    parts = _parts(entry, metrics=metrics, names=names)
    return Line(
        entry=entry,
        icon=saying.icon,
        tone=saying.tone,
        words=_(saying.words) % parts,
        actor=actor_words(entry.actor_kind, entry.actor, names),
    )


def _parts(entry: TimelineEntry, *, metrics: Mapping[int, str], names: Names) -> dict[str, str]:
    data = entry.data
    step = entry.step.in_language(get_language() or "en") or entry.activity or ""
    return {
        "step": _("“%(step)s”") % {"step": step},
        "person": names.person(str(data.get("person") or entry.actor)),
        "role": names.role(str(data.get("role", ""))),
        "reason": reason_words(str(data.get("reason", ""))),
        "words": str(data.get("words", "")),
        "code": str(data.get("code", "")),
        "cause": cause_words(str(data.get("cause", ""))),
        "metric": metric_words(metrics.get(data.get("clock", 0), str(data.get("metric", "")))),
    }
