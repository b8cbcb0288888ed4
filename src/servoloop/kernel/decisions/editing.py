"""Edits of a DMN file in place: only what is meant changes, everything foreign stays.

Each edit returns a new document; the old one stays as it was. Texts are read before they are
written, so a document never gets a rule that cannot be read.
"""

from copy import deepcopy

from lxml import etree

from servoloop.kernel.decisions.document import DecisionDocument, reread
from servoloop.kernel.decisions.errors import DecisionError, UnknownDecision
from servoloop.kernel.decisions.item_types import component_names
from servoloop.kernel.decisions.model import HitPolicy
from servoloop.kernel.feel.library import LIBRARY
from servoloop.kernel.feel.parser import parse, parse_unary_tests

Xml = etree._Element


class UnknownCell(DecisionError):
    """A table has no such rule or column."""


def set_expression(document: DecisionDocument, decision: str, text: str) -> DecisionDocument:
    """Replace the text of a decision that is one expression; raises FeelSyntaxError."""
    _read(document, text)
    edited, xml = _copy_with(document, decision)
    literal = xml.find("{*}literalExpression")
    if literal is None:
        raise DecisionError(f"The decision '{decision}' is not a single expression.")
    _set_text(literal, text)
    return reread(edited)


def set_test(
    document: DecisionDocument, decision: str, *, rule: int, column: int, text: str
) -> DecisionDocument:
    """Replace a test of a rule; rules and columns count from 1. Raises FeelSyntaxError."""
    _read_tests(document, text)
    edited, xml = _copy_with(document, decision)
    _set_text(_nth(_rule(xml, rule), "inputEntry", column), text)
    return reread(edited)


def set_answer(
    document: DecisionDocument, decision: str, *, rule: int, column: int, text: str
) -> DecisionDocument:
    """Replace an answer of a rule; rules and columns count from 1. Raises FeelSyntaxError."""
    _read(document, text)
    edited, xml = _copy_with(document, decision)
    _set_text(_nth(_rule(xml, rule), "outputEntry", column), text)
    return reread(edited)


def add_rule(
    document: DecisionDocument,
    decision: str,
    *,
    tests: tuple[str, ...],
    answers: tuple[str, ...],
    before: int | None = None,
) -> DecisionDocument:
    """Add a rule at the end, or before another one; raises FeelSyntaxError, or UnknownCell when the
    number of cells is not that of the columns.
    """
    for text in tests:
        _read_tests(document, text)
    for text in answers:
        _read(document, text)
    edited, xml = _copy_with(document, decision)
    table = _table(xml)
    wanted = len(table.findall("{*}input")), len(table.findall("{*}output"))
    if (len(tests), len(answers)) != wanted:
        raise UnknownCell(
            f"A rule of '{decision}' has {wanted[0]} tests and {wanted[1]} answers. "
            f"Given: {len(tests)} and {len(answers)}."
        )
    namespace = etree.QName(table).namespace
    rule = etree.Element(f"{{{namespace}}}rule", id=_free_id(edited.root))
    for kind, texts in (("inputEntry", tests), ("outputEntry", answers)):
        for text in texts:
            entry = etree.SubElement(rule, f"{{{namespace}}}{kind}", id=_free_id(edited.root, rule))
            etree.SubElement(entry, f"{{{namespace}}}text").text = text
    _insert_rule(table, rule, before=before)
    return reread(edited)


def remove_rule(document: DecisionDocument, decision: str, *, rule: int) -> DecisionDocument:
    """Take a rule out; the text around it stays."""
    edited, xml = _copy_with(document, decision)
    found = _rule(xml, rule)
    parent = found.getparent()
    assert parent is not None
    previous = found.getprevious()
    if previous is not None:
        previous.tail = found.tail
    parent.remove(found)
    return reread(edited)


def set_hit_policy(
    document: DecisionDocument, decision: str, policy: HitPolicy
) -> DecisionDocument:
    """Say what several matching rules mean."""
    edited, xml = _copy_with(document, decision)
    table = _table(xml)
    table.set("hitPolicy", policy)
    if policy != "COLLECT" and "aggregation" in table.attrib:
        del table.attrib["aggregation"]
    return reread(edited)


def _read(document: DecisionDocument, text: str) -> None:
    parse(text, functions=LIBRARY, names=_names(document), properties=_names(document))


def _read_tests(document: DecisionDocument, text: str) -> None:
    names = _names(document)
    parse_unary_tests(text, functions=LIBRARY, names=names, properties=names)


def _names(document: DecisionDocument) -> frozenset[str]:
    return component_names((document.model,))


def _copy_with(document: DecisionDocument, decision: str) -> tuple[DecisionDocument, Xml]:
    """A copy of the document, and a decision or knowledge model in the copy, by name or id."""
    tree = deepcopy(document.root.getroottree())
    root = tree.getroot()
    for kind in ("decision", "businessKnowledgeModel"):
        for xml in root.iterchildren(f"{{*}}{kind}"):
            if decision in (xml.get("name"), xml.get("id")):
                return DecisionDocument(root=root, model=document.model), xml
    known = tuple(element.name for element in document.model.decisions)
    raise UnknownDecision(decision, known=known)


def _table(xml: Xml) -> Xml:
    table = next(xml.iter("{*}decisionTable"), None)
    if table is None:
        raise DecisionError(f"'{xml.get('name')}' has no decision table.")
    return table


def _rule(xml: Xml, number: int) -> Xml:
    return _nth(_table(xml), "rule", number)


def _nth(xml: Xml, kind: str, number: int) -> Xml:
    found = xml.findall(f"{{*}}{kind}")
    if not 1 <= number <= len(found):
        raise UnknownCell(f"There is no {kind} {number}. There are {len(found)}.")
    return found[number - 1]


def _insert_rule(table: Xml, rule: Xml, *, before: int | None) -> None:
    rules = table.findall("{*}rule")
    if before is not None:
        following = _nth(table, "rule", before)
        rule.tail = "\n"
        following.addprevious(rule)
    elif rules:
        rule.tail = rules[-1].tail
        rules[-1].addnext(rule)
    else:
        table.append(rule)


def _set_text(xml: Xml, text: str) -> None:
    """Replace the words in an element's ``text``; comments beside it stay."""
    child = xml.find("{*}text")
    if child is None:
        namespace = etree.QName(xml).namespace
        child = etree.SubElement(xml, f"{{{namespace}}}text")
    for inner in list(child):
        child.remove(inner)
    child.text = text


def _free_id(root: Xml, part: Xml | None = None) -> str:
    """An id that nothing in the file has: numbers after the highest that are in use."""
    used = {xml.get("id") for xml in root.iter()}
    if part is not None:
        used |= {xml.get("id") for xml in part.iter()}
    number = len(used)
    while f"rule_{number}" in used:
        number += 1
    return f"rule_{number}"
