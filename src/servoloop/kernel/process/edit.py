"""Changes written into the tree of a document, touching nothing that they do not mean.

After an edit, read the model again: the old one is a snapshot.
"""

from collections.abc import Iterable, Mapping

from lxml import etree

from servoloop.kernel.process.document import Document, ProcessError
from servoloop.kernel.process.extension_values import LANGUAGE
from servoloop.kernel.process.extension_writing import (
    BadEdit,
    form_element,
    label_elements,
    sheet_element,
    step_element,
    write_attribute,
    write_text,
)
from servoloop.kernel.process.indentation import insert_indented, remove_indented
from servoloop.kernel.process.model import ACTIVITY_TYPES, EVENT_TYPES
from servoloop.kernel.process.namespaces import (
    BPMN,
    SERVOLOOP,
    XSI,
    bpmn,
    bpmn_type,
    local_name_in,
    servoloop,
    text_of,
)
from servoloop.kernel.process.step import ProcessSheet, Step
from servoloop.kernel.process.words import Words

_NO_PREFIXES: Mapping[str, str] = {}


class UnknownElement(ProcessError):
    """No BPMN element of the wanted kind has this id."""

    def __init__(self, id: str, *, wanted: str) -> None:
        self.id = id
        super().__init__(f"There is no {wanted} with the id '{id}' in this file.")


def rename(document: Document, element_id: str, *, name: Words) -> None:
    """Set the name of an element and its translations; an empty default removes the attribute."""
    element = _find(document, element_id, wanted="element")
    _set(element, "name", name.default)
    for language in name.translations:
        if not LANGUAGE.fullmatch(language):
            raise BadEdit(f"'{language}' is not a language tag such as en or zh-hans.")
    _replace(element, "label", label_elements(name))


def set_step(document: Document, element_id: str, *, step: Step) -> None:
    """Replace everything that our extension says about an activity or event."""
    kinds = ACTIVITY_TYPES | EVENT_TYPES
    element = _find(document, element_id, wanted="activity or event", kinds=kinds)
    _replace(element, "step", _maybe(step_element(step)))


def set_sheet(document: Document, process_id: str, *, sheet: ProcessSheet) -> None:
    """Replace what a process declares: names, description, sheet, and its start event's form."""
    process = _find(document, process_id, wanted="process", kinds=frozenset(("process",)))
    form = form_element(sheet.form)
    start = process.find(bpmn("startEvent"))
    if form is not None and start is None:
        raise UnknownElement(process_id, wanted="start event for the form in the process")
    rename(document, process_id, name=sheet.name)
    _document(process, sheet.description.default)
    _replace(process, "sheet", _maybe(sheet_element(sheet)))
    if start is not None:
        _replace(start, "form", _maybe(form))


def set_condition(document: Document, flow_id: str, *, condition: str | None) -> None:
    """Set the FEEL condition of a sequence flow, or remove it with None."""
    flow = _find(document, flow_id, wanted="sequence flow", kinds=frozenset(("sequenceFlow",)))
    found = flow.find(bpmn("conditionExpression"))
    if condition is None:
        if found is not None:
            remove_indented(found)
        return
    if found is None:
        found = _detached(flow, "conditionExpression", nsmap={"xsi": XSI})
        insert_indented(flow, found, position=_after_preamble(flow))
        # Only now is the prefix final: lxml makes one up for what is outside the tree.
        prefix = f"{found.prefix}:" if found.prefix else ""
        found.set(f"{{{XSI}}}type", f"{prefix}tFormalExpression")
    for child in list(found):
        found.remove(child)
    _set(found, "language", "")
    write_text(found, condition)


def _find(
    document: Document, id: str, *, wanted: str, kinds: frozenset[str] | None = None
) -> etree._Element:
    for element in document.root.iter(f"{{{BPMN}}}*"):
        if element.get("id") == id and (kinds is None or bpmn_type(element) in kinds):
            return element
    raise UnknownElement(id, wanted=wanted)


def _set(element: etree._Element, attribute: str, value: str) -> None:
    if value:
        write_attribute(element, attribute, value)
    elif attribute in element.attrib:
        del element.attrib[attribute]


def _maybe(element: etree._Element | None) -> list[etree._Element]:
    return [] if element is None else [element]


def _document(owner: etree._Element, text: str) -> None:
    """Set the first BPMN documentation of an element."""
    found = owner.find(bpmn("documentation"))
    if text == ("" if found is None else text_of(found)):
        return
    if not text and found is not None:
        remove_indented(found)
        return
    if found is None:
        found = _detached(owner, "documentation")
        insert_indented(owner, found, position=0)
    for child in list(found):
        found.remove(child)
    write_text(found, text)


def _replace(owner: etree._Element, local_name: str, elements: Iterable[etree._Element]) -> None:
    """Put our elements of one name where the first of them stood, else at the end."""
    holder = owner.find(bpmn("extensionElements"))
    old = [] if holder is None else holder.findall(servoloop(local_name))
    new = list(elements)
    if [_canonical(each) for each in old] == [_canonical(each) for each in new]:
        return
    if holder is None:
        holder = _detached(owner, "extensionElements")
        insert_indented(owner, holder, position=len(owner.findall(bpmn("documentation"))))
    position = holder.index(old[0]) if old else _place_of(holder, local_name)
    for each in old:
        remove_indented(each)
    for offset, each in enumerate(new):
        insert_indented(holder, each, position=position + offset)
    if not len(holder) and not (holder.text or "").strip():
        remove_indented(holder)


def _place_of(holder: etree._Element, local_name: str) -> int:
    """Labels come first; everything else comes last."""
    if local_name != "label":
        return len(holder)
    labels = [local_name_in(each, SERVOLOOP) == "label" for each in holder]
    return labels.index(False) if False in labels else len(labels)


def _canonical(element: etree._Element) -> str:
    """Equal for elements that differ in blanks, prefixes in scope and order of attributes only."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    bare = etree.fromstring(text)
    etree.cleanup_namespaces(bare)
    return str(etree.canonicalize(bare, strip_text=True))


def _detached(
    owner: etree._Element, local_name: str, *, nsmap: Mapping[str, str] = _NO_PREFIXES
) -> etree._Element:
    """A new BPMN element that uses the prefix which the file has where `owner` stands."""
    element = etree.SubElement(owner, bpmn(local_name), nsmap=dict(nsmap))
    owner.remove(element)
    return element


def _after_preamble(element: etree._Element) -> int:
    return sum(bpmn_type(each) in ("documentation", "extensionElements") for each in element)
