"""What to do about a finding, and which field of the editor it is done in.

Rules of the check and of the gate share one table; a test keeps it complete.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    action: Promise  # what to do, as a button would say it
    field: str = ""  # of the editor's panel; "" is done on the canvas


_FLOW = Help(action=_("Connect it from start to end"), field="flow")
_DRAW = Help(action=_("Change the drawing here"), field="flow")
_CONDITION = Help(action=_("Mend the condition"), field="condition")
_CONDITIONS = Help(action=_("Mend the conditions of the branches"), field="condition")
_DEFAULT = Help(action=_("Choose the default branch"), field="default")
_DECISION = Help(action=_("Mend the decision"), field="decision")
_MESSAGE = Help(action=_("Name the message"), field="message")
_EXTENSION = Help(action=_("Mend what is filled in"), field="")
_PLACE = Help(action=_("Place it where it belongs"), field="flow")
_PROMISE = Help(action=_("Change the promise or the times"), field="serviceLevel")
_ROLE = Help(action=_("Choose a role with people in it"), field="role")

HELP: dict[str, Help] = {
    # The check of the file
    "no-process": Help(action=_("Draw the first step"), field="flow"),
    "unknown-process": _DRAW,
    "which-process": Help(action=_("Mark one process as executable"), field="name"),
    "no-id": _DRAW,
    "duplicate-id": _DRAW,
    "broken-reference": _DRAW,
    "not-executable": Help(action=_("Replace it by an element that can run"), field="flow"),
    "no-start": Help(action=_("Add a start event"), field="flow"),
    "several-starts": Help(action=_("Keep one start event"), field="flow"),
    "no-message": _MESSAGE,
    "same-message-start": _MESSAGE,
    "no-topic": Help(action=_("Say which automation does it"), field="topic"),
    "no-assignment": Help(action=_("Write the expression and its variable"), field="assignment"),
    "unknown-decision": _DECISION,
    "decision-error": _DECISION,
    "decision-note": _DECISION,
    "script-format": Help(action=_("Write the expression in FEEL"), field="assignment"),
    "recursive-call": _DRAW,
    "too-many-elements": Help(action=_("Split the process"), field="flow"),
    "misplaced-start": _PLACE,
    "unknown-call": Help(action=_("Choose a published process"), field="flow"),
    "bad-attachment": _PLACE,
    "boundary-incoming": _PLACE,
    "crossing-flow": _PLACE,
    "start-incoming": _PLACE,
    "end-outgoing": _PLACE,
    "event-gateway-target": _PLACE,
    "no-condition": Help(action=_("Write the condition"), field="condition"),
    "conditional-flow": _CONDITION,
    "condition-syntax": _CONDITION,
    "expression-language": _CONDITION,
    "bad-timer": Help(action=_("Say when"), field="timer"),
    "bad-extension": _EXTENSION,
    "unknown-extension": _EXTENSION,
    "unreachable": _FLOW,
    "dead-end": _FLOW,
    "deadlock": Help(action=_("Join the branches that were split"), field="flow"),
    "lack-of-synchronisation": Help(action=_("Join the branches that were split"), field="flow"),
    "livelock": Help(action=_("Draw a way out of the circle"), field="flow"),
    "never-runs": _FLOW,
    "not-marked-executable": Help(action=_("Mark the process as executable"), field="name"),
    "no-default": _DEFAULT,
    "condition-ignored": _CONDITION,
    "default-ignored": _DEFAULT,
    "implicit-split": Help(action=_("Draw a gateway"), field="flow"),
    "implicit-merge": Help(action=_("Draw a gateway"), field="flow"),
    "uncaught-error": Help(action=_("Catch the error"), field="flow"),
    "never-caught": Help(action=_("Catch the error"), field="flow"),
    "too-large": Help(action=_("Split the process"), field="flow"),
    # The gate
    "no-step": Help(action=_("Draw the first step"), field="flow"),
    "not-drawn": Help(action=_("Draw it, or take it out"), field="flow"),
    "decision-gap": _CONDITIONS,
    "decision-overlap": _CONDITIONS,
    "branch-never": _CONDITIONS,
    "decision-undecided": _CONDITIONS,
    "strict-two-way": _DRAW,
    "strict-one-path": _DRAW,
    "bad-waiver": Help(action=_("Give a reason and a name"), field="waiver"),
    "no-method": Help(action=_("Write the SOP"), field="sop"),
    "no-standard-time": Help(action=_("Set a standard time"), field="standardTime"),
    "time-contradiction": Help(action=_("Make the times fit"), field="standardTime"),
    "no-escalation": Help(action=_("Name whom to escalate to"), field="escalation"),
    "no-response-time": Help(action=_("Set a response time"), field="responseTime"),
    "escalation-in-circle": Help(action=_("Escalate to another role"), field="escalation"),
    "no-owner": Help(action=_("Name the owner"), field="owner"),
    "unknown-owner": Help(action=_("Name the owner"), field="owner"),
    "no-role": Help(action=_("Choose a role"), field="role"),
    "nobody-in-role": _ROLE,
    "unknown-calendar": Help(action=_("Choose a calendar"), field="calendar"),
    "hours-without-people": _ROLE,
    "promise-impossible": _PROMISE,
    "promise-tight": _PROMISE,
    "promise-late-start": _PROMISE,
}
_OTHERWISE = _EXTENSION


def help_for(rule: str) -> Help:
    return HELP.get(rule, _OTHERWISE)
