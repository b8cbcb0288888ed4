"""Redesigns: a typed change leaves a sound, ready, well-drawn process and says what changed."""

from datetime import timedelta
from decimal import Decimal
from itertools import combinations
from pathlib import Path

import pytest

from servoloop.kernel.process.check import check
from servoloop.kernel.process.diff import compare
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.readiness.readiness import assess
from servoloop.kernel.process.redesign.apply import apply, redesigned
from servoloop.kernel.process.redesign.operations import (
    AddChecklist,
    AddFastLane,
    AddFields,
    AddNotice,
    AddReminder,
    AddSelfService,
    Automate,
    CannotRedesign,
    DoAtOnce,
    MoveBefore,
    RaiseLimit,
    Redesign,
    SetAssignment,
    SetEscalation,
    SetStandard,
    SkipBelow,
)
from servoloop.kernel.process.step import Assignment, CheckItem, EscalationLevel, Field
from servoloop.kernel.process.words import Words
from tests.kernel.process.complete import choice, form, output, step
from tests.kernel.process.drawing import document as file_of
from tests.kernel.process.drawing import end, flow, flows, gateway

DEMO = Path(__file__).parents[3] / "src/servoloop/loop/demo/processes"
HELLO = '"We are at work on " + case_number'


def words(en: str, zh: str) -> Words:
    return Words(default=zh, translations={"en": en})


def demo(name: str) -> Document:
    return read_document((DEMO / f"{name}.bpmn").read_bytes())


LEVELS = tuple(
    EscalationLevel(role=role, within=timedelta(minutes=15)) for role in ("supervisor", "manager")
)
SERIAL = Field(name="serial", label=words("Serial number", "序列号"), is_required=True)
ASKED = CheckItem(words=words("Asked for the model", "已问清型号"), is_required=True)
TOLD = words("Tell how it stands", "告知进度")
CHANGES: dict[str, tuple[str, Redesign, str]] = {
    "assignment": (
        "repair",
        SetAssignment(elements=("diagnose",), assignment=Assignment.FIRST_CONTACT),
        "“Diagnose by phone”: the queue of its role → the owner of the case",
    ),
    "standard": (
        "repair",
        SetStandard(element="diagnose", standard_time=timedelta(minutes=7)),
        "“Diagnose by phone”: 15 min → 7 min",
    ),
    "escalation": (
        "repair",
        SetEscalation(element="diagnose", levels=LEVELS),
        "→ supervisor (15 min) › manager (15 min)",
    ),
    "form": ("repair", AddFields(element="start", fields=(SERIAL,)), "Serial number"),
    "outputs": ("repair", AddFields(element="diagnose", fields=(SERIAL,)), "Serial number"),
    "checklist": (
        "repair",
        AddChecklist(element="diagnose", items=(ASKED,)),
        "Asked for the model",
    ),
    "skip": (
        "complaint",
        SkipBelow(element="approve_supervisor", variable="compensation", limit=Decimal(500)),
        "“Compensation (CNY) above 500?” is new.",
    ),
    "skip, decided at once": (
        "refund",
        SkipBelow(element="approve", variable="refund_amount", limit=Decimal(500)),
        "New way: Refund (CNY) above 500? → to_goods.",
    ),
    "limit of a way": (
        "refund",
        RaiseLimit(flow="above_limit__approve", variable="refund_amount", limit=Decimal(600)),
        "refund_amount > 600 or in_policy = false",
    ),
    "limit in a rule": (
        "complaint",
        RaiseLimit(flow="find_authority", variable="compensation", limit=Decimal(400)),
        'else if compensation > 400 or severity = "critical"',
    ),
    "machine": (
        "refund",
        Automate(element="verify", topic="orders", name=words("Verify (automatic)", "自动核对")),
        "New way: Failed → Verify the request.",
    ),
    "notice": (
        "refund",
        AddNotice(element="inspect", name=TOLD, message="progress.told", payload=HELLO),
        "“Tell how it stands” is new.",
    ),
    "reminder": (
        "complaint",
        AddReminder(
            element="investigate",
            after=timedelta(hours=8),
            name=TOLD,
            message="delay.told",
            payload=HELLO,
        ),
        "“8 h” is new.",
    ),
    "fast lane": (
        "complaint",
        AddFastLane(element="investigate", standard_time=timedelta(minutes=5)),
        "“Sort: Investigate” is new.",
    ),
    "self-service": (
        "refund",
        AddSelfService(
            variable="return_reason",
            value="wrong_item",
            topic="self_service",
            name=words("Offer a swap", "提供换货"),
        ),
        "“Can it serve itself?” is new.",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_leaves_a_process_that_is_sound_ready_and_says_what_changed(name):
    file, change, sentence = CHANGES[name]
    old = demo(file)
    before = old.to_bytes()
    document, program = redesigned(old, change)
    assert old.to_bytes() == before  # the given file stays as it is
    again = read_document(document.to_bytes())
    assert check(again).is_executable
    assert [each.rule.id for each in assess(again).findings] == []
    was = check(old).program
    assert was is not None
    said = [each.words("en") for each in compare(was, program).changes]
    assert any(sentence in each for each in said), said
    assert all(each.words("zh") for each in compare(was, program).changes)


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_new_is_drawn_beside_what_was_there(name):
    file, change, _ = CHANGES[name]
    model = read_model(apply(demo(file), change))
    boxes = {each.shows: each.bounds for each in model.diagram if each.bounds}
    edges = {each.shows: each.waypoints for each in model.diagram if each.waypoints}
    nodes = {each.id: each for each in model.nodes()}
    assert nodes.keys() <= boxes.keys()
    assert {each.id for each in model.flows()} <= edges.keys()
    activities = [id for id, node in nodes.items() if node.attached_to is None]
    scopes = {node.container for node in nodes.values()}
    for one, other in combinations([id for id in activities if id not in scopes], 2):
        assert not _overlap(boxes[one], boxes[other]), (one, other)
    for flow_ in model.flows():  # a flow begins and ends at its nodes
        points = edges[flow_.id]
        assert _touches(points[0], boxes[flow_.source]), flow_.id
        assert _touches(points[-1], boxes[flow_.target]), flow_.id
    for process in model.processes:  # and every lane holds its nodes
        for lane in process.lanes:
            for id in lane.nodes:
                assert _inside(boxes[id], boxes[lane.id]), (id, lane.id)


def _overlap(one, other) -> bool:
    (ax, ay, aw, ah), (bx, by, bw, bh) = one, other
    return ax < bx + bw and bx < ax + aw and ay < by + bh and by < ay + ah


def _touches(point, box) -> bool:
    (px, py), (x, y, width, height) = point, box
    return x - 2 <= px <= x + width + 2 and y - 2 <= py <= y + height + 2


def _inside(box, frame) -> bool:
    (x, y, width, height), (left, top, wide, high) = box, frame
    return left <= x and top <= y and x + width <= left + wide and y + height <= top + high


def line(*parts: str) -> Document:
    """A process of complete steps without a drawing."""
    return file_of(f'<bpmn:process id="p" isExecutable="true">{"".join(parts)}</bpmn:process>')


def order(document: Document) -> list[str]:
    """The nodes along the first way."""
    program = check(document).program
    assert program is not None
    found, node = [], program.nodes[program.start]
    while node.outgoing:
        node = program.nodes[program.flows[node.outgoing[-1]].target]
        found.append(node.id)
    return found


def test_two_steps_in_a_row_are_done_at_once():
    old = line(form(), step("a"), step("b"), step("c"), end(), flows("start > a > b > c > end"))
    new, program = redesigned(old, DoAtOnce(first="a", second="b"))
    assert order(new)[0] == "a_fork"
    targets = {program.nodes[program.flows[f].target].id for f in program.node("a_fork").outgoing}
    assert targets == {"a", "b"}
    assert [program.nodes[program.flows[f].target].id for f in program.node("b").outgoing] == [
        "a_joined"
    ]


def test_a_step_that_uses_the_result_of_the_other_is_not_done_at_once():
    needs = '<servoloop:input name="price" type="number"/>'
    old = line(
        form(),
        step("a", output("price", "number")),
        step("b", needs),
        end(),
        flows("start > a > b > end"),
    )
    with pytest.raises(CannotRedesign, match="uses what 'A' finds out: price"):
        redesigned(old, DoAtOnce(first="a", second="b"))


def test_a_check_that_refuses_comes_first_with_its_decision():
    old = line(
        form(),
        step("work"),
        step("judge", choice("verdict", "yes", "no")),
        gateway("ok", default="ok-pay"),
        step("pay"),
        end(),
        end("refused"),
        flows("start > work > judge > ok", "ok > pay > end"),
        flow("ok", "refused", 'verdict = "no"'),
    )
    new, _ = redesigned(old, MoveBefore(element="judge", before="work"))
    first = [each for each in order(new) if each != "refused"]
    assert first[:2] == ["judge", "ok"]
    program = check(new).program
    assert program is not None
    after_work = [program.nodes[program.flows[f].target].id for f in program.node("work").outgoing]
    assert after_work == ["pay"]


def test_a_check_is_not_put_before_the_step_that_tells_it_what_to_judge():
    needs = '<servoloop:input name="price" type="number"/>'
    old = line(
        form(),
        step("work", output("price", "number")),
        step("judge", needs),
        end(),
        flows("start > work > judge > end"),
    )
    with pytest.raises(CannotRedesign, match="price"):
        redesigned(old, MoveBefore(element="judge", before="work"))


def test_an_approval_whose_answer_is_read_later_is_not_passed_by():
    later = '<servoloop:input name="verdict" type="text"/>'
    old = line(
        form('<servoloop:field name="amount" type="money" required="true"/>'),
        step("approve", choice("verdict", "yes", "no")),
        step("pay", later),
        end(),
        flows("start > approve > pay > end"),
    )
    change = SkipBelow(element="approve", variable="amount", limit=Decimal(10))
    with pytest.raises(CannotRedesign, match="verdict"):
        redesigned(old, change)


def test_a_change_that_is_there_already_is_refused_in_both_languages():
    change = SetAssignment(elements=("call_customer",), assignment=Assignment.LOAD)
    with pytest.raises(CannotRedesign) as refused:
        apply(demo("complaint"), change)
    assert "already" in refused.value.words.in_language("en")
    assert "已经" in refused.value.words.in_language("zh")


def test_a_kind_that_the_form_does_not_ask_for_cannot_serve_itself():
    change = AddSelfService(variable="weather", value="rain", topic="t")
    with pytest.raises(CannotRedesign, match="offers no choice 'weather'"):
        apply(demo("refund"), change)
