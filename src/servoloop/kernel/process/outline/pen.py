"""Nodes and flows put on paper; where several ways meet, a gateway is put in."""

from dataclasses import dataclass, field, replace

from servoloop.kernel.process.drafting import DraftFlow, DraftNode
from servoloop.kernel.process.step import Field
from servoloop.kernel.process.words import Words

Hand = tuple[str, str, str]  # a node whose way on is open, with the name and condition of the flow


@dataclass(slots=True, kw_only=True)
class OpenNode:
    """A node that may still get outputs."""

    node: DraftNode
    outputs: list[Field] = field(default_factory=list)

    def finished(self) -> DraftNode:
        return replace(self.node, step=replace(self.node.step, outputs=tuple(self.outputs)))


@dataclass(slots=True, kw_only=True)
class Pen:
    """`awaited` are the lines that somebody may come back to; `joins` the gateways before nodes."""

    awaited: frozenset[int] = frozenset()
    nodes: dict[str, OpenNode] = field(default_factory=dict)
    flows: list[DraftFlow] = field(default_factory=list)
    lanes: list[str] = field(default_factory=list)  # in the order in which they first act
    joins: dict[str, str] = field(default_factory=dict)

    def add(self, id: str, type: str, name: str, lane: str, **rest: object) -> str:
        while id in self.nodes:
            id += "_"
        node = DraftNode(id=id, type=type, name=Words(default=name), lane=lane)
        node = replace(node, **rest)  # type: ignore[arg-type] # the fields of a draft node
        self.nodes[id] = OpenNode(node=node)
        if lane and lane not in self.lanes:
            self.lanes.append(lane)
        return id

    def enter(self, hands: list[Hand], lane: str, *, number: int = 0) -> list[Hand]:
        """One hand, joined where there are several or somebody may come back."""
        comes_back = number in self.awaited
        if len(hands) == 1 and not comes_back:
            return hands
        join = self.add(f"join_{len(self.nodes)}", "exclusiveGateway", "", lane)
        self.connect(hands, join)
        return [(join, "", "")]

    def connect(self, hands: list[Hand], target: str) -> None:
        for source, name, condition in hands:
            twin = sum(flow.source == source and flow.target == target for flow in self.flows)
            flow = DraftFlow(
                source=source,
                target=target,
                name=Words(default=name),
                condition=condition,
                twin=twin,
            )
            self.flows.append(flow)

    def put(self, hands: list[Hand], id: str, lane: str, *, number: int = 0) -> list[Hand]:
        """Lead the hands to a node; the one hand behind it."""
        entered = self.enter(hands, lane, number=number)
        self.connect(entered, id)
        before = entered[0][0]
        if (
            self.nodes[before].node.type == "exclusiveGateway"
            and not self.nodes[before].node.name.default
        ):
            self.joins[id] = before
        return [(id, "", "")]

    def finish(self, hands: list[Hand], name: str, id: str, *, lane: str) -> None:
        """Lead the hands to an end event."""
        end = self.add(id, "endEvent", name, lane)
        self.put(hands, end, lane)
