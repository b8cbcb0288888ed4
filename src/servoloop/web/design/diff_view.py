"""The difference between two versions, sorted by whom it concerns."""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servoloop.kernel.process.diff import Audience, Change, Difference
from servoloop.kernel.process.diff_values import Line
from servoloop.web.shell.names import Names

_ICONS = {
    Audience.CUSTOMER: "message-circle",
    Audience.ROLE: "user",
    Audience.OWNER: "route",
    Audience.MACHINE: "settings",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    kind: str  # added, removed or changed
    title: str
    words: str
    elements: str  # BPMN ids with blanks between them, '' for the process as a whole
    lines: tuple[Line, ...]  # of an SOP


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernedGroup:
    words: str
    icon: str
    changes: tuple[ChangeLine, ...]


def concerned_groups(difference: Difference, *, names: Names) -> list[ConcernedGroup]:
    """Customers first, then each role, then the owner of the process, then machines."""
    language = get_language() or "en"
    found: dict[tuple[Audience, str], list[Change]] = defaultdict(list)
    for each in difference.changes:
        found[(each.audience, each.role or "")].append(each)
    order = list(Audience)
    return [
        ConcernedGroup(
            words=_whom(audience, role, names),
            icon=_ICONS[audience],
            changes=tuple(_line(each, language) for each in found[(audience, role)]),
        )
        for audience, role in sorted(found, key=lambda each: (order.index(each[0]), each[1]))
    ]


def _whom(audience: Audience, role: str, names: Names) -> str:
    match audience:
        case Audience.CUSTOMER:
            return _("For customers")
        case Audience.ROLE:
            return _("For %(role)s") % {"role": names.role(role)}
        case Audience.OWNER:
            return _("For who owns the process")
        case Audience.MACHINE:
            return _("For the automation")


def _line(change: Change, language: str) -> ChangeLine:
    tag = "zh-hans" if language.startswith("zh") else "en"
    ids = dict.fromkeys(each for each in (change.element, change.old_element) if each)
    return ChangeLine(
        kind=change.kind.value,
        title=change.title(language),
        words=change.words(language),
        elements=" ".join(ids),
        lines=_sop_lines(change, tag),
    )


def _sop_lines(change: Change, tag: str) -> tuple[Line, ...]:
    """In the reader's language; when only the other language changed, in that one."""
    texts = change.lines or {}
    return texts.get(tag) or next((each for each in texts.values() if each), ())
