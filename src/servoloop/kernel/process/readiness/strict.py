"""The strict profile, for organisations that draw simpler than BPMN allows."""

from collections.abc import Iterator

from servoloop.kernel.process.model import Process
from servoloop.kernel.process.namespaces import servoloop
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.readiness.places import Gap

_DECIDES = (Op.EXCLUSIVE, Op.EVENT_GATEWAY)


def wants_strict(processes: tuple[Process, ...]) -> bool:
    """Whether a definition asks for the profile itself: servoloop:profile="strict"."""
    return any(each.element.get(servoloop("profile")) == "strict" for each in processes)


def find_breaches_of_strict(program: Program) -> Iterator[Gap]:
    """Decisions with more than two branches, and whatever runs side by side."""
    for node in program.nodes:
        ways = len(node.outgoing)
        if node.op in _DECIDES and ways > 2:
            yield _gap("strict-two-way", node, count=str(ways))
        elif _runs_beside(node):
            yield _gap("strict-one-path", node)


def _runs_beside(node: Node) -> bool:
    is_split = len(node.outgoing) > 1 and node.op not in _DECIDES
    return is_split or (node.attached_to >= 0 and not node.is_interrupting)


def _gap(rule: str, node: Node, **parameters: str) -> Gap:
    return Gap(rule=rule, elements=(node.id,), name=node.name, parameters=parameters)
