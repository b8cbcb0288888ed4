"""Which variables a step needs, and which it leaves: what forbids to change an order."""

import re
from collections.abc import Iterable

from servoloop.kernel.process.model import FlowNode, SequenceFlow
from servoloop.kernel.process.redesign.flows import Canvas

_NAME = re.compile(r"[^\W\d]\w*")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


def left_by(nodes: Iterable[FlowNode]) -> frozenset[str]:
    """Variables that the steps write."""
    written: set[str] = set()
    for node in nodes:
        written |= {each.name for each in node.step.outputs}
        if node.assignation is not None:
            written.add(node.assignation.variable)
    return frozenset(written)


def needed_by(nodes: Iterable[FlowNode], flows: Iterable[SequenceFlow] = ()) -> frozenset[str]:
    """Variables that the steps show or compute with, and that the ways are chosen by."""
    texts = [flow.condition.text for flow in flows if flow.condition is not None]
    names: set[str] = set()
    for node in nodes:
        names |= {each.name for each in node.step.inputs}
        if node.assignation is not None:
            texts.append(node.assignation.expression.text)
        for event in (*node.events, *([node.message] if node.message else [])):
            said = (event.correlation_key, event.payload, *(text for _, text in event.timers))
            texts += [each.text for each in said if each is not None]
    for text in texts:
        names |= set(_NAME.findall(_TEXT.sub("", text)))
    return frozenset(names)


def ways_out(canvas: Canvas, ids: Iterable[str]) -> list[SequenceFlow]:
    """The flows out of these nodes."""
    return [flow for id in ids for flow in canvas.out_of(id)]
