"""What every page may say: {% load shell %}."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from servoloop.kernel.process.words import Words
from servoloop.web.shell import components, markdown
from servoloop.web.shell.acting import DEDUPE_FIELD, new_key
from servoloop.web.shell.names import Names
from servoloop.web.shell.script_words import words_address

register = template.Library()


@register.simple_tag
def icon(name: str, words: str = "") -> SafeString:
    return components.icon(name, words)


@register.filter
def moment(when: datetime | None) -> SafeString:
    return components.moment(when)


@register.filter
def span(length: timedelta | None) -> SafeString:
    return components.span(length)


@register.filter
def words(text: Words | None) -> str:
    """Words of a definition in the viewer's language."""
    return text.in_language(get_language() or "en") if text else ""


@register.filter
def html(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return markdown.html_of(text)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    return mapping.get(key)


@register.filter
def person(username: str, names: Names) -> str:
    return names.person(username)


@register.filter
def role(key: str, names: Names) -> str:
    return names.role(key)


@register.simple_tag
def dedupe_field() -> SafeString:
    """A fresh key: the form it stands in counts once, however often it is sent."""
    return format_html('<input type="hidden" name="{}" value="{}">', DEDUPE_FIELD, new_key())


@register.simple_tag
def script_words() -> SafeString:
    """The words of the page's scripts; stands before them."""
    return format_html('<script src="{}" defer></script>', words_address())
