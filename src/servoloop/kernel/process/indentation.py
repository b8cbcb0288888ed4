"""Putting elements into a tree and taking them out, with the blanks that people read by."""

from lxml import etree

_INDENT = "  "


def insert_indented(parent: etree._Element, child: etree._Element, *, position: int) -> None:
    """Insert with the indentation that the neighbours have; a file on one line stays on it."""
    outer = _indentation_before(parent)
    inner = _indent_in(parent.text) if len(parent) else outer and outer + _INDENT
    if inner is None:
        parent.insert(position, child)
        return
    etree.indent(child, space=_INDENT)
    _shift(child, inner)
    if position > 0:
        before = parent[position - 1]
        tail, before.tail = before.tail, inner
    elif len(parent):
        tail = inner
    else:
        tail, parent.text = outer, inner
    parent.insert(position, child)
    child.tail = tail


def remove_indented(element: etree._Element) -> None:
    """Take an element out together with the blanks that set it apart."""
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if before is not None:
        before.tail = element.tail
    elif element.getnext() is None and not (parent.text or "").strip():
        parent.text = None
    parent.remove(element)


def _indentation_before(element: etree._Element) -> str | None:
    """The line break and blanks before an element, None when it does not begin its line."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return "\n"
    return _indent_in(parent.text if before is None else before.tail)


def _indent_in(text: str | None) -> str | None:
    if not text or text.strip() or "\n" not in text:
        return None
    return text[text.rindex("\n") :]


def _shift(element: etree._Element, indentation: str) -> None:
    """Move the lines inside an element, which `etree.indent` began at the left edge."""
    for each in element.iter("*"):
        if len(each) and each.text:
            each.text = each.text.replace("\n", indentation)
        if each is not element and each.tail:
            each.tail = each.tail.replace("\n", indentation)
