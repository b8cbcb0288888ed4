"""How a case stands, in the customer's words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from servoloop.storage.queries.portal import PortalCase
from servoloop.web.shell.chips import Chip


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusWords:
    chip: Chip
    headline: str
    follows: str  # what happens next


@dataclass(frozen=True, slots=True, kw_only=True)
class StageMark:
    words: str
    state: str  # done, now or ahead


def row_chip(status: str) -> Chip:
    match status:
        case "waiting_for_you":
            return Chip(tone="warn", icon="message-circle", words=_("waiting for your reply"))
        case "closed":
            return Chip(tone="ok", icon="circle-check", words=_("finished"))
        case "cancelled":
            return Chip(tone="plain", icon="ban", words=_("cancelled"))
        case _:
            return Chip(tone="info", icon="circle-dot", words=_("in progress"))


def status_words(page: PortalCase) -> StatusWords:
    match page.status:
        case "waiting_for_you":
            headline = _("We need your answer to go on")
            follows = _("Please read our last message and reply below. Then we carry on.")
        case "closed":
            headline = _("Your case is finished")
            follows = _("If something is still wrong, reply or open a new case.")
            if not page.may_reply:
                follows = _("If something is still wrong, please open a new case.")
        case "cancelled":
            headline = _("Your case was cancelled")
            follows = _("If you still need help, please open a new case.")
        case _:
            headline = _("We are working on your case")
            follows = _("You need not do anything now. This page changes by itself.")
    return StatusWords(chip=row_chip(page.status), headline=headline, follows=follows)


def stages_of(page: PortalCase) -> tuple[StageMark, ...]:
    """Received, in progress, finished: where the case is on its way."""
    is_over = page.status in ("closed", "cancelled")
    middle = _("Your reply") if page.status == "waiting_for_you" else _("In progress")
    last = _("Cancelled") if page.status == "cancelled" else _("Finished")
    return (
        StageMark(words=_("Received"), state="done"),
        StageMark(words=middle, state="done" if is_over else "now"),
        StageMark(words=last, state="now" if is_over else "ahead"),
    )
