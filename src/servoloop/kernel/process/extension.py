"""Our extension elements read into a `Step` or a `ProcessSheet`.

The format is described in docs/reference/bpmn-extension.md. Bad content never raises: it becomes a
finding on the element that carries it, and the value counts as absent.
"""

import re
from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from lxml import etree

from servoloop.kernel.process.extension_fields import read_fields, read_outputs
from servoloop.kernel.process.extension_values import (
    CURRENCY,
    ROLE,
    Reading,
    Values,
    decimal_of,
    expect_children,
    flag,
    read_words,
)
from servoloop.kernel.process.iso8601 import BadTime, parse_duration
from servoloop.kernel.process.namespaces import bpmn, servoloop, text_of
from servoloop.kernel.process.step import (
    Approval,
    Assignment,
    Attachment,
    CheckItem,
    EscalationLevel,
    Field,
    KpiGoal,
    Layer,
    ProcessSheet,
    ServiceLevel,
    Step,
    ValueClass,
)
from servoloop.kernel.process.words import Words

METRICS = ("first_response", "resolution")
_KPI = re.compile(r"[a-z_]+(?:\.[a-z_]+)*")
# No scheme but these two: an address is opened with a click.
_ADDRESS = re.compile(r"https?://[^\s]+|/[^\s/][^\s]*|/")
_STEP_ATTRIBUTES = (
    *("standardTime", "responseTime", "role", "assignment", "owner", "authorityLimit"),
    *("costRate", "currency", "valueClass", "layer", "calendar", "waitsForCustomer", "topic"),
    "retries",
)
_STEP_CHILDREN = ("sop", "check", "attachment", "skill", "input", "output", "escalation")
_SHEET_ATTRIBUTES = ("owner", "calendar", "currency", "internal", "approval")
_SHEET_CHILDREN = ("description", "goal", "kpi", "serviceLevel")


def extension(element: etree._Element, local_name: str) -> etree._Element | None:
    """The child of `extensionElements` with this name in our namespace, if there is one."""
    holder = element.find(bpmn("extensionElements"))
    return None if holder is None else holder.find(servoloop(local_name))


def read_name(element: etree._Element, reading: Reading) -> Words:
    """The name attribute with the translations that our labels add."""
    holder = element.find(bpmn("extensionElements"))
    labels = () if holder is None else holder.findall(servoloop("label"))
    words = read_words(labels, reading)
    return Words(default=element.get("name", words.default), translations=words.translations)


def read_step(element: etree._Element, reading: Reading) -> Step:
    """The standard of one activity or event; an absent extension is an empty step."""
    found = extension(element, "step")
    if found is None:
        return Step()
    values = Values(found, reading, expected=_STEP_ATTRIBUTES)
    expect_children(found, _STEP_CHILDREN, reading)
    return Step(
        sop=read_words(found.findall(servoloop("sop")), reading),
        checklist=_checklist(found.findall(servoloop("check")), reading),
        attachments=_attachments(found.findall(servoloop("attachment")), reading),
        standard_time=values.duration("standardTime"),
        response_time=values.duration("responseTime"),
        role=values.matching("role", ROLE, "one role name, such as 'agent'"),
        assignment=values.choice("assignment", Assignment) or Assignment.QUEUE,
        owner=values.text("owner"),
        skills=_skills(found.findall(servoloop("skill")), reading),
        authority_limit=values.amount("authorityLimit"),
        cost_rate=values.amount("costRate"),
        currency=values.matching("currency", CURRENCY, "a currency code such as CNY"),
        value_class=values.choice("valueClass", ValueClass),
        layer=values.choice("layer", Layer),
        calendar=values.text("calendar"),
        inputs=read_fields(found.findall(servoloop("input")), reading),
        outputs=read_outputs(found.findall(servoloop("output")), reading),
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
    values = Values(found, reading, expected=_SHEET_ATTRIBUTES)
    expect_children(found, _SHEET_CHILDREN, reading)
    words = read_words(found.findall(servoloop("description")), reading)
    return ProcessSheet(
        name=name,
        description=Words(default=words.default or documentation, translations=words.translations),
        goal=read_words(found.findall(servoloop("goal")), reading),
        kpi_goals=_kpi_goals(found.findall(servoloop("kpi")), reading),
        owner=values.text("owner"),
        calendar=values.text("calendar"),
        currency=values.matching("currency", CURRENCY, "a currency code such as CNY"),
        service_levels=_service_levels(found.findall(servoloop("serviceLevel")), reading),
        form=form,
        is_internal=values.boolean("internal"),
        approval=values.choice("approval", Approval) or Approval.NOBODY,
    )


def read_form(element: etree._Element, reading: Reading) -> tuple[Field, ...]:
    """The fields that a start event asks for."""
    found = extension(element, "form")
    if found is None:
        return ()
    expect_children(found, ("field",), reading)
    return read_fields(found.findall(servoloop("field")), reading)


def read_flag(element: etree._Element, attribute: str, reading: Reading) -> bool:
    """An attribute of ours on a BPMN element, such as servoloop:isWorkingTime."""
    return flag(element.get(servoloop(attribute)), attribute, reading)


def read_role(element: etree._Element, reading: Reading) -> str | None:
    """The servoloop:role attribute of a lane."""
    role = element.get(servoloop("role"))
    if role is None or ROLE.fullmatch(role.strip()):
        return role and role.strip()
    reading.complain(f"role '{role}' is not one role name, such as 'agent'.")
    return None


def _checklist(elements: Iterable[etree._Element], reading: Reading) -> tuple[CheckItem, ...]:
    items = []
    for element in elements:
        values = Values(element, reading, expected=("required",))
        expect_children(element, ("label",), reading)
        words = read_words(element.findall(servoloop("label")), reading)
        if words.default or words.translations:
            items.append(CheckItem(words=words, is_required=values.boolean("required")))
        else:
            reading.complain("a line of the checklist says nothing.")
    return tuple(items)


def _attachments(elements: Iterable[etree._Element], reading: Reading) -> tuple[Attachment, ...]:
    found = []
    for element in elements:
        values = Values(element, reading, expected=("href",))
        expect_children(element, ("label",), reading)
        wanted = "an http or https address, or a path that begins with one slash"
        address = values.matching("href", _ADDRESS, wanted)
        label = read_words(element.findall(servoloop("label")), reading)
        if address is not None:
            found.append(Attachment(address=address, label=label))
        elif values.text("href") is None:
            reading.complain("an attachment has no address (href).")
    return tuple(found)


def _skills(elements: Iterable[etree._Element], reading: Reading) -> tuple[str, ...]:
    skills: list[str] = []
    for element in elements:
        values = Values(element, reading, expected=("name",))
        expect_children(element, (), reading)
        name = values.matching("name", ROLE, "one skill, such as 'refunds'")
        if name is None and values.text("name") is None:
            reading.complain("a skill has no name.")
        elif name in skills:
            reading.complain(f"the skill '{name}' is asked for twice.")
        elif name is not None:
            skills.append(name)
    return tuple(skills)


def _escalation(
    elements: Iterable[etree._Element], reading: Reading
) -> tuple[EscalationLevel, ...]:
    levels = []
    for element in elements:
        values = Values(element, reading, expected=("role", "within", "calendar"))
        role = values.matching("role", ROLE, "one role name, such as 'supervisor'")
        within = values.duration("within")
        if role is not None and within is not None:
            calendar = values.text("calendar")
            levels.append(EscalationLevel(role=role, within=within, calendar=calendar))
        elif not (values.text("role") and values.text("within")):
            reading.complain("an escalation level needs both a role and a time within which.")
    return tuple(levels)


def _kpi_goals(elements: Iterable[etree._Element], reading: Reading) -> tuple[KpiGoal, ...]:
    goals: dict[str, KpiGoal] = {}
    for element in elements:
        values = Values(element, reading, expected=("name", "target"))
        kpi = values.matching("name", _KPI, "the id of a KPI, such as first_contact_resolution")
        target = values.parsed("target", _target)
        if kpi in goals:
            reading.complain(f"the KPI '{kpi}' has two goals.")
        elif kpi is not None and target is not None:
            goals[kpi] = KpiGoal(kpi=kpi, target=target)
        elif not (values.text("name") and values.text("target")):
            reading.complain("a KPI goal needs both a name and a target.")
    return tuple(goals.values())


def _target(text: str) -> timedelta | Decimal:
    if text.startswith("P"):
        return parse_duration(text)
    target = decimal_of(text)
    if target < 0:
        raise BadTime(f"a goal must not be negative, but it is {target}.")
    return target


def _service_levels(
    elements: Iterable[etree._Element], reading: Reading
) -> tuple[ServiceLevel, ...]:
    levels: dict[str, ServiceLevel] = {}
    for element in elements:
        values = Values(element, reading, expected=("metric", "within", "calendar"))
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
