"""What an element is that cannot be executed, in the reader's language.

The kernel composes it of a kind and a noun ('a timer start event'); both are translated.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

_NOUNS = (
    gettext_noop("implicit throwing event"),
    gettext_noop("start event"),
    gettext_noop("end event"),
    gettext_noop("catching event"),
    gettext_noop("throwing event"),
    gettext_noop("boundary event"),
    gettext_noop("inclusive gateway"),
    gettext_noop("complex gateway"),
    gettext_noop("transaction"),
    gettext_noop("ad-hoc sub-process"),
    gettext_noop("choreography task"),
    gettext_noop("sub-choreography"),
    gettext_noop("call of a choreography"),
    gettext_noop("choreography"),
    gettext_noop("event sub-process"),
    gettext_noop("compensation activity"),
    gettext_noop("loop activity"),
    gettext_noop("parallel activity"),
    gettext_noop("sequential activity"),
    gettext_noop("receive task that starts cases"),
    gettext_noop("gateway that starts cases"),
    gettext_noop("parallel event-based gateway"),
    gettext_noop("activity that takes or gives several tokens"),
)
_KINDS = {
    "timer": gettext_noop("of a timer"),
    "message": gettext_noop("of a message"),
    "signal": gettext_noop("of a signal"),
    "error": gettext_noop("of an error"),
    "escalation": gettext_noop("of an escalation"),
    "conditional": gettext_noop("of a condition"),
    "compensation": gettext_noop("of a compensation"),
    "cancel": gettext_noop("of a cancellation"),
    "link": gettext_noop("of a link"),
    "terminate": gettext_noop("of a termination"),
    "multiple": gettext_noop("of several kinds"),
    "parallel multiple": gettext_noop("of several kinds together"),
    "unknown": gettext_noop("of an unknown kind"),
}


def element_words(what: str) -> str:
    """'an escalation end event' as a phrase; English stays as the kernel says it."""
    bare = what.partition(" ")[2]
    noun = next((each for each in _NOUNS if bare.endswith(each)), "")
    kind = bare.removesuffix(noun).strip()
    if not noun or kind not in ("", *_KINDS) or _(noun) == noun:
        return what
    if not kind:
        return _(noun)
    return _("%(noun)s %(kind)s") % {"noun": _(noun), "kind": _(_KINDS[kind])}
