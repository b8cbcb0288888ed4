"""The XML namespaces of a process file, and how a tag is taken apart."""

from collections.abc import Iterator

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SERVOLOOP = "urn:servoloop:bpmn:1"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"


def bpmn(local_name: str) -> str:
    return f"{{{BPMN}}}{local_name}"


def servoloop(local_name: str) -> str:
    return f"{{{SERVOLOOP}}}{local_name}"


def bpmn_type(element: etree._Element) -> str:
    """The local name of a BPMN element, or "" for comments, instructions and foreign elements."""
    return local_name_in(element, BPMN)


def local_name_in(element: etree._Element, namespace: str) -> str:
    """The local name of an element of `namespace`, or "" for everything else."""
    tag = element.tag
    if not isinstance(tag, str) or not tag.startswith(f"{{{namespace}}}"):
        return ""
    return tag[len(namespace) + 2 :]


def bpmn_children(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The BPMN children of an element with their types, in the order of the file."""
    for child in element:
        if kind := bpmn_type(child):
            yield kind, child


def text_of(element: etree._Element) -> str:
    """All the text inside an element, comments left out, blanks at both ends removed."""
    return _text_inside(element).strip()


def _text_inside(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(_text_inside(child))
        parts.append(child.tail or "")
    return "".join(parts)
