"""What the editor is told about our elements (servoloop-moddle.js) is what the kernel reads and
writes: neither knows an element or attribute that the other does not."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

import servoloop
from servoloop.kernel.process.extension_writing import (
    form_element,
    label_elements,
    sheet_element,
    step_element,
)
from servoloop.kernel.process.namespaces import SERVOLOOP, local_name_in
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.readiness.strict import wants_strict
from servoloop.kernel.process.readiness.waivers import Waiver, read_waivers, write_waiver
from servoloop.kernel.process.step import (
    Approval,
    Assignment,
    Attachment,
    CheckItem,
    EscalationLevel,
    Field,
    FieldType,
    KpiGoal,
    Layer,
    Option,
    ProcessSheet,
    ServiceLevel,
    Step,
    ValueClass,
)
from servoloop.kernel.process.words import Words
from tests.kernel.process.drawing import document, end, flows, process, start, tasks

FILE = Path(servoloop.__file__).parent / "web/design/static/design/islands/servoloop-moddle.js"
DESCRIPTOR: dict[str, Any] = json.loads(
    FILE.read_text(encoding="utf-8").partition("export const servoloop = ")[2].strip().rstrip(";")
)
TYPES = {each["name"]: each for each in DESCRIPTOR["types"]}
BOTH = Words(default="Words", translations={"zh": "话"})
HOUR = timedelta(hours=1)


def field(name: str, type: FieldType, **more: Any) -> Field:
    return Field(name=name, type=type, label=BOTH, help=BOTH, is_required=True, **more)


FIELDS = (
    field("a", FieldType.CHOICE, is_outcome=True, options=(Option(value="x", label=BOTH),)),
    field("b", FieldType.MONEY, minimum=Decimal(1), maximum=Decimal(2), validation="b > 1"),
)
STEP = Step(
    sop=BOTH,
    checklist=(CheckItem(words=BOTH, is_required=True),),
    attachments=(Attachment(address="/a", label=BOTH),),
    standard_time=HOUR,
    response_time=HOUR,
    role="agent",
    assignment=Assignment.LOAD,
    owner="bo",
    skills=("refunds",),
    authority_limit=Decimal(9),
    cost_rate=Decimal(60),
    currency="CNY",
    value_class=ValueClass.WASTE,
    layer=Layer.SUPPORT,
    calendar="office",
    inputs=FIELDS,
    outputs=FIELDS,
    escalation=(EscalationLevel(role="boss", within=HOUR, calendar="office"),),
    waits_for_customer=True,
    topic="mail",
    retries=1,
)
SHEET = ProcessSheet(
    name=BOTH,
    description=BOTH,
    goal=BOTH,
    kpi_goals=(KpiGoal(kpi="reopen", target=Decimal(1)),),
    owner="bo",
    calendar="office",
    currency="CNY",
    service_levels=(ServiceLevel(metric="resolution", within=HOUR, calendar="office"),),
    form=FIELDS,
    is_internal=True,
    approval=Approval.OWNER,
)


def written(elements: Iterable[etree._Element]) -> set[tuple[str, str]]:
    """(element, attribute) and (element, "<child>") of everything below; "text" for a body."""
    found: set[tuple[str, str]] = set()
    for root in elements:
        for each in root.iter(f"{{{SERVOLOOP}}}*"):
            name = local_name_in(each, SERVOLOOP)
            found |= {(name, str(attribute)) for attribute in each.attrib}
            found |= {(name, f"<{local_name_in(child, SERVOLOOP)}>") for child in each}
            found |= {(name, "text")} if (each.text or "").strip() else set()
    return found


def properties(name: str) -> Iterator[dict[str, Any]]:
    """Of a type and of those that it inherits from."""
    for parent in TYPES[name].get("superClass", ()):
        if parent in TYPES:
            yield from properties(parent)
    yield from TYPES[name].get("properties", ())


def tag(name: str) -> str:
    return name[0].lower() + name[1:]


def described(*roots: str) -> set[tuple[str, str]]:
    """As `written`, of what the descriptor says about these types and all below them."""
    found: set[tuple[str, str]] = set()
    waiting, seen = list(roots), set(roots)
    while waiting:
        name = waiting.pop()
        for each in properties(name):
            if each.get("isAttr") or each.get("isBody"):
                found.add((tag(name), each["name"]))
                continue
            found.add((tag(name), f"<{tag(each['type'])}>"))
            waiting += [] if each["type"] in seen else [each["type"]]
            seen.add(each["type"])
    return found


def test_the_samples_leave_nothing_out() -> None:
    for sample in (STEP, SHEET, FIELDS[1], *STEP.escalation, *SHEET.service_levels):
        empty = [
            each.name
            for each in fields(sample)
            if not getattr(sample, each.name) and each.name not in ("is_outcome", "options")
        ]
        assert empty == []


def test_the_editor_knows_exactly_what_the_kernel_writes() -> None:
    step, sheet, form = step_element(STEP), sheet_element(SHEET), form_element(FIELDS)
    assert step is not None and sheet is not None and form is not None
    labels = label_elements(BOTH)
    # A description without a language stands in the BPMN documentation, so both are the same words.
    assert written([step, sheet, form, *labels]) == described("Step", "Sheet", "Form", "Label")


def test_the_kernel_reads_everything_that_the_editor_writes() -> None:
    parts = [step_element(STEP), sheet_element(SHEET), form_element(FIELDS)]
    step, sheet, form = (
        etree.tostring(each, encoding="unicode") for each in parts if each is not None
    )
    file = document(
        process(
            f"<bpmn:extensionElements>{sheet}</bpmn:extensionElements>",
            start("start", f"<bpmn:extensionElements>{form}</bpmn:extensionElements>"),
            f'<bpmn:userTask id="work"><bpmn:extensionElements>{step}</bpmn:extensionElements>'
            "</bpmn:userTask>",
            end(),
            flows("start > work > end"),
        )
    )
    model = read_model(file)
    assert [each.words for each in model.findings] == []
    assert next(each for each in model.nodes() if each.id == "work").step == STEP
    read = model.processes[0].sheet
    assert (read.goal, read.kpi_goals, read.form) == (SHEET.goal, SHEET.kpi_goals, FIELDS)


def test_waivers_rules_and_decisions_are_the_same_on_both_sides() -> None:
    file = document(process(start("start"), tasks("work"), end(), flows("start > work > end")))
    waiver = Waiver(element="work", rule="flow-clear", by="cy", reason="Known.")
    write_waiver(file, waiver)
    assert read_waivers(file) == (waiver,)
    found = file.root.iter(f"{{{SERVOLOOP}}}waiver")
    assert written(found) == described("Waiver")
    assert described("Assign") == {("assign", "variable"), ("assign", "text")}
    assert described("Decide") == {("decide", "decision"), ("decide", "variable")}
    (models,) = properties("Decisions")
    assert (models["type"], models["isMany"]) == ("Element", True)  # DMN, as it is
    rules = document(
        process(
            start("start"),
            '<bpmn:scriptTask id="a"><bpmn:extensionElements><servoloop:assign variable="x">1'
            "</servoloop:assign></bpmn:extensionElements></bpmn:scriptTask>"
            '<bpmn:businessRuleTask id="b"><bpmn:extensionElements>'
            '<servoloop:decide decision="Fee" variable="y"/></bpmn:extensionElements>'
            "</bpmn:businessRuleTask>",
            end(),
        )
    )
    said = {each.id: each.assignation for each in read_model(rules).nodes()}
    assert said["a"] is not None and (said["a"].expression.text, said["a"].variable) == ("1", "x")
    assert said["b"] is not None and (said["b"].decision, said["b"].variable) == ("Fee", "y")


def test_our_attributes_on_bpmn_elements_are_read_where_the_editor_writes_them() -> None:
    on = {
        (each["extends"][0].removeprefix("bpmn:"), attribute["name"])
        for each in DESCRIPTOR["types"]
        if "extends" in each
        for attribute in each["properties"]
    }
    assert on == {
        ("Lane", "role"),
        ("Process", "profile"),
        ("TimerEventDefinition", "isWorkingTime"),
        ("MessageEventDefinition", "correlationKey"),
        ("MessageEventDefinition", "payload"),
        ("ReceiveTask", "correlationKey"),
        ("SendTask", "correlationKey"),
        ("SendTask", "payload"),
        ("Message", "correlationKey"),
        ("ScriptTask", "resultVariable"),
    }
    body = (
        '<bpmn:laneSet><bpmn:lane id="l" servoloop:role="agent"/></bpmn:laneSet>'
        '<bpmn:intermediateCatchEvent id="timer"><bpmn:timerEventDefinition '
        'servoloop:isWorkingTime="true"><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
        '<bpmn:intermediateThrowEvent id="throw"><bpmn:messageEventDefinition '
        'servoloop:correlationKey="a" servoloop:payload="b"/></bpmn:intermediateThrowEvent>'
        '<bpmn:receiveTask id="receive" servoloop:correlationKey="c"/>'
        '<bpmn:sendTask id="send" servoloop:correlationKey="d" servoloop:payload="e"/>'
        '<bpmn:scriptTask id="script" scriptFormat="feel" servoloop:resultVariable="f">'
        "<bpmn:script>1</bpmn:script></bpmn:scriptTask>"
    )
    file = document(
        f'<bpmn:process id="p" servoloop:profile="strict">{body}</bpmn:process>'
        '<bpmn:message id="m" servoloop:correlationKey="g"/>'
    )
    model = read_model(file)
    nodes = {each.id: each for each in model.nodes()}
    thrown, received, sent = (
        nodes["throw"].events[0],
        nodes["receive"].message,
        nodes["send"].message,
    )
    assert received is not None and sent is not None and nodes["script"].assignation is not None
    texts = [thrown.correlation_key, thrown.payload, received.correlation_key]
    texts += [sent.correlation_key, sent.payload, model.declarations[0].correlation_key]
    assert [each and each.text for each in texts] == ["a", "b", "c", "d", "e", "g"]
    assert nodes["timer"].events[0].is_working_time
    assert nodes["script"].assignation.variable == "f"
    assert model.processes[0].lanes[0].role == "agent" and wants_strict(model.processes)


def test_values_are_texts_so_that_nothing_is_spelt_anew() -> None:
    attributes = [each for name in TYPES for each in properties(name) if each.get("isAttr")]
    assert {each["type"] for each in attributes} == {"String"}
    assert (DESCRIPTOR["prefix"], DESCRIPTOR["uri"]) == ("servoloop", SERVOLOOP)
