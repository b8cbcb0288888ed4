"""What is wrong with a FEEL text, in the reader's language.

The kernel says it in English sentences of fixed shapes; each shape is a message to translate, and
so are the names of types. A sentence of another shape stays as it is.
"""

import re

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_SHAPES = tuple(
    (re.compile(shape), message)
    for shape, message in (
        (
            r"There is no '\.(?P<name>.+)'\. Known: (?P<known>.*)\.",
            gettext_noop("There is no “.%(name)s”. Known: %(known)s."),
        ),
        (
            r"There is no '(?P<name>.+)'\. Known: (?P<known>.*)\.",
            gettext_noop("There is no “%(name)s”. Known: %(known)s."),
        ),
        (
            r"There is no '(?P<name>.+)'\. No names are known here\.",
            gettext_noop("There is no “%(name)s”; no variables are known here."),
        ),
        (
            r"There is no function '(?P<name>.+)'\.",
            gettext_noop("There is no function “%(name)s”."),
        ),
        (
            r"'(?P<name>.+)' is called as (?P<ways>.+)\.",
            gettext_noop("“%(name)s” is called as %(ways)s."),
        ),
        (
            r"'(?P<name>.+)' cannot compare an? (?P<type1>.+) with an? (?P<type2>.+)\.",
            gettext_noop("“%(name)s” cannot compare %(type1)s with %(type2)s."),
        ),
        (
            r"'(?P<name>.+)' cannot join an? (?P<type1>.+) and an? (?P<type2>.+)\.",
            gettext_noop("“%(name)s” cannot join %(type1)s and %(type2)s."),
        ),
        (
            r"'(?P<name>.+)' joins conditions, not an? (?P<type1>.+)\.",
            gettext_noop("“%(name)s” joins conditions, not %(type1)s."),
        ),
        (
            r"'(?P<name>.+)' needs a condition, not an? (?P<type1>.+)\.",
            gettext_noop("“%(name)s” needs a condition, not %(type1)s."),
        ),
        (
            r"@\"(?P<name>.*)\" is no date, time or duration\.",
            gettext_noop("“%(name)s” is no date, time or duration."),
        ),
        (
            r"A condition answers true or false, and this does not\.",
            gettext_noop("A condition answers true or false, and this does not."),
        ),
        (
            r"The rule is nested too deeply\. Split it into parts\.",
            gettext_noop("The rule is nested too deeply. Split it into parts."),
        ),
        (
            r"Line \d+, column \d+: The text in quotes does not end\. .*",
            gettext_noop("The text in quotes does not end."),
        ),
        (
            r"Line \d+, column \d+: The comment does not end\. .*",
            gettext_noop("The comment does not end."),
        ),
        (
            r"Line \d+, column \d+: The character (?P<name>.+) has no meaning here\. .*",
            gettext_noop("The character %(name)s has no meaning here."),
        ),
        (
            r"Line \d+, column \d+: The rule ends here\. Expected (?P<expected>.+)\.",
            gettext_noop("It ends too early. Expected: %(expected)s."),
        ),
        (
            r"Line \d+, column \d+: Found '(?P<name>.*)'\. Expected (?P<expected>.+)\.",
            gettext_noop("“%(name)s” is not expected here. Expected: %(expected)s."),
        ),
    )
)
_PHRASES = {
    "a value": gettext_noop("a value"),
    "an operator or the end of the rule": gettext_noop("an operator or the end of the rule"),
    "a name after the dot": gettext_noop("a name after the dot"),
    "names for all arguments or for none": gettext_noop("names for all arguments or for none"),
    "a name for the item": gettext_noop("a name for the item"),
    "a name for the entry": gettext_noop("a name for the entry"),
    'text in quotes after @, as in @"2026-02-28"': gettext_noop("text in quotes after @"),
    "number": gettext_noop("a number"),
    "string": gettext_noop("a text"),
    "boolean": gettext_noop("yes or no"),
    "date": gettext_noop("a date"),
    "time": gettext_noop("a time of day"),
    "date and time": gettext_noop("a moment"),
    "days and time duration": gettext_noop("a duration"),
    "years and months duration": gettext_noop("a duration in months"),
    "list": gettext_noop("a list"),
    "context": gettext_noop("a group of values"),
}
_TOKEN = re.compile(r"('[^']+')( .*)?")


def feel_words(said: str) -> str:
    """One sentence for the person who types."""
    for shape, message in _SHAPES:
        if found := shape.fullmatch(said):
            parts = {name: _part(name, text) for name, text in found.groupdict().items()}
            return _(message) % parts
    return said


def _part(name: str, text: str) -> str:
    if name not in ("type1", "type2", "expected"):
        return text
    if text in _PHRASES:
        return _(_PHRASES[text])
    token = _TOKEN.fullmatch(text)  # a sign with the English reason behind it
    return token.group(1) if token else text
