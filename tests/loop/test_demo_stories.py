"""Cases of the demo company, told from beginning to end, and the past that it is loaded with."""

import re
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from servoloop.kernel.engine.commands import Message
from servoloop.kernel.engine.evolve import fold
from servoloop.kernel.engine.state import CaseStatus
from servoloop.kernel.events.event import CaseId
from servoloop.kernel.service_levels.clock import ClockStatus
from servoloop.loop.demo.cast import customers
from servoloop.loop.demo.load import PROCESSES
from servoloop.loop.demo.seed import play
from tests.loop.demo_cases import (
    MONDAY,
    Walk,
    answered_complaint,
    complaint,
    program_of,
    refund,
    repair,
    visited,
    workplace,
)

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_a_complaint_is_acknowledged_with_its_number_the_moment_it_is_opened():
    walk = complaint()
    assert walk.sent() == ["send_ack"]
    assert "SL-000001" in walk.texts()[0]
    assert [task.node for task in walk.state.tasks.values()] == ["triage"]


def test_a_question_is_answered_in_two_steps():
    walk = complaint()
    walk.finish("triage", nature="consultation", severity="low")
    walk.finish("answer_consultation", answer="36 months.")
    assert walk.ending == "answered"
    assert "36 months." in walk.texts()[-1]


def test_a_critical_complaint_is_called_back_and_secured_before_it_is_investigated():
    walk = complaint()
    walk.finish("triage", nature="complaint", severity="critical")
    assert sorted(t.node for t in walk.state.tasks.values()) == ["call_customer", "secure_evidence"]
    walk.finish("call_customer")
    walk.finish("secure_evidence")
    walk.finish("investigate", finding="upheld")


def test_the_response_states_decision_reason_remedy_and_recourse():
    walk = complaint()
    walk.finish("triage", nature="complaint", severity="low")
    walk.finish("investigate", finding="upheld")
    walk.finish("draft_response", decision="D1", reason="R1", remedy="M1", compensation=0)
    assert all(part in walk.texts()[-1] for part in ("D1", "R1", "M1", "12315"))


@pytest.mark.parametrize(
    ("compensation", "approver"),
    [
        (200, ""),
        (201, "approve_supervisor"),
        (2000, "approve_supervisor"),
        (2001, "approve_manager"),
    ],
)
def test_compensation_is_approved_by_the_level_that_may_grant_it(compensation, approver):
    walk = answered_complaint(compensation=compensation)
    assert [task.node for task in walk.state.tasks.values()] == ([approver] if approver else [])


def test_a_draft_that_is_sent_back_is_written_again():
    walk = answered_complaint(compensation=500)
    walk.finish("approve_supervisor", approval="returned")
    walk.finish("draft_response", compensation=100)
    assert walk.sent()[-1] == "send_response"


def test_an_accepted_response_closes_the_complaint_once_its_cause_is_on_record():
    walk = answered_complaint()
    walk.says("Thank you.")
    walk.finish("judge_reply", customer_verdict="accepted")
    assert walk.sent()[-1] == "send_closing"
    assert walk.ending == ""
    walk.finish("record_cause", root_cause="logistics")
    assert walk.ending == "closed"


def test_silence_for_five_days_counts_as_acceptance():
    walk = answered_complaint()
    walk.wait("no_objection")
    walk.finish("record_cause", root_cause="logistics")
    assert walk.ending == "closed"


def test_a_rejected_response_goes_one_level_up_each_time_and_then_outside():
    walk = answered_complaint()
    for reviewer in ("review_supervisor", "review_manager"):
        walk.says("No.")
        walk.finish("judge_reply", customer_verdict="rejected")
        walk.finish(reviewer, compensation=300)
    walk.says("Still no.")
    walk.finish("judge_reply", customer_verdict="rejected")
    assert walk.ending == "external"
    assert "12315" in walk.texts()[-1]


def test_the_resolution_clock_stands_still_while_the_customer_is_asked():
    walk = complaint()
    walk.finish("triage", nature="complaint", severity="low")
    walk.finish("investigate", finding="need_information", findings="Which day?")
    assert "Which day?" in walk.texts()[-1]
    assert walk.clock("resolution").status is ClockStatus.PAUSED
    walk.wait("remind_after")
    assert walk.sent()[-1] == "send_reminder"
    walk.says("Monday.")
    assert walk.clock("resolution").status is ClockStatus.RUNNING
    assert walk.task("investigate")


def test_a_complaint_whose_customer_never_answers_is_closed_after_a_week():
    walk = complaint()
    walk.finish("triage", nature="complaint", severity="low")
    walk.finish("investigate", finding="need_information")
    walk.wait("remind_after")
    walk.wait("give_up_after")
    assert walk.ending == "unanswered"


@pytest.mark.parametrize(
    ("reason", "days", "is_unused", "allowed"),
    [
        ("changed_mind", 7, True, True),
        ("changed_mind", 8, True, False),
        ("changed_mind", 3, False, False),
        ("damaged", 30, False, True),
        ("damaged", 31, True, False),
    ],
)
def test_the_return_policy_is_applied_as_written(reason, days, is_unused, allowed):
    walk = refund(return_reason=reason, days_since_delivery=days, is_unused=is_unused)
    assert walk.state.variables["in_policy"] is allowed
    assert (walk.sent()[-1] == "send_label") is allowed
    assert any(t.node == "approve" for t in walk.state.tasks.values()) is not allowed


@pytest.mark.parametrize(("amount", "asks"), [(300, False), (301, True)])
def test_a_refund_above_the_limit_asks_the_supervisor(amount, asks):
    walk = refund(refund_amount=amount)
    assert any(task.node == "approve" for task in walk.state.tasks.values()) is asks


def test_a_refund_that_the_supervisor_refuses_ends_with_its_reason():
    walk = refund(refund_amount=900)
    walk.finish("approve", approval="refused", refund_reason="Bought elsewhere.")
    assert walk.ending == "refused"
    assert "Bought elsewhere." in walk.texts()[-1]


def test_returned_goods_are_inspected_before_the_money_leaves():
    walk = refund()
    walk.says("SF100200300")
    walk.do(Message(name="parcel.arrived", key="SL-000001", message_id="dock-1"))
    walk.finish("inspect", inspection="as_described")
    walk.finish("pay_refund", payment_result="paid")
    walk.finish("book_refund", cost_bearer="carrier")
    assert walk.ending == "refunded"
    assert "80" in walk.texts()[-1]


def test_an_unannounced_parcel_is_looked_for_after_two_days():
    walk = refund()
    walk.says("SF100200300")
    walk.wait("in_transit")
    assert walk.task("inspect").role == "warehouse"


def test_deviating_goods_are_refunded_as_agreed_with_the_customer():
    walk = refund()
    walk.says("SF100200300")
    walk.wait("in_transit")
    walk.finish("inspect", inspection="deviates")
    walk.finish("settle_deviation", refund_amount=60)
    assert walk.state.variables["refund_amount"] == 60
    assert walk.task("pay_refund").role == "finance"


def test_goods_that_nobody_sends_let_the_request_lapse():
    walk = refund()
    walk.wait("remind_after")
    walk.wait("give_up_after")
    assert walk.ending == "lapsed"


def test_a_bounced_payment_comes_back_to_the_agent_and_is_paid_again():
    walk = refund(goods="keep")
    walk.finish("pay_refund", payment_result="bounced")
    walk.finish("correct_account")
    walk.finish("pay_refund", payment_result="paid")
    walk.finish("book_refund", cost_bearer="company")
    assert walk.ending == "refunded"


def test_a_late_payment_is_explained_before_the_customer_asks():
    walk = refund(goods="keep")
    walk.wait("payment_late")
    assert walk.sent()[-1] == "send_delay"
    assert walk.task("pay_refund")


@pytest.mark.parametrize(
    ("diagnosis", "notice"), [("solved", "send_confirm"), ("declined", "send_declined")]
)
def test_no_engineer_drives_out_when_the_phone_was_enough(diagnosis, notice):
    form = {"product": "cabinet", "fault": "Loose.", "address": "A", "phone": "1"}
    walk = Walk("repair", **form)
    walk.finish("diagnose", diagnosis=diagnosis, part="none", in_warranty=True)
    assert walk.sent()[-1] == notice
    assert not walk.state.tasks


def test_the_visit_is_scheduled_only_once_the_part_is_here():
    walk = repair(part="pump")
    for _ in range(2):
        walk.finish("pick_part", stock="missing")
        assert walk.sent()[-1] == "send_part_wait"
        walk.wait("next_delivery")
    walk.finish("pick_part", stock="picked")
    assert walk.task("schedule_visit")


def test_the_appointment_names_time_engineer_and_fee():
    walk = repair()
    walk.finish("schedule_visit", visit_at="2026-03-03T14:00+08:00", engineer="Fei")
    assert walk.sent()[-1] == "send_appointment"
    assert all(part in walk.texts()[-1] for part in ("2026-03-03 14:00", "Fei", "150"))


def test_a_customer_who_writes_before_the_visit_gets_an_answer_and_the_visit_stands():
    walk = repair()
    walk.finish("schedule_visit", visit_at="2026-03-03T14:00+08:00", engineer="Fei")
    walk.says("Can you bring the seal, too?")
    walk.finish("answer_question")
    assert walk.task("prepare_visit")


@pytest.mark.parametrize(
    ("result", "then"),
    [
        ("part_missing", "pick_part"),
        ("absent", "schedule_visit"),
        ("hopeless", "settle_replacement"),
    ],
)
def test_what_the_engineer_found_decides_what_comes_next(result, then):
    walk = visited(result, repair())
    assert walk.task(then)


def test_a_repair_is_over_when_the_customer_says_that_it_works():
    walk = visited("fixed", repair())
    walk.says("It still hums.")
    walk.finish("judge_confirmation", confirmation="still_broken", repair_complaint="It hums.")
    walk.finish("diagnose", diagnosis="visit", part="none", in_warranty=True)
    visited("fixed", walk)
    walk.says("Quiet now.")
    walk.finish("judge_confirmation", confirmation="confirmed")
    assert walk.ending == "closed"


def test_a_repair_that_nobody_objects_to_closes_after_three_days():
    walk = visited("fixed", repair())
    walk.wait("silence")
    assert walk.ending == "closed"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_customer_reads_every_notice_in_their_language(language):
    walks = [
        answered_complaint(language=language),
        refund(language=language),
        visited("fixed", repair(language=language)),
    ]
    for text in (text for walk in walks for text in walk.texts()):
        assert bool(CHINESE.search(text)) is (language == "zh"), text


# The past of the demo company


def lives(seed: int) -> list[Any]:
    ids = [CaseId(number) for number in range(1, 61)]
    random = Random(seed)
    return play(
        [program_of(process) for process in PROCESSES],
        cases=ids,
        numbers={case: f"SL-{case:06d}" for case in ids},
        customers=customers(20, random=random),
        calendars=workplace().calendars,
        until=MONDAY + timedelta(hours=4),
        random=random,
    )


def test_the_past_is_what_the_engine_makes_of_its_events():
    for past in lives(7):
        assert fold(past.life.state.case, past.life.events) == past.life.state


def test_the_same_seed_gives_the_same_past():
    assert [p.life.events for p in lives(3)] == [p.life.events for p in lives(3)]


def test_the_past_leaves_open_work_and_closed_cases_of_every_process():
    closed = {p.life.program.key for p in lives(1) if p.life.state.status is CaseStatus.CLOSED}
    assert closed == set(PROCESSES)
    assert any(p.life.state.tasks for p in lives(1))
