"""Drawing the inputs of a process's form: {% load process %}."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from servoloop.web.shell.process_form import Input
from servoloop.web.shell.refusals import problem_words as words_of_problem

register = template.Library()

_HTML_TYPES = {"date": "date", "moment": "datetime-local"}


@register.filter
def problem_words(code: str) -> str:
    return words_of_problem(code)


@register.filter
def html_type(asked: Input) -> str:
    """The type of the HTML input; numbers are text, because browsers hide what they cannot read."""
    return _HTML_TYPES.get(asked.type, "text")


@register.filter
def said(asked: Input) -> SafeString:
    """What an input tells browsers and screen readers beyond its label."""
    marks = [SafeString("required")] if asked.is_required else []
    if asked.problem:
        marks.append(SafeString('aria-invalid="true"'))
    if asked.help or asked.problem:
        marks.append(format_html('aria-describedby="{}-words"', asked.name))
    return SafeString(" ".join(marks))
