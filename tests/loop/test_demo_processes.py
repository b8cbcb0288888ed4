"""The processes of the demo company are complete, in two languages, and drawn with care."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

import pytest
from lxml import etree

from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.namespaces import BPMNDI, DC, DI, bpmn
from servoloop.kernel.process.program import Node, Op
from servoloop.kernel.process.step import Field
from servoloop.kernel.process.words import Words
from servoloop.loop.demo.cast import COLLEAGUES, ROLES
from servoloop.loop.demo.load import PROCESSES
from tests.loop.demo_cases import model_of, program_of, workplace, xml_of

CHINESE = re.compile(r"[\u4e00-\u9fff]")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]")


def human_steps(process: str) -> list[Node]:
    return [node for node in program_of(process).nodes if node.op is Op.HUMAN]


every_process = pytest.mark.parametrize("process", PROCESSES)


# What the readiness gate will ask


def test_the_demo_company_runs_three_processes():
    assert PROCESSES == ("complaint", "refund", "repair")


@every_process
def test_the_check_finds_nothing_to_complain_about(process):
    assert check(read_document(xml_of(process))).findings == ()


@every_process
def test_every_human_step_says_who_how_how_long_until_when_and_what_then(process):
    for node in human_steps(process):
        step = node.step
        assert step.standard_time and step.response_time, node.id
        assert step.response_time > step.standard_time, node.id
        assert len(step.escalation) >= 2, node.id
        assert step.cost_rate and step.currency == "CNY", node.id
        assert step.value_class and step.layer and step.owner, node.id


@every_process
@pytest.mark.parametrize(
    ("language", "purpose", "done"),
    [("zh", "**目的**：", "**完成标准**："), ("en", "**Purpose**: ", "**Done when**")],
)
def test_every_method_gives_its_purpose_its_steps_and_when_it_is_done(
    process, language, purpose, done
):
    for node in human_steps(process):
        method = node.step.sop.translations[language]
        assert method.startswith(purpose), node.id
        assert "\n1. " in method and "\n2. " in method, node.id
        assert done in method, node.id


@every_process
def test_every_role_owner_and_calendar_exists_in_the_company(process):
    staffed = {role for colleague in COLLEAGUES for role in colleague.roles}
    people = {colleague.username for colleague in COLLEAGUES}
    program = program_of(process)
    assert program.sheet.owner in people
    assert staffed == {role.key for role in ROLES}
    for node in human_steps(process):
        roles = {node.step.role, *(level.role for level in node.step.escalation)}
        assert roles <= staffed, node.id
        assert node.step.owner in people
    named = {node.step.calendar for node in program.nodes} - {None}
    named |= {level.calendar for level in program.sheet.service_levels}
    assert named | {program.sheet.calendar} <= set(workplace().calendars)


@every_process
def test_nobody_is_asked_about_a_question_of_their_own_role(process):
    for node in human_steps(process):
        assert node.step.role not in {level.role for level in node.step.escalation}, node.id


@every_process
def test_every_step_and_wait_has_a_standard_time(process):
    timed = {Op.HUMAN, Op.SEND, Op.SCRIPT, Op.RULE, Op.RECEIVE, Op.WAIT, Op.SCOPE}
    for node in program_of(process).nodes:
        if node.op in timed:
            assert node.step.standard_time, node.id


@every_process
def test_lanes_with_work_for_people_name_the_role_of_that_work(process):
    lanes = {lane.id: lane for lane in model_of(process).processes[0].lanes}
    inner = {node.id: node for node in model_of(process).processes[0].nodes}
    for node in human_steps(process):
        lane = lanes[inner[node.id].lane or ""]
        assert lane.role == node.step.role, node.id


@every_process
def test_every_promise_to_the_customer_is_made(process):
    levels = program_of(process).sheet.service_levels
    assert {level.metric for level in levels} == {"first_response", "resolution"}


# Two languages


def named_words(process: str) -> Iterator[tuple[str, Words]]:
    model = model_of(process)
    yield process, model.processes[0].name
    yield process, program_of(process).sheet.description
    for part in (*model.processes[0].nodes, *model.processes[0].flows, *model.processes[0].lanes):
        if part.name.default:
            yield part.id, part.name


def all_fields(process: str) -> Iterator[Field]:
    yield from program_of(process).sheet.form
    for node in program_of(process).nodes:
        yield from (*node.step.inputs, *node.step.outputs)


@every_process
def test_every_name_is_chinese_with_an_english_label(process):
    for id, words in named_words(process):
        assert CHINESE.search(words.in_language("zh-hans")), id
        assert words.in_language("en") and not CHINESE.search(words.in_language("en")), id


@every_process
def test_every_field_and_option_is_labelled_in_both_languages(process):
    for field in all_fields(process):
        for words in (field.label, *(option.label for option in field.options)):
            assert set(words.translations) == {"zh", "en"}, field.name
        assert set(field.help.translations) in ({"zh", "en"}, set()), field.name


@every_process
def test_chinese_texts_use_chinese_punctuation(process):
    texts = [words.in_language("zh") for _, words in named_words(process)]
    texts += [node.step.sop.in_language("zh") for node in program_of(process).nodes]
    texts += [field.label.in_language("zh") for field in all_fields(process)]
    texts += re.findall(r'else "([^"]*)"', xml_of(process).decode())
    assert [found.group() for text in texts for found in HALF_WIDTH.finditer(text)] == []


@every_process
def test_a_field_means_the_same_wherever_it_is_shown(process):
    types = defaultdict(set)
    for field in all_fields(process):
        types[field.name].add(field.type)
    assert {name: kinds for name, kinds in types.items() if len(kinds) > 1} == {}


# The drawing


def shapes(process: str) -> dict[str, tuple[float, float, float, float]]:
    """Left, top, right, bottom of every element that has a shape."""
    found = {}
    for shape in etree.fromstring(xml_of(process)).iter(f"{{{BPMNDI}}}BPMNShape"):
        bounds = shape.find(f"{{{DC}}}Bounds")
        x, y, width, height = (float(bounds.get(k)) for k in ("x", "y", "width", "height"))
        found[shape.get("bpmnElement")] = (x, y, x + width, y + height)
    return found


@every_process
def test_every_node_is_drawn_inside_its_lane(process):
    drawn = shapes(process)
    for node in model_of(process).processes[0].nodes:
        left, top, right, bottom = drawn[node.id]
        lane_left, lane_top, lane_right, lane_bottom = drawn[node.lane or ""]
        assert lane_left <= left and right <= lane_right, node.id
        assert lane_top <= top and bottom <= lane_bottom, node.id


@every_process
def test_no_two_nodes_cover_each_other(process):
    drawn = shapes(process)
    nodes = [n for n in model_of(process).processes[0].nodes if n.type != "boundaryEvent"]
    for node in nodes:
        for other in nodes:
            apart_enough = _are_apart(drawn[node.id], drawn[other.id])
            assert node is other or node.container == other.id or other.container == node.id or (
                apart_enough
            ), (node.id, other.id)  # fmt: skip


def _are_apart(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    return one[2] <= two[0] or two[2] <= one[0] or one[3] <= two[1] or two[3] <= one[1]


@every_process
def test_every_flow_is_drawn_at_right_angles(process):
    root = etree.fromstring(xml_of(process))
    edges = {e.get("bpmnElement"): e for e in root.iter(f"{{{BPMNDI}}}BPMNEdge")}
    for flow in root.iter(bpmn("sequenceFlow"), bpmn("messageFlow")):
        points = [
            (float(point.get("x")), float(point.get("y")))
            for point in edges[flow.get("id")].iter(f"{{{DI}}}waypoint")
        ]
        assert len(points) >= 2
        assert all(a[0] == b[0] or a[1] == b[1] for a, b in pairwise(points)), flow.get("id")
