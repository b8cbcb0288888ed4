"""Steps in plain words, one a line, read as a process. The language is described for people in
docs/how-to/new-process.md.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from servoloop.kernel.process.check import check
from servoloop.kernel.process.drafting import Draft, DraftLane, draft_document
from servoloop.kernel.process.findings import has_errors
from servoloop.kernel.process.outline import words as known
from servoloop.kernel.process.outline.lines import Line, LineReader, Remark, Sort
from servoloop.kernel.process.outline.pen import OpenNode
from servoloop.kernel.process.outline.spans import read_span
from servoloop.kernel.process.outline.table import is_table, read_table
from servoloop.kernel.process.outline.tree import read_tree
from servoloop.kernel.process.outline.writing import Defaults, FlowWriter
from servoloop.kernel.process.step import ProcessSheet, ServiceLevel
from servoloop.kernel.process.words import NO_WORDS, Words

MOST_LINES = 400
_AUTO = {True: "自动服务", False: "Automatic service"}
_UNTITLED = {True: "新流程", False: "New process"}
_CUSTOMER = {True: "客户", False: "Customer"}
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")  # in XML
_FIRST = re.compile(r"respon|repl|answer|contact|响应|回复|答复|联系", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRole:
    """A role of the organisation, and what people call it."""

    key: str
    label: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What was understood: every line, and the process; None when there is no step."""

    lines: tuple[Line, ...]
    draft: Draft | None

    @property
    def not_understood(self) -> tuple[Line, ...]:
        remarks = (Remark.NOT_UNDERSTOOD, Remark.TIME_NOT_UNDERSTOOD, Remark.NO_SUCH_STEP)
        return tuple(
            line for line in self.lines if any(each in remarks for each, _ in line.remarks)
        )


def read_outline(
    text: str,
    *,
    roles: Iterable[KnownRole] = (),
    key: str = "new_process",
    owner: str | None = None,
    calendar: str | None = None,
    defaults: Defaults = Defaults(),  # noqa: B008 - frozen
) -> Outline:
    """Read steps in English or Chinese; never raises, whatever is pasted.

    `key` becomes the id of the process. Lines beyond MOST_LINES are left out.
    """
    known_roles = tuple(roles)
    reader = LineReader(_names(known_roles))
    lines = _lines(text, reader)
    is_chinese = known.is_chinese(text)
    blocks, lines = read_tree(lines, reader)
    if not blocks:
        return Outline(lines=tuple(lines), draft=None)
    start = next((line.words for line in lines if line.sort is Sort.START), "")

    def drafted(*, may_go_back: bool) -> tuple[list[Line], Draft]:
        writer = FlowWriter(defaults=defaults, is_chinese=is_chinese, may_go_back=may_go_back)
        writer.write(blocks, start=start)
        sheet = _sheet(lines, owner=owner, calendar=calendar, is_chinese=is_chinese)
        draft = _draft(writer, known_roles, key=key, sheet=sheet, is_chinese=is_chinese)
        return _remarked(lines, writer), draft

    remarked, draft = drafted(may_go_back=True)
    # Only 'back to …' can close a circle that nothing leaves; then it is left out and said so.
    if any(line.sort is Sort.BACK for line in lines) and not is_sound(draft):
        remarked, draft = drafted(may_go_back=False)
    return Outline(lines=tuple(remarked), draft=draft)


def is_sound(draft: Draft) -> bool:
    """Whether every case can come to its end."""
    return not has_errors(check(draft_document(draft)).findings)


def _draft(
    writer: FlowWriter,
    roles: tuple[KnownRole, ...],
    *,
    key: str,
    sheet: ProcessSheet,
    is_chinese: bool,
) -> Draft:
    nodes = map(OpenNode.finished, writer.pen.nodes.values())
    return Draft(
        id=key,
        sheet=sheet,
        lanes=_lanes(writer.pen.lanes, roles, is_chinese=is_chinese),
        nodes=tuple(replace(node, lane=_lane_id(node.lane)) for node in nodes),
        flows=tuple(writer.pen.flows),
        customer=_customer(writer, is_chinese=is_chinese),
    )


def _names(roles: Iterable[KnownRole]) -> Mapping[str, str]:
    """Every word for a role, in lower case; of a Chinese one also its halves, as in 客服 + 主管."""
    found: dict[str, str] = {}
    halves: dict[str, str] = {}
    for role in roles:
        for name in (role.key, role.label.default, *role.label.translations.values()):
            if name:
                found[name.lower()] = role.key
            if len(name) == 4 and known.CHINESE.match(name):
                halves.setdefault(name[2:], role.key)
                halves.setdefault(name[:2], role.key)
    return {**halves, **found}


def _lines(text: str, reader: LineReader) -> list[Line]:
    text = "\n".join(_UNWRITABLE.sub("", text.replace("\r\n", "\n")).split("\n")[:MOST_LINES])
    if is_table(text):
        return read_table(text, reader)
    lines = [reader.read(number, raw) for number, raw in enumerate(text.split("\n"), start=1)]
    return _with_title(lines)


def _with_title(lines: list[Line]) -> list[Line]:
    """A first line that stands by itself is the name of the process."""
    full = [line for line in lines if line.sort is not Sort.BLANK]
    if len(full) < 2 or any(line.sort is Sort.TITLE for line in full):
        return lines
    first, position = full[0], lines.index(full[0])
    stands_alone = lines[position + 1].sort is Sort.BLANK
    is_named = re.search(
        r"(?:process|procedure|workflow|流程|办法|规程)[:：]?$", first.text.strip(), re.I
    )
    is_bare = first.sort is Sort.STEP and not first.role and first.time is None
    if is_bare and first.mark is None and (stands_alone or is_named):
        words = first.text.strip().rstrip(":：")
        lines[position] = Line(number=first.number, text=first.text, sort=Sort.TITLE, words=words)
    return lines


def _remarked(lines: list[Line], writer: FlowWriter) -> list[Line]:
    by_number = {line.number: line for line in lines}
    for number, remark, value in writer.remarks:
        if number in by_number and (remark, value) not in by_number[number].remarks:
            by_number[number] = by_number[number].noted(remark, value)
    return [by_number[line.number] for line in lines]


def _lanes(
    keys: list[str], roles: tuple[KnownRole, ...], *, is_chinese: bool
) -> tuple[DraftLane, ...]:
    """The system's lane on top, then the roles in the order in which they act."""
    names = {role.key: role.label for role in roles}
    ordered = sorted(keys, key=lambda key: key != "auto")
    lanes = []
    for key in ordered:
        if key == "auto":
            lanes.append(DraftLane(id="lane_auto", name=Words(default=_AUTO[is_chinese])))
            continue
        label = names.get(key, Words(default=key))
        spoken = label.in_language("zh" if is_chinese else "en")
        name = Words(default=spoken, translations=label.translations)
        lanes.append(DraftLane(id=_lane_id(key), name=name, role=key))
    return tuple(lanes)


def _lane_id(key: str) -> str:
    """An XML name: letters of any script, digits and underscores."""
    return "lane_" + "".join(each if each.isalnum() else "_" for each in key) if key else ""


def _customer(writer: FlowWriter, *, is_chinese: bool) -> Words:
    has_messages = any(draft.node.message for draft in writer.pen.nodes.values())
    return Words(default=_CUSTOMER[is_chinese]) if has_messages else NO_WORDS


def _sheet(
    lines: list[Line], *, owner: str | None, calendar: str | None, is_chinese: bool
) -> ProcessSheet:
    said = {line.sort: line.words for line in lines}
    return ProcessSheet(
        name=Words(default=said.get(Sort.TITLE, _UNTITLED[is_chinese])),
        goal=Words(default=said.get(Sort.GOAL, "")),
        owner=owner or said.get(Sort.OWNER),
        calendar=calendar,
        service_levels=_promises(said.get(Sort.PROMISE, "")),
    )


def _promises(text: str) -> tuple[ServiceLevel, ...]:
    """'first reply within 2 h, done in 3 days': what speaks of an answer is the first response."""
    levels: dict[str, timedelta] = {}
    for part in re.split(r"[,，;；、]", text):
        span = read_span(part)
        if span is not None:
            metric = "first_response" if _FIRST.search(part) else "resolution"
            levels[metric] = span.worked
    return tuple(ServiceLevel(metric=metric, within=within) for metric, within in levels.items())
