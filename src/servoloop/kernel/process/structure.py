"""Whether every element lies on a way from a start to an end, whatever can or cannot execute it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from servoloop.kernel.process.findings import Finding, finding
from servoloop.kernel.process.model import FlowNode, Process
from servoloop.kernel.process.operations import event_kind

_ENDS = ("endEvent", "implicitThrowEvent")


def find_loose_ends(process: Process) -> Iterator[Finding]:
    """Elements that no start leads to, and elements after which the flow just stops."""
    by_container: dict[str, list[FlowNode]] = defaultdict(list)
    for node in process.nodes:
        by_container[node.container].append(node)
    target_of = {flow.id: flow.target for flow in process.flows}
    without_order = {node.id for node in process.nodes if node.type == "adHocSubProcess"}
    for container, nodes in by_container.items():
        if container in without_order:
            continue
        yield from _unreached(nodes, target_of)
        for node in nodes:
            if not node.outgoing and not _may_stop(node):
                yield _found("dead-end", node)


def _unreached(nodes: list[FlowNode], target_of: Mapping[str, str]) -> Iterator[Finding]:
    starts = [node.id for node in nodes if _begins(node)]
    if not any(node.type == "startEvent" for node in nodes):
        return  # said already: there is no start event
    boundaries: dict[str, list[str]] = defaultdict(list)
    for node in nodes:
        if node.attached_to is not None:
            boundaries[node.attached_to].append(node.id)
    following = {
        node.id: [*(target_of[each] for each in node.outgoing), *boundaries[node.id]]
        for node in nodes
    }
    reached = _reachable(starts, following)
    for node in nodes:
        if node.id not in reached:
            yield _found("unreachable", node)


def _reachable(starts: Iterable[str], following: Mapping[str, list[str]]) -> set[str]:
    reached = set(starts)
    waiting = list(reached)
    while waiting:
        for each in following.get(waiting.pop(), ()):
            if each not in reached:
                reached.add(each)
                waiting.append(each)
    return reached


def _begins(node: FlowNode) -> bool:
    """Whether a token can appear at the node without a flow into it."""
    is_link = node.type == "intermediateCatchEvent" and event_kind(node) == "link"
    is_called_otherwise = node.is_event_sub_process or node.is_for_compensation
    return node.type == "startEvent" or is_link or is_called_otherwise or node.is_instantiating


def _may_stop(node: FlowNode) -> bool:
    """Whether it is right that no flow leaves the node."""
    kind = event_kind(node)
    if node.type == "boundaryEvent" and kind == "compensation":
        return True
    if node.type == "intermediateThrowEvent" and kind == "link":
        return True
    return node.type in _ENDS or node.is_event_sub_process or node.is_for_compensation


def _found(rule: str, node: FlowNode) -> Finding:
    return finding(rule, id=node.id, name=node.name.default)
