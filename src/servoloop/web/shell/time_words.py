"""Spans and moments in the words of the viewer's language."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _


def span_words(span: timedelta) -> str:
    """A length of time in at most two units, e.g. '2 h 10 min' or '40 s'.

    Never in days: nearly all of our spans are working time, and a working day is not 24 hours.
    """
    seconds = int(abs(span).total_seconds())
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return _join(_("%(n)d h") % {"n": hours}, minutes and _("%(n)d min") % {"n": minutes})
    return _("%(n)d min") % {"n": minutes} if minutes else _("%(n)d s") % {"n": seconds}


def _join(large: str, small: str | int) -> str:
    return f"{large} {small}" if small else large


def moment_words(moment: datetime, *, at: datetime) -> str:
    """A moment as people write it: the time today, else day and time, with the year if another."""
    local, today = timezone.localtime(moment), timezone.localtime(at)
    if local.date() == today.date():
        return local.strftime("%H:%M")
    pattern = _("N j") if local.year == today.year else _("N j, Y")  # Django date format
    return f"{date_format(local, pattern)} {local:%H:%M}"


def exact_words(moment: datetime) -> str:
    """A moment without any doubt, for the hover text: '2026-11-22 10:04:39 (Asia/Shanghai)'."""
    local = timezone.localtime(moment)
    return f"{local:%Y-%m-%d %H:%M:%S} ({timezone.get_current_timezone_name()})"
