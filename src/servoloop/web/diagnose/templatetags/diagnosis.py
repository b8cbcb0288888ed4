"""What the pages of a diagnosis say: {% load diagnosis %}."""

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import get_language, ngettext

from servoloop.loop.report.words import Words

register = template.Library()


@register.filter
def said(text: Words | str | None) -> str:
    """Words of the report in the viewer's language; plain text as it is."""
    if not isinstance(text, Words):
        return text or ""
    return text.zh if (get_language() or "").startswith("zh") else text.en


@register.filter
def events(count: int) -> str:
    """1 event, 1,234 events."""
    return ngettext("%(n)s event", "%(n)s events", count) % {"n": intcomma(count)}


@register.filter
def cases(count: int) -> str:
    """1 case, 1,234 cases."""
    return ngettext("%(n)s case", "%(n)s cases", count) % {"n": intcomma(count)}


@register.filter
def grouped(count: float) -> str:
    """1,234 with its separators."""
    return intcomma(round(count))
