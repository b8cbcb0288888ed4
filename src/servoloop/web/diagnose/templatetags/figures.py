"""Figures of mined logs as people write them: {% load figures %}."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from servoloop.kernel.mining import filter_words
from servoloop.kernel.mining.filters import Contains
from servoloop.loop.report import words
from servoloop.loop.report.texts import say
from servoloop.web.diagnose.selection import Selection

register = template.Library()


@register.filter
def count(value: float) -> str:
    """1,234"""
    return words.number(value)


@register.filter
def percent(share: float) -> str:
    """12 %, never rounded to nothing or to everything."""
    return words.percent(share)


@register.filter
def duration(span: timedelta | None) -> SafeString | str:
    """In the largest unit that leaves at least two, exactly on hover; a dash for None."""
    if span is None:
        return "–"
    said = words.duration(span)
    text = said.zh if (get_language() or "").startswith("zh") else said.en
    return format_html('<span class="number" title="{}">{}</span>', str(span), text)


@register.filter
def spoken(said: words.Words) -> str:
    """Words of a report in the viewer's language."""
    return said.zh if (get_language() or "").startswith("zh") else said.en


@register.filter
def instant(at: datetime) -> SafeString:
    """A moment of a log, in the zone of the log: always with its year."""
    return format_html(
        '<time class="number" datetime="{}" title="{}">{}</time>',
        at.isoformat(),
        at.isoformat(),
        f"{at:%Y-%m-%d %H:%M}",
    )


@register.filter
def day(at: datetime) -> str:
    """The day of a moment, in the zone of the log."""
    return f"{at:%Y-%m-%d}"


@register.filter
def bar(share: float, most: float = 1.0) -> SafeString:
    """A bar of a share of `most`; says nothing that the number beside it does not say."""
    width = round(100 * share / most) if most else 0
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="ground" width="100" height="10"/><rect width="{}" height="10"/></svg>',
        max(1 if share else 0, min(100, width)),
    )


@register.filter
def column_name(column: str) -> str:
    """What a column of a log is called."""
    return filter_words.column_words(column).in_language(get_language() or "en")


@register.filter
def value_name(value: str, column: str) -> str:
    """What a value is called; only weekdays have other names."""
    return filter_words.value_words(column, value).in_language(get_language() or "en")


@register.filter
def cause_name(cause: str) -> str:
    """A cause of waiting, as the report calls it."""
    return spoken(say(f"cause_{cause}"))


@register.filter
def main_cause(row: Any, causes: Any) -> str:
    """What most of the waiting before an activity is for, with its share."""
    share, cause = max(
        (share, cause.cause) for share, cause in zip(row.shares, causes, strict=True)
    )
    return f"{cause_name(cause)} {words.percent(share)}"


@register.filter
def keeping(selection: Selection, activity: str) -> str:
    """The address of those of the selected cases that have an activity."""
    return selection.and_also(Contains(activity=activity))
