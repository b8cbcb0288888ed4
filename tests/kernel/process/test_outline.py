"""Steps in plain words become a sound process, in English and in Chinese.

Longer than others: it is mostly the phrasings that people use.
"""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.drafting import Draft, draft_document, write_draft
from servoloop.kernel.process.findings import has_errors
from servoloop.kernel.process.layout.diagram import has_diagram
from servoloop.kernel.process.outline.lines import Line, Remark, Sort
from servoloop.kernel.process.outline.read import KnownRole, Outline, read_outline
from servoloop.kernel.process.outline.spans import read_span
from servoloop.kernel.process.words import Words
from tests.kernel.process.drawing import ROOT

ROLES = tuple(
    KnownRole(key=key, label=Words(translations={"zh": zh, "en": en}))
    for key, zh, en in (
        ("agent", "客服专员", "Agent"),
        ("supervisor", "客服主管", "Supervisor"),
        ("manager", "客服经理", "Manager"),
        ("warehouse", "仓库质检", "Warehouse"),
    )
)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def read(text: str) -> Outline:
    return read_outline(text, roles=ROLES, owner="cy")


def draft_of(text: str) -> Draft:
    draft = read(text).draft
    assert draft is not None
    return draft


def line_of(text: str) -> Line:
    return read(text).lines[0]


def names(draft: Draft, type: str) -> list[str]:
    return [node.name.default for node in draft.nodes if node.type == type]


def assert_sound(draft: Draft) -> None:
    found = check(draft_document(draft)).findings
    assert not has_errors(found), [each.words for each in found]


# Times


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        ("15 min", 15 * MINUTE),
        ("15min", 15 * MINUTE),
        ("an hour", HOUR),
        ("half an hour", 30 * MINUTE),
        ("1.5 hours", 90 * MINUTE),
        ("1h 30min", 90 * MINUTE),
        ("2 days", 16 * HOUR),
        ("3 working days", 24 * HOUR),
        ("ten minutes", 10 * MINUTE),
        ("15分钟", 15 * MINUTE),
        ("15 分", 15 * MINUTE),
        ("半小时", 30 * MINUTE),
        ("半个小时", 30 * MINUTE),
        ("1个半小时", 90 * MINUTE),
        ("一刻钟", 15 * MINUTE),
        ("两小时", 2 * HOUR),
        ("2个工作日", 16 * HOUR),
        ("三天", 24 * HOUR),
    ],
)
def test_spans_of_time_are_read_as_people_write_them(text, worked):
    span = read_span(text)
    assert span is not None and span.worked == worked


@pytest.mark.parametrize("text", ["soon", "尽快", "", "order 15", "第 3 步"])
def test_what_is_no_time_is_not_taken_for_one(text):
    assert read_span(text) is None


# Steps


@pytest.mark.parametrize(
    ("text", "role", "words", "time"),
    [
        ("Agent: check the order (15 min)", "agent", "check the order", 15),
        ("1. Agent: check the order (15 min)", "agent", "check the order", 15),
        ("- Agent: check the order, 15 min", "agent", "check the order", 15),
        ("Step 2: Agent: check the order", "agent", "check the order", None),
        ("a) [Agent] check the order – 15 minutes", "agent", "check the order", 15),
        ("* the agent checks the order (about 15 min)", "agent", "checks the order", 15),
        ("Agent - check the order takes 15 minutes", "agent", "check the order", 15),
        ("check the order (Agent, 15 min)", "agent", "check the order", 15),
        ("客服专员：核对订单（15分钟）", "agent", "核对订单", 15),
        ("1、客服专员：核对订单，15分钟", "agent", "核对订单", 15),
        ("（1）客服专员: 核对订单 用时15分钟", "agent", "核对订单", 15),
        ("第一步：客服专员核对订单（约15分钟）", "agent", "核对订单", 15),
        ("一、【客服专员】核对订单（15 分钟）", "agent", "核对订单", 15),
        ("步骤1 主管核对订单（15分钟）", "supervisor", "核对订单", 15),
        ("• 核对订单（仓库质检，15分钟）", "warehouse", "核对订单", 15),
        ("核对订单", "", "核对订单", None),
    ],
)
def test_a_step_is_understood_in_many_phrasings(text, role, words, time):
    line = line_of(text)
    assert (line.sort, line.role, line.words) == (Sort.STEP, role, words)
    assert (line.time.worked if line.time else None) == (None if time is None else time * MINUTE)


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("Agent: call back within 2 hours", 2),
        ("Agent: call back (10 min, within 2 h)", 2),
        ("客服专员：回电（10分钟，限2小时）", 2),
        ("客服专员：2小时内回电", 2),
        ("客服专员：回电，2小时内完成", 2),
    ],
)
def test_a_limit_becomes_the_response_time(text, within):
    (step,) = [node.step for node in draft_of(text).nodes if node.type == "userTask"]
    assert step.response_time == within * HOUR


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("System: send the confirmation", Sort.SEND),
        ("Notify the customer about the result", Sort.SEND),
        ("系统：发送确认短信", Sort.SEND),
        ("通知客户处理结果", Sort.SEND),
        ("Wait for the customer up to 2 days", Sort.WAIT),
        ("Customer: sends the photos", Sort.WAIT),
        ("等待客户回复，最多2天", Sort.WAIT),
        ("等 2 小时", Sort.WAIT),
        ("客户：寄回商品", Sort.WAIT),
        ("if the customer agrees: pay", Sort.IF),
        ("如果客户同意：付款", Sort.IF),
        ("若金额超过200元，主管审批", Sort.IF),
        ("当客户不同意时，主管致电", Sort.IF),
        ("otherwise: end", Sort.ELSE),
        ("否则，结束", Sort.ELSE),
        ("else if it is broken: repair", Sort.ELSE_IF),
        ("否则如果坏了：维修", Sort.ELSE_IF),
        ("repeat until it works", Sort.REPEAT),
        ("重复以下步骤直到合格：", Sort.REPEAT),
        ("at the same time:", Sort.PARALLEL),
        ("同时：", Sort.PARALLEL),
        ("back to step 2", Sort.BACK),
        ("退回到第2步", Sort.BACK),
        ("结束", Sort.END),
        ("End: refused", Sort.END),
        ("# Returns", Sort.TITLE),
        ("流程：退货", Sort.TITLE),
        ("目标：三天内退款", Sort.GOAL),
        ("等级评定", Sort.STEP),
        ("当场验收", Sort.STEP),
        ("如何处理要先想清楚", Sort.STEP),
        ("重新安排时间", Sort.STEP),
        ("----", Sort.BLANK),
        ("???", Sort.UNKNOWN),
    ],
)
def test_a_line_is_told_for_what_it_is(text, sort):
    assert line_of(text).sort is sort


# The process


ENGLISH = """Return of goods

Promise: first reply within 2 h, done in 3 days
1. Agent: check the request (15 min)
   - compare the order number
   - look at the photos
2. if the amount is above 200:
     - Supervisor: approve the refund (10 min)
   otherwise:
     - Agent: grant at once (2 min)
3. System: send the answer to the customer
4. Wait for the customer up to 2 days
5. repeat until the goods are fine:
     - Warehouse: inspect the goods (half an hour)
6. at the same time:
     - Agent: pay back (5 min)
     - Warehouse: restock (20 min)
7. end
"""
CHINESE = """退货流程
承诺：2小时内响应，3天内办结
1、客服专员：核对订单（15分钟）
   方法：对照订单号和照片
2、如果金额超过200元：
   主管审批（10分钟）
3、如果商品有质量问题，仓库质检检查商品，30分钟
   否则如果客户不想要了，客服专员联系客户（5分钟）
   否则：结束
4、通知客户退款进度
5、等待客户回复，最多2天
   如果没有回复：客服专员电话回访（5分钟）
6、同时：
   - 客服专员：登记入账（5 分钟）
   - 仓库质检：重新入库（一刻钟）
7、结束
"""


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_a_whole_outline_is_sound_drawn_and_says_who_and_how_long(text):
    outline = read(text)
    assert outline.draft is not None and outline.not_understood == ()
    document = read_document(write_draft(outline.draft))
    assert has_diagram(document)
    found = check(document)
    assert not has_errors(found.findings)
    human = [node for node in outline.draft.nodes if node.type == "userTask"]
    for node in human:
        assert node.step.standard_time and node.step.response_time
        assert node.step.role and len(node.step.escalation) >= 1
        assert node.step.role not in {level.role for level in node.step.escalation}
    assert {lane.role for lane in outline.draft.lanes} >= {"agent", "supervisor", "warehouse"}


def test_the_english_outline_says_what_was_told():
    draft = draft_of(ENGLISH)
    assert draft.sheet.name.default == "Return of goods"
    levels = {level.metric: level.within for level in draft.sheet.service_levels}
    assert levels == {"first_response": 2 * HOUR, "resolution": 24 * HOUR}
    first = next(node for node in draft.nodes if node.name.default == "Check the request")
    assert first.step.sop.default == "1. compare the order number\n2. look at the photos"
    assert [field.name for field in first.step.outputs] == ["number_7"]
    conditions = [flow.condition for flow in draft.flows if flow.condition]
    assert "number_7 > 200" in conditions
    assert names(draft, "parallelGateway") == ["", ""]


def test_the_chinese_outline_speaks_chinese():
    draft = draft_of(CHINESE)
    assert draft.sheet.name.default == "退货流程"
    assert draft.lanes[0].name.default == "自动服务"
    assert "按意见修改" in names(draft, "userTask")
    first = next(node for node in draft.nodes if node.name.default == "核对订单")
    assert first.step.sop.default == "对照订单号和照片"


def test_what_is_sent_back_goes_to_the_step_before():
    draft = draft_of("Agent: write the letter (10 min)\nSupervisor: approve the letter (5 min)")
    (gate,) = [n for n in draft.nodes if n.name.default == "approved?"]
    back = next(flow for flow in draft.flows if flow.source == gate.id and flow.condition)
    join = next(node for node in draft.nodes if node.id == back.target)
    assert join.type == "exclusiveGateway"
    assert any(f.source == join.id and f.target == "step_1" for f in draft.flows)
    assert_sound(draft)


@pytest.mark.parametrize(
    "text",
    [
        "Agent: write\nSupervisor: approve\nif rejected: Agent: tell the customer by phone",
        "客服专员：拟稿\n主管审批\n如果不同意，结束",
        "客服专员：拟稿\n主管审批\n如果同意：\n  客服专员：寄出\n否则：\n  结束：作废",
    ],
)
def test_a_decision_about_an_approval_uses_its_answer(text):
    draft = draft_of(text)
    asked = [field.name for node in draft.nodes for field in node.step.outputs]
    assert [name for name in asked if name.startswith("choice")] == []
    assert_sound(draft)


def test_a_wait_for_the_customer_has_a_limit_and_a_way_out():
    draft = draft_of("Agent: ask\n等待客户回复，最多2天")
    (wait,) = [node for node in draft.nodes if node.type == "receiveTask"]
    (late,) = [node for node in draft.nodes if node.type == "boundaryEvent"]
    assert wait.step.waits_for_customer
    assert (late.attached_to, late.timer) == (wait.id, "P2D")
    assert_sound(draft)


def test_without_an_indent_a_branch_holds_the_next_line_and_says_so():
    outline = read("Agent: check\nif it is broken:\nWarehouse: repair it\nAgent: call")
    assert (Remark.NEXT_LINE_ONLY, "3") in outline.lines[1].remarks
    assert outline.draft is not None
    decision = next(node for node in outline.draft.nodes if node.id == "decision_2")
    targets = {flow.target for flow in outline.draft.flows if flow.source == decision.id}
    assert "step_3" in targets


def test_several_comparisons_of_one_number_exclude_each_other():
    text = "Agent: check\nif the amount is over 1000:\n  Manager: decide\n"
    draft = draft_of(text + "else if the amount is over 200:\n  Supervisor: decide\n")
    conditions = [flow.condition for flow in draft.flows if flow.condition]
    assert conditions == ["number_2 > 1000", "number_2 > 200 and not(number_2 > 1000)"]
    assert_sound(draft)


@pytest.mark.parametrize(
    ("text", "line", "remark"),
    [
        ("Agent: check\n???", 2, Remark.NOT_UNDERSTOOD),
        ("Agent: check (as soon as possible, 尽快)", 1, Remark.TIME_NOT_UNDERSTOOD),
        ("Agent: check\nback to step 9", 2, Remark.NO_SUCH_STEP),
        ("Agent: check\nback to step 1", 2, Remark.CANNOT_GO_BACK),
        ("Agent: check\notherwise: end", 2, Remark.ELSE_WITHOUT_IF),
        ("Agent: check\nend\nAgent: call", 3, Remark.AFTER_END),
        ("check the order", 1, Remark.NO_ROLE),
        ("Agent: check", 1, Remark.NO_TIME),
        ("Plumber: check (5 min)", 1, Remark.UNKNOWN_ROLE),
        ("Agent: check\nwait for the supplier", 2, Remark.WAITS_BY_HAND),
        ("Agent: check\nin parallel:\n  Agent: a\n  end", 4, Remark.END_IN_PARALLEL),
        ("Agent: check\nif it is late:", 2, Remark.EMPTY),
    ],
)
def test_what_was_not_taken_as_told_is_said_at_its_line(text, line, remark):
    outline = read(text)
    assert remark in [each for each, _ in outline.lines[line - 1].remarks]
    if outline.draft is not None:
        assert_sound(outline.draft)


def test_a_branch_may_go_back_to_an_earlier_step():
    draft = draft_of("1. Agent: check\n2. if it is incomplete: back to step 1\n3. Agent: answer")
    assert_sound(draft)
    join = next(f.source for f in draft.flows if f.target == "step_1")
    assert sum(flow.target == join for flow in draft.flows) == 2


# Tables


def test_a_pasted_table_with_heads_is_read_by_its_heads():
    heads = "序号\t环节\t责任岗位\t标准时间\t操作方法\n"
    text = heads + "1\t核对订单\t客服专员\t15分钟\t对照照片\n2\t发货\t仓库质检\t30\t"
    draft = draft_of(text)
    first, second = [node.step for node in draft.nodes if node.type == "userTask"]
    assert (first.role, first.standard_time, first.sop.default) == (
        "agent",
        15 * MINUTE,
        "对照照片",
    )
    assert (second.role, second.standard_time) == ("warehouse", 30 * MINUTE)


def test_a_pasted_table_without_heads_is_step_role_time_method():
    text = "Check the order\tAgent\t15 min\tLook at it\nSend the answer\tSystem\t\t\n"
    text += "Wait\tCustomer\t2 days"
    outline = read(text)
    assert [line.sort for line in outline.lines] == [Sort.STEP, Sort.SEND, Sort.WAIT]
    assert outline.draft is not None
    assert_sound(outline.draft)


# The page for people


@pytest.mark.parametrize("column", [slice(0, 49), slice(49, None)])
def test_the_example_of_the_how_to_is_understood_without_a_remark(column):
    page = (ROOT / "docs" / "how-to" / "new-process.md").read_text(encoding="utf-8")
    text = "\n".join(line[column].rstrip() for line in page.split("```")[1].strip("\n").split("\n"))
    finance = KnownRole(key="finance", label=Words(translations={"zh": "财务", "en": "Finance"}))
    outline = read_outline(text, roles=(*ROLES, finance))
    assert [line.remarks for line in outline.lines if line.remarks] == []
    assert outline.draft is not None
    assert_sound(outline.draft)


# Laws


PIECES = st.sampled_from(
    [
        "Agent: check (5 min)", "主管审批（10分钟）", "Supervisor: approve it", "if it is late:",
        "如果金额超过200元：", "otherwise:", "否则：结束", "repeat until it works:", "同时：",
        "at the same time:", "Agent: a", "仓库质检：发货（半小时）", "等待客户回复，最多2天",
        "如果没有回复：客服专员回访", "wait 2 hours", "back to step 1", "退回到第2步", "end",
        "System: send the answer", "系统：计算价格", "方法：看照片", "if rejected: end", "???", "",
        "else if it is broken: Agent: repair", "Stage one:", "# Title", "a\tb\tc", "1) 2. x",
    ]
)  # fmt: skip
LINES = st.lists(st.tuples(st.integers(0, 3), PIECES), max_size=10)


@settings(max_examples=100, deadline=None)
@given(LINES)
def test_whatever_is_pasted_the_process_is_sound(lines):
    text = "\n".join("  " * indent + piece for indent, piece in lines)
    outline = read(text)
    assert len(outline.lines) == len(text.split("\n"))
    if outline.draft is not None:
        assert_sound(outline.draft)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_at_all_is_read_without_an_error(text):
    outline = read(text)
    if outline.draft is not None:
        draft_document(outline.draft)
