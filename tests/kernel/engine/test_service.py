"""Clocks, routing, escalation and the conversation of a case."""

from dataclasses import replace
from datetime import timedelta

import pytest

from servoloop.kernel.calendars.calendar import Calendar
from servoloop.kernel.calendars.weekly_hours import weekly_hours
from servoloop.kernel.engine.commands import (
    AnswerEscalation,
    Assign,
    Claim,
    Complete,
    Escalate,
    Reopen,
    Say,
)
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.feel.expression import compile as feel
from servoloop.kernel.process.program import MessageRule, Op
from servoloop.kernel.process.step import Assignment, EscalationLevel, ServiceLevel, Step
from servoloop.kernel.service_levels.clock import ClockStatus
from tests.kernel.engine.cast import (
    ADA,
    BO,
    CHAIN,
    CY,
    EVE,
    MO,
    MONDAY,
    WORKPLACE,
    Case,
    human,
    message,
    node,
    program,
)

START, END = node("start", Op.START), node("end", Op.END)
HOUR = timedelta(hours=1)
PROMISES = (
    ServiceLevel(metric="first_response", within=2 * HOUR),
    ServiceLevel(metric="resolution", within=16 * HOUR),
)


def one_step(**step):
    return program(
        START,
        human("work", **step),
        END,
        flows=["start>work", "work>end"],
        service_levels=PROMISES,
    )


def asking():
    """Work, ask the customer, work again."""
    return program(
        START,
        human("ask"),
        node(
            "reply",
            Op.RECEIVE,
            message=message("customer.reply"),
            step=Step(waits_for_customer=True),
        ),
        human("answer"),
        END,
        flows=["start>ask", "ask>reply", "reply>answer", "answer>end"],
        service_levels=PROMISES,
    )


def test_clocks_count_working_time_only():
    case = Case(one_step(), at=Case(one_step()).at + timedelta(hours=7)).open()  # Monday 16:00
    assert case.clock("first_response").due == case.at + timedelta(hours=18)  # Tuesday 10:00


def test_the_first_response_is_met_by_a_person_and_not_by_the_system():
    case = Case(one_step()).open()
    case.do(Say(text="We are looking into it.", actor=ADA), later=HOUR)
    assert case.clock("first_response") is None
    assert case.kinds().count("clock.met") == 1
    assert case.state.owner == "ada"


def test_a_missed_promise_is_an_event_and_fires_once():
    case = Case(one_step()).open()
    case.wait(30 * HOUR)
    breached = [e for e in case.events if e.kind == "clock.breached"]
    assert len(breached) == 1
    assert breached[0].at == case.events[0].at + 2 * HOUR


def test_a_late_answer_is_a_breach_even_before_its_timer_came_round():
    case = Case(one_step()).open()
    case.do(Say(text="Sorry for the wait.", actor=ADA), later=3 * HOUR)
    assert "clock.breached" in case.kinds()
    assert "clock.met" not in case.kinds()


def test_the_wait_for_the_customer_does_not_use_up_the_resolution_time():
    case = Case(asking()).open()
    case.at += HOUR
    case.finish("ask")
    clock = case.clock("resolution")
    assert clock.status is ClockStatus.PAUSED
    assert clock.due is None
    assert clock.remaining == 15 * HOUR
    case.wait(timedelta(days=7))
    assert case.clock("resolution").status is ClockStatus.PAUSED
    case.do(Say(text="Here is the photo.", actor=MO))
    resumed = case.clock("resolution")
    assert resumed.status is ClockStatus.RUNNING
    assert resumed.due == case.at + timedelta(days=1) + 7 * HOUR  # 15 h of 8 h days from 10:00
    assert case.state.variables["customer_reply"] == "Here is the photo."


def test_closing_while_paused_keeps_the_promise():
    case = Case(asking()).open()
    case.finish("ask")
    case.do(Say(text="ok", actor=MO))
    case.finish("answer")
    assert case.kinds().count("clock.met") == 2
    assert not case.state.timers


def test_each_reopening_is_a_new_cycle():
    case = Case(one_step()).open()
    case.finish("work")
    case.do(Reopen(reason="It broke again.", actor=MO), later=HOUR)
    started = [e.data["cycle"] for e in case.events if e.kind == "clock.started"]
    assert started == [1, 1, 2, 2]


def test_the_first_receiver_keeps_the_case():
    p = program(
        START,
        human("a"),
        human("b", assignment=Assignment.FIRST_CONTACT),
        END,
        flows=["start>a", "a>b", "b>end"],
    )
    case = Case(p).open()
    case.finish("a", actor=ADA)
    assert case.task("b").person == "ada"


def test_load_decides_and_says_so():
    case = Case(one_step(assignment=Assignment.LOAD)).open()
    assert case.task("work").person == "eve"
    assigned = next(e for e in case.events if e.kind == "task.assigned")
    assert assigned.data["rule"] == "load"


def test_an_unanswered_escalation_climbs_by_itself_and_its_silence_is_an_incident():
    case = Case(one_step(escalation=CHAIN)).open()
    case.do(Claim(task=case.task("work").id, actor=ADA))
    case.do(Escalate(task=case.task("work").id, reason="What now?", actor=ADA))
    (escalation,) = case.state.escalations.values()
    assert (escalation.level, escalation.role) == (0, "supervisor")
    case.wait(HOUR)
    (escalation,) = case.state.escalations.values()
    assert (escalation.level, escalation.role) == (1, "manager")
    case.wait(2 * HOUR)
    (escalation,) = case.state.escalations.values()
    assert escalation.due is None
    assert [i.cause for i in case.state.incidents.values()] == ["unanswered"]
    case.do(AnswerEscalation(escalation=escalation.id, words="Replace it.", actor=CY))
    assert not case.state.escalations


def test_a_level_is_awaited_on_its_own_calendar():
    evening = Calendar(name="evening", zone="UTC", weekly=weekly_hours("mon-sun 18:00-22:00"))
    workplace = replace(WORKPLACE, calendars={**WORKPLACE.calendars, "evening": evening})
    chain = (EscalationLevel(role="supervisor", within=HOUR, calendar="evening"),)
    case = Case(one_step(escalation=chain), workplace=workplace).open()
    case.do(Claim(task=case.task("work").id, actor=ADA))
    case.do(Escalate(task=case.task("work").id, reason="What now?", actor=ADA))
    (escalation,) = case.state.escalations.values()
    assert escalation.due == MONDAY.replace(hour=19)


def test_the_level_below_may_no_longer_answer():
    case = Case(one_step(escalation=CHAIN)).open()
    case.do(Escalate(task=case.task("work").id, reason="?", actor=ADA))
    case.wait(HOUR)
    (escalation,) = case.state.escalations.values()
    with pytest.raises(CommandRefused, match="role 'manager'"):
        case.do(AnswerEscalation(escalation=escalation.id, words="Late.", actor=BO))


def test_an_answer_can_hand_the_task_to_somebody_else():
    case = Case(one_step(escalation=CHAIN)).open()
    case.do(Escalate(task=case.task("work").id, reason="?", actor=ADA))
    (escalation,) = case.state.escalations.values()
    case.do(
        AnswerEscalation(escalation=escalation.id, words="Eve knows.", actor=BO, assign_to="eve")
    )
    assert case.task("work").person == "eve"


def test_a_broken_response_time_escalates_by_itself():
    case = Case(one_step(escalation=CHAIN, response_time=HOUR)).open()
    case.wait(HOUR)
    (escalation,) = case.state.escalations.values()
    assert escalation.reason == "step_response_breached"
    assert case.events[-1].actor.kind == "system"


def test_a_finished_task_takes_its_escalation_and_clock_with_it():
    case = Case(one_step(escalation=CHAIN, response_time=4 * HOUR)).open()
    case.do(Escalate(task=case.task("work").id, reason="?", actor=ADA))
    case.finish("work")
    assert not case.state.escalations and not case.state.timers and not case.state.clocks


def test_a_step_without_a_chain_cannot_be_escalated():
    case = Case(one_step()).open()
    with pytest.raises(CommandRefused, match="no escalation chain"):
        case.do(Escalate(task=case.task("work").id, reason="?", actor=ADA))


def test_a_notice_to_the_customer_is_part_of_the_conversation():

    rule = MessageRule(name="customer.notice", payload=feel('"Dear " + name'))
    p = program(START, node("tell", Op.SEND, message=rule), END, flows=["start>tell", "tell>end"])
    case = Case(p).open(name="Mo")
    sent = next(e for e in case.events if e.kind == "conversation.sent")
    assert sent.data["text"] == "Dear Mo"
    assert [e.kind for e in case.last.effects] == ["notify_customer"]


def test_an_empty_message_is_refused():
    case = Case(one_step()).open()
    with pytest.raises(CommandRefused, match="nothing to send"):
        case.do(Say(text="  ", actor=ADA))


def test_work_must_be_begun_before_it_can_be_finished():
    case = Case(one_step()).open()
    task = case.task("work").id
    case.do(Assign(task=task, person="eve", actor=BO))
    with pytest.raises(CommandRefused, match="must be taken"):
        case.do(Complete(task=task, outputs={}, actor=EVE))
