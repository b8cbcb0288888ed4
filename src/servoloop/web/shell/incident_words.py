"""Why a process stands still, in the reader's words; the code is the engine's."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

_CAUSES = {
    "condition": gettext_lazy("A condition of the flow could not be decided."),
    "no_branch": gettext_lazy("No branch of a decision fits this case."),
    "timer": gettext_lazy("The time of a timer could not be worked out."),
    "script": gettext_lazy("A calculation failed."),
    "rule": gettext_lazy("A rule failed."),
    "job": gettext_lazy("A machine gave up its work."),
    "error": gettext_lazy("An error was thrown that nothing in the process handles."),
    "key": gettext_lazy("The key of an awaited message could not be worked out."),
    "message": gettext_lazy("A message could not be made."),
    "unanswered": gettext_lazy("Nobody in the escalation chain answered in time."),
}


def cause_words(code: str) -> str:
    known = _CAUSES.get(code)
    return (
        str(known) if known else _("The step cannot go on by itself (%(code)s).") % {"code": code}
    )
