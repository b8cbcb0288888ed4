"""Every template of the library is complete, ready, bilingual, and runs to its ends."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from servoloop.kernel.engine.commands import Open
from servoloop.kernel.engine.state import State
from servoloop.kernel.events.event import CaseId, Event
from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.layout.diagram import has_diagram
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.readiness.people import Organisation, Worker
from servoloop.kernel.process.readiness.readiness import assess
from servoloop.kernel.process.words import Words
from servoloop.loop.demo.cast import COLLEAGUES
from servoloop.loop.templates.library import (
    Kind,
    UnknownTemplate,
    list_templates,
    template,
    template_model,
    template_picture,
    template_xml,
)
from tests.loop.demo_cases import MO, MONDAY, Walk, workplace
from tests.loop.test_demo_processes import CHINESE, HALF_WIDTH

IDS = [each.id for each in list_templates()]
OWN = [id for id in IDS if id not in ("complaint", "refund", "repair")]
every_template = pytest.mark.parametrize("id", IDS)
every_own = pytest.mark.parametrize("id", OWN)


@cache
def program_of(id: str) -> Program:
    return load_program(template_xml(id))


def organisation() -> Organisation:
    workers = (Worker(person=c.username, roles=frozenset(c.roles)) for c in COLLEAGUES)
    return Organisation(workers=tuple(workers), calendars=workplace().calendars, at=MONDAY)


def human_steps(id: str) -> list[Node]:
    return [node for node in program_of(id).nodes if node.op is Op.HUMAN]


class TemplateWalk(Walk):
    """One case of a template."""

    def __init__(self, id: str, **form: Any) -> None:
        self.program = program_of(id)
        self.state = State(case=CaseId(1))
        self.events: list[Event] = []
        self.at = MONDAY
        variables = {**form, "language": "en", "case_number": "SL-000001"}
        self.do(Open(variables=variables, customer="mo", actor=MO))

    def through(self, *steps: tuple[str, dict[str, Any]] | str) -> "TemplateWalk":
        """Finish steps; '~text' is said by the customer, '@node' lets its timer ring."""
        for step in steps:
            if isinstance(step, tuple):
                self.finish(step[0], **step[1])
            elif step.startswith("~"):
                self.says(step[1:])
            elif step.startswith("@"):
                self.wait(step[1:])
            else:
                self.finish(step)
        return self


# The library


def test_the_library_holds_the_twelve_processes_of_a_service_house():
    assert len(IDS) == len(set(IDS)) == 12
    assert {each.kind for each in list_templates()} == set(Kind)


def test_an_unknown_template_says_which_are_known():
    with pytest.raises(UnknownTemplate, match=r"No template 'cake'\. Known: consultation, "):
        template_xml("cake")


@every_template
def test_a_template_passes_the_gate_of_the_demo_company_without_a_finding(id):
    readiness = assess(read_document(template_xml(id)), organisation=organisation())
    assert [each.words("en") for each in readiness.findings if each.is_open] == []
    assert readiness.is_ready and readiness.score == 100


@every_template
def test_every_human_step_says_everything(id):
    for node in human_steps(id):
        step = node.step
        assert step.standard_time and step.response_time, node.id
        assert step.standard_time < step.response_time, node.id
        assert len(step.escalation) >= 2, node.id
        assert step.role not in {level.role for level in step.escalation}, node.id
        assert step.cost_rate and step.value_class and step.layer and step.owner, node.id
        assert step.outputs or step.inputs, node.id
        assert {"zh", "en"} <= set(step.sop.translations), node.id


@every_own
def test_methods_have_a_purpose_steps_and_an_end(id):
    for node in human_steps(id):
        for language, purpose, done in (
            ("zh", "**目的**：", "**完成标准**："),
            ("en", "**Purpose**: ", "**Done when**"),
        ):
            method = node.step.sop.translations[language]
            assert method.strip().startswith(purpose), node.id
            assert "\n1. " in method and "\n2. " in method and done in method, node.id
        assert any(item.is_required for item in node.step.checklist), node.id


@every_template
def test_every_human_step_has_a_checklist_in_both_languages(id):
    for node in human_steps(id):
        assert len(node.step.checklist) >= 2, node.id
        for item in node.step.checklist:
            assert set(item.words.translations) == {"zh", "en"}, node.id


@every_template
def test_a_template_says_what_it_is_for_and_how_that_is_measured(id):
    sheet = program_of(id).sheet
    assert CHINESE.search(sheet.goal.in_language("zh"))
    assert not CHINESE.search(sheet.goal.in_language("en"))
    assert len(sheet.kpi_goals) >= 2
    assert all(goal.kpi in CATALOGUE for goal in sheet.kpi_goals)
    assert {level.metric for level in sheet.service_levels} == {"first_response", "resolution"}


def all_words(id: str) -> Iterator[tuple[str, Words]]:
    process = next(each for each in template_model(id).processes if each.nodes)
    yield id, process.name
    yield id, process.sheet.description
    for part in (*process.nodes, *process.flows, *process.lanes):
        if part.name.default:
            yield part.id, part.name
    for node in program_of(id).nodes:
        for field in (*node.step.inputs, *node.step.outputs, *program_of(id).sheet.form):
            yield field.name, field.label
            for option in field.options:
                yield f"{field.name}.{option.value}", option.label


@every_template
def test_every_word_is_there_in_chinese_and_in_english(id):
    for place, words in all_words(id):
        chinese, english = words.in_language("zh-hans"), words.in_language("en")
        assert CHINESE.search(chinese), place
        assert english and not CHINESE.search(english), place
        assert not HALF_WIDTH.search(chinese), place


@every_template
def test_what_customers_are_told_carries_the_case_number_in_both_languages(id):
    model = template_model(id)
    sending = [node for node in model.nodes() if node.type == "sendTask"]
    for node in sending:
        payload = node.element.get("{urn:servoloop:bpmn:1}payload", "")
        assert 'if language = "en"' in payload, node.id
        assert payload.count("case_number") == 2 or "vip_name" in payload, node.id


@every_template
def test_a_template_is_drawn_and_has_a_small_picture_in_each_language(id):
    assert has_diagram(read_document(template_xml(id)))
    chinese, english = (template_picture(id, language=each) for each in ("zh-hans", "en"))
    assert chinese is not None and english is not None
    assert len(chinese.marks) == len(english.marks) > 10
    assert {text.words for text in chinese.texts} != {text.words for text in english.texts}


def test_a_card_counts_steps_roles_and_work():
    card = template("exchange")
    assert card.steps == 7 and len(card.roles) == 4
    assert card.name.in_language("en") == "Exchange"
    assert card.work.total_seconds() == 69 * 60


# Each runs: the main road, and one beside it

COMPLAINT = {"topic": "delivery", "description": "Nobody came."}
RETURN = {"order_number": "N1", "days_since_delivery": 3, "description": "It rattles."}
EXCHANGE = {**RETURN, "exchange_reason": "fault", "wanted_model": "X2"}
INSTALL = {"order_number": "N1", "product": "light", "address": "Here 1", "phone": "1"}
CLAIM = {"serial_number": "S1", "months_since_purchase": 6, "fault": "It does not start."}
OUTAGE = {"service": "payment", "symptom": "Payment fails."}
VIP = {"occasion": "renewal", "vip_name": "Ms Wang"}
NEW = {"newcomer": "Ann", "position": "agent", "first_day": "2026-03-09"}
LEAVE = {"leaver": "Ben", "last_day": "2026-03-31"}
VISITED = ("book", {"visit_at": "2026-03-04T10:00+08:00"})
INSTALLED = ("install", {"visit_result": "installed"})
PREPARED = ("arrange_mentor", "create_access", "sign_contract", "welcome", "train")
HANDED = (
    ("hand_over_cases", {"handed_cases": 4}),
    "keep_knowledge",
    "return_things",
    ("settle_pay", {"final_pay": 9000}),
    "revoke_access",
)
ANSWERED = ("answer", {"reply_kind": "answered"})
LEARNT = ("update_knowledge", {"knowledge": "added"})
GRANTED = ("review", {"exchange_decision": "granted"})
DOWN = ("confirm_impact", {"level": "major", "affected": 5000})
BACK = ("restore", {"restored_at": "2026-03-02T12:00+08:00"})

ROADS: list[tuple[str, dict[str, Any], list[Any], str]] = [
    ("consultation", {"topic": "price", "question": "How much?"},
     [ANSWERED, "@no_reply", LEARNT], "answered"),
    ("consultation", {"topic": "usage", "question": "How?"},
     [("answer", {"reply_kind": "expert"}), "expert_answer", "~It still fails",
      ("judge_reply", {"is_solved": "no"}), "supervisor_answer", "~Thanks",
      ("judge_reply", {"is_solved": "yes"}), LEARNT], "answered"),
    ("consultation", {"topic": "other", "question": "This is a scandal!"},
     [("answer", {"reply_kind": "complaint"})], "as_complaint"),
    ("exchange", EXCHANGE,
     [GRANTED, ("reserve", {"in_stock": "yes"}), "ship_new", "book_pickup",
      ("inspect_old", {"inspection": "as_described"})], "exchanged"),
    ("exchange", EXCHANGE, [("review", {"exchange_decision": "refused"})], "refused"),
    ("exchange", EXCHANGE,
     [GRANTED, ("reserve", {"in_stock": "no"}), ("agree_alternative", {"alternative": "wait"}),
      "@await_goods", ("reserve", {"in_stock": "no"}),
      ("agree_alternative", {"alternative": "refund"})], "as_refund"),
    ("exchange", EXCHANGE,
     [GRANTED, ("reserve", {"in_stock": "yes"}), "book_pickup", "ship_new",
      ("inspect_old", {"inspection": "damaged"}), ("settle_damage", {"charge": 0})], "exchanged"),
    ("installation", INSTALL,
     [("survey", {"site": "ready"}), VISITED, "prepare", INSTALLED, "@no_reply",
      "register_warranty"], "installed"),
    ("installation", INSTALL,
     [("survey", {"site": "not_ready"}), "@remind_after", "~Ready", ("survey", {"site": "ready"}),
      VISITED, "prepare", ("install", {"visit_result": "product_fault"}), "replace_product",
      VISITED, "prepare", INSTALLED, "~It drips", ("judge_reply", {"works": "no"}), VISITED,
      "prepare", INSTALLED, "@no_reply", "register_warranty"], "installed"),
    ("installation", INSTALL, [("survey", {"site": "not_ready"}), "@give_up_after"], "cancelled"),
    ("warranty", CLAIM,
     [("assess", {"coverage": "covered"}), ("choose_remedy", {"remedy": "repair",
      "ready_date": "2026-03-05"}), "repair", ("record_cause", {"root_cause": "design"})],
     "settled"),
    ("warranty", {**CLAIM, "months_since_purchase": 40},
     [("assess", {"coverage": "not_covered"}), "~I disagree",
      ("judge_reply", {"customer_choice": "dispute"}),
      ("review_finding", {"review": "overturned"}),
      ("choose_remedy", {"remedy": "refund", "ready_date": "2026-03-05"}),
      ("pay_back", {"paid_amount": 300}), ("record_cause", {"root_cause": "material"})],
     "settled"),
    ("warranty", CLAIM,
     [("assess", {"coverage": "need_evidence"}), "@evidence_late",
      ("assess", {"coverage": "not_covered"}), "@no_reply"], "not_covered_end"),
    ("account_change", {"change_type": "phone", "new_value": "2"},
     [("verify", {"identity": "verified"}), "change", "@no_objection"], "changed"),
    ("account_change", {"change_type": "bank", "new_value": "3"},
     [("verify", {"identity": "suspicious"}), ("check_fraud", {"fraud": "fraud"})], "not_changed"),
    ("account_change", {"change_type": "bank", "new_value": "3"},
     [("verify", {"identity": "verified"}), ("approve", {"approval": "approved"}), "change",
      "~That was not me", ("handle_objection", {"objection": "undone"})], "not_changed"),
    ("outage_notice", OUTAGE,
     [DOWN, "draft_notice", ("approve_notice", {"notice_approval": "approved"}), BACK,
      ("verify", {"verified": "ok"}), "decide_compensation", "review"], "closed"),
    ("outage_notice", OUTAGE,
     [DOWN, "@update_due", "write_update", "draft_notice",
      ("approve_notice", {"notice_approval": "returned"}), "draft_notice",
      ("approve_notice", {"notice_approval": "approved"}), BACK, ("verify", {"verified": "not_ok"}),
      "fix_rest", ("verify", {"verified": "ok"}), "decide_compensation", "review"], "closed"),
    ("outage_notice", OUTAGE,
     [("confirm_impact", {"level": "false_alarm", "affected": 0})], "no_outage"),
    ("vip_care", VIP,
     [("study_profile", {"gift_value": 100}), ("contact", {"contact_result": "pleased"}),
      "deliver_gesture", "@after_week", ("follow_up", {"score": 9})], "cared"),
    ("vip_care", VIP,
     [("study_profile", {"gift_value": 900}), ("approve_gesture", {"gesture_approval": "approved"}),
      ("contact", {"contact_result": "not_reached"}), "@try_later",
      ("contact", {"contact_result": "unhappy"}), "recover", "deliver_gesture", "@after_week",
      ("follow_up", {"score": 4}), "learn"], "cared"),
    ("onboarding", NEW,
     [*PREPARED, ("assess", {"assessment": "passed"}), "grant_rights",
      ("shadow", {"quality_rate": 9}), "@after_month", "review"], "settled_in"),
    ("onboarding", NEW,
     [*PREPARED, ("assess", {"assessment": "retake"}), "coach",
      ("assess", {"assessment": "failed"}), ("decide_future", {"future": "ended"})], "ended"),
    ("leaving", {**LEAVE, "leaving_kind": "notice"},
     [("exit_talk", {"talk_result": "leaves"}), *HANDED, ("verify_access",
      {"access_check": "closed"})], "left"),
    ("leaving", {**LEAVE, "leaving_kind": "immediate"},
     ["block_access", ("exit_talk", {"talk_result": "leaves"}), *HANDED,
      ("verify_access", {"access_check": "open"}), "revoke_access",
      ("verify_access", {"access_check": "closed"})], "left"),
    ("leaving", {**LEAVE, "leaving_kind": "notice"},
     [("exit_talk", {"talk_result": "stays"})], "stayed"),
]  # fmt: skip


@pytest.mark.parametrize(("id", "form", "steps", "ending"), ROADS)
def test_a_case_comes_to_its_end(id, form, steps, ending):
    walk = TemplateWalk(id, **form).through(*steps)
    assert walk.ending == ending


@every_own
def test_every_template_is_walked_on_more_than_one_road(id):
    assert len({road[3] for road in ROADS if road[0] == id} | {"", id}) >= 2
    assert sum(road[0] == id for road in ROADS) >= 2


def test_who_disagrees_with_a_finding_is_heard_by_somebody_else():
    program = program_of("warranty")
    roles = {program.node(step).step.role for step in ("assess", "review_finding")}
    assert roles == {"technician", "quality"}


def test_access_ends_before_anything_else_when_somebody_leaves_at_once():
    walk = TemplateWalk("leaving", **LEAVE, leaving_kind="immediate")
    assert [task.node for task in walk.state.tasks.values()] == ["block_access"]


def test_support_processes_are_not_offered_to_customers():
    internal = {id for id in OWN if program_of(id).sheet.is_internal}
    assert internal == {"onboarding", "leaving"}
