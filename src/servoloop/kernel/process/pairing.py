"""Which element of one file is which of another: by id, else by what it says and where."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from lxml import etree

_REFERENCES = ("bpmnElement", "lang", "name")  # what tells elements without id apart


class Pairs:
    """Elements of two trees that are the same; each is in at most one pair."""

    def __init__(self) -> None:
        self._rights: dict[etree._Element, etree._Element] = {}
        self._lefts: dict[etree._Element, etree._Element] = {}

    def add(self, left: etree._Element, right: etree._Element) -> None:
        self._rights[left] = right
        self._lefts[right] = left

    def right_of(self, left: etree._Element) -> etree._Element | None:
        return self._rights.get(left)

    def left_of(self, right: etree._Element) -> etree._Element | None:
        return self._lefts.get(right)


def pair(left: etree._Element, right: etree._Element) -> Pairs:
    """Pair two trees whose roots are the same element; comments and instructions are left out."""
    pairs = Pairs()
    pairs.add(left, right)
    lefts, rights = _by_id(left), _by_id(right)
    waiting = [(left, right)]
    for id, one in lefts.items():
        if id in rights and one is not left and rights[id] is not right:
            pairs.add(one, rights[id])
            waiting.append((one, rights[id]))
    while waiting:
        one, other = waiting.pop()
        for match in _pair_children(one, other, pairs):
            pairs.add(*match)
            waiting.append(match)
    return pairs


def written(element: etree._Element) -> str:
    """What an element says, blind to prefixes, comments, blanks around text and attribute order."""
    parts = [str(element.tag), *(f"{k!s}={v!s}" for k, v in sorted(element.attrib.items()))]
    parts.append((element.text or "").strip())
    for child in element.iterchildren("*"):
        parts += (written(child), (child.tail or "").strip())
    return f"({' '.join(parts)})"


def _by_id(root: etree._Element) -> dict[str, etree._Element]:
    """Elements by an id that only they have."""
    found = [(id, each) for each in root.iter("*") if (id := each.get("id"))]
    counted = Counter(id for id, _ in found)
    return {id: each for id, each in found if counted[id] == 1}


def _pair_children(
    left: etree._Element, right: etree._Element, pairs: Pairs
) -> Iterator[tuple[etree._Element, etree._Element]]:
    """The children that have no pair yet, tag by tag: the same, then the alike, then in order."""
    rights: dict[str, list[etree._Element]] = defaultdict(list)
    for child in right.iterchildren("*"):
        if pairs.left_of(child) is None:
            rights[str(child.tag)].append(child)
    lefts: dict[str, list[etree._Element]] = defaultdict(list)
    for child in left.iterchildren("*"):
        if pairs.right_of(child) is None and rights.get(str(child.tag)):
            lefts[str(child.tag)].append(child)
    for tag, ones in lefts.items():
        others = rights[tag]
        for describe in (_said, _reference, _place):
            by_words: dict[str, list[etree._Element]] = defaultdict(list)
            for other in others:
                by_words[describe(other)].append(other)
            for one in list(ones):
                match = next(
                    (each for each in by_words[describe(one)] if _may_be(one, each, describe)), None
                )
                if match is not None:
                    by_words[describe(one)].remove(match)
                    ones.remove(one)
                    others.remove(match)
                    yield one, match


def _may_be(one: etree._Element, other: etree._Element, describe: object) -> bool:
    """Elements with different ids are different ones, unless they say all the same."""
    if describe is _said or one.get("id") == other.get("id"):
        return True
    return not (one.get("id") and other.get("id"))


def _said(element: etree._Element) -> str:
    id = element.get("id")
    return written(element).replace(f" id={id}", "", 1) if id else written(element)


def _reference(element: etree._Element) -> str:
    """What an element without id is about; its own words for one that says nothing of the kind."""
    said = [f"{name}={element.get(name)}" for name in _REFERENCES if element.get(name)]
    return " ".join(said) or f"{id(element)}"


def _place(element: etree._Element) -> str:
    """The same for all that are left: they are paired in their order."""
    return ""
