from datetime import timedelta
from decimal import Decimal
from difflib import unified_diff

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.edit import (
    UnknownElement,
    rename,
    set_condition,
    set_sheet,
    set_step,
)
from servoloop.kernel.process.extension_writing import BadEdit
from servoloop.kernel.process.model import ACTIVITY_TYPES, EVENT_TYPES, FlowNode
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
    Option,
    ProcessSheet,
    ServiceLevel,
    Step,
)
from servoloop.kernel.process.words import Words
from tests.kernel.process.drawing import TINY, document, end, flows, process, start, tasks


def tiny() -> Document:
    return read_document(TINY.read_bytes())


def changed_lines(before: bytes, after: bytes) -> list[str]:
    """Lines that are gone (-) or new (+)."""
    lines = unified_diff(
        before.decode().splitlines(), after.decode().splitlines(), lineterm="", n=0
    )
    return [each for each in lines if not each.startswith(("---", "+++", "@@"))]


def node(edited: Document, id: str) -> FlowNode:
    return next(each for each in read_model(edited).nodes() if each.id == id)


def test_writing_what_was_read_changes_nothing() -> None:
    edited = tiny()
    (read,) = read_model(edited).processes
    for each in read.nodes:
        rename(edited, each.id, name=each.name)
        if each.type in ACTIVITY_TYPES | EVENT_TYPES:
            set_step(edited, each.id, step=each.step)
    for flow in read.flows:
        set_condition(edited, flow.id, condition=flow.condition and flow.condition.text)
    set_sheet(edited, read.id, sheet=read.sheet)
    assert edited.to_bytes() == TINY.read_bytes()


def test_a_new_name_changes_one_line() -> None:
    edited = tiny()
    rename(edited, "study", name=Words(default="Study it", translations={"zh-hans": "研究问题"}))
    assert changed_lines(TINY.read_bytes(), edited.to_bytes()) == [
        '-    <bpmn:userTask id="study" name="Study the question">',
        '+    <bpmn:userTask id="study" name="Study it">',
    ]


def test_a_new_translation_is_indented_like_its_neighbours() -> None:
    edited = tiny()
    rename(edited, "to_triage", name=Words(default="go", translations={"en": "go"}))
    assert changed_lines(TINY.read_bytes(), edited.to_bytes()) == [
        '-    <bpmn:sequenceFlow id="to_triage" sourceRef="asked" targetRef="triage"/>',
        '+    <bpmn:sequenceFlow id="to_triage" sourceRef="asked" targetRef="triage" name="go">',
        "+      <bpmn:extensionElements>",
        '+        <servoloop:label lang="en">go</servoloop:label>',
        "+      </bpmn:extensionElements>",
        "+    </bpmn:sequenceFlow>",
    ]


def test_a_condition_is_set_replaced_and_removed() -> None:
    edited = tiny()
    set_condition(edited, "studied", condition="amount < 5")
    assert changed_lines(TINY.read_bytes(), edited.to_bytes())[1:] == [
        '+    <bpmn:sequenceFlow id="studied" sourceRef="study" targetRef="answered">',
        '+      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">amount &lt; 5'
        "</bpmn:conditionExpression>",
        "+    </bpmn:sequenceFlow>",
    ]
    set_condition(edited, "studied", condition="true")
    assert b">true</bpmn:conditionExpression>" in edited.to_bytes()
    set_condition(edited, "studied", condition=None)
    assert edited.to_bytes() == TINY.read_bytes()


def test_a_step_goes_into_a_bare_task_and_out_again() -> None:
    bare = document(process(start(), tasks("work"), end(), flows("start > work > end")))
    before = bare.to_bytes()
    step = Step(standard_time=timedelta(minutes=5), sop=Words(default="Do it."))
    set_step(bare, "work", step=step)
    assert node(read_document(bare.to_bytes()), "work").step == step
    set_step(bare, "work", step=Step())
    assert read_document(bare.to_bytes()).version() == read_document(before).version()


def test_a_file_without_our_prefix_and_with_a_default_namespace_can_be_edited() -> None:
    edited = read_document(
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">'
        b'<task id="a"><incoming>x</incoming></task><sequenceFlow id="f" sourceRef="a"'
        b' targetRef="a"/></process></definitions>'
    )
    set_step(edited, "a", step=Step(role="agent"))
    set_condition(edited, "f", condition="x")
    assert edited.to_bytes() == (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">'
        b'<task id="a"><extensionElements><servoloop:step xmlns:servoloop="urn:servoloop:bpmn:1"'
        b' role="agent"/></extensionElements><incoming>x</incoming></task><sequenceFlow id="f"'
        b' sourceRef="a" targetRef="a"><conditionExpression'
        b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="tFormalExpression">x'
        b"</conditionExpression></sequenceFlow></process></definitions>"
    )


def test_foreign_extensions_stay_where_they_are() -> None:
    edited = document(
        process(
            start(),
            '<bpmn:userTask id="work"><bpmn:extensionElements><!-- mine --><zeebe:keep a="1"/>'
            '<servoloop:step role="a"/><zeebe:too/></bpmn:extensionElements></bpmn:userTask>',
        )
    )
    set_step(edited, "work", step=Step(role="b"))
    assert (
        b'<!-- mine --><zeebe:keep a="1"/><servoloop:step role="b"/><zeebe:too/>'
        in edited.to_bytes()
    )


def test_an_unknown_element_is_named() -> None:
    with pytest.raises(UnknownElement, match="no activity or event with the id 'who_answers'"):
        set_step(tiny(), "who_answers", step=Step())
    with pytest.raises(UnknownElement, match="no sequence flow with the id 'triage'"):
        set_condition(tiny(), "triage", condition="true")
    with pytest.raises(UnknownElement, match="no element with the id 'nobody'"):
        rename(tiny(), "nobody", name=Words(default="x"))


def test_text_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(BadEdit, match="control characters"):
        rename(tiny(), "study", name=Words(default="\x00"))
    with pytest.raises(BadEdit, match="control characters"):
        set_condition(tiny(), "studied", condition="\x01")
    with pytest.raises(BadEdit, match="control characters"):
        set_step(tiny(), "study", step=Step(sop=Words(default="\x02")))
    with pytest.raises(BadEdit, match="language tag"):
        rename(tiny(), "study", name=Words(translations={"?": "x"}))


text = (
    st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
        min_size=1,
    )
    .map(str.strip)
    .filter(bool)
)
names = st.from_regex(r"[a-z_][a-z0-9_]{0,8}", fullmatch=True)
roles = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
words = st.builds(
    Words,
    default=st.just("") | text,
    translations=st.dictionaries(st.sampled_from(["en", "zh-hans", "de"]), text, max_size=3),
)
durations = st.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=4000))
amounts = st.decimals(min_value=0, max_value=Decimal(10**9), places=2)
options = st.lists(
    st.builds(Option, value=names, label=words), min_size=1, max_size=3, unique_by=lambda o: o.value
).map(tuple)
plain_fields = st.builds(
    Field,
    name=names,
    type=st.sampled_from([each for each in FieldType if each is not FieldType.CHOICE]),
    label=words,
    help=words,
    is_required=st.booleans(),
    minimum=st.none() | st.just(Decimal("1.5")),
    validation=st.none() | st.sampled_from(["a < 5", 'a = "x" and b']),
    maximum=st.none() | st.just(Decimal(7)),
)
choices = st.builds(Field, name=names, type=st.just(FieldType.CHOICE), label=words, options=options)
field_lists = st.lists(plain_fields | choices, max_size=3, unique_by=lambda f: f.name).map(tuple)
said = words.filter(lambda w: bool(w.default or w.translations))
steps = st.builds(
    Step,
    sop=words,
    checklist=st.lists(st.builds(CheckItem, words=said, is_required=st.booleans()), max_size=2).map(
        tuple
    ),
    attachments=st.lists(
        st.builds(
            Attachment, address=st.sampled_from(["https://example.org/a", "/b"]), label=words
        ),
        max_size=2,
    ).map(tuple),
    skills=st.lists(roles, max_size=2, unique=True).map(tuple),
    authority_limit=st.none() | amounts,
    standard_time=st.none() | durations,
    response_time=st.none() | durations,
    role=st.none() | roles,
    assignment=st.sampled_from(Assignment),
    cost_rate=st.none() | amounts,
    currency=st.none() | st.just("CNY"),
    inputs=field_lists,
    outputs=field_lists,
    escalation=st.lists(
        st.builds(EscalationLevel, role=roles, within=durations, calendar=st.none() | roles),
        max_size=3,
    ).map(tuple),
    waits_for_customer=st.booleans(),
    topic=st.none() | roles,
    retries=st.integers(min_value=0, max_value=1000),
)
sheets = st.builds(
    ProcessSheet,
    name=words,
    description=words,
    goal=words,
    kpi_goals=st.lists(
        st.builds(
            KpiGoal,
            kpi=st.sampled_from(["reopen", "resolution.net"]),
            target=durations | amounts,
        ),
        max_size=2,
        unique_by=lambda goal: goal.kpi,
    ).map(tuple),
    is_internal=st.booleans(),
    approval=st.sampled_from(Approval),
    owner=st.none() | roles,
    calendar=st.none() | roles,
    service_levels=st.lists(
        st.builds(
            ServiceLevel, metric=st.sampled_from(["first_response", "resolution"]), within=durations
        ),
        unique_by=lambda level: level.metric,
    ).map(tuple),
    form=field_lists,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(step=steps)
def test_any_step_survives_writing_and_reading(step: Step) -> None:
    edited = tiny()
    set_step(edited, "study", step=step)
    again = read_document(edited.to_bytes())
    assert node(again, "study").step == step
    assert not read_model(again).findings
    set_step(again, "study", step=step)
    assert again.to_bytes() == edited.to_bytes()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sheet=sheets)
def test_any_sheet_survives_writing_and_reading(sheet: ProcessSheet) -> None:
    edited = tiny()
    set_sheet(edited, "tiny", sheet=sheet)
    again = read_document(edited.to_bytes())
    assert read_model(again).processes[0].sheet == sheet
    assert not read_model(again).findings
