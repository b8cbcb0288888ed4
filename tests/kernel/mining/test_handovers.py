"""Handovers, ping-pong and reopening, on logs small enough to count by hand."""

from itertools import pairwise

import numpy as np
import pytest

from servoloop.kernel.mining.handovers import handovers
from servoloop.kernel.mining.reopenings import reopenings
from servoloop.kernel.mining.sweep import sweep
from tests.kernel.mining.cast import SHARED, log_of, read_bytes, read_text


def teams(*of_cases: str):
    """One case per word, one event per letter; `.` is an event without a team."""
    text = "case,activity,timestamp,team\n"
    for case, letters in enumerate(of_cases):
        for minute, letter in enumerate(letters):
            team = "" if letter == "." else letter
            text += f"{case},step,2025-03-03 09:{minute:02}:00,{team}\n"
    found = handovers(read_text(text).log)
    assert found is not None
    return found


def test_steps_within_a_team_are_no_handover():
    found = teams("AAB", "AB")
    pairs = {
        (found.names[s], found.names[t]): int(n)
        for s, t, n in zip(found.source, found.target, found.transitions, strict=True)
    }
    assert pairs == {("A", "A"): 1, ("A", "B"): 2}
    assert (found.steps, found.handed_over) == (3, 2)
    assert found.groups_of_case.tolist() == [2, 2]


def test_ping_pong_is_a_return_whatever_happens_in_between():
    found = teams("ABA", "AABBA", "ABAB", "ABC", "A.BA", "AA")
    assert found.ping_pongs_of_case.tolist() == [1, 1, 2, 0, 1, 0]
    assert dict(zip(found.names, found.ping_pong_of_group.tolist(), strict=True)) == {
        "A": 4, "B": 1, "C": 0,
    }  # fmt: skip


def test_a_log_without_people_has_no_handovers():
    assert handovers(log_of([("1", "a", "2025-03-03 09:00:00")])) is None


@pytest.mark.parametrize(
    ("name", "returns"),
    [("ping_pong_case", True), ("two_ping_pongs_case", True), ("double_ping_pong_case", True)],
)
def test_the_published_ping_pong_logs_are_recognised(name, returns):
    path = SHARED / "oracles" / "waiting" / f"{name}.csv"
    if not path.exists():
        pytest.skip("needs the waiting oracles under ../shared/data")
    found = handovers(read_bytes(path.read_bytes()).log, by="resource")
    assert found is not None
    assert bool(found.ping_pongs_of_case.sum()) is returns


def test_the_pairs_are_those_of_a_plain_count():
    random = np.random.default_rng(3)
    words = ["".join(random.choice(list("ABCD"), size=random.integers(1, 9))) for _ in range(60)]
    found = teams(*words)
    counted: dict[tuple[str, str], int] = {}
    for word in words:
        for pair in pairwise(word):
            counted[pair] = counted.get(pair, 0) + 1
    assert {
        (found.names[s], found.names[t]): int(n)
        for s, t, n in zip(found.source, found.target, found.transitions, strict=True)
    } == counted


def test_a_case_that_goes_on_after_its_closing_was_reopened():
    rows = []
    for case in range(8):
        rows += [
            (f"{case}", "open", "2025-03-03 09:00:00"),
            (f"{case}", "close", "2025-03-03 10:00:00"),
        ]
    rows += [("0", "again", "2025-03-03 11:00:00"), ("0", "close", "2025-03-03 12:00:00")]
    rows += [("9", "open", "2025-03-03 09:00:00")]
    log = log_of(rows)
    found = reopenings(log, sweep(log))
    assert found.closing == ("close",)
    assert (found.closed, found.cases, found.share) == (8, 1, 1 / 8)
    assert found.median_after.total_seconds() == 2 * 3600
