"""A `Step` or `ProcessSheet` as extension elements, the mirror image of `extension`."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from lxml import etree

from servoloop.kernel.process.document import ProcessError
from servoloop.kernel.process.iso8601 import duration_text
from servoloop.kernel.process.namespaces import SERVOLOOP, servoloop
from servoloop.kernel.process.step import (
    NO_STEP,
    Approval,
    Assignment,
    Field,
    FieldType,
    ProcessSheet,
    Step,
)
from servoloop.kernel.process.words import Words

_UNWRITABLE = "The text holds control characters, which XML cannot store."
_Value = str | bool | int | Decimal | timedelta | None


class BadEdit(ProcessError):
    """A change that XML cannot hold."""


def step_element(step: Step) -> etree._Element | None:
    """The element for a step, or None for an empty one."""
    if step == NO_STEP:
        return None
    element = _element(
        "step",
        {
            "standardTime": step.standard_time,
            "responseTime": step.response_time,
            "role": step.role,
            "assignment": None if step.assignment is Assignment.QUEUE else step.assignment,
            "owner": step.owner,
            "authorityLimit": step.authority_limit,
            "costRate": step.cost_rate,
            "currency": step.currency,
            "valueClass": step.value_class,
            "layer": step.layer,
            "calendar": step.calendar,
            "waitsForCustomer": step.waits_for_customer,
            "topic": step.topic,
            "retries": None if step.retries == NO_STEP.retries else step.retries,
        },
    )
    element.extend(_words("sop", step.sop))
    element.extend(
        _labelled("check", {"required": each.is_required}, each.words) for each in step.checklist
    )
    element.extend(
        _labelled("attachment", {"href": each.address}, each.label) for each in step.attachments
    )
    element.extend(_element("skill", {"name": each}) for each in step.skills)
    element.extend(_field("input", each) for each in step.inputs)
    element.extend(_field("output", each) for each in step.outputs)
    element.extend(
        _element(
            "escalation", {"role": each.role, "within": each.within, "calendar": each.calendar}
        )
        for each in step.escalation
    )
    return element


def sheet_element(sheet: ProcessSheet) -> etree._Element | None:
    """The element for a process, or None for an empty one.

    Its name, its description's default and its form stand elsewhere in the file.
    """
    element = _element(
        "sheet",
        {
            "owner": sheet.owner,
            "calendar": sheet.calendar,
            "currency": sheet.currency,
            "internal": sheet.is_internal,
            "approval": None if sheet.approval is Approval.NOBODY else sheet.approval,
        },
    )
    element.extend(_words("description", Words(translations=sheet.description.translations)))
    element.extend(_words("goal", sheet.goal))
    element.extend(
        _element("kpi", {"name": each.kpi, "target": each.target}) for each in sheet.kpi_goals
    )
    element.extend(
        _element(
            "serviceLevel",
            {"metric": each.metric, "within": each.within, "calendar": each.calendar},
        )
        for each in sheet.service_levels
    )
    return element if len(element) or element.attrib else None


def form_element(fields: Iterable[Field]) -> etree._Element | None:
    """The element for the form of a start event, or None when it asks for nothing."""
    element = _element("form", {})
    element.extend(_field("field", each) for each in fields)
    return element if len(element) else None


def label_elements(words: Words) -> list[etree._Element]:
    """The translations of a name; the default stands in the BPMN name attribute."""
    return _words("label", Words(translations=words.translations))


def _field(tag: str, field: Field) -> etree._Element:
    element = _element(
        tag,
        {
            "name": field.name,
            "type": None if field.type is FieldType.TEXT else field.type,
            "required": field.is_required,
            "outcome": field.is_outcome,
            "minimum": field.minimum,
            "maximum": field.maximum,
            "validation": field.validation,
        },
    )
    element.extend(_words("label", field.label))
    element.extend(_words("help", field.help))
    element.extend(_labelled("option", {"value": each.value}, each.label) for each in field.options)
    return element


def _labelled(tag: str, attributes: dict[str, _Value], label: Words) -> etree._Element:
    element = _element(tag, attributes)
    element.extend(_words("label", label))
    return element


def _words(tag: str, words: Words) -> list[etree._Element]:
    texts = [("", words.default)] if words.default else []
    elements = []
    for language, text in (*texts, *words.translations.items()):
        element = _element(tag, {"lang": language or None})
        write_text(element, text)
        elements.append(element)
    return elements


def _element(tag: str, attributes: dict[str, _Value]) -> etree._Element:
    """An element of ours; absent and false attributes are left out."""
    element = etree.Element(servoloop(tag), nsmap={"servoloop": SERVOLOOP})
    for name, value in attributes.items():
        if value is True:
            element.set(name, "true")
        elif isinstance(value, timedelta):
            element.set(name, duration_text(value))
        elif value is not None and value is not False:
            text = f"{value:f}" if isinstance(value, Decimal) else str(value)
            write_attribute(element, name, text)
    return element


def write_attribute(element: etree._Element, name: str, value: str) -> None:
    """Set an attribute; raises BadEdit for text that XML cannot hold."""
    try:
        element.set(name, value)
    except ValueError:
        raise BadEdit(_UNWRITABLE) from None


def write_text(element: etree._Element, text: str) -> None:
    """Set the text of an element; raises BadEdit for text that XML cannot hold."""
    try:
        element.text = text
    except ValueError:
        raise BadEdit(_UNWRITABLE) from None
