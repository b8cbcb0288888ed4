from datetime import timedelta
from decimal import Decimal

import pytest

from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.findings import Finding, Severity
from servoloop.kernel.process.model import FlowNode
from servoloop.kernel.process.reader import read_model
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
    ServiceLevel,
    Step,
    ValueClass,
)
from servoloop.kernel.process.words import Words
from tests.kernel.process.drawing import TINY, document, end, flows, process, start


def task(extension: str) -> tuple[FlowNode, tuple[Finding, ...]]:
    """A task with this content in its extension elements, and what was found wrong with it."""
    body = f"<bpmn:extensionElements>{extension}</bpmn:extensionElements>"
    model = read_model(
        document(
            process(
                start(),
                f'<bpmn:userTask id="work" name="Work">{body}</bpmn:userTask>',
                end(),
                flows("start > work > end"),
            )
        )
    )
    return next(each for each in model.nodes() if each.id == "work"), model.findings


def step(attributes: str = "", inside: str = "") -> tuple[Step, tuple[Finding, ...]]:
    node, findings = task(f"<servoloop:step {attributes}>{inside}</servoloop:step>")
    return node.step, findings


def test_every_part_of_a_step_is_read() -> None:
    read, findings = step(
        'standardTime="PT10M" responseTime="PT2H" role="agent" assignment="first_contact"'
        ' owner="bo" costRate="42.50" currency="CNY" valueClass="business" layer="backstage"'
        ' calendar="office" waitsForCustomer="true" topic="mail" retries="5" authorityLimit="200"',
        "<servoloop:sop>Read.</servoloop:sop><servoloop:sop lang='zh-Hans'>读。</servoloop:sop>"
        '<servoloop:check required="true"><servoloop:label>Look.</servoloop:label>'
        "</servoloop:check><servoloop:check><servoloop:label lang='zh'>问。</servoloop:label>"
        '</servoloop:check><servoloop:attachment href="https://example.org/a.pdf">'
        "<servoloop:label>Rules</servoloop:label></servoloop:attachment>"
        '<servoloop:attachment href="/files/b.png"/>'
        '<servoloop:skill name="refunds"/><servoloop:skill name="英语"/>'
        '<servoloop:input name="amount" type="money"/>'
        '<servoloop:output name="decision" type="choice" required="true" outcome="true">'
        "<servoloop:label>Decision</servoloop:label><servoloop:help lang='zh'>选。</servoloop:help>"
        '<servoloop:option value="yes"><servoloop:label lang="zh">是</servoloop:label>'
        "</servoloop:option></servoloop:output>"
        '<servoloop:output name="sum" type="number" minimum="0" maximum="9.5"'
        ' validation="sum &lt; 5"/>'
        '<servoloop:escalation role="supervisor" within="PT1H"/>'
        '<servoloop:escalation role="manager" within="PT2H" calendar="always"/>',
    )
    assert findings == ()
    assert read == Step(
        sop=Words(default="Read.", translations={"zh-hans": "读。"}),
        checklist=(
            CheckItem(words=Words(default="Look."), is_required=True),
            CheckItem(words=Words(translations={"zh": "问。"})),
        ),
        attachments=(
            Attachment(address="https://example.org/a.pdf", label=Words(default="Rules")),
            Attachment(address="/files/b.png"),
        ),
        skills=("refunds", "英语"),
        authority_limit=Decimal(200),
        standard_time=timedelta(minutes=10),
        response_time=timedelta(hours=2),
        role="agent",
        assignment=Assignment.FIRST_CONTACT,
        owner="bo",
        cost_rate=Decimal("42.50"),
        currency="CNY",
        value_class=ValueClass.BUSINESS,
        layer=Layer.BACKSTAGE,
        calendar="office",
        inputs=(Field(name="amount", type=FieldType.MONEY),),
        outputs=(
            Field(
                name="decision",
                type=FieldType.CHOICE,
                label=Words(default="Decision"),
                help=Words(translations={"zh": "选。"}),
                is_required=True,
                is_outcome=True,
                options=(Option(value="yes", label=Words(translations={"zh": "是"})),),
            ),
            Field(
                name="sum",
                type=FieldType.NUMBER,
                minimum=Decimal(0),
                maximum=Decimal("9.5"),
                validation="sum < 5",
            ),
        ),
        escalation=(
            EscalationLevel(role="supervisor", within=timedelta(hours=1)),
            EscalationLevel(role="manager", within=timedelta(hours=2), calendar="always"),
        ),
        waits_for_customer=True,
        topic="mail",
        retries=5,
    )


def test_a_step_without_extension_is_the_empty_step() -> None:
    assert task("")[0].step == Step()


@pytest.mark.parametrize(
    ("attributes", "inside", "says"),
    [
        ('standardTime="soon"', "", "standardTime: 'soon' is not an ISO 8601 duration"),
        ('standardTime="P1M"', "", "length varies"),
        ('responseTime="PT0S"', "", "longer than zero"),
        ('role="agent, supervisor"', "", "not one role name"),
        ('role="${initiator}"', "", "not one role name"),
        ('assignment="random"', "", "not one of queue, load, first_contact"),
        ('valueClass="good"', "", "not one of customer, business, waste"),
        ('layer="roof"', "", "not one of"),
        ('costRate="much"', "", "'much' is not a number"),
        ('costRate="-1"', "", "must not be negative"),
        ('costRate="NaN"', "", "not a number"),
        ('costRate="1e999"', "", "not a number"),
        ('authorityLimit="-5"', "", "must not be negative"),
        ("", "<servoloop:check/>", "says nothing"),
        ("", "<servoloop:attachment/>", "no address"),
        ("", '<servoloop:attachment href="javascript:alert(1)"/>', "not an http or https"),
        ("", '<servoloop:attachment href="//example.org"/>', "not an http or https"),
        ("", "<servoloop:skill/>", "no name"),
        ("", '<servoloop:skill name="a, b"/>', "not one skill"),
        ("", '<servoloop:skill name="a"/><servoloop:skill name="a"/>', "asked for twice"),
        ("", '<servoloop:output name="a" validation="a &lt;"/>', "cannot be read"),
        ('currency="yuan"', "", "not a currency code"),
        ('retries="many"', "", "not a number"),
        ('retries="1.5"', "", "whole number"),
        ('waitsForCustomer="maybe"', "", "neither true nor false"),
        ("", '<servoloop:escalation role="boss"/>', "both a role and a time"),
        ("", '<servoloop:escalation role="boss" within="1h"/>', "ISO 8601"),
        ("", "<servoloop:output/>", "has no name"),
        ("", '<servoloop:output name="a b"/>', "not a variable name"),
        ("", '<servoloop:output name="a" type="colour"/>', "not one of text"),
        ("", '<servoloop:output name="a"/><servoloop:output name="a"/>', "declared twice"),
        ("", '<servoloop:output name="a" type="choice"/>', "0 options"),
        ("", '<servoloop:output name="a" outcome="true"/>', "must be a choice"),
        ("", '<servoloop:output name="a" type="number" minimum="2" maximum="1"/>', "above"),
        ("", '<servoloop:output name="a" minimum="x"/>', "not a number"),
        (
            "",
            '<servoloop:output name="a" type="choice"><servoloop:option value="x"/>'
            '<servoloop:option value="x"/></servoloop:output>',
            "twice",
        ),
        (
            "",
            '<servoloop:output name="a" type="choice"><servoloop:option/></servoloop:output>',
            "no value",
        ),
        (
            "",
            "<servoloop:sop lang='zh'>a</servoloop:sop><servoloop:sop lang='zh'>b</servoloop:sop>",
            "twice in the language",
        ),
        ("", "<servoloop:sop lang='!'>a</servoloop:sop>", "not a language tag"),
    ],
)
def test_bad_content_is_a_finding_on_the_element(attributes: str, inside: str, says: str) -> None:
    _, findings = step(attributes, inside)
    assert any(says in each.words for each in findings), [each.words for each in findings]
    for each in findings:
        assert (each.element_id, each.element_name) == ("work", "Work")
        assert each.rule == "bad-extension" and each.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("attributes", "inside"),
    [('standardtime="PT1M"', ""), ("", "<servoloop:sob>x</servoloop:sob>"), ("", "<zeebe:x/>")],
)
def test_a_misspelt_part_is_a_warning(attributes: str, inside: str) -> None:
    _, findings = step(attributes, inside)
    assert [(each.rule, each.severity) for each in findings] == [
        ("unknown-extension", Severity.WARNING)
    ]


def test_what_a_process_declares_is_read() -> None:
    (tiny,) = read_model(read_document(TINY.read_bytes())).processes
    assert tiny.sheet.name == Words(
        default="A question is answered", translations={"zh-hans": "答复客户的问题"}
    )
    assert tiny.sheet.owner == "bo" and tiny.sheet.calendar == "office"
    assert tiny.sheet.description.default.startswith("A customer asks")
    assert tiny.sheet.description.in_language("zh-hans").startswith("客户提问")
    assert tiny.sheet.service_levels == (
        ServiceLevel(metric="first_response", within=timedelta(hours=1)),
        ServiceLevel(metric="resolution", within=timedelta(hours=8)),
    )
    assert [(each.name, each.is_required) for each in tiny.sheet.form] == [("question", True)]


def test_what_a_process_aims_at_is_read() -> None:
    sheet = (
        '<bpmn:extensionElements><servoloop:sheet internal="true" approval="second_person">'
        "<servoloop:goal>Calm.</servoloop:goal><servoloop:goal lang='zh'>安心。</servoloop:goal>"
        '<servoloop:kpi name="first_contact_resolution" target="0.7"/>'
        '<servoloop:kpi name="resolution.net" target="PT12H"/>'
        "</servoloop:sheet></bpmn:extensionElements>"
    )
    model = read_model(document(process(sheet, start(), end())))
    (read,) = model.processes
    assert model.findings == ()
    assert read.sheet.goal == Words(default="Calm.", translations={"zh": "安心。"})
    assert read.sheet.kpi_goals == (
        KpiGoal(kpi="first_contact_resolution", target=Decimal("0.7")),
        KpiGoal(kpi="resolution.net", target=timedelta(hours=12)),
    )
    assert read.sheet.is_internal and read.sheet.approval is Approval.SECOND_PERSON


@pytest.mark.parametrize(
    ("inside", "says"),
    [
        ('<servoloop:kpi name="resolution"/>', "both a name and a target"),
        ('<servoloop:kpi name="Speed!" target="1"/>', "not the id of a KPI"),
        ('<servoloop:kpi name="reopen" target="few"/>', "not a number"),
        ('<servoloop:kpi name="reopen" target="-1"/>', "must not be negative"),
        ('<servoloop:kpi name="reopen" target="1"/>' * 2, "two goals"),
        ('<servoloop:serviceLevel metric="speed" within="PT1H"/>', "not one of first_response"),
        ('<servoloop:serviceLevel metric="resolution"/>', "no time within which"),
        ('<servoloop:serviceLevel metric="resolution" within="1d"/>', "ISO 8601"),
        ('<servoloop:serviceLevel metric="resolution" within="PT1H"/>' * 2, "declared twice"),
    ],
)
def test_a_bad_service_level_is_a_finding_on_the_process(inside: str, says: str) -> None:
    sheet = (
        f"<bpmn:extensionElements><servoloop:sheet>{inside}</servoloop:sheet>"
        "</bpmn:extensionElements>"
    )
    (found,) = read_model(document(process(sheet, start(), end()))).findings
    assert found.element_id == "p" and says in found.words
