"""Warnings that somebody has accepted in writing; each version carries its own in its file.

    <servoloop:waiver rule="promise-tight" by="cy">The long way is rare and announced.</…>

in the extensionElements of the element that the finding names first, or of the process.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from servoloop.kernel.process.document import Document, ProcessError
from servoloop.kernel.process.edit import UnknownElement
from servoloop.kernel.process.findings import Severity
from servoloop.kernel.process.namespaces import BPMN, bpmn, servoloop, text_of
from servoloop.kernel.process.readiness.places import Gap
from servoloop.kernel.process.readiness.rules import RULES
from servoloop.kernel.process.words import Words

_UNKNOWN = Words(default="there is no such rule.", translations={"zh": "没有这条规则。"})
_ERRORS_STAY = Words(
    default="an error must be mended, only a warning can be accepted.",
    translations={"zh": "错误必须改正，只有提醒可以豁免。"},
)
_UNSIGNED = Words(
    default="it needs a reason and a name.", translations={"zh": "必须写明理由和姓名。"}
)


class BadWaiver(ProcessError):
    """A waiver without a reason or a name, or of something that cannot be waived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    element: str  # BPMN id
    rule: str
    by: str
    reason: str


def read_waivers(document: Document) -> tuple[Waiver, ...]:
    """Every waiver of the file, good or bad."""
    return tuple(_waivers(document.root))


def find_bad_waivers(waivers: tuple[Waiver, ...]) -> Iterator[Gap]:
    for each in waivers:
        if problem := _problem(each):
            name = Words(default=each.element)
            yield Gap(
                rule="bad-waiver",
                elements=(each.element,),
                name=name,
                parameters={"reason": problem},
            )


def write_waiver(document: Document, waiver: Waiver) -> None:
    """Add a waiver to its element, in place of an older one of the same rule.

    Raises BadWaiver, and UnknownElement for an id that is not in the file.
    """
    if problem := _problem(waiver):
        raise BadWaiver(f"This waiver of '{waiver.rule}' does not count: {problem.default}")
    owner = next(
        (e for e in document.root.iter(f"{{{BPMN}}}*") if e.get("id") == waiver.element), None
    )
    if owner is None:
        raise UnknownElement(waiver.element, wanted="element")
    holder = owner.find(bpmn("extensionElements"))
    if holder is None:
        holder = etree.Element(bpmn("extensionElements"))
        owner.insert(len(owner.findall(bpmn("documentation"))), holder)
    for old in holder.findall(servoloop("waiver")):
        if old.get("rule") == waiver.rule:
            holder.remove(old)
    written = etree.SubElement(holder, servoloop("waiver"), rule=waiver.rule, by=waiver.by)
    written.text = waiver.reason.strip()


def _waivers(root: etree._Element) -> Iterator[Waiver]:
    for element in root.iter(servoloop("waiver")):
        holder = element.getparent()
        owner = None if holder is None else holder.getparent()
        yield Waiver(
            element="" if owner is None else owner.get("id", ""),
            rule=element.get("rule", ""),
            by=element.get("by", "").strip(),
            reason=text_of(element),
        )


def _problem(waiver: Waiver) -> Words | None:
    if waiver.rule not in RULES:
        return _UNKNOWN
    if RULES[waiver.rule].severity is Severity.ERROR:
        return _ERRORS_STAY
    return None if waiver.by.strip() and waiver.reason.strip() else _UNSIGNED
