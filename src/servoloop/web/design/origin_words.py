"""Where a draft came from, in words."""

from django.utils.translation import gettext as _

from servoloop.storage.queries.drafts import DraftPage


def origin_words(draft: DraftPage) -> str:
    """As 'version 3f2a91c0' or 'a file'."""
    kind, _colon, detail = draft.origin.partition(":")
    match kind:
        case "version":
            return _("version %(version)s") % {"version": draft.base_version[:8]}
        case "file":
            return _("a file")
        case "template":
            return _("a template")
        case "copy":
            return _("a copy of draft %(number)s") % {"number": detail}
        case "log":
            return _("an event log")
        case "finding":
            return _("a finding")
        case "text":
            return _("steps in words")
        case "guide":
            return _("the guide")
    return _("nothing")
