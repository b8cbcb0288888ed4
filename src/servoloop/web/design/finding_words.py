"""The findings of the check in the reader's language.

Each text is the kernel's template, taken as the message to translate; a test keeps the two equal.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from servoloop.kernel.process.findings import Finding
from servoloop.web.design.element_words import element_words
from servoloop.web.design.reason_words import reason_words

TEMPLATES = {
    "no-process": gettext_noop("The file contains no process with flow elements."),
    "unknown-process": gettext_noop("There is no process '{process}' here. Known: {known}."),
    "which-process": gettext_noop(
        "Several processes could be executed ({known}); mark one as executable or"
        " say which one is meant."
    ),
    "no-id": gettext_noop("{element} has no id, so nothing can refer to it."),
    "duplicate-id": gettext_noop("The id '{id}' is used by more than one element."),
    "broken-reference": gettext_noop(
        "{element} refers to '{reference}' as its {attribute}, which does not exist"
        " or is of the wrong kind."
    ),
    "not-executable": gettext_noop("{element} is {what}, which Servoloop does not execute."),
    "no-start": gettext_noop("{element} has no start event, so nothing can begin it."),
    "several-starts": gettext_noop("{element} has {count} plain start events; keep one."),
    "no-message": gettext_noop(
        "{element} names no message, so nothing could ever be sent or arrive."
    ),
    "same-message-start": gettext_noop(
        "{element} waits for the message '{message}', as another start event does already."
    ),
    "no-topic": gettext_noop("{element} names no topic, so no worker would do it."),
    "no-assignment": gettext_noop("{element} has no expression or no result variable."),
    "unknown-decision": gettext_noop(
        "{element} asks for the decision '{decision}', which is not in the decision"
        " model of its process. Known: {known}."
    ),
    "decision-error": gettext_noop("The decision model of {element}, {where}: {reason}"),
    "script-format": gettext_noop(
        "{element} is written in '{format}'; only FEEL scripts are executed."
    ),
    "recursive-call": gettext_noop(
        "{element} calls '{process}', which is already being executed there"
        " ({path}); a process cannot contain itself."
    ),
    "too-many-elements": gettext_noop(
        "With all called processes {element} has more than {limit} elements; split it."
    ),
    "misplaced-start": gettext_noop(
        "{element} is {what} inside a sub-process, which can only begin plainly."
    ),
    "unknown-call": gettext_noop(
        "{element} calls the process '{process}', which is not in the library. Known: {known}."
    ),
    "bad-attachment": gettext_noop(
        "{element} is attached to {host}, which is not an activity of the same process."
    ),
    "boundary-incoming": gettext_noop("{element} is a boundary event, but a flow leads into it."),
    "crossing-flow": gettext_noop(
        "The flow {element} crosses the border of a sub-process; only messages may."
    ),
    "start-incoming": gettext_noop("{element} is a start event, but a flow leads into it."),
    "end-outgoing": gettext_noop("{element} is an end event, but a flow leads out of it."),
    "event-gateway-target": gettext_noop(
        "{element} is followed by {target}, which is not a catching timer or"
        " message event or a receive task with this one incoming flow."
    ),
    "no-condition": gettext_noop(
        "The flow {element} leaves the exclusive gateway {gateway} with neither a"
        " condition nor the mark of a default."
    ),
    "conditional-flow": gettext_noop(
        "The flow {element} has a condition although it leaves {source}; only an"
        " exclusive gateway decides."
    ),
    "condition-syntax": gettext_noop(
        "The expression of {element} cannot be read at position {position}:"
        " {reason} It says: {text}"
    ),
    "expression-language": gettext_noop(
        "The condition of {element} is written in '{language}', not in FEEL."
    ),
    "bad-timer": gettext_noop("{element}: {reason}"),
    "bad-extension": gettext_noop("{element}: {reason}"),
    "unreachable": gettext_noop("{element} can never be reached from a start event."),
    "dead-end": gettext_noop("From {element} no end event can be reached."),
    "deadlock": gettext_noop(
        "The process can stop for ever at {element}, which waits for {missing}; it"
        " happens on the path {path}."
    ),
    "lack-of-synchronisation": gettext_noop(
        "Two tokens can stand at {element} at the same time, so that it would run"
        " twice; it happens on the path {path}."
    ),
    "livelock": gettext_noop(
        "From {element} on, the process can only go round in a circle and never"
        " reach an end; it happens on the path {path}."
    ),
    "never-runs": gettext_noop("{element} is never executed, whatever happens."),
    "not-marked-executable": gettext_noop("{element} is not marked as executable in the file."),
    "no-default": gettext_noop(
        "{element} has no default flow: when no condition is true, the case stops with an incident."
    ),
    "condition-ignored": gettext_noop(
        "The condition of {element} has no effect, because {source} does not decide."
    ),
    "default-ignored": gettext_noop("The default flow of {element} has no effect there."),
    "implicit-split": gettext_noop(
        "Several flows leave {element}, so all of them are taken at once; draw a"
        " parallel gateway to say so."
    ),
    "implicit-merge": gettext_noop(
        "Several flows lead into {element}, so it runs once for each; draw a gateway to say so."
    ),
    "uncaught-error": gettext_noop(
        "Nothing catches the error '{error}' of {element}: the case stops with an incident."
    ),
    "decision-note": gettext_noop("The decision model of {element}, {where}: {reason}"),
    "never-caught": gettext_noop(
        "{element} catches an error that nothing inside {host} can raise."
    ),
    "unknown-extension": gettext_noop("{element}: {reason}"),
    "too-large": gettext_noop(
        "{element} has more than {limit} situations to check, so freedom from"
        " deadlocks is not proven."
    ),
}
_WITH_REASON = ("bad-extension", "unknown-extension", "bad-timer", "condition-syntax")


def finding_words(finding: Finding, parameters: Mapping[str, str] | None = None) -> str:
    """One finding as a sentence; `parameters` when they are known in the reader's language."""
    parts = dict(parameters or finding.parameters)
    if finding.rule in _WITH_REASON:
        parts["reason"] = reason_words(parts["reason"])
    if "what" in parts:
        parts["what"] = element_words(parts["what"])
    return _(TEMPLATES[finding.rule]).format(**parts)
