"""Conformance: an engine-made log conforms, and departures are named as what they are."""

from datetime import timedelta
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.calendars.calendar import ALWAYS
from servoloop.kernel.engine.commands import (
    Cancel,
    JobDone,
    JobFailed,
    Open,
    Reopen,
    ResolveIncident,
)
from servoloop.kernel.engine.refusal import CommandRefused
from servoloop.kernel.engine.state import CaseStatus
from servoloop.kernel.events.event import Lifecycle
from servoloop.kernel.mining.conformance.check import (
    Conformance,
    Limits,
    check_conformance,
    conformance_of,
)
from servoloop.kernel.mining.conformance.net import labels_of, net_of
from servoloop.kernel.mining.conformance.standard_times import standard_time_use
from servoloop.kernel.mining.multiset import variant_multiset
from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.program import Op, Program
from tests.kernel.engine.cast import MO, Case, human, node, program
from tests.kernel.mining.cast import PROJECT, log_of
from tests.kernel.mining.waiting.cast import log_of_work
from tests.laws.test_engine import Builder, next_command

START, END = node("start", Op.START), node("end", Op.END)
TINY = PROJECT / "examples" / "processes" / "tiny.bpmn"


def line(*steps: str) -> Program:
    """Human steps one after another."""
    path = ["start", *steps, "end"]
    flows = [f"{a}>{b}" for a, b in pairwise(path)]
    return program(START, *(human(step) for step in steps), END, flows=flows)


def log_of_cases(*cases: str):
    """Each case is a text such as 'a b c'; its events are a minute apart."""
    return log_of(
        (f"case {number}", activity, f"2026-03-02 09:{minute:02d}:00")
        for number, text in enumerate(cases)
        for minute, activity in enumerate(text.split())
    )


def told(conformance: Conformance) -> list[tuple[str, str, int]]:
    return [(each.kind.value, each.step, each.cases) for each in conformance.deviations]


def test_cases_that_follow_the_definition_conform_wholly():
    found = check_conformance(log_of_cases("a b c", "a b c"), line("a", "b", "c"))
    assert (found.method, found.fitness, found.precision) == ("alignment", 1.0, 1.0)
    assert found.conforming_cases == 2
    assert found.deviations == ()


def test_a_missing_step_was_skipped():
    found = check_conformance(log_of_cases("a b c", "a c", "a c", "a b c"), line("a", "b", "c"))
    assert told(found) == [("skipped", "b", 2)]
    assert found.deviations[0].sentence == "Step 'b' skipped in 2 cases, 50.0 % of all."
    assert found.fitness == pytest.approx((2 + 2 * (1 - 1 / 5)) / 4)
    assert found.conforms.tolist() == [True, False, False, True]


def test_a_step_at_the_wrong_place_was_done_out_of_order():
    found = check_conformance(log_of_cases("b c d a"), line("a", "b", "c", "d"))
    assert told(found) == [("out_of_order", "a", 1)]


def test_a_step_done_twice_is_extra_and_a_stranger_is_unknown():
    found = check_conformance(log_of_cases("a b b", "a x b"), line("a", "b"))
    assert sorted(told(found)) == [("extra", "b", 1), ("unknown", "x", 1)]
    assert found.activities_not_in_model == ("x",)


def test_a_human_step_that_nobody_ever_did_is_a_deviation_of_every_case():
    found = check_conformance(log_of_cases("a c", "a c"), line("a", "b", "c"))
    assert told(found) == [("skipped", "b", 2)]
    assert found.steps_never_seen == ("b",)


def test_a_case_still_open_lacks_nothing_that_is_yet_to_come():
    log = log_of_cases("a b c", "a b")
    open_cases = [name == "case 1" for name in log.case.names]
    found = check_conformance(log, line("a", "b", "c"), open_cases=_flags(open_cases))
    assert found.conforming_cases == 2


def test_parallel_steps_may_come_in_either_order():
    fork, join = node("fork", Op.PARALLEL), node("join", Op.PARALLEL)
    both = program(
        START, fork, human("a"), human("b"), join, END,
        flows=["start>fork", "fork>a", "fork>b", "a>join", "b>join", "join>end"],
    )  # fmt: skip
    found = check_conformance(log_of_cases("a b", "b a", "a"), both)
    assert found.conforming_cases == 2
    assert told(found) == [("skipped", "b", 1)]


def test_what_the_model_allows_and_nobody_does_lowers_precision():
    gate, join = node("gate", Op.EXCLUSIVE), node("merge", Op.EXCLUSIVE)
    choice = program(
        START, gate, human("a"), human("b"), join, END,
        flows=["start>gate", "gate>a if x > 1", "gate>b", "a>merge", "b>merge", "merge>end"],
    )  # fmt: skip
    assert check_conformance(log_of_cases("a", "a"), choice).precision == 0.5
    assert check_conformance(log_of_cases("a", "b"), choice).precision == 1.0


def test_a_model_too_large_to_align_is_replayed_and_says_so():
    model, log = line("a", "b", "c"), log_of_cases("a b c", "a c", "a b c x")
    multiset = variant_multiset(log)
    net = net_of(model, labels_of(model, log.activity.names, aliases={}))
    found = conformance_of(net, multiset, limits=Limits(states=2))
    assert (found.method, found.precision, found.conforming_cases) == ("token replay", None, 1)
    assert ("out_of_order", "c", 1) in told(found)
    assert ("unknown", "x", 1) in told(found)
    assert 0.5 < found.fitness < 1


def test_activities_are_found_by_translated_names_and_aliases():
    model = load_program(TINY.read_bytes())
    log = log_of_cases("答复或转交", "triage")
    found = check_conformance(log, model, aliases={})
    assert found.activities_not_in_model != ()  # two names for one step: only one can match
    renamed = check_conformance(
        log_of_cases("Erstantwort"), model, aliases={"Erstantwort": "triage"}
    )
    assert renamed.activities_not_in_model == ()
    assert renamed.conforming_cases == 1


def test_overruns_of_the_standard_time_are_counted_in_working_time():
    model = program(
        START, human("a", standard_time=timedelta(minutes=10)), END,
        flows=["start>a", "a>end"],
    )  # fmt: skip
    log = log_of_work([("1", "a", 0, 8, "ada"), ("2", "a", 0, 15, "ada"), ("3", "a", 5, 15, "ada")])
    (use,) = standard_time_use(log, model, calendar=ALWAYS)
    assert (use.executions, use.overruns, use.excess) == (3, 1, timedelta(minutes=5))


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**9))
def test_a_case_that_the_engine_ran_conforms_to_its_definition(seed):
    random = Random(seed)
    case = Case(Builder(random).build())
    case.do(Open(variables={"x": random.choice([0, 2, None])}, actor=MO))
    for _ in range(60):
        command, case.at = next_command(case, random)
        if isinstance(command, (Cancel, Reopen, JobFailed, ResolveIncident)):
            continue
        if isinstance(command, JobDone) and case.state.incidents:
            continue
        try:
            case.do(command)
        except CommandRefused:
            continue
    rows = [
        ("1", event.activity, f"2026-03-02 {second // 60:02d}:{second % 60:02d}:00")
        for second, event in enumerate(e for e in case.events if is_execution(e, case))
    ]
    if not rows:
        return
    is_open = case.state.status is not CaseStatus.CLOSED
    found = check_conformance(log_of(rows), case.program, open_cases=_flags([is_open]))
    assert found.method == "alignment"
    assert found.deviations == ()
    assert found.fitness == 1.0


def is_execution(event, case) -> bool:
    """One event for each step done; a boundary event tells of itself twice."""
    if event.activity is None or event.lifecycle is not Lifecycle.COMPLETE:
        return False
    on_boundary = case.program.node(event.activity).attached_to >= 0
    return not (on_boundary and event.kind != "node.passed")


def _flags(values):
    return np.array(values, dtype=np.bool_)
