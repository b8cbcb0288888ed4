"""What was understood of each pasted line, in the reader's words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from servoloop.kernel.process.outline.lines import Line, Remark, Sort
from servoloop.web.shell.names import Names
from servoloop.web.shell.time_words import span_words


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """One line beside what it was taken for; `state` is ok, note or lost."""

    number: int
    text: str
    kind: str
    icon: str
    state: str
    said: tuple[str, ...]
    remarks: tuple[str, ...]


_LOST = frozenset((Remark.NOT_UNDERSTOOD, Remark.TIME_NOT_UNDERSTOOD, Remark.NO_SUCH_STEP)) | {
    Remark.ELSE_WITHOUT_IF,
    Remark.AFTER_END,
    Remark.CANNOT_GO_BACK,
}
_ICONS = {
    Sort.STEP: "user",
    Sort.SEND: "send",
    Sort.WAIT: "hourglass",
    Sort.IF: "git-branch",
    Sort.ELSE_IF: "git-branch",
    Sort.ELSE: "git-branch",
    Sort.REPEAT: "refresh",
    Sort.PARALLEL: "layout-distribute-vertical",
    Sort.BACK: "arrow-back-up",
    Sort.END: "flag",
    Sort.METHOD: "list-check",
    Sort.UNKNOWN: "alert-circle",
}


def line_views(lines: tuple[Line, ...], names: Names) -> list[LineView]:
    """Every line that is not empty."""
    return [_view(line, names) for line in lines if line.sort is not Sort.BLANK]


def _view(line: Line, names: Names) -> LineView:
    remarks = [each for each, _value in line.remarks]
    state = "ok"
    if remarks:
        state = "lost" if _LOST & set(remarks) else "note"
    return LineView(
        number=line.number,
        text=line.text.strip(),
        kind=_kind(line.sort),
        icon=_ICONS.get(line.sort, "info-circle"),
        state=state,
        said=tuple(_said(line, names)),
        remarks=tuple(_remark(each, value, names) for each, value in line.remarks),
    )


def _said(line: Line, names: Names) -> list[str]:
    said = []
    if line.role == "system":
        said.append(_("by the system"))
    elif line.role:
        said.append(names.role(line.role))
    if line.time is not None and line.sort is not Sort.WAIT:  # a wait says it itself
        said.append(span_words(line.time.worked))
    if line.within is not None:
        said.append(_("done within %(time)s") % {"time": span_words(line.within.worked)})
    return said


def _kind(sort: Sort) -> str:
    return _KINDS[sort]()


_KINDS: dict[Sort, Callable[[], str]] = {
    Sort.BLANK: lambda: "",
    Sort.TITLE: lambda: _("name"),
    Sort.GOAL: lambda: _("goal"),
    Sort.OWNER: lambda: _("owner"),
    Sort.PROMISE: lambda: _("promise"),
    Sort.START: lambda: _("start"),
    Sort.STEP: lambda: _("step"),
    Sort.SEND: lambda: _("message"),
    Sort.WAIT: lambda: _("wait"),
    Sort.IF: lambda: _("decision"),
    Sort.ELSE_IF: lambda: _("another case"),
    Sort.ELSE: lambda: _("otherwise"),
    Sort.REPEAT: lambda: _("repetition"),
    Sort.PARALLEL: lambda: _("side by side"),
    Sort.BACK: lambda: _("way back"),
    Sort.END: lambda: _("end"),
    Sort.METHOD: lambda: _("method"),
    Sort.UNKNOWN: lambda: _("not understood"),
}
_REMARKS: dict[Remark, Callable[[], str]] = {
    Remark.NOT_UNDERSTOOD: lambda: _("This line was not understood and is left out."),
    Remark.NO_TIME: lambda: _("No time is given; 10 minutes are assumed."),
    Remark.NO_ROLE: lambda: _("Nobody is named; it goes to %(value)s."),
    Remark.UNKNOWN_ROLE: lambda: _(
        "“%(value)s” is no role here yet; a lane of that name is drawn."
    ),
    Remark.TIME_NOT_UNDERSTOOD: lambda: _("“%(value)s” is not a time, such as 15 min or 2 days."),
    Remark.NEXT_LINE_ONLY: lambda: _("Only the next line is in this branch; indent more to add."),
    Remark.EMPTY: lambda: _("Nothing is in this branch; indent the lines that belong to it."),
    Remark.ELSE_WITHOUT_IF: lambda: _("There is no “if” before this line."),
    Remark.NO_SUCH_STEP: lambda: _("There is no step “%(value)s” before this line."),
    Remark.CANNOT_GO_BACK: lambda: _("Going back from here would never end; put it under an “if”."),
    Remark.END_IN_PARALLEL: lambda: _(
        "What runs side by side ends together; this end is left out."
    ),
    Remark.AFTER_END: lambda: _("Nothing leads here: the process has ended before this line."),
    Remark.WAITS_BY_HAND: lambda: _("Somebody ticks this off when it has happened."),
}


def _remark(remark: Remark, value: str, names: Names) -> str:
    if remark is Remark.NO_ROLE:
        value = names.role(value)
    return _REMARKS[remark]() % {"value": value}
