"""Every element of a process gets its index; called processes are written out in place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from servoloop.kernel.process.document import Document
from servoloop.kernel.process.findings import Finding, finding
from servoloop.kernel.process.model import Declaration, FlowNode, Lane, Model, Process, SequenceFlow
from servoloop.kernel.process.reader import read_model

MOST_ELEMENTS = 5_000  # calls that call others twice grow like 2^depth; stop well before memory


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Home:
    """A process in its file, with what its elements may refer to."""

    process: Process
    declarations: Mapping[str, Declaration]
    lanes: Mapping[str, Lane]
    siblings: Mapping[str, Process]  # the processes of the same file


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedNode:
    index: int
    prefix: str  # "" or the path of calls, 'call_id/'
    scope: int
    node: FlowNode
    home: Home

    @property
    def id(self) -> str:
        return self.prefix + self.node.id


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedFlow:
    index: int
    prefix: str
    source: int
    target: int
    flow: SequenceFlow
    home: Home

    @property
    def id(self) -> str:
        return self.prefix + self.flow.id


@dataclass(slots=True, kw_only=True)
class Placing:
    """The elements in order; a scope comes right before what it holds."""

    nodes: list[PlacedNode] = field(default_factory=list)
    flows: list[PlacedFlow] = field(default_factory=list)
    by_id: dict[str, int] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)  # the called ones, by process
    findings: list[Finding] = field(default_factory=list)


def place(process: Process, model: Model, *, library: Mapping[str, Document]) -> Placing:
    """Give every node and flow of the process and of all that it calls an index."""
    placer = _Placer(library)
    placer.place(_home_of(process, model), prefix="", scope=-1, path=(process.id,))
    return placer.placing


def _home_of(process: Process, model: Model) -> Home:
    return Home(
        process=process,
        declarations={each.id: each for each in model.declarations},
        lanes={each.id: each for each in process.lanes},
        siblings={each.id: each for each in model.processes},
    )


class _Placer:
    def __init__(self, library: Mapping[str, Document]) -> None:
        self.placing = Placing()
        self._library = library
        self._called: dict[str, Model] = {}

    def place(self, home: Home, *, prefix: str, scope: int, path: tuple[str, ...]) -> None:
        scopes = {"": scope}
        for node in home.process.nodes:
            if node.container not in scopes:
                continue  # inside something that is no sub-process
            if scope >= 0 and not node.container and node.type == "startEvent" and node.events:
                continue  # a called process begins at its plain start only
            if len(self.placing.nodes) >= MOST_ELEMENTS:
                self._too_many(path[0])
                return
            index = self._append(node, home, prefix=prefix, scope=scopes[node.container])
            scopes[node.id] = index
            if node.type == "callActivity":
                self._call(node, home, prefix=prefix, index=index, path=path)
        for flow in home.process.flows:
            self._connect(flow, home, prefix=prefix)

    def _append(self, node: FlowNode, home: Home, *, prefix: str, scope: int) -> int:
        index = len(self.placing.nodes)
        placed = PlacedNode(index=index, prefix=prefix, scope=scope, node=node, home=home)
        self.placing.nodes.append(placed)
        self.placing.by_id.setdefault(placed.id, index)
        return index

    def _call(
        self, node: FlowNode, home: Home, *, prefix: str, index: int, path: tuple[str, ...]
    ) -> None:
        wanted = node.called or ""
        if wanted in path:
            way = " → ".join((*path, wanted))
            self._found("recursive-call", node, prefix, process=wanted, path=way)
        elif (called := self._home(wanted, home)) is None:
            known = ", ".join(sorted(self._library)) or "none"
            self._found("unknown-call", node, prefix, process=wanted, known=known)
        else:
            self.place(called, prefix=f"{prefix}{node.id}/", scope=index, path=(*path, wanted))

    def _home(self, wanted: str, caller: Home) -> Home | None:
        """The called process: from the library, else from the file of the caller."""
        if wanted in self._library:
            if wanted not in self._called:
                document = self._library[wanted]
                self.placing.documents[wanted] = document
                self._called[wanted] = read_model(document)
            model = self._called[wanted]
            process = next((each for each in model.processes if each.id == wanted), None)
            return None if process is None else _home_of(process, model)
        process = caller.siblings.get(wanted)
        if process is None:
            return None
        return replace(caller, process=process, lanes={each.id: each for each in process.lanes})

    def _connect(self, flow: SequenceFlow, home: Home, *, prefix: str) -> None:
        placing = self.placing
        is_cut_off = len(placing.nodes) >= MOST_ELEMENTS
        ends = [placing.by_id.get(prefix + each) for each in (flow.source, flow.target)]
        for end, reference, attribute in zip(
            ends, (flow.source, flow.target), ("source", "target"), strict=True
        ):
            if end is None and not is_cut_off and not _is_left_out(reference, home, prefix):
                self._found(
                    "broken-reference", flow, prefix, reference=reference, attribute=attribute
                )
        source, target = ends
        if source is None or target is None:
            return
        if placing.nodes[source].scope != placing.nodes[target].scope:
            self._found("crossing-flow", flow, prefix)
            return
        placing.flows.append(
            PlacedFlow(
                index=len(placing.flows),
                prefix=prefix,
                source=source,
                target=target,
                flow=flow,
                home=home,
            )
        )

    def _too_many(self, id: str) -> None:
        if not any(each.rule == "too-many-elements" for each in self.placing.findings):
            parameters = {"limit": str(MOST_ELEMENTS)}
            self.placing.findings.append(finding("too-many-elements", id=id, parameters=parameters))

    def _found(
        self, rule: str, part: FlowNode | SequenceFlow, prefix: str, **parameters: str
    ) -> None:
        self.placing.findings.append(
            finding(rule, id=prefix + part.id, name=part.name.default, parameters=parameters)
        )


def _is_left_out(reference: str, home: Home, prefix: str) -> bool:
    """Whether the node exists but was not placed: an event start of a called process."""
    return bool(prefix) and any(each.id == reference for each in home.process.nodes)
