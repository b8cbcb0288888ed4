"""Why a value in the file cannot be read, in the reader's language.

The kernel says it in English sentences of fixed shapes; each shape is the message to translate, and
a test finds a shape for every sentence that the kernel can say. Another sentence stays as it is.
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from servoloop.web.design.feel_words import feel_words

_WORDS = (
    gettext_noop("'{value}' counts months or years, whose length varies; write days."),
    gettext_noop("'{value}' is not an ISO 8601 duration such as PT30M, PT8H or P2D."),
    gettext_noop("'{value}' is longer than a hundred years."),
    gettext_noop("'{value}' is not a possible date and time such as 2026-03-01T09:00:00+08:00."),
    gettext_noop("'{value}' has no time zone; write it like 2026-03-01T09:00:00+08:00."),
    gettext_noop("'{value}' is not an ISO 8601 repetition such as R3/PT10M or R/PT1H."),
    gettext_noop("'{value}' repeats without a pause; the interval must be longer than zero."),
    gettext_noop("'{value}' is not a number that Servoloop can count with."),
    gettext_noop("'{value}' is not a number."),
    gettext_noop("'{value}' is not a language tag such as en or zh-hans."),
    gettext_noop("'{value}' is not an attribute of servoloop:{tag}. Known: {known}."),
    gettext_noop("'{value}' is not an element of servoloop:{tag}. Known: {known}."),
    gettext_noop("servoloop:{tag} is given twice in the language '{value}'."),
    gettext_noop("say exactly one date, duration or cycle."),
    gettext_noop("a goal must not be negative, but it is {value}."),
    gettext_noop("a line of the checklist says nothing."),
    gettext_noop("an attachment has no address (href)."),
    gettext_noop("a skill has no name."),
    gettext_noop("the skill '{value}' is asked for twice."),
    gettext_noop("an escalation level needs both a role and a time within which."),
    gettext_noop("the KPI '{value}' has two goals."),
    gettext_noop("a KPI goal needs both a name and a target."),
    gettext_noop("the service level '{value}' is declared twice."),
    gettext_noop("the service level '{value}' says no time within which."),
    gettext_noop("the field '{value}' is declared twice."),
    gettext_noop("only one output can be the outcome, not {known}."),
    gettext_noop("the outcome '{value}' must be a choice, not {kind}."),
    gettext_noop("a servoloop:{tag} has no name."),
    gettext_noop("the field '{value}' has the type {kind} and {count} options."),
    gettext_noop("the field '{value}' allows nothing: {minimum} is above {maximum}."),
    gettext_noop("an option of the field '{field}' has no value."),
    gettext_noop("the field '{field}' offers '{value}' twice."),
    gettext_noop("the validation of the field '{field}' cannot be read: {reason}"),
    gettext_noop("{name} '{value}' is not one role name, such as {known}."),
    gettext_noop("{name} '{value}' is not one skill, such as 'refunds'."),
    gettext_noop("{name} '{value}' is not a currency code such as CNY."),
    gettext_noop("{name} '{value}' is not a variable name."),
    gettext_noop(
        "{name} '{value}' is not an http or https address, or a path that begins with one slash."
    ),
    gettext_noop("{name} '{value}' is not one of {known}."),
    gettext_noop("{name} '{value}' is neither true nor false."),
    gettext_noop("{name} must be longer than zero."),
    gettext_noop("{name} must not be negative, but it is {value}."),
    gettext_noop("{name} must be a whole number from 0 to 1000, not {value}."),
    gettext_noop("{name}: {reason}"),
)
_FIELD = re.compile(r"\\\{(\w+)\\\}")


def _shape(message: str) -> re.Pattern[str]:
    return re.compile(_FIELD.sub(r"(?P<\1>.*)", re.escape(message)), re.DOTALL)


_SHAPES = tuple((_shape(message), message) for message in _WORDS)


def reason_words(said: str) -> str:
    """One reason of a finding; a reason inside it is translated, too."""
    for shape, message in _SHAPES:
        if found := shape.fullmatch(said):
            parts = found.groupdict()
            if "reason" in parts:
                parts["reason"] = reason_words(parts["reason"])
            return _(message).format(**parts)
    return feel_words(said)
