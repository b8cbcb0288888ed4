"""Drawing the portal: {% load portal %}."""

from django import template
from django.utils.translation import gettext as _

from servoloop.web.shell.refusals import problem_words

register = template.Library()


@register.filter
def contact_words(code: str) -> str:
    """What is wrong with an answer about how to reach the customer."""
    match code:
        case "unreachable":
            return _("Please give an e-mail address or a telephone number.")
        case "not_an_email":
            return _("This is no e-mail address, such as mo@example.com.")
        case _:
            return problem_words(code)
