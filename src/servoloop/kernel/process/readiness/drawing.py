"""Whether what is executed can be seen: each element has its shape, each flow its line."""

from collections import defaultdict
from collections.abc import Iterator

from servoloop.kernel.process.model import ACTIVITY_TYPES, FlowNode, Model, Process, SequenceFlow
from servoloop.kernel.process.readiness.places import Gap
from servoloop.kernel.process.words import Words


def find_undrawn(process: Process, model: Model) -> Iterator[Gap]:
    """Elements that run without being seen.

    A file without any diagram is drawn when somebody opens it; and a collapsed sub-process may keep
    all of its inside to itself. But what is drawn in part hides the rest.
    """
    shown = {each.shows for each in model.diagram}
    parts: dict[str, list[FlowNode | SequenceFlow]] = defaultdict(list)
    for node in process.nodes:
        parts[node.container].append(node)
    for flow in process.flows:
        parts[flow.container].append(flow)
    for held in parts.values():
        missing = [each for each in held if each.id not in shown]
        if len(missing) < len(held):
            for each in missing:
                yield Gap(rule="not-drawn", elements=(each.id,), name=_name(each))


def find_emptiness(process: Process) -> Iterator[Gap]:
    """A process in which nothing is done."""
    if not any(each.type in ACTIVITY_TYPES for each in process.nodes):
        name = process.sheet.name
        named = name if name.default or name.translations else Words(default=process.id)
        yield Gap(rule="no-step", elements=(process.id,), name=named)


def _name(each: FlowNode | SequenceFlow) -> Words:
    if each.name.default or each.name.translations:
        return each.name
    if isinstance(each, SequenceFlow):
        return Words(default=f"{each.source} → {each.target}")
    return Words(default=each.id)
