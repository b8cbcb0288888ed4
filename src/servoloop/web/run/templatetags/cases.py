"""Drawing lists of cases: {% load cases %}."""

from django import template

from servoloop.web.shell import chips

register = template.Library()


@register.filter
def case_chip(status: str) -> chips.Chip:
    return chips.case_chip(status)
