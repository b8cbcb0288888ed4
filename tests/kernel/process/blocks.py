"""Random processes: block-structured ones, which are sound by construction, and wild ones."""

from dataclasses import dataclass, field
from itertools import pairwise

from hypothesis import strategies as st

from tests.kernel.process.drawing import end, process, start

TIMER = (
    "<bpmn:timerEventDefinition><bpmn:timeDuration>PT1H</bpmn:timeDuration>"
    "</bpmn:timerEventDefinition>"
)
ERROR = '<bpmn:errorEventDefinition errorRef="e"/>'
TERMINATE = "<bpmn:terminateEventDefinition/>"
DECLARATIONS = '<bpmn:error id="e" errorCode="E1"/>'


@dataclass(frozen=True)
class Block:
    """A part with one way in and one way out."""

    kind: str
    parts: tuple["Block", ...] = ()


def blocks(*, max_leaves: int = 8) -> st.SearchStrategy[Block]:
    """Nested blocks; what each kind means is in `Drawing`."""
    task = st.just(Block("task"))

    def extend(children: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        several = st.lists(children, min_size=2, max_size=3).map(tuple)
        kinds = st.sampled_from(["sequence", "choice", "parallel"])
        one = children.map(lambda child: (child,))
        single = st.sampled_from(
            ["loop", "scope", "timed scope", "failing scope", "early end", "timed", "reminded"]
        )
        return st.builds(Block, kinds, several) | st.builds(Block, single, one)

    return st.recursive(task, extend, max_leaves=max_leaves)


@dataclass
class Drawing:
    """BPMN text that grows; gateways and ends can be exchanged before it is written."""

    texts: list[str] = field(default_factory=list)
    gateways: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    edges: list[tuple[str, str]] = field(default_factory=list)
    count: int = 0

    def new(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def task(self) -> str:
        name = self.new("task")
        self.texts.append(f'<bpmn:userTask id="{name}"/>')
        return name

    def gateway(self, kind: str) -> str:
        name = self.new("gateway")
        self.gateways[name] = kind
        self.texts.append(f"{{{name}}}")
        return name

    def ending(self, inside: str) -> str:
        name = self.new("end")
        self.ends[name] = inside
        self.texts.append(f"{{{name}}}")
        return name

    def boundary(self, host: str, inside: str, *, interrupts: bool = True) -> str:
        name = self.new("boundary")
        self.texts.append(
            f'<bpmn:boundaryEvent id="{name}" attachedToRef="{host}"'
            f' cancelActivity="{str(interrupts).lower()}">{inside}</bpmn:boundaryEvent>'
        )
        return name

    def draw(self, block: Block, *, in_loop: bool = False) -> tuple[str, str]:
        """The first and the last node of the block."""
        if block.kind == "task":
            name = self.task()
            return name, name
        if block.kind == "sequence":
            ends = [self.draw(each, in_loop=in_loop) for each in block.parts]
            for before, after in pairwise(ends):
                self.edges.append((before[1], after[0]))
            return ends[0][0], ends[-1][1]
        if block.kind in ("choice", "parallel"):
            return self._branches(block, in_loop=in_loop)
        if block.kind == "loop":
            return self._loop(block.parts[0])
        if block.kind == "early end":
            return self._early_end(block.parts[0], in_loop=in_loop)
        if block.kind == "timed":
            return self._interrupted(self.task(), block.parts[0], TIMER, in_loop=in_loop)
        if block.kind == "reminded":
            return self._reminded(block.parts[0], in_loop=in_loop)
        return self._scope(block, in_loop=in_loop)

    def _branches(self, block: Block, *, in_loop: bool) -> tuple[str, str]:
        kind = "exclusive" if block.kind == "choice" else "parallel"
        split, join = self.gateway(kind), self.gateway(kind)
        for each in block.parts:
            first, last = self.draw(each, in_loop=in_loop)
            self.edges += [(split, first), (last, join)]
        return split, join

    def _loop(self, body: Block) -> tuple[str, str]:
        merge, split = self.gateway("exclusive"), self.gateway("exclusive")
        first, last = self.draw(body, in_loop=True)
        self.edges += [(merge, first), (last, split), (split, merge)]
        return merge, split

    def _early_end(self, body: Block, *, in_loop: bool) -> tuple[str, str]:
        split = self.gateway("exclusive")
        first, last = self.draw(body, in_loop=in_loop)
        self.edges += [(split, self.ending(TERMINATE)), (split, first)]
        return split, last

    def _interrupted(
        self, host: str, body: Block, inside: str, *, in_loop: bool
    ) -> tuple[str, str]:
        """An activity whose interruption takes another way to the same merge."""
        merge = self.gateway("exclusive")
        first, last = self.draw(body, in_loop=in_loop)
        self.edges += [(host, merge), (self.boundary(host, inside), first), (last, merge)]
        return host, merge

    def _reminded(self, body: Block, *, in_loop: bool) -> tuple[str, str]:
        """A side branch that runs beside the host; in a circle it could overtake itself."""
        host = self.task()
        if not in_loop:
            first, last = self.draw(body)
            reminder = self.boundary(host, TIMER, interrupts=False)
            self.edges += [(reminder, first), (last, self.ending(""))]
        return host, host

    def _scope(self, block: Block, *, in_loop: bool) -> tuple[str, str]:
        name = self.new("scope")
        begin = self.new("start")
        self.texts.append(f'<bpmn:subProcess id="{name}"><bpmn:startEvent id="{begin}"/>')
        opened = len(self.edges)
        first, last = self.draw(block.parts[0], in_loop=in_loop)
        if block.kind == "failing scope":
            split = self.gateway("exclusive")
            self.edges += [(last, split), (split, self.ending(ERROR))]
            last = split
        self.edges += [(begin, first), (last, self.ending(""))]
        self.texts.append(self._flows(self.edges[opened:]) + "</bpmn:subProcess>")
        del self.edges[opened:]
        if block.kind == "scope":
            return name, name
        inside = ERROR if block.kind == "failing scope" else TIMER
        return self._interrupted(name, Block("task"), inside, in_loop=in_loop)

    def _flows(self, edges: list[tuple[str, str]]) -> str:
        """Every flow has a condition, so that a gateway may decide or not."""
        return "".join(
            f'<bpmn:sequenceFlow id="{source}-{target}" sourceRef="{source}"'
            f' targetRef="{target}">{CONDITION if source in self.gateways else ""}'
            "</bpmn:sequenceFlow>"
            for source, target in edges
        )

    def finish(self, first: str, last: str) -> None:
        self.texts.append(start("start"))
        self.edges += [("start", first), (last, self.ending(""))]

    def text(self) -> str:
        """The process, with the gateways and ends as they are now."""
        written = "\n".join(self.texts) + self._flows(self.edges)
        for name, kind in self.gateways.items():
            written = written.replace(f"{{{name}}}", f'<bpmn:{kind}Gateway id="{name}"/>')
        for name, inside in self.ends.items():
            written = written.replace(f"{{{name}}}", end(name, inside))
        return DECLARATIONS + process(written)


CONDITION = "<bpmn:conditionExpression>true</bpmn:conditionExpression>"


def drawn(block: Block) -> Drawing:
    """The block between a start and an end."""
    drawing = Drawing()
    drawing.finish(*drawing.draw(block))
    return drawing


@st.composite
def wild(draw: st.DrawFn) -> Drawing:
    """Tasks and gateways with flows drawn at random; every node can be reached."""
    drawing = Drawing()
    kinds = draw(
        st.lists(st.sampled_from(["task", "exclusive", "parallel"]), min_size=1, max_size=6)
    )
    nodes = [drawing.task() if kind == "task" else drawing.gateway(kind) for kind in kinds]
    for position, name in enumerate(nodes[1:], start=1):
        drawing.edges.append((nodes[draw(st.integers(0, position - 1))], name))
    pairs = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes))
    for pair in draw(st.lists(pairs, max_size=5, unique=True)):
        if pair not in drawing.edges:
            drawing.edges.append(pair)
    ends = draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=2, unique=True))
    for name in ends:
        inside = draw(st.sampled_from(["", "", TERMINATE]))
        drawing.edges.append((name, drawing.ending(inside)))
    drawing.texts.append(start("start"))
    drawing.edges.append(("start", nodes[0]))
    return drawing
