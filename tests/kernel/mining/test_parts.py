"""A log read in parts tells what the whole log tells, whatever the parts."""

import dataclasses

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.mining.event_log import Coded, EventLog
from servoloop.kernel.mining.exact_quantiles import ExactQuantiles
from servoloop.kernel.mining.flow import flow_of
from servoloop.kernel.mining.flow_parts import flow_of_parts
from servoloop.kernel.mining.parts import sweep_parts
from servoloop.kernel.mining.rows import log_of_cases
from servoloop.kernel.mining.sweep import sweep
from tests.kernel.mining.cast import log_of
from tests.kernel.mining.test_sweep import ROWS, same

PARTED = st.lists(st.integers(0, 2), min_size=3, max_size=3)
"""The part of each of the (at most three) cases of `ROWS`."""


def parted(log: EventLog, part_of: list[int]) -> list[EventLog]:
    of_case = np.array(part_of[: log.cases])
    return [log_of_cases(log, of_case == part) for part in np.unique(of_case)]


@settings(deadline=None, max_examples=60)
@given(ROWS, PARTED)
def test_the_sweep_in_parts_equals_the_sweep_of_the_whole(rows, part_of):
    log = log_of(rows)
    parts = parted(log, part_of)
    assert same(sweep_parts(lambda: parts).swept(), sweep(log))


@settings(deadline=None, max_examples=60)
@given(ROWS, PARTED, st.lists(st.sampled_from(["Ada", "Bo", None]), min_size=40, max_size=40))
def test_the_flow_in_parts_equals_the_flow_of_the_whole(rows, part_of, people):
    log = with_people(log_of(rows), people)
    parts = parted(log, part_of)
    found = flow_of_parts(lambda: parts, zone="Asia/Shanghai", top=5)
    assert found == flow_of(log, zone="Asia/Shanghai", top=5)


def test_a_random_log_in_many_parts_equals_the_whole():
    random = np.random.default_rng(5)
    log = random_log(random, events=20_000)
    of_case = random.integers(0, 7, log.cases)
    parts = [log_of_cases(log, of_case == part) for part in range(7)]
    assert flow_of_parts(lambda: parts, zone="UTC", top=50) == flow_of(log, zone="UTC", top=50)
    assert same(sweep_parts(lambda: parts).swept(), sweep(log, compiled=True))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**52)), min_size=1, max_size=200),
    st.integers(1, 50),
)
def test_exact_quantiles_are_those_of_the_sorted_numbers(numbers, size):
    group, values = (np.array(column, dtype=np.int64) for column in zip(*numbers, strict=True))
    found = ExactQuantiles()
    looks = [slice(begin, begin + size) for begin in range(0, len(values), size)]
    for look in looks:
        found.count(group[look], values[look])
    for look in reversed(looks):
        found.keep(group[look], values[look])
    medians, p90s = found.found(4)
    for each in np.unique(group):
        own = np.sort(values[group == each])
        assert medians[each] == interpolated(own, 0.5)
        assert p90s[each] == interpolated(own, 0.9)


def interpolated(ordered: np.ndarray, q: float) -> float:
    position = (len(ordered) - 1) * q
    low = int(position)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (position - low)


def with_people(log: EventLog, people: list[str | None]) -> EventLog:
    named = people[: log.events]
    names = tuple(dict.fromkeys(name for name in named if name is not None))
    # Names stand in the order of the file, as readers number them.
    in_file = [named[row] for row in np.argsort(log.seq)]
    names = tuple(dict.fromkeys(name for name in in_file if name is not None))
    codes = np.array([-1 if name is None else names.index(name) for name in named], dtype=np.int32)
    return dataclasses.replace(log, resource=Coded(codes=codes, names=names)) if names else log


def random_log(random: np.random.Generator, *, events: int) -> EventLog:
    lengths = 1 + random.poisson(9, events // 10)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    n = int(offsets[-1])
    case = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    waits = random.exponential(3600e6, n).astype(np.int64) * random.integers(0, 2, n)
    codes = random.integers(0, 6, n).astype(np.int32)
    codes[:6] = np.arange(6)
    return EventLog(
        case=Coded(codes=case, names=tuple(f"case {c}" for c in range(len(lengths)))),
        activity=Coded(codes=codes, names=tuple("abcdef")),
        ts=np.cumsum(waits) + 1_700_000_000_000_000,
        seq=np.arange(n, dtype=np.int64),
        offsets=offsets,
        team=Coded(codes=codes % 3, names=("x", "y", "z")),
        attributes=pl.DataFrame(height=n),
        case_attributes=pl.DataFrame(height=len(lengths)),
    )
