"""Drawing processes: {% load design %}."""

from collections.abc import Mapping

from django import template

from servoloop.storage.queries.drafts import DraftPage
from servoloop.web.design.origin_words import origin_words

register = template.Library()


@register.filter
def count_at(open_at: Mapping[str, int], node: str) -> int:
    """How many cases stand at an element."""
    return open_at.get(node, 0)


@register.filter
def origin(draft: DraftPage) -> str:
    """Where a draft came from."""
    return origin_words(draft)
