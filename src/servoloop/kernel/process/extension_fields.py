"""The fields of forms: what a step shows and asks for, and what opens a case."""

import re
from collections.abc import Iterable

from lxml import etree

from servoloop.kernel.feel.errors import FeelError
from servoloop.kernel.feel.expression import compile as compile_feel
from servoloop.kernel.process.extension_values import Reading, Values, expect_children, read_words
from servoloop.kernel.process.namespaces import SERVOLOOP, local_name_in, servoloop
from servoloop.kernel.process.step import Field, FieldType, Option

_NAME = re.compile(r"[^\W\d]\w*")
_ATTRIBUTES = ("name", "type", "required", "outcome", "minimum", "maximum", "validation")


def read_fields(elements: Iterable[etree._Element], reading: Reading) -> tuple[Field, ...]:
    fields: dict[str, Field] = {}
    for element in elements:
        read = _field(element, reading)
        if read is None:
            continue
        if read.name in fields:
            reading.complain(f"the field '{read.name}' is declared twice.")
        fields.setdefault(read.name, read)
    return tuple(fields.values())


def read_outputs(elements: Iterable[etree._Element], reading: Reading) -> tuple[Field, ...]:
    fields = read_fields(elements, reading)
    outcomes = [each.name for each in fields if each.is_outcome]
    if len(outcomes) > 1:
        reading.complain(f"only one output can be the outcome, not {' and '.join(outcomes)}.")
    for each in fields:
        if each.is_outcome and each.type is not FieldType.CHOICE:
            reading.complain(f"the outcome '{each.name}' must be a choice, not {each.type}.")
    return fields


def _field(element: etree._Element, reading: Reading) -> Field | None:
    values = Values(element, reading, expected=_ATTRIBUTES)
    expect_children(element, ("label", "help", "option"), reading)
    name = values.matching("name", _NAME, "a variable name")
    if name is None:
        if values.text("name") is None:
            reading.complain(f"a servoloop:{local_name_in(element, SERVOLOOP)} has no name.")
        return None
    kind = values.choice("type", FieldType) or FieldType.TEXT
    options = _options(element.findall(servoloop("option")), reading, field_name=name)
    if (kind is FieldType.CHOICE) != bool(options):
        reading.complain(f"the field '{name}' has the type {kind} and {len(options)} options.")
    minimum, maximum = values.number("minimum"), values.number("maximum")
    if minimum is not None and maximum is not None and minimum > maximum:
        reading.complain(f"the field '{name}' allows nothing: {minimum} is above {maximum}.")
    return Field(
        name=name,
        type=kind,
        label=read_words(element.findall(servoloop("label")), reading),
        help=read_words(element.findall(servoloop("help")), reading),
        is_required=values.boolean("required"),
        is_outcome=values.boolean("outcome"),
        options=options,
        minimum=minimum,
        maximum=maximum,
        validation=_validation(values, reading, field_name=name),
    )


def _options(
    elements: Iterable[etree._Element], reading: Reading, *, field_name: str
) -> tuple[Option, ...]:
    options: dict[str, Option] = {}
    for element in elements:
        value = Values(element, reading, expected=("value",)).text("value")
        expect_children(element, ("label",), reading)
        if value is None:
            reading.complain(f"an option of the field '{field_name}' has no value.")
        elif value in options:
            reading.complain(f"the field '{field_name}' offers '{value}' twice.")
        else:
            label = read_words(element.findall(servoloop("label")), reading)
            options[value] = Option(value=value, label=label)
    return tuple(options.values())


def _validation(values: Values, reading: Reading, *, field_name: str) -> str | None:
    """The FEEL text as the file has it, or None after a finding."""
    text = values.text("validation")
    if text is None:
        return None
    try:
        compile_feel(text)
    except FeelError as error:
        reading.complain(f"the validation of the field '{field_name}' cannot be read: {error}")
        return None
    return text
