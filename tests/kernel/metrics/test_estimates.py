"""Estimates against published values, and their laws."""

import math
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servoloop.kernel.metrics.estimates import (
    difference,
    mean,
    quantile,
    share,
    student,
    time_to,
)


def test_the_wilson_interval_of_newcombes_example():
    # Newcombe (1998), Stat Med 17: 81 of 263 gives .2553 to .3662; 1 of 29 gives .0061 to .1718.
    assert share(81, 263).low == pytest.approx(0.2553, abs=5e-5)
    assert share(81, 263).high == pytest.approx(0.3662, abs=5e-5)
    assert share(1, 29).low == pytest.approx(0.0061, abs=5e-5)
    assert share(1, 29).high == pytest.approx(0.1718, abs=5e-5)


def test_the_difference_of_two_shares_is_newcombes():
    # Newcombe (1998), method 10: 56/70 - 48/80 gives .0524 to .3339.
    found = difference(share(56, 70), share(48, 80))
    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.0524, abs=5e-5)
    assert found.high == pytest.approx(0.3339, abs=5e-5)


@given(st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_share_lies_in_its_interval_and_the_interval_in_zero_to_one(pair):
    found = share(*pair)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_the_ranks_of_the_median_are_the_published_ones():
    # Conover's table: n = 20 takes the 6th and 15th value, n = 10 the 2nd and 9th.
    twenty = quantile(list(range(1, 21)), 0.5)
    assert (twenty.low, twenty.high) == (6, 15)
    ten = quantile(list(range(1, 11)), 0.5)
    assert (ten.low, ten.high) == (2, 9)
    assert (twenty.value, ten.value) == (10.5, 5.5)


def test_five_values_bound_no_median_and_twenty_no_p90_from_above():
    assert quantile([1, 2, 3, 4, 5], 0.5).low is None
    assert quantile(list(range(20)), 0.9).high is None
    assert quantile(list(range(20)), 0.9).low is not None


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=200), st.sampled_from([0.5, 0.9]))
def test_a_quantile_lies_in_its_interval(values, q):
    found = quantile(values, q)
    assert min(values) <= found.value <= max(values)
    assert found.low is None or found.low <= found.value
    assert found.high is None or found.value <= found.high


def test_the_normal_ranks_continue_the_exact_ones():
    values = list(range(2000))
    exact, approximate = quantile(values, 0.9), quantile([*values, 2000], 0.9)
    assert abs(exact.low - approximate.low) <= 2
    assert abs(exact.high - approximate.high) <= 2


def test_the_median_interval_holds_what_it_says():
    random = Random(1)
    true = math.log(2)
    held = 0
    for _ in range(400):
        found = quantile([random.expovariate(1) for _ in range(40)], 0.5)
        held += found.low <= true <= found.high
    assert 0.93 <= held / 400 <= 0.995  # 95 % or a little more: ranks are whole numbers


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)],
)
def test_students_quantiles_are_those_of_the_tables(freedom, expected):
    assert student(0.975, freedom=freedom) == pytest.approx(expected, rel=0.005)


def test_one_value_has_a_mean_but_no_interval():
    assert (mean([3.0]).value, mean([3.0]).low) == (3.0, None)
    found = mean([2.0, 4.0, 6.0, 8.0])
    assert found.value == 5
    assert found.high - 5 == pytest.approx(3.182 * 2.5820 / 2, rel=0.005)


def test_kaplan_and_meier_of_the_leukaemia_trial():
    # Freireich et al. (1963), 6-MP arm: median 23 weeks (95 % from 13 on); placebo 8 (4 to 12).
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    running = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    treated = [(float(t), True) for t in ended] + [(float(t), False) for t in running]
    found = time_to(treated, 0.5)
    assert found is not None
    assert (found.value, found.low, found.high) == (23, 13, None)
    placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
    control = time_to([(float(t), True) for t in placebo], 0.5)
    assert control is not None
    assert (control.value, control.low, control.high) == (8, 4, 11)


def test_nothing_is_said_of_a_median_that_cannot_be_seen_yet():
    assert time_to([(1.0, True), (2.0, False), (3.0, False)], 0.5) is None


@given(st.lists(st.integers(1, 50), min_size=3, max_size=60))
def test_without_running_spans_kaplan_and_meier_is_the_lower_median(lengths):
    found = time_to([(float(each), True) for each in lengths], 0.5)
    assert found is not None
    assert found.value == sorted(lengths)[(len(lengths) + 1) // 2 - 1]


def test_the_normal_quantile_is_the_one_of_the_tables():
    assert NormalDist().inv_cdf(0.975) == pytest.approx(1.959964, abs=1e-6)
