"""The sweep: two engines, one truth, and laws that hold for every log."""

import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.process_map import process_map
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.mining.swept import Sweep
from servoloop.kernel.mining.variants import variants
from tests.kernel.mining.cast import log_of

MOMENTS = st.integers(0, 40).map(lambda n: f"2025-03-{1 + n // 24:02d} {n % 24:02d}:00:00")
ROWS = st.lists(
    st.tuples(st.sampled_from("123"), st.sampled_from("abcd"), MOMENTS), min_size=1, max_size=40
)


def same(one: Sweep, other: Sweep) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in dataclasses.fields(Sweep)
    )


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_the_compiled_pass_and_the_plain_one_agree(rows):
    log = log_of(rows)
    assert same(sweep(log, compiled=True), sweep(log, compiled=False))


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_every_event_is_entered_once_and_left_once(rows):
    log = log_of(rows)
    swept = sweep(log, compiled=False)
    activities = len(log.activity.names)
    entered = np.zeros(activities + 1, np.int64)
    left = np.zeros(activities + 1, np.int64)
    np.add.at(entered, swept.edge_target, swept.edge_transitions)
    np.add.at(left, swept.edge_source, swept.edge_transitions)
    assert entered[:activities].tolist() == swept.activity_events.tolist()
    assert left[:activities].tolist() == swept.activity_events.tolist()
    assert swept.edge_transitions.sum() == log.events + log.cases
    assert entered[activities] == left[activities] == log.cases
    assert swept.variant_cases.sum() == log.cases


@settings(deadline=None, max_examples=60)
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter_when_moments_differ(rows, random):
    distinct = list({(case, at): (case, activity, at) for case, activity, at in rows}.values())
    shuffled = random.sample(distinct, len(distinct))
    assert facts(log_of(distinct)) == facts(log_of(shuffled))


def facts(log: EventLog) -> tuple[object, ...]:
    swept = sweep(log, compiled=False)
    drawn = process_map(log, swept)
    edges = {(e.source, e.target): (e.transitions, e.cases, e.median_wait) for e in drawn.edges}
    nodes = {node.activity: (node.events, node.cases, node.repeats) for node in drawn.nodes}
    return edges, nodes, {v.activities: v.cases for v in variants(log, swept)}


def test_medians_and_p90_interpolate_like_numpy():
    waits = [1, 2, 3, 5, 8, 13, 21]
    rows = []
    for case, wait in enumerate(waits):
        rows += [
            (f"{case}", "a", "2025-03-03 00:00:00"),
            (f"{case}", "b", f"2025-03-03 {wait:02}:00:00"),
        ]
    hour = 3_600_000_000
    for compiled in (False, True):
        log = log_of(rows)
        swept = sweep(log, compiled=compiled)
        a, b = log.activity.names.index("a"), log.activity.names.index("b")
        (edge,) = np.flatnonzero((swept.edge_source == a) & (swept.edge_target == b))
        assert swept.edge_wait_median[edge] == np.median(waits) * hour
        assert np.isclose(swept.edge_wait_p90[edge], np.quantile(waits, 0.9) * hour)


def test_rework_self_loops_and_honesty_of_a_small_log():
    minute = "2025-03-03 09:{:02d}:00".format
    log = log_of(
        [("1", "a", minute(0)), ("1", "b", minute(1)), ("1", "b", minute(2)), ("1", "a", minute(3)),
         ("2", "a", minute(0)), ("2", "b", minute(1)),
         ("3", "a", minute(0)), ("3", "b", minute(1))]
    )  # fmt: skip
    swept = sweep(log, compiled=False)
    assert swept.case_repeats.tolist() == [True, False, False]
    drawn = process_map(log, swept)
    b = next(node for node in drawn.nodes if node.activity == "b")
    assert (b.events, b.cases, b.repeats, b.self_loops, b.repeat_cases) == (4, 3, 1, 1, 1)
    eighty = drawn.honesty[0]
    assert (eighty.edges_shown, eighty.edges) == (4, 6)
    assert eighty.cases_share == 2 / 3
