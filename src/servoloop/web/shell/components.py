"""Small pieces of HTML that both template languages draw."""

from datetime import datetime, timedelta

from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from servoloop.web.shell.time_words import exact_words, moment_words, span_words

_SPRITE = "vendor/icons/icons.svg"


def icon(name: str, words: str = "") -> SafeString:
    """An icon of the sprite; it is silent unless it has words of its own."""
    href = f"{static(_SPRITE)}#{name}"
    if words:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', words, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


def moment(when: datetime | None) -> SafeString:
    """A moment in short words with the exact one on hover; nothing at all for None."""
    if when is None:
        return SafeString("")
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.isoformat(),
        exact_words(when),
        moment_words(when, at=timezone.now()),
    )


def span(length: timedelta | None) -> SafeString:
    if length is None:
        return SafeString("")
    return format_html('<span class="text-nowrap">{}</span>', span_words(length))
