"""The engine's refusals in the words of the reader's language."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servoloop.kernel.engine.refusal import CommandRefused

_REFUSALS = {
    "form": gettext_lazy("Some answers cannot be taken yet; they are marked below."),
    "taken": gettext_lazy("A colleague has this task already. Ask them to release it."),
    "not_holder": gettext_lazy("This task is not yours. Take it first."),
    "untaken": gettext_lazy("Take the task before you complete it."),
    "no_role": gettext_lazy("This task belongs to a role that the person does not hold."),
    "no_task": gettext_lazy("This task is no longer open: it was completed or taken back."),
    "no_incident": gettext_lazy("This incident is no longer open."),
    "no_escalation": gettext_lazy("This escalation is no longer open."),
    "no_chain": gettext_lazy("This step has nobody to escalate to."),
    "escalated": gettext_lazy("This task has been escalated already and waits for an answer."),
    "not_open": gettext_lazy("The case is not open any more."),
    "open_already": gettext_lazy("The case is open already."),
    "not_closed": gettext_lazy("Only a closed case can be reopened."),
    "no_start": gettext_lazy("This process cannot be started from here."),
    "empty": gettext_lazy("There is nothing to send. Write something first."),
    "not_awaited": gettext_lazy("The case does not wait for this message."),
    "early": gettext_lazy("It is too early for this."),
}

_PROBLEMS: Mapping[str, Callable[[], str]] = {
    "required": lambda: _("Please fill this in."),
    "unknown_field": lambda: _("This form has no such field."),
    "not_a_text": lambda: _("This must be text."),
    "not_a_number": lambda: _("This must be a number, such as 1200 or 99.5."),
    "not_a_boolean": lambda: _("Please answer yes or no."),
    "not_a_date": lambda: _("This must be a date, such as 2026-03-31."),
    "not_a_moment": lambda: _("This must be a date and a time, such as 2026-03-31 14:30."),
    "not_an_option": lambda: _("Please choose one of the options."),
    "not_valid": lambda: _("This does not keep the rule of this field."),
    "too_small": lambda: _("This is too small."),
    "too_large": lambda: _("This is too large."),
    "too_long": lambda: _("This is too long; 20,000 characters are the limit."),
}


def refusal_words(refused: CommandRefused) -> str:
    """One sentence for the person whose command was refused."""
    known = _REFUSALS.get(refused.code)
    return str(known) if known else _("This is not possible now. Reload the page and try again.")


def problem_words(code: str) -> str:
    """What is wrong with one answer; empty for no problem."""
    if not code:
        return ""
    known = _PROBLEMS.get(code)
    return known() if known else _("This answer cannot be taken.")
