"""Every KPI on cases small enough to be counted by hand."""

from datetime import timedelta

import pytest

from servoloop.kernel.metrics.case_facts import Stretch, covered
from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.metrics.definition import Aggregate, ClockKind
from servoloop.kernel.metrics.measure import measure
from servoloop.kernel.metrics.observations import OBSERVERS, Period
from servoloop.kernel.routing.workplace import UnknownCalendar
from tests.kernel.metrics.cast import (
    ADA,
    MARCH,
    MONDAY,
    OFFICE,
    SYSTEM,
    clock,
    closed,
    facts,
    heard,
    kpi,
    opened,
    promised,
    reopened,
    task,
    told,
    value,
)

HOUR = 3600.0
DAY = 24


def test_an_automatic_answer_is_a_response_but_not_a_persons():
    case = facts(opened(), told(0, by=ADA, step="receipt"), told(3), closed(5))
    assert value("first_response", case) == 3 * HOUR
    assert value("first_response.any", case) == 0


def test_a_response_on_the_next_morning_costs_working_hours_only():
    case = facts(opened(7), promised(7, "first_response", due=20), told(25))  # 16:00 to 10:00
    assert value("first_response", case) == 2 * HOUR
    assert value("first_response.elapsed", case) == 18 * HOUR


def test_a_case_opened_by_a_colleague_waits_from_the_customers_first_words():
    case = facts(opened(by=ADA), told(1), heard(2), told(6))
    assert value("first_response", case) == 4 * HOUR


def test_the_next_response_counts_from_the_oldest_unanswered_message():
    case = facts(opened(), told(1), heard(2), heard(4), told(5), told(6), heard(10), told(11))
    assert kpi("next_response", case).n == 2
    assert value("next_response", case, figure="median") == 2 * HOUR  # of 3 h and 1 h


def test_the_first_answer_is_no_next_response():
    assert kpi("next_response", facts(opened(), heard(1), told(2))).n == 0


def test_resolution_ends_with_the_last_closing():
    case = facts(opened(), closed(2), reopened(5), closed(9))
    assert value("resolution", case) == 9 * HOUR


def test_a_reopened_case_is_open_and_its_age_goes_back_to_the_beginning():
    case = facts(opened(), closed(2), reopened(5))
    assert value("resolution", case) is None
    assert value("backlog", case) == 1
    march_end = kpi("backlog.age", case)
    assert march_end.headline.estimate.value == (30 * DAY - 9) * HOUR


def test_a_cancelled_case_is_neither_resolved_nor_open():
    case = facts(opened(), (1, "case.cancelled", ADA, {"reason": "twice"}))
    assert value("resolution", case) is None
    assert value("backlog", case) == 0
    assert kpi("resolution.all", case).n == 1


def test_waiting_for_the_customer_is_taken_off():
    awaited = {"subscription": 1, "waits_for": "customer"}
    case = facts(
        opened(),
        (2, "message.awaited", SYSTEM, awaited),
        (6, "message.received", SYSTEM, {"subscription": 1}),
        (6, "message.awaited", SYSTEM, {"subscription": 2, "waits_for": ""}),
        closed(10),
    )
    assert value("resolution.net", case) == 6 * HOUR


def test_open_cases_are_part_of_the_time_to_resolution():
    ended = [facts(opened(), closed(hours), case=hours) for hours in (1, 2, 3)]
    running = facts(opened(), case=9)
    assert value("resolution.all", *ended, running) == 2 * HOUR
    nobody = [facts(opened(), case=n) for n in (1, 2)]
    assert not kpi("resolution.all", *nobody).figures
    assert kpi("resolution.all", *nobody).unknown.default


def test_handle_time_adds_the_stretches_of_work():
    case = facts(
        opened(),
        promised(0, "resolution", due=99),
        task(0, "claimed"),
        task(1, "released"),
        task(6, "claimed", "bo"),  # 15:00, until Tuesday 10:00: three working hours
        task(25, "completed", "bo"),
        closed(25),
    )
    assert value("handle_time", case) == 4 * HOUR


def test_work_passed_to_somebody_else_is_a_transfer_and_breaks_the_ownership():
    owned = (0, "case.owned", ADA, {"person": "ada", "reason": "first_contact"})
    kept = facts(opened(), owned, task(0, "claimed"), task(1, "completed"), closed(2))
    passed = facts(
        opened(), owned, task(0, "claimed"), task(1, "assigned", "bo"), closed(2), case=2
    )
    own_again = facts(
        opened(), owned, task(0, "claimed"), task(1, "released"), task(2, "claimed"), closed(3)
    )
    assert value("transfer", kept, passed) == 0.5
    assert value("first_contact_ownership", kept, passed) == 0.5
    assert value("transfer", own_again) == 0


def test_promises_count_kept_and_broken_and_overdue_ones():
    kept = facts(opened(), promised(0, "resolution", due=4), clock(3, "met"), closed(3))
    broken = facts(opened(), promised(0, "resolution", due=4), clock(4, "breached"), case=2)
    overdue = facts(opened(), promised(0, "resolution", due=4), case=3)
    not_yet = facts(opened(), promised(0, "resolution", due=40 * DAY), case=4)
    stopped = facts(opened(), promised(0, "resolution", due=4), clock(1, "stopped"), case=5)
    measured = kpi("service_level.resolution", kept, broken, overdue, not_yet, stopped)
    assert measured.n == 3
    assert measured.headline.estimate.value == pytest.approx(1 / 3)
    assert value("backlog.overdue", kept, broken, overdue, not_yet) == pytest.approx(2 / 3)


def test_a_paused_promise_is_not_overdue():
    case = facts(
        opened(),
        promised(0, "resolution", due=4),
        clock(2, "paused", remaining=7200, reason="customer"),
    )
    assert kpi("service_level.resolution", case).n == 0
    assert value("backlog.overdue", case) == 0


def test_steps_have_promises_of_their_own():
    case = facts(
        opened(),
        promised(0, "step_response", due=1, step="answer"),
        clock(0.5, "met"),
        promised(1, "step_response", due=2, clock=2, step="check"),
        clock(2, "breached", 2),
        clock(2, "met", 2),  # a second verdict changes nothing
    )
    assert value("service_level.step_response", case) == 0.5
    said = kpi("service_level.resolution", case).unknown.default
    assert said == "No process of these cases makes such a promise."


def test_a_closing_counts_when_its_week_is_over():
    again = facts(opened(), closed(1), reopened(3 * DAY), closed(4 * DAY))
    fine = facts(opened(0, customer="fei"), closed(1), case=2)
    assert kpi("reopen", again, fine).n == 3  # three closings
    assert value("reopen", again, fine) == pytest.approx(1 / 3)
    first_week = Period(begin=MONDAY - timedelta(days=1), end=MONDAY + timedelta(days=7))
    assert kpi("reopen", again, fine, period=first_week).n == 0


def test_a_case_costs_the_work_on_it_at_the_rates_of_its_steps():
    def worked(number: int, hours: float, *more, step: str = "answer"):
        lines = [
            (0, "task.opened", ADA, {"task": 1, "role": "agent", "activity": step}),
            (1, "task.claimed", ADA, {"task": 1, "person": "ada", "activity": step}),
            (1 + hours, "task.completed", ADA, {"task": 1, "person": "ada", "activity": step}),
        ]
        return facts(opened(), *lines, closed(1 + hours), *more, case=number)

    rates = {("help", "answer"): 60.0}
    cheap, dear = worked(1, 0.5), worked(2, 1.5)
    free = worked(3, 1, step="check")  # no rate: it counts as nothing
    again = worked(4, 1, reopened(3), closed(4))

    def cost(kpi_id: str, *cases):
        measured = measure(cases, period=MARCH, calendars={"office": OFFICE}, rates=rates)
        return next(each for each in measured if each.kpi.id == kpi_id)

    assert cost("cost.resolved", cheap, dear).figure("mean").value == pytest.approx(60)
    assert cost("cost.resolved", cheap, dear, free).figure("mean").value == pytest.approx(40)
    assert cost("cost.contact", again).figure("mean").value == pytest.approx(30)  # came twice
    without = kpi("cost.resolved", cheap)
    assert without.figures == ()
    assert "costs" in without.unknown.default


def test_who_comes_back_with_the_same_matter_was_not_helped_the_first_time():
    first = facts(opened(), closed(1))
    back = facts(opened(2 * DAY), closed(3 * DAY), case=2)
    other = facts(opened(2 * DAY, customer="fei"), closed(3 * DAY), case=3)
    assert value("first_contact_resolution", first, back, other) == pytest.approx(2 / 3)
    unknown = facts(opened(customer=""), closed(1), case=4)
    assert kpi("first_contact_resolution", unknown).n == 0


def test_an_escalation_is_answered_where_it_was_asked_first_or_not():
    def asked(number: int, *more):
        due = (MONDAY + timedelta(hours=2)).isoformat()
        raised = (1, "escalation.raised", ADA, {"escalation": 1, "task": 1, "due": due})
        return facts(opened(), raised, *more, closed(9), case=number)

    def then(hours: float, verb: str):
        return hours, f"escalation.{verb}", ADA, {"escalation": 1, "due": MONDAY.isoformat()}

    in_time = asked(1, then(1.5, "answered"))
    climbed = asked(2, then(2, "climbed"), then(3, "answered"))
    silent = asked(3, then(2, "exhausted"))
    gone = asked(4)
    measured = kpi("escalation_answered", in_time, climbed, silent, gone)
    assert (measured.n, measured.headline.estimate.value) == (3, pytest.approx(1 / 3))
    assert value("escalation", in_time, facts(opened(), closed(1), case=9)) == 0.5


def test_an_escalation_ends_with_its_answer_or_with_its_task():
    due = (MONDAY + timedelta(hours=2)).isoformat()
    raised = (1, "escalation.raised", ADA, {"escalation": 1, "task": 1, "due": due})
    answered = (3, "escalation.answered", ADA, {"escalation": 1})
    (kept,) = facts(opened(), raised, answered, task(4, "completed")).questions
    assert kept.ended_at == MONDAY + timedelta(hours=3)
    (gone,) = facts(
        opened(), raised, task(3.5, "completed", task=2), task(4, "completed")
    ).questions
    assert (gone.answered_at, gone.ended_at) == (None, MONDAY + timedelta(hours=4))
    (left,) = facts(opened(), raised, closed(6)).questions
    assert left.ended_at == MONDAY + timedelta(hours=6)


def test_an_unknown_calendar_is_named():
    case = facts(opened(), (0, *promised(0, "resolution", due=1)[1:]), told(1))
    with pytest.raises(UnknownCalendar, match="office"):
        from servoloop.kernel.metrics.measure import measure

        measure([case], period=Period(begin=MONDAY, end=MONDAY + timedelta(days=1)), calendars={})


def test_overlapping_waits_count_once():
    def wait(begin: float, end: float | None):
        until = None if end is None else MONDAY + timedelta(hours=end)
        return Stretch(begin=MONDAY + timedelta(hours=begin), end=until)

    waits = [wait(4, 6), wait(0, 2), wait(1, 3), wait(8, None)]
    end = MONDAY + timedelta(hours=9)
    assert covered(waits, begin=MONDAY, end=end) == timedelta(hours=6)


def test_every_kpi_is_computed_or_says_what_is_missing():
    for kpi_id, definition in CATALOGUE.items():
        assert definition.id == kpi_id
        assert (kpi_id in OBSERVERS) is not bool(definition.missing.default)
        assert not definition.guard or definition.guard in CATALOGUE
        for text in (definition.name, definition.formula, definition.missing):
            assert bool(text.in_language("zh")) == bool(text.default)
        if definition.aggregate in (Aggregate.SHARE, Aggregate.COUNT):
            continue
        assert definition.clock is not ClockKind.NONE or definition.missing.default


def test_an_empty_desk_has_no_figures_but_an_empty_backlog():
    assert [each for each in CATALOGUE if value(each) is not None] == ["backlog"]
