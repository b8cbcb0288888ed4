"""Handovers, ping-pong and workload."""

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.mining import handovers as module
from servoloop.kernel.mining.handovers import handovers, ping_pongs
from servoloop.kernel.mining.workload import workload
from tests.kernel.mining.cast import SHARED
from tests.kernel.mining.waiting.cast import log_of_work


def passed(*owners: str):
    """One case that goes through these hands, ten minutes each."""
    return log_of_work(
        ("1", "work", 10 * step, 10 * step + 10, owner) for step, owner in enumerate(owners)
    )


def test_neighbouring_events_are_handovers_and_work_kept_is_not_passed_on():
    log = passed("ada", "bo", "bo", "ada", "bo")
    found = handovers(log, owners=log.resource)
    assert found.rows(top=9) == (("ada", "bo", 2, 1), ("bo", "ada", 1, 1))
    assert found.passed_on == 3
    assert found.count.sum() == 4


def test_an_event_of_nobody_hands_nothing_over():
    log = passed("ada", "", "bo")
    assert handovers(log, owners=log.resource).passed_on == 0


def test_there_and_back_is_one_exchange_and_takes_the_time_in_between():
    log = passed("ada", "bo", "bo", "ada")
    (found,) = ping_pongs(log, owners=log.resource)
    assert (found.first, found.second) == ("ada", "bo")
    assert (found.cases, found.episodes, found.exchanges) == (1, 1, 1)
    assert found.lost == timedelta(minutes=20)


def test_a_third_party_ends_the_episode_and_may_begin_another():
    log = passed("ada", "bo", "ada", "cy", "ada", "bo")
    assert [(p.first, p.second, p.exchanges) for p in ping_pongs(log, owners=log.resource)] == [
        ("ada", "bo", 1),
        ("ada", "cy", 1),
    ]


@pytest.mark.parametrize(
    ("name", "exchanges"),
    [
        ("ping_pong_case.csv", 1),
        ("double_ping_pong_case.csv", 2),
        ("two_ping_pongs_case.csv", 2),
        ("ping_pong_case_fake.csv", 0),
    ],
)
def test_the_published_ping_pongs_are_found(name, exchanges):
    path = SHARED / "oracles" / "waiting" / name
    if not path.exists():
        pytest.skip(f"needs the ping-pong oracle {name} under ../shared/data/oracles/waiting")
    options = ReadOptions(
        case="case:concept:name", activity="concept:name", timestamp="time:timestamp",
        start="start_timestamp", resource="org:resource",
    )  # fmt: skip
    with path.open("rb") as stream:
        log = read_log(stream, name=name, options=options).log
    assert sum(p.exchanges for p in ping_pongs(log, owners=log.resource)) == exchanges


ROWS = st.lists(
    st.tuples(
        st.sampled_from("123"),
        st.just("a"),
        st.integers(0, 50),
        st.sampled_from(["ada", "bo", "cy", ""]),
    ).map(lambda row: (row[0], row[1], row[2], row[2], row[3])),
    min_size=1,
    max_size=30,
)


@settings(deadline=None, max_examples=60)
@given(ROWS)
def test_the_dense_and_the_sparse_count_are_those_of_going_through_the_pairs(rows):
    log = log_of_work(rows)
    owners, width = log.resource, max(1, len(log.resource.names))
    expected = Counter()
    cases = {}
    for before in range(log.events - 1):
        pair = (int(owners.codes[before]), int(owners.codes[before + 1]))
        if log.case.codes[before] == log.case.codes[before + 1] and min(pair) >= 0:
            expected[pair] += 1
            cases.setdefault(pair, set()).add(log.case.codes[before])
    dense = handovers(log, owners=owners)
    assert dict(zip(zip(dense.source, dense.target, strict=True), dense.count, strict=True)) == (
        expected
    )
    pairs, count, of_cases = module._counted_sparsely(owners.codes, log.case.codes, width)
    sparse = {
        (pair // width, pair % width): (n, c)
        for pair, n, c in zip(pairs, count, of_cases, strict=True)
    }
    assert sparse == {pair: (n, len(cases[pair])) for pair, n in expected.items()}


def test_occupancy_is_busy_time_over_time_on_duty():
    log = log_of_work(
        [
            ("1", "a", 540, 555, "ada"),  # Monday 09:00 to 09:15, then again 09:45 to 10:00
            ("2", "a", 585, 600, "ada"),
            ("3", "a", 550, 555, "ada"),  # beside the first: busy once, not twice
        ]
    )
    found = workload(log, zone="UTC")
    assert found.occupancy is not None
    assert found.occupancy[0, 18] == pytest.approx(0.5)
    assert found.occupancy[0, 19] == pytest.approx(0.5)
    assert found.present.sum() == pytest.approx(2.0)
    assert np.count_nonzero(found.busy) == 2


def test_a_shift_over_midnight_counts_on_both_days():
    log = log_of_work([("1", "a", 23 * 60, 25 * 60, "ada")])
    found = workload(log, zone="UTC")
    assert found.busy[0, 46:].tolist() == [1.0, 1.0]
    assert found.busy[1, :2].tolist() == [1.0, 1.0]


def test_completions_are_counted_by_local_time():
    log = log_of_work([("1", "a", 0, 10, "ada")])
    assert workload(log, zone="Asia/Shanghai").completed[0, 16] == 1
