"""One scope of a program as a Petri net: where tokens can lie, and what moves them.

Data is left out: an exclusive gateway may take any way out, a boundary event may or may not happen.
Places are bits of an integer, so a marking is one number; a place holds at most one token, and a
second one on it is what 'lack of synchronisation' means. Sub-processes are checked on their own and
stand in the outer net as one activity, which is exact because an interruption removes all of
their tokens. A branch that begins at a non-interrupting event and never meets the rest of its scope
(a reminder, say) is a net of its own: several of its runs at once disturb nobody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from servoloop.kernel.process.program import Node, Op, Program

MOST_BOUNDARIES = 6  # non-interrupting ones on one activity; each doubles its situations
_EXITS = frozenset((Op.TERMINATE, Op.ERROR_END))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Takes the tokens of `consume` and puts those of `produce`; both are bit sets of places."""

    consume: int
    produce: int
    fired: tuple[int, ...]  # the nodes that are executed by it, in order
    clears: bool = False  # a terminate or error end: every token of the scope goes
    fails: bool = False  # an error end: the scope does not complete, it is left by an error


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    initial: int  # marking
    transitions: tuple[Transition, ...]
    places: tuple[int, ...]  # of each bit: the node at which a token there stands
    always: frozenset[int] = frozenset()  # nodes that are executed in any case


@dataclass(slots=True, kw_only=True)
class _Drawing:
    transitions: list[Transition] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    bits: dict[tuple[str, int, tuple[int, ...]], int] = field(default_factory=dict)


class Nets:
    """Draws the nets of a program's scopes."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._members: dict[int, list[Node]] = {}
        for node in program.nodes:
            self._members.setdefault(node.scope, []).append(node)
        self._asides = dict(self._find_asides())

    def members(self, scope: int) -> list[Node]:
        return self._members.get(scope, [])

    def net(self, scope: int, *, start: int, never_completing: frozenset[int]) -> Net | None:
        """The net of a scope (-1 is the top) begun at `start`; None when it is too large.

        `never_completing` are the inner scopes that are only ever left by an error.
        """
        aside = {index for branch in self._asides.values() for index in branch}
        members = [node for node in self.members(scope) if node.index not in aside]
        return self._draw(start, members, never_completing)

    def asides(self, scope: int) -> list[int]:
        """The non-interrupting boundary events of a scope whose branches stay apart."""
        return [each for each in self._asides if self._program.nodes[each].scope == scope]

    def aside_net(self, boundary: int, *, never_completing: frozenset[int]) -> Net | None:
        """The net of a branch that stays apart; None when it is too large."""
        branch = self._asides[boundary]
        members = [node for node in self._program.nodes if node.index in branch]
        return self._draw(boundary, members, never_completing)

    def _find_asides(self) -> Iterator[tuple[int, frozenset[int]]]:
        for node in self._program.nodes:
            if node.attached_to >= 0 and not node.is_interrupting:
                branch = self._reachable(node)
                if self._is_apart(node, branch):
                    yield node.index, frozenset(branch)

    def _reachable(self, start: Node) -> set[int]:
        found: set[int] = set()
        waiting = [start]
        while waiting:
            node = waiting.pop()
            following = [self._program.flows[each].target for each in node.outgoing]
            for index in {*following, *node.boundary} - found:
                found.add(index)
                waiting.append(self._program.nodes[index])
        return found

    def _is_apart(self, boundary: Node, branch: set[int]) -> bool:
        nodes = [self._program.nodes[each] for each in branch]
        sources = {self._program.flows[each].source for node in nodes for each in node.incoming}
        is_closed = sources <= branch | {boundary.index}
        return is_closed and not any(node.op in _EXITS for node in nodes)

    def _draw(
        self, start: int, members: list[Node], never_completing: frozenset[int]
    ) -> Net | None:
        drawing = _Drawing()
        initial = self._bit(drawing, "begin", start)
        self._add(drawing, initial, self._outs(drawing, self._program.nodes[start]), start)
        for node in members:
            if node.op is Op.START or node.attached_to >= 0:
                continue
            if node.boundary or node.op is Op.SCOPE:
                optional = [b for b in node.boundary if self._is_drawn_beside(b)]
                if len(optional) > MOST_BOUNDARIES:
                    return None
                completes = node.index not in never_completing
                self._draw_activity(drawing, node, tuple(optional), completes=completes)
            else:
                self._draw_node(drawing, node)
        return Net(
            initial=initial,
            transitions=tuple(drawing.transitions),
            places=tuple(drawing.places),
        )

    def _draw_node(self, drawing: _Drawing, node: Node) -> None:
        incoming = [self._flow(drawing, each) for each in node.incoming]
        outgoing = [self._flow(drawing, each) for each in node.outgoing]
        if node.op is Op.PARALLEL and incoming:
            self._add(drawing, sum(incoming), sum(outgoing), node.index)
        elif node.op in (Op.EXCLUSIVE, Op.EVENT_GATEWAY):
            self._draw_choice(drawing, node, incoming, outgoing)
        else:
            for each in incoming:
                drawing.transitions.append(
                    Transition(
                        consume=each,
                        produce=sum(outgoing),
                        fired=(node.index,),
                        clears=node.op in _EXITS,
                        fails=node.op is Op.ERROR_END,
                    )
                )

    def _draw_choice(
        self, drawing: _Drawing, node: Node, incoming: list[int], outgoing: list[int]
    ) -> None:
        if len(incoming) > 1 and len(outgoing) > 1:
            at = self._bit(drawing, "at", node.index)
            for each in incoming:
                self._add(drawing, each, at, node.index)
            incoming = [at]
        for source in incoming:
            for target in outgoing or [0]:
                self._add(drawing, source, target, node.index)

    def _draw_activity(
        self, drawing: _Drawing, node: Node, optional: tuple[int, ...], *, completes: bool
    ) -> None:
        """An activity that lasts, in one place for each set of boundary events that happened."""
        busy = self._bit(drawing, "busy", node.index) if optional else 0
        for each in node.incoming:
            active = self._bit(drawing, "active", node.index)
            self._add(drawing, self._flow(drawing, each), active | busy, node.index)
        for happened in _subsets(optional):
            active = self._bit(drawing, "active", node.index, happened)
            if completes:
                self._add(drawing, active | busy, self._outs(drawing, node), node.index)
            for each in node.boundary:
                if each in self._asides:
                    continue
                boundary = self._program.nodes[each]
                outs = self._outs(drawing, boundary)
                if boundary.is_interrupting:
                    self._add(drawing, active | busy, outs, each)
                elif each not in happened:
                    later = tuple(sorted((*happened, each)))
                    still = self._bit(drawing, "active", node.index, later)
                    self._add(drawing, active, still | outs, each)

    def _is_drawn_beside(self, boundary: int) -> bool:
        is_interrupting = self._program.nodes[boundary].is_interrupting
        return not is_interrupting and boundary not in self._asides

    def _outs(self, drawing: _Drawing, node: Node) -> int:
        return sum(self._flow(drawing, each) for each in node.outgoing)

    def _flow(self, drawing: _Drawing, flow: int) -> int:
        return self._bit(drawing, "flow", self._program.flows[flow].target, (flow,))

    def _bit(self, drawing: _Drawing, kind: str, node: int, detail: tuple[int, ...] = ()) -> int:
        key = (kind, node, detail)
        if key not in drawing.bits:
            drawing.bits[key] = 1 << len(drawing.places)
            drawing.places.append(node)
        return drawing.bits[key]

    def _add(self, drawing: _Drawing, consume: int, produce: int, node: int) -> None:
        drawing.transitions.append(Transition(consume=consume, produce=produce, fired=(node,)))


def _subsets(items: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    ordered = tuple(sorted(items))
    for size in range(len(ordered) + 1):
        yield from combinations(ordered, size)
