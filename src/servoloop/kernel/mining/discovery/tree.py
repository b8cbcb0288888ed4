"""Process trees: models made of blocks, sound by construction."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Union

from servoloop.kernel.mining.conformance.net import Net, Transition


class Operator(StrEnum):
    SEQUENCE = "sequence"
    CHOICE = "choice"
    PARALLEL = "parallel"
    LOOP = "loop"  # do, then redo and do again, any number of times; exactly two children


@dataclass(frozen=True, slots=True)
class Leaf:
    """An activity, or nothing at all when `activity` is None. Positional: it has one field."""

    activity: str | None


@dataclass(frozen=True, slots=True)
class Block:
    """An operator over its children. Positional: an operator and what it applies to."""

    operator: Operator
    children: tuple["Tree", ...]


Tree = Union[Leaf, Block]  # noqa: UP007 - `|` cannot name a class that refers to itself here
NOTHING = Leaf(None)


def simplified(tree: Tree) -> Tree:
    """The same behaviour in fewer blocks."""
    if isinstance(tree, Leaf):
        return tree
    children = tuple(simplified(child) for child in tree.children)
    if tree.operator is Operator.LOOP:
        return _simple_loop(children[0], children[1])
    flat: list[Tree] = []
    for child in children:
        if isinstance(child, Block) and child.operator is tree.operator:
            flat.extend(child.children)
        else:
            flat.append(child)
    if tree.operator is Operator.CHOICE:
        return _simple_choice(flat)
    flat = [child for child in flat if child != NOTHING]
    return _of(tree.operator, flat)


def activities_of(tree: Tree) -> tuple[str, ...]:
    """The activities, left to right."""
    if isinstance(tree, Leaf):
        return () if tree.activity is None else (tree.activity,)
    return tuple(name for child in tree.children for name in activities_of(child))


def can_be_empty(tree: Tree) -> bool:
    """Whether the tree can pass without any activity."""
    if isinstance(tree, Leaf):
        return tree.activity is None
    if tree.operator is Operator.CHOICE:
        return any(can_be_empty(child) for child in tree.children)
    if tree.operator is Operator.LOOP:
        return can_be_empty(tree.children[0])
    return all(can_be_empty(child) for child in tree.children)


def net_of_tree(tree: Tree) -> Net:
    """The net of a tree; labels are the activities."""
    drawing = _Drawing()
    first, last = drawing.place(), drawing.place()
    drawing.draw(tree, first, last)
    drawing.transitions.append(Transition(label=None, consume=last, produce=0))
    return Net(initial=first, transitions=tuple(drawing.transitions), places=drawing.places)


def _simple_loop(do: Tree, redo: Tree) -> Tree:
    if do == NOTHING and redo == NOTHING:
        return NOTHING
    # A loop within the body that repeats at once is the same loop.
    if redo == NOTHING and isinstance(do, Block) and do.operator is Operator.LOOP:
        inner_do, inner_redo = do.children
        if inner_redo == NOTHING:
            return do
        return Block(Operator.LOOP, (inner_do, _simple_choice([inner_redo, NOTHING])))
    return Block(Operator.LOOP, (do, redo))


def _simple_choice(children: list[Tree]) -> Tree:
    distinct = list(dict.fromkeys(children))
    others = [child for child in distinct if child != NOTHING]
    if len(others) < len(distinct) and not any(can_be_empty(child) for child in others):
        others.append(NOTHING)
    return _of(Operator.CHOICE, others)


def _of(operator: Operator, children: list[Tree]) -> Tree:
    if not children:
        return NOTHING
    return children[0] if len(children) == 1 else Block(operator, tuple(children))


class _Drawing:
    """Draws a tree between two places."""

    def __init__(self) -> None:
        self.places = 0
        self.transitions: list[Transition] = []

    def place(self) -> int:
        self.places += 1
        return 1 << (self.places - 1)

    def draw(self, tree: Tree, first: int, last: int) -> None:
        if isinstance(tree, Leaf):
            self._add(tree.activity, first, last)
        elif tree.operator is Operator.SEQUENCE:
            marks = [first, *(self.place() for _ in tree.children[1:]), last]
            for child, begin, end in zip(tree.children, marks[:-1], marks[1:], strict=True):
                self.draw(child, begin, end)
        elif tree.operator is Operator.CHOICE:
            for child in tree.children:
                self.draw(child, first, last)
        elif tree.operator is Operator.PARALLEL:
            ends = [(self.place(), self.place()) for _ in tree.children]
            self._add(None, first, sum(begin for begin, _ in ends))
            for child, (begin, end) in zip(tree.children, ends, strict=True):
                self.draw(child, begin, end)
            self._add(None, sum(end for _, end in ends), last)
        else:
            # Places of its own: going back must not lead to the other ways around the loop.
            begin, end = self.place(), self.place()
            self._add(None, first, begin)
            self.draw(tree.children[0], begin, end)
            self.draw(tree.children[1], end, begin)
            self._add(None, end, last)

    def _add(self, label: str | None, consume: int, produce: int) -> None:
        self.transitions.append(Transition(label=label, consume=consume, produce=produce))
