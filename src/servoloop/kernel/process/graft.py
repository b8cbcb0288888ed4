"""A change made in an editor, grafted onto the file that the editor could not carry whole.

Editors rebuild a file from what they understand of it: comments, instructions, unknown elements,
attributes at their defaults and the order of things are lost on the way. But they lose the same on
every export. So the difference between an export before the change and one after it is the change
itself, and that alone is written into the document of record.
"""

from collections.abc import Iterable, Mapping

from lxml import etree

from servoloop.kernel.process.document import Document
from servoloop.kernel.process.indentation import insert_indented, remove_indented
from servoloop.kernel.process.namespaces import BPMNDI, XSI
from servoloop.kernel.process.pairing import Pairs, pair, written

_TYPE = f"{{{XSI}}}type"
_LABEL = f"{{{BPMNDI}}}BPMNLabel"


def graft(original: Document, *, before: Document, edited: Document) -> Document:
    """Write into `original` what was changed between `before` and `edited`, and return it.

    `before` is what an editor made of `original`, `edited` what it made of it after the change.
    Elements are the same when they have the same id; those without one, when they stand at the same
    place or say the same. Everything in `edited` is in the result, whatever `before` was.
    """
    if written(before.root) == written(edited.root):
        return original
    _declare_namespaces(original.root, edited.root)
    work = _Graft(carried=pair(original.root, before.root), changed=pair(before.root, edited.root))
    work.bring(edited.root, into=original.root)
    for gone in work.removed(before.root):
        remove_indented(gone)
    return original


class _Graft:
    """Walks over `edited` and makes the original say the same."""

    def __init__(self, *, carried: Pairs, changed: Pairs) -> None:
        self._carried = carried  # original <-> before
        self._changed = changed  # before <-> edited

    def bring(self, edited: etree._Element, *, into: etree._Element) -> None:
        """Change the original element `into` as its counterpart was changed."""
        before = self._changed.left_of(edited)
        if before is None:
            return
        if before.tag != edited.tag:
            into.tag = edited.tag
        _bring_attributes(before, edited, into)
        if _blank(before.text) != _blank(edited.text):
            _write_text(into, edited.text)
        self._bring_children(before, edited, into)

    def _bring_children(
        self, before: etree._Element, edited: etree._Element, into: etree._Element
    ) -> None:
        self._reorder(before, edited, into)
        previous: etree._Element | None = None
        for child in edited.iterchildren("*"):
            known = self._original_of(child)
            if known is None and (self._is_invention(child) or _says_nothing(child)):
                continue
            if known is None:
                known = self._new(child, into)
                self._put(known, into, child, previous)
                self._fill(known, child)
            else:
                if known.getparent() is not into:
                    self._put(known, into, child, previous)
                self.bring(child, into=known)
                if (_blank(_sure(self._changed.left_of(child)).tail)) != _blank(child.tail):
                    known.tail = child.tail
            previous = known

    def _original_of(self, edited: etree._Element) -> etree._Element | None:
        before = self._changed.left_of(edited)
        return None if before is None else self._carried.left_of(before)

    def _is_invention(self, edited: etree._Element) -> bool:
        """Whether the editor writes it of its own accord, before any change and after it."""
        before = self._changed.left_of(edited)
        return before is not None and written(before) == written(edited)

    def _new(self, edited: etree._Element, into: etree._Element) -> etree._Element:
        """A new element like this one, not yet in its place and without its children."""
        element = etree.SubElement(into, edited.tag)
        into.remove(element)
        for name, value in edited.attrib.items():
            element.set(name, _fitting(str(name), str(value), edited, into))
        element.text = edited.text if not len(edited) or _is_mixed(edited) else None
        return element

    def _fill(self, element: etree._Element, edited: etree._Element) -> None:
        """Its children: new ones too, or old ones that have moved into it."""
        for child in edited.iterchildren("*"):
            known = self._original_of(child)
            old = known
            if known is None:
                known = self._new(child, element)
            else:
                remove_indented(known)
            if _is_mixed(edited):  # every blank may mean something there
                element.append(known)
                known.tail = child.tail
            else:
                insert_indented(element, known, position=len(element))
            if old is None:
                self._fill(known, child)
            else:
                self.bring(child, into=known)

    def _put(
        self,
        element: etree._Element,
        into: etree._Element,
        edited: etree._Element,
        previous: etree._Element | None,
    ) -> None:
        """Behind the neighbour that it has in the edited file, else before the next one."""
        remove_indented(element)
        position = len(into)
        if previous is not None and previous.getparent() is into:
            position = into.index(previous) + 1
        else:
            for sibling in edited.itersiblings("*"):
                following = self._original_of(sibling)
                if following is not None and following.getparent() is into:
                    position = into.index(following)
                    break
        insert_indented(into, element, position=position)

    def _reorder(
        self, before: etree._Element, edited: etree._Element, into: etree._Element
    ) -> None:
        """Give the children that stayed the order of the edited file, if that was changed."""
        stayed = [
            (child, known)
            for child in edited.iterchildren("*")
            if (known := self._original_of(child)) is not None
            and known.getparent() is into
            and (old := self._changed.left_of(child)) is not None
            and old.getparent() is before
        ]
        old_order = [before.index(_sure(self._changed.left_of(child))) for child, _ in stayed]
        if old_order == sorted(old_order):
            return
        wanted = iter([known for _, known in stayed])
        moving = {known for _, known in stayed}
        children = list(into)
        tails = [each.tail for each in children]
        into[:] = [next(wanted) if each in moving else each for each in children]
        for each, tail in zip(into, tails, strict=True):
            each.tail = tail

    def removed(self, before: etree._Element) -> list[etree._Element]:
        """What of the original was taken out by the change."""
        gone = (each for each in before.iter("*") if self._changed.right_of(each) is None)
        found = [self._carried.left_of(each) for each in gone]
        return [each for each in found if each is not None]


def _says_nothing(edited: etree._Element) -> bool:
    """Whether it is the empty label that bpmn-js gives every shape whose name it touches."""
    return edited.tag == _LABEL and not len(edited) and not edited.attrib


def _bring_attributes(before: etree._Element, edited: etree._Element, into: etree._Element) -> None:
    for name in before.attrib:
        if name not in edited.attrib and name in into.attrib:
            del into.attrib[name]
    for name, value in edited.attrib.items():
        if before.get(name) != value:
            into.set(name, _fitting(str(name), str(value), edited, into))


def _fitting(name: str, value: str, edited: etree._Element, into: etree._Element) -> str:
    """The value, with the prefix that a type's namespace has in the original."""
    if name != _TYPE:
        return value
    prefix, _, local = value.rpartition(":")
    namespace = edited.nsmap.get(prefix or None)
    for known, uri in into.nsmap.items():
        if uri == namespace:
            return f"{known}:{local}" if known else local
    return value


def _blank(text: str | None) -> str:
    """Without the blanks around it, which mean nothing."""
    return (text or "").strip()


def _is_mixed(element: etree._Element) -> bool:
    """Whether text stands between its children."""
    texts = [element.text, *(child.tail for child in element)]
    return len(element) > 0 and any(_blank(each) for each in texts)


def _write_text(element: etree._Element, text: str | None) -> None:
    """Set the text and keep the comments that stand in it, behind it."""
    for comment in element.iterchildren(etree.Comment, etree.ProcessingInstruction):
        comment.tail = None
    element.text = text


def _declare_namespaces(root: etree._Element, edited: etree._Element) -> None:
    """Declare at the root what the edited file uses beyond the original."""
    known = _namespaces(root)
    new = {
        prefix: uri
        for prefix, uri in _namespaces(edited).items()
        if prefix and prefix not in known and uri not in known.values()
    }
    if new:
        kept = [prefix for prefix in (*known, *new) if prefix]
        etree.cleanup_namespaces(root, top_nsmap=new, keep_ns_prefixes=kept)


def _namespaces(root: etree._Element) -> Mapping[str | None, str]:
    return {prefix: uri for each in _every(root) for prefix, uri in each.nsmap.items()}


def _every(root: etree._Element) -> Iterable[etree._Element]:
    """The elements that may declare something of their own."""
    yield root
    for each in root.iter("*"):
        parent = each.getparent()
        if parent is not None and each.nsmap != parent.nsmap:
            yield each


def _sure(element: etree._Element | None) -> etree._Element:
    assert element is not None
    return element
