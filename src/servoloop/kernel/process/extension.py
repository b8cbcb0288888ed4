"""Our extension elements read into a `Step` or a `ProcessSheet`.

The format is described in docs/reference/bpmn-extension.md. Bad content never raises: it becomes a
finding on the element that carries it, and the value counts as absent.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from lxml import etree

from servoloop.kernel.process.findings import Finding, finding
from servoloop.kernel.process.iso8601 import BadTime, parse_duration
from servoloop.kernel.process.namespaces import SERVOLOOP, bpmn, local_name_in, servoloop, text_of
from servoloop.kernel.process.step import (
    Assignment,
    EscalationLevel,
    Field,
    FieldType,
    Layer,
    Option,
    ProcessSheet,
    ServiceLevel,
    Step,
    ValueClass,
)
from servoloop.kernel.process.words import NO_WORDS, Words

METRICS = ("first_response", "resolution")
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Roles, calendars and the like are names that people give; only what would be a list or an
# expression in another tool's dialect is refused.
_ROLE = re.compile(r"\w[\w .\-]*")
_FIELD_NAME = re.compile(r"[^\W\d]\w*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_Choice = TypeVar("_Choice", bound=StrEnum)
_Value = TypeVar("_Value")


@dataclass(slots=True, kw_only=True)
class Reading:
    """The BPMN element whose extension is being read, and what was found wrong with it."""

    id: str
    name: str = ""
    findings: list[Finding] = field(default_factory=list)

    def complain(self, reason: str, *, rule: str = "bad-extension") -> None:
        parameters = {"reason": reason}
        self.findings.append(finding(rule, id=self.id, name=self.name, parameters=parameters))


def extension(element: etree._Element, local_name: str) -> etree._Element | None:
    """The child of `extensionElements` with this name in our namespace, if there is one."""
    holder = element.find(bpmn("extensionElements"))
    return None if holder is None else holder.find(servoloop(local_name))


def read_name(element: etree._Element, reading: Reading) -> Words:
    """The name attribute with the translations that our labels add."""
    holder = element.find(bpmn("extensionElements"))
    labels = () if holder is None else holder.findall(servoloop("label"))
    words = _words(labels, reading)
    return Words(default=element.get("name", words.default), translations=words.translations)


def read_step(element: etree._Element, reading: Reading) -> Step:
    """The standard of one activity or event; an absent extension is an empty step."""
    found = extension(element, "step")
    if found is None:
        return Step()
    values = _Values(found, reading, expected=_STEP_ATTRIBUTES)
    _expect_children(found, ("sop", "input", "output", "escalation"), reading)
    return Step(
        sop=_words(found.findall(servoloop("sop")), reading),
        standard_time=values.duration("standardTime"),
        response_time=values.duration("responseTime"),
        role=values.matching("role", _ROLE, "one role name, such as 'agent'"),
        assignment=values.choice("assignment", Assignment) or Assignment.QUEUE,
        owner=values.text("owner"),
        cost_rate=values.amount("costRate"),
        currency=values.matching("currency", _CURRENCY, "a currency code such as CNY"),
        value_class=values.choice("valueClass", ValueClass),
        layer=values.choice("layer", Layer),
        calendar=values.text("calendar"),
        inputs=_fields(found.findall(servoloop("input")), reading),
        outputs=_outputs(found.findall(servoloop("output")), reading),
        escalation=_escalation(found.findall(servoloop("escalation")), reading),
        waits_for_customer=values.boolean("waitsForCustomer"),
        topic=values.text("topic"),
        retries=values.count("retries", default=3),
    )


def read_sheet(
    element: etree._Element, *, name: Words, form: tuple[Field, ...], reading: Reading
) -> ProcessSheet:
    """What the process declares about itself; the form comes from its start event."""
    found = extension(element, "sheet")
    said = element.find(bpmn("documentation"))
    documentation = "" if said is None else text_of(said)
    if found is None:
        return ProcessSheet(name=name, description=Words(default=documentation), form=form)
    values = _Values(found, reading, expected=("owner", "calendar", "currency"))
    _expect_children(found, ("description", "serviceLevel"), reading)
    words = _words(found.findall(servoloop("description")), reading)
    return ProcessSheet(
        name=name,
        description=Words(default=words.default or documentation, translations=words.translations),
        owner=values.text("owner"),
        calendar=values.text("calendar"),
        currency=values.matching("currency", _CURRENCY, "a currency code such as CNY"),
        service_levels=_service_levels(found.findall(servoloop("serviceLevel")), reading),
        form=form,
    )


def read_form(element: etree._Element, reading: Reading) -> tuple[Field, ...]:
    """The fields that a start event asks for."""
    found = extension(element, "form")
    if found is None:
        return ()
    _expect_children(found, ("field",), reading)
    return _fields(found.findall(servoloop("field")), reading)


def read_flag(element: etree._Element, attribute: str, reading: Reading) -> bool:
    """An attribute of ours on a BPMN element, such as servoloop:isWorkingTime."""
    return _flag(element.get(servoloop(attribute)), attribute, reading)


def read_role(element: etree._Element, reading: Reading) -> str | None:
    """The servoloop:role attribute of a lane."""
    role = element.get(servoloop("role"))
    if role is None or _ROLE.fullmatch(role.strip()):
        return role and role.strip()
    reading.complain(f"role '{role}' is not one role name, such as 'agent'.")
    return None


_STEP_ATTRIBUTES = (
    *("standardTime", "responseTime", "role", "assignment", "owner", "costRate", "currency"),
    *("valueClass", "layer", "calendar", "waitsForCustomer", "topic", "retries"),
)
_FIELD_ATTRIBUTES = ("name", "type", "required", "outcome", "minimum", "maximum")


class _Values:
    """The attributes of one of our elements, each read as what it should be."""

    def __init__(
        self, element: etree._Element, reading: Reading, *, expected: Iterable[str]
    ) -> None:
        self._element = element
        self._reading = reading
        for name in sorted(set(map(str, element.attrib)) - set(expected)):
            if not name.startswith("{"):
                tag = local_name_in(element, SERVOLOOP)
                reading.complain(
                    f"'{name}' is not an attribute of servoloop:{tag}."
                    f" Known: {', '.join(expected)}.",
                    rule="unknown-extension",
                )

    def text(self, name: str) -> str | None:
        value = self._element.get(name, "").strip()
        return value or None

    def matching(self, name: str, pattern: re.Pattern[str], wanted: str) -> str | None:
        value = self.text(name)
        if value is None or pattern.fullmatch(value):
            return value
        self._reading.complain(f"{name} '{value}' is not {wanted}.")
        return None

    def duration(self, name: str) -> timedelta | None:
        found = self._parsed(name, parse_duration)
        if found is not None and not found:
            self._reading.complain(f"{name} must be longer than zero.")
            return None
        return found

    def amount(self, name: str) -> Decimal | None:
        found = self.number(name)
        if found is not None and found < 0:
            self._reading.complain(f"{name} must not be negative, but it is {found}.")
            return None
        return found

    def number(self, name: str) -> Decimal | None:
        return self._parsed(name, _decimal)

    def count(self, name: str, *, default: int) -> int:
        found = self.number(name)
        if found is None:
            return default
        if found < 0 or found != int(found) or found > 1000:
            self._reading.complain(f"{name} must be a whole number from 0 to 1000, not {found}.")
            return default
        return int(found)

    def boolean(self, name: str) -> bool:
        return _flag(self._element.get(name), name, self._reading)

    def choice(self, name: str, kind: type[_Choice]) -> _Choice | None:
        value = self.text(name)
        if value is None or value in tuple(kind):
            return None if value is None else kind(value)
        self._reading.complain(f"{name} '{value}' is not one of {', '.join(kind)}.")
        return None

    def _parsed(self, name: str, parse: Callable[[str], _Value]) -> _Value | None:
        value = self.text(name)
        if value is None:
            return None
        try:
            return parse(value)
        except BadTime as error:
            self._reading.complain(f"{name}: {error}")
            return None


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise BadTime(f"'{text}' is not a number.") from None
    if not value.is_finite() or abs(value.adjusted()) > 30:
        raise BadTime(f"'{text}' is not a number that Servoloop can count with.")
    return value


def _flag(value: str | None, name: str, reading: Reading) -> bool:
    text = (value or "false").strip().lower()
    if text not in ("true", "false", "1", "0"):
        reading.complain(f"{name} '{value}' is neither true nor false.")
    return text in ("true", "1")


def _words(elements: Iterable[etree._Element], reading: Reading) -> Words:
    default = ""
    translations: dict[str, str] = {}
    for element in elements:
        language = (element.get("lang") or element.get(_LANG) or "").lower()
        if not language:
            default = text_of(element)
        elif not LANGUAGE.fullmatch(language):
            reading.complain(f"'{language}' is not a language tag such as en or zh-hans.")
        elif language in translations:
            tag = local_name_in(element, SERVOLOOP)
            reading.complain(f"servoloop:{tag} is given twice in the language '{language}'.")
        else:
            translations[language] = text_of(element)
    return (
        Words(default=default, translations=translations) if default or translations else (NO_WORDS)
    )


def _expect_children(element: etree._Element, known: tuple[str, ...], reading: Reading) -> None:
    for child in element:
        if isinstance(child.tag, str) and (name := local_name_in(child, SERVOLOOP)) not in known:
            parent = local_name_in(element, SERVOLOOP)
            reading.complain(
                f"'{name or etree.QName(child).localname}' is not an element of"
                f" servoloop:{parent}. Known: {', '.join(known)}.",
                rule="unknown-extension",
            )


def _fields(elements: Iterable[etree._Element], reading: Reading) -> tuple[Field, ...]:
    fields: dict[str, Field] = {}
    for element in elements:
        read = _field(element, reading)
        if read is None:
            continue
        if read.name in fields:
            reading.complain(f"the field '{read.name}' is declared twice.")
        fields.setdefault(read.name, read)
    return tuple(fields.values())


def _field(element: etree._Element, reading: Reading) -> Field | None:
    values = _Values(element, reading, expected=_FIELD_ATTRIBUTES)
    _expect_children(element, ("label", "help", "option"), reading)
    name = values.matching("name", _FIELD_NAME, "a variable name")
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
        label=_words(element.findall(servoloop("label")), reading),
        help=_words(element.findall(servoloop("help")), reading),
        is_required=values.boolean("required"),
        is_outcome=values.boolean("outcome"),
        options=options,
        minimum=minimum,
        maximum=maximum,
    )


def _options(
    elements: Iterable[etree._Element], reading: Reading, *, field_name: str
) -> tuple[Option, ...]:
    options: dict[str, Option] = {}
    for element in elements:
        value = _Values(element, reading, expected=("value",)).text("value")
        _expect_children(element, ("label",), reading)
        if value is None:
            reading.complain(f"an option of the field '{field_name}' has no value.")
        elif value in options:
            reading.complain(f"the field '{field_name}' offers '{value}' twice.")
        else:
            label = _words(element.findall(servoloop("label")), reading)
            options[value] = Option(value=value, label=label)
    return tuple(options.values())


def _outputs(elements: Iterable[etree._Element], reading: Reading) -> tuple[Field, ...]:
    fields = _fields(elements, reading)
    outcomes = [each.name for each in fields if each.is_outcome]
    if len(outcomes) > 1:
        reading.complain(f"only one output can be the outcome, not {' and '.join(outcomes)}.")
    for each in fields:
        if each.is_outcome and each.type is not FieldType.CHOICE:
            reading.complain(f"the outcome '{each.name}' must be a choice, not {each.type}.")
    return fields


def _escalation(
    elements: Iterable[etree._Element], reading: Reading
) -> tuple[EscalationLevel, ...]:
    levels = []
    for element in elements:
        values = _Values(element, reading, expected=("role", "within"))
        role = values.matching("role", _ROLE, "one role name, such as 'supervisor'")
        within = values.duration("within")
        if role is not None and within is not None:
            levels.append(EscalationLevel(role=role, within=within))
        elif not (values.text("role") and values.text("within")):
            reading.complain("an escalation level needs both a role and a time within which.")
    return tuple(levels)


def _service_levels(
    elements: Iterable[etree._Element], reading: Reading
) -> tuple[ServiceLevel, ...]:
    levels: dict[str, ServiceLevel] = {}
    for element in elements:
        values = _Values(element, reading, expected=("metric", "within", "calendar"))
        metric, within = values.text("metric"), values.duration("within")
        if metric not in METRICS:
            reading.complain(f"metric '{metric or ''}' is not one of {', '.join(METRICS)}.")
        elif metric in levels:
            reading.complain(f"the service level '{metric}' is declared twice.")
        elif within is None and not values.text("within"):
            reading.complain(f"the service level '{metric}' says no time within which.")
        elif within is not None:
            calendar = values.text("calendar")
            levels[metric] = ServiceLevel(metric=metric, within=within, calendar=calendar)
    return tuple(levels.values())
