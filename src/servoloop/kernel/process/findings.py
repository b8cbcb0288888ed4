"""What is wrong with a definition, where, and how bad it is.

Every rule has a stable id and one template; a translation replaces the template and fills in the
same parameters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"  # the process cannot be executed
    WARNING = "warning"  # it can, but somebody should know


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    id: str
    severity: Severity
    template: str  # str.format fields are the finding's parameters, and {element}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One rule broken by one element."""

    element_id: str  # "" when the file as a whole is meant
    element_name: str
    rule: str
    severity: Severity
    words: str  # English
    parameters: Mapping[str, str] = field(default_factory=dict)


_ERRORS = {
    # The file
    "no-process": "The file contains no process with flow elements.",
    "unknown-process": "There is no process '{process}' here. Known: {known}.",
    "which-process": "Several processes could be executed ({known}); mark one as executable"
    " or say which one is meant.",
    "no-id": "{element} has no id, so nothing can refer to it.",
    "duplicate-id": "The id '{id}' is used by more than one element.",
    "broken-reference": "{element} refers to '{reference}' as its {attribute}, which does not"
    " exist or is of the wrong kind.",
    # What can be executed
    "not-executable": "{element} is {what}, which Servoloop does not execute.",
    "no-start": "{element} has no start event, so nothing can begin it.",
    "several-starts": "{element} has {count} plain start events; keep one.",
    "no-message": "{element} names no message, so nothing could ever be sent or arrive.",
    "same-message-start": "{element} waits for the message '{message}', as another start event"
    " does already.",
    "no-topic": "{element} names no topic, so no worker would do it.",
    "no-assignment": "{element} has no expression or no result variable.",
    "unknown-decision": "{element} asks for the decision '{decision}', which is not in the decision"
    " model of its process. Known: {known}.",
    "decision-error": "The decision model of {element}, {where}: {reason}",
    "script-format": "{element} is written in '{format}'; only FEEL scripts are executed.",
    "recursive-call": "{element} calls '{process}', which is already being executed there"
    " ({path}); a process cannot contain itself.",
    "too-many-elements": "With all called processes {element} has more than {limit} elements;"
    " split it.",
    "misplaced-start": "{element} is {what} inside a sub-process, which can only begin plainly.",
    "unknown-call": "{element} calls the process '{process}', which is not in the library."
    " Known: {known}.",
    "bad-attachment": "{element} is attached to {host}, which is not an activity of the same"
    " process.",
    "boundary-incoming": "{element} is a boundary event, but a flow leads into it.",
    "crossing-flow": "The flow {element} crosses the border of a sub-process; only messages may.",
    "start-incoming": "{element} is a start event, but a flow leads into it.",
    "end-outgoing": "{element} is an end event, but a flow leads out of it.",
    "event-gateway-target": "{element} is followed by {target}, which is not a catching timer or"
    " message event or a receive task with this one incoming flow.",
    "no-condition": "The flow {element} leaves the exclusive gateway {gateway} with neither a"
    " condition nor the mark of a default.",
    "conditional-flow": "The flow {element} has a condition although it leaves {source}; only an"
    " exclusive gateway decides.",
    "condition-syntax": "The expression of {element} cannot be read at position {position}:"
    " {reason} It says: {text}",
    "expression-language": "The condition of {element} is written in '{language}', not in FEEL.",
    "bad-timer": "{element}: {reason}",
    # What our extension says
    "bad-extension": "{element}: {reason}",
    # The graph
    "unreachable": "{element} can never be reached from a start event.",
    "dead-end": "From {element} no end event can be reached.",
    "deadlock": "The process can stop for ever at {element}, which waits for {missing}; it happens"
    " on the path {path}.",
    "lack-of-synchronisation": "Two tokens can stand at {element} at the same time, so that it"
    " would run twice; it happens on the path {path}.",
    "livelock": "From {element} on, the process can only go round in a circle and never reach an"
    " end; it happens on the path {path}.",
    "never-runs": "{element} is never executed, whatever happens.",
}
_WARNINGS = {
    "not-marked-executable": "{element} is not marked as executable in the file.",
    "no-default": "{element} has no default flow: when no condition is true, the case stops with"
    " an incident.",
    "condition-ignored": "The condition of {element} has no effect, because {source} does not"
    " decide.",
    "default-ignored": "The default flow of {element} has no effect there.",
    "implicit-split": "Several flows leave {element}, so all of them are taken at once; draw a"
    " parallel gateway to say so.",
    "implicit-merge": "Several flows lead into {element}, so it runs once for each; draw a gateway"
    " to say so.",
    "uncaught-error": "Nothing catches the error '{error}' of {element}: the case stops with an"
    " incident.",
    "decision-note": "The decision model of {element}, {where}: {reason}",
    "never-caught": "{element} catches an error that nothing inside {host} can raise.",
    "unknown-extension": "{element}: {reason}",
    "too-large": "{element} has more than {limit} situations to check, so freedom from deadlocks"
    " is not proven.",
}
RULES: Mapping[str, Rule] = {
    id: Rule(id=id, severity=severity, template=template)
    for severity, templates in ((Severity.ERROR, _ERRORS), (Severity.WARNING, _WARNINGS))
    for id, template in templates.items()
}
NO_PARAMETERS: Mapping[str, str] = {}


def finding(
    rule: str, *, id: str = "", name: str = "", parameters: Mapping[str, str] = NO_PARAMETERS
) -> Finding:
    """A finding about the element `id`; {element} in the template becomes its quoted name."""
    known = RULES[rule]
    values = {"element": quoted(id, name), **parameters}
    return Finding(
        element_id=id,
        element_name=name,
        rule=rule,
        severity=known.severity,
        words=known.template.format(**values),
        parameters=values,
    )


def quoted(id: str, name: str) -> str:
    """How a sentence names an element: its name and, to tell namesakes apart, its id."""
    name = " ".join(name.split())
    if name and id:
        return f"'{name}' ({id})"
    return f"'{name or id}'"


def has_errors(findings: Iterable[Finding]) -> bool:
    return any(each.severity is Severity.ERROR for each in findings)
