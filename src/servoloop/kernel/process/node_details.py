"""Parts of a flow node that BPMN, our extension and other tools' dialects say in their own ways."""

from dataclasses import replace

from lxml import etree

from servoloop.kernel.process.extension import extension, read_step
from servoloop.kernel.process.extension_values import Reading
from servoloop.kernel.process.model import Assignation, Loop, Text
from servoloop.kernel.process.namespaces import ZEEBE, bpmn, servoloop, text_of
from servoloop.kernel.process.step import Step


def loop_of(element: etree._Element) -> Loop | None:
    if element.find(bpmn("standardLoopCharacteristics")) is not None:
        return Loop.STANDARD
    several = element.find(bpmn("multiInstanceLoopCharacteristics"))
    if several is None:
        return None
    return Loop.SEQUENTIAL if maybe_boolean(several.get("isSequential")) else Loop.PARALLEL


def step_of(element: etree._Element, reading: Reading) -> Step:
    step = read_step(element, reading)
    definition = zeebe_element(element, "taskDefinition")
    if step.topic is None and definition is not None:
        return replace(step, topic=definition.get("type"))
    return step


def assignation_of(element: etree._Element, kind: str) -> Assignation | None:
    own = extension(element, "assign")
    if own is not None:
        return Assignation(expression=Text(text=text_of(own)), variable=own.get("variable", ""))
    decides = extension(element, "decide")
    if decides is not None:
        return Assignation(
            expression=Text(text=""),
            variable=decides.get("variable", ""),
            decision=decides.get("decision", ""),
        )
    zeebe = zeebe_element(element, "script")
    if zeebe is not None and (text := zeebe.get("expression")):
        variable = zeebe.get("resultVariable", "")
        return Assignation(expression=Text(text=text), variable=variable)
    script = element.find(bpmn("script"))
    if kind != "scriptTask" or script is None:
        return None
    return Assignation(
        expression=Text(text=text_of(script), language=element.get("scriptFormat", "")),
        variable=element.get(servoloop("resultVariable"), ""),
    )


def zeebe_element(element: etree._Element, name: str) -> etree._Element | None:
    holder = element.find(bpmn("extensionElements"))
    return None if holder is None else holder.find(f"{{{ZEEBE}}}{name}")


def own_text(element: etree._Element, attribute: str) -> Text | None:
    value = element.get(servoloop(attribute))
    return None if value is None else Text(text=value)


def expression_text(element: etree._Element) -> Text:
    return Text(text=text_of(element), language=element.get("language", ""))


def maybe_boolean(value: str | None) -> bool | None:
    return None if value is None else value.strip().lower() in ("true", "1")
