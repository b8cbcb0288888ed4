"""Drawing processes: {% load design %}."""

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def count_at(open_at: Mapping[str, int], node: str) -> int:
    """How many cases stand at an element."""
    return open_at.get(node, 0)
