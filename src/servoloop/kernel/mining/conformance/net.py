"""The net of a model, flat: what must lie where before a step can happen, and what lies after.

A place is one bit, so a marking is one integer. Beyond a Petri net a transition may ask for places
to be empty (a sub-process is done when nothing moves in it any more) and may sweep places clean
(an interruption, a terminating end). The empty marking is the end of the case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from servoloop.kernel.process.program import Node, Op, Program


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """Happens when all of `consume` is marked and nothing of `empty` is.

    `label` is the activity that the log shows when it happens, None when the log shows nothing.
    """

    label: str | None
    consume: int
    produce: int
    empty: int = 0
    clear: int = 0

    def fire(self, marking: int) -> int | None:
        """The marking after it, or None when it cannot happen."""
        if marking & self.consume != self.consume or marking & self.empty:
            return None
        return (marking & ~self.consume & ~self.clear) | self.produce


@dataclass(frozen=True, slots=True, kw_only=True)
class Net:
    initial: int  # marking
    transitions: tuple[Transition, ...]
    places: int  # how many

    @property
    def labels(self) -> tuple[str, ...]:
        """The distinct labels, sorted."""
        return tuple(sorted({each.label for each in self.transitions if each.label is not None}))


_SILENT_OPS = frozenset(
    (Op.EXCLUSIVE, Op.PARALLEL, Op.EVENT_GATEWAY, Op.SCOPE, Op.START, Op.END, Op.TERMINATE)
)


def labels_of(
    program: Program, activities: Iterable[str], *, aliases: Mapping[str, str]
) -> dict[int, str]:
    """Which activity of the log each node is, by node index; nodes that stay unseen are left out.

    A node is found by `aliases` (activity -> node id), by its id, its name or one of its
    translations, whatever the case of letters and blanks. A human step that no event names is
    expected in the log all the same, under its own name: it was never done. Other nodes without an
    event (gateways, timers, scripts) are silent.
    """
    known = {plain_name(name): name for name in activities}
    by_alias = {node: activity for activity, node in aliases.items()}
    found = {}
    for node in program.nodes:
        names = (node.id, node.name.default, *node.name.translations.values())
        match = by_alias.get(node.id) or next(
            (known[plain_name(name)] for name in names if name and plain_name(name) in known), None
        )
        if match is not None:
            found[node.index] = match
        elif node.op is Op.HUMAN:
            found[node.index] = node.name.default or node.id
    return found


def net_of(program: Program, labels: Mapping[int, str]) -> Net:
    """The net of a program; `labels` as `labels_of` gives them."""
    return _Drawing(program, labels).net()


def plain_name(name: str) -> str:
    """What two spellings of a name have in common."""
    return " ".join(name.split()).casefold()


class _Drawing:
    """Collects places and transitions; scopes are swept and watched by the places they own."""

    def __init__(self, program: Program, labels: Mapping[int, str]) -> None:
        self._program = program
        self._labels = labels
        self._bits: dict[tuple[str, int], int] = {}
        self._owners: list[int] = []  # scope of each bit
        self._transitions: list[Transition] = []
        for flow in program.flows:
            self._bit("flow", flow.index, program.nodes[flow.target].scope)
        for node in program.nodes:
            self._bit("at", node.index, node.scope)
            self._bit("active", node.index, node.scope)
            for boundary in node.boundary:
                self._bit("armed", boundary, node.scope)
                self._bit("done", boundary, node.scope)

    def net(self) -> Net:
        starts = [
            self._program.start,
            *self._program.message_starts.values(),
            *self._program.timer_starts,
        ]
        initial = self._bit("begin", -1, -1)
        for start in dict.fromkeys(start for start in starts if start >= 0):
            self._add(None, initial, self._bits["at", start])
        for node in self._program.nodes:
            self._draw(node)
        return _compacted(initial, self._transitions)

    def _draw(self, node: Node) -> None:
        if node.attached_to >= 0:
            return  # drawn with its host
        if node.op is Op.START:
            self._add(self._label(node), self._bits["at", node.index], self._outs(node))
        elif node.op is Op.PARALLEL:
            self._add(None, self._ins(node), self._outs(node))
        elif node.op in (Op.EXCLUSIVE, Op.EVENT_GATEWAY):
            self._draw_choice(node)
        elif node.op is Op.SCOPE or node.boundary:
            self._draw_lasting(node)
        else:
            for flow in node.incoming:
                self._draw_point(node, self._bits["flow", flow])

    def _draw_point(self, node: Node, at: int) -> None:
        """Something that happens in one moment, ends included."""
        clear = produce = 0
        if node.op is Op.TERMINATE:
            clear = self._inside(node.scope)
        elif node.op is Op.ERROR_END:
            clear, produce = self._thrown(node)
        self._add(self._label(node), at, self._outs(node) | produce, clear=clear)

    def _draw_choice(self, node: Node) -> None:
        at = self._bits["at", node.index]
        for flow in node.incoming:
            self._add(None, self._bits["flow", flow], at)
        for flow in node.outgoing:
            self._add(None, at, self._bits["flow", flow])
        if not node.outgoing:
            self._add(None, at, 0)

    def _draw_lasting(self, node: Node) -> None:
        """A sub-process, or a step with events on its boundary."""
        active = self._bits["active", node.index]
        inside = self._inside(node.index) if node.op is Op.SCOPE else 0
        optional = [each for each in node.boundary if not self._program.nodes[each].is_interrupting]
        armed = sum(self._bits["armed", each] for each in optional)
        done = sum(self._bits["done", each] for each in optional)
        begun = self._bits["at", node.inner_start] if node.inner_start >= 0 else 0
        for flow in node.incoming:
            self._add(None, self._bits["flow", flow], active | armed | begun)
        self._add(self._label(node), active | done, self._outs(node), empty=inside)
        for each in node.boundary:
            boundary = self._program.nodes[each]
            outs, label = self._outs(boundary), self._label(boundary)
            if boundary.is_interrupting:
                self._add(label, active, outs, clear=inside | armed | done)
            else:
                self._add(label, self._bits["armed", each], self._bits["done", each] | outs)
                self._add(None, self._bits["armed", each], self._bits["done", each])

    def _thrown(self, node: Node) -> tuple[int, int]:
        """What an error sweeps, and where the token goes: the nearest scope that catches it."""
        scope = node.scope
        while scope >= 0:
            host = self._program.nodes[scope]
            for each in host.boundary:
                boundary = self._program.nodes[each]
                if boundary.op is Op.BOUNDARY_ERROR and boundary.error in (None, node.error):
                    swept = self._inside(scope) | self._bits["active", scope]
                    for other in host.boundary:
                        swept |= self._bits["armed", other] | self._bits["done", other]
                    return swept, self._outs(boundary)
            scope = host.scope
        return self._inside(-1), 0  # nobody catches it: the case stands still, nothing follows

    def _label(self, node: Node) -> str | None:
        if node.op in _SILENT_OPS and node.index not in self._labels:
            return None
        return self._labels.get(node.index)

    def _ins(self, node: Node) -> int:
        return sum(self._bits["flow", flow] for flow in node.incoming)

    def _outs(self, node: Node) -> int:
        return sum(self._bits["flow", flow] for flow in node.outgoing)

    def _inside(self, scope: int) -> int:
        """All places within a scope (-1: everything)."""
        return sum(
            1 << place for place, owner in enumerate(self._owners) if self._within(owner, scope)
        )

    def _within(self, owner: int, scope: int) -> bool:
        while owner >= 0:
            if owner == scope:
                return True
            owner = self._program.nodes[owner].scope
        return scope < 0

    def _bit(self, kind: str, index: int, scope: int) -> int:
        bit = 1 << len(self._owners)
        self._owners.append(scope)
        self._bits[kind, index] = bit
        return bit

    def _add(
        self, label: str | None, consume: int, produce: int, *, empty: int = 0, clear: int = 0
    ) -> None:
        if consume:
            self._transitions.append(
                Transition(label=label, consume=consume, produce=produce, empty=empty, clear=clear)
            )


def _compacted(initial: int, transitions: list[Transition]) -> Net:
    """The same net with the places that nothing touches left out."""
    used = initial
    for each in transitions:
        used |= each.consume | each.produce
    kept = [place for place in range(used.bit_length()) if used >> place & 1]

    def moved(bits: int) -> int:
        return sum(1 << new for new, old in enumerate(kept) if bits >> old & 1)

    return Net(
        initial=moved(initial),
        places=len(kept),
        transitions=tuple(
            Transition(
                label=each.label,
                consume=moved(each.consume),
                produce=moved(each.produce),
                empty=moved(each.empty),
                clear=moved(each.clear),
            )
            for each in transitions
        ),
    )
