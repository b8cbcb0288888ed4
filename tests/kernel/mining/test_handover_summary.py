"""Handovers in a few numbers, and reopenings, on logs small enough to count by hand."""

from itertools import pairwise

import numpy as np
import pytest

from servoloop.kernel.mining.handover_summary import PassedWork, handover_summary, passed_work
from servoloop.kernel.mining.handovers import handovers
from servoloop.kernel.mining.reopenings import reopenings
from servoloop.kernel.mining.sweep import sweep
from tests.kernel.mining.cast import SHARED, log_of, read_bytes, read_text


def teams(*of_cases: str) -> PassedWork:
    """One case per word, one event per letter; `.` is an event without a team."""
    text = "case,activity,timestamp,team\n"
    for case, letters in enumerate(of_cases):
        for minute, letter in enumerate(letters):
            team = "" if letter == "." else letter
            text += f"{case},step,2025-03-03 09:{minute:02}:00,{team}\n"
    found = passed_work(read_text(text).log)
    assert found is not None
    return found


def pairs(found: PassedWork) -> dict[tuple[str, str], int]:
    return {
        (found.names[s], found.names[t]): int(n)
        for s, t, n in zip(found.source, found.target, found.transitions, strict=True)
    }


def test_steps_within_a_team_are_no_handover():
    found = teams("AAB", "AB")
    assert pairs(found) == {("A", "A"): 1, ("A", "B"): 2}
    assert (found.steps, found.handed_over) == (3, 2)
    assert found.groups_of_case.tolist() == [2, 2]


def test_ping_pong_is_a_return_whatever_happens_in_between():
    found = teams("ABA", "AABBA", "ABAB", "ABC", "A.BA", "AA")
    assert found.ping_pongs_of_case.tolist() == [1, 1, 2, 0, 1, 0]
    assert dict(zip(found.names, found.ping_pong_of_group.tolist(), strict=True)) == {
        "A": 4, "B": 1, "C": 0,
    }  # fmt: skip


def test_a_log_without_people_has_no_handovers():
    assert handover_summary(log_of([("1", "a", "2025-03-03 09:00:00")])) is None


def test_more_groups_than_a_table_or_bits_hold_are_counted_the_same(monkeypatch):
    few = teams("ABCA", "DD", "BAB")
    monkeypatch.setattr("servoloop.kernel.mining.handover_summary.DENSE_GROUPS", 0)
    monkeypatch.setattr("servoloop.kernel.mining.handover_summary.WORDS", 0)
    many = teams("ABCA", "DD", "BAB")
    assert pairs(few) == pairs(many)
    assert few.groups_of_case.tolist() == many.groups_of_case.tolist() == [3, 1, 2]


@pytest.mark.parametrize("name", ["ping_pong_case", "two_ping_pongs_case", "double_ping_pong_case"])
def test_the_published_ping_pong_logs_are_recognised(name):
    path = SHARED / "oracles" / "waiting" / f"{name}.csv"
    if not path.exists():
        pytest.skip("needs the waiting oracles under ../shared/data")
    found = handover_summary(read_bytes(path.read_bytes()).log)
    assert found is not None
    assert found.ping_pong_cases == 1
    assert found.pairs == ()  # people are not named


def test_the_pairs_are_those_of_a_plain_count():
    random = np.random.default_rng(3)
    words = ["".join(random.choice(list("ABCD"), size=random.integers(1, 9))) for _ in range(60)]
    counted: dict[tuple[str, str], int] = {}
    for word in words:
        for pair in pairwise(word):
            counted[pair] = counted.get(pair, 0) + 1
    assert pairs(teams(*words)) == counted


def test_the_summary_and_the_handovers_in_full_count_the_same_pairs():
    random = np.random.default_rng(4)
    words = ["".join(random.choice(list("ABC."), size=random.integers(1, 9))) for _ in range(50)]
    text = "case,activity,timestamp,team\n" + "".join(
        f"{case},step,2025-03-03 09:{minute:02}:00,{letter.strip('.')}\n"
        for case, word in enumerate(words)
        for minute, letter in enumerate(word)
    )
    log = read_text(text).log
    brief = passed_work(log)
    assert brief is not None
    assert log.team is not None
    full = handovers(log, owners=log.team)
    assert brief.source.tolist() == full.source.tolist()
    assert brief.target.tolist() == full.target.tolist()
    assert brief.transitions.tolist() == full.count.tolist()
    assert brief.handed_over == full.passed_on > 0


def test_a_case_that_goes_on_after_its_closing_was_reopened():
    rows = []
    for case in range(8):
        rows += [(f"{case}", "open", "2025-03-03 09:00:00")]
        rows += [(f"{case}", "close", "2025-03-03 10:00:00")]
    rows += [("0", "again", "2025-03-03 11:00:00"), ("0", "close", "2025-03-03 12:00:00")]
    rows += [("9", "open", "2025-03-03 09:00:00")]
    log = log_of(rows)
    found = reopenings(log, sweep(log))
    assert found.closing == ("close",)
    assert (found.closed, found.cases, found.share) == (8, 1, 1 / 8)
    assert found.median_after.total_seconds() == 2 * 3600


def test_an_activity_that_mostly_recurs_closes_nothing():
    rows = []
    for case in range(4):
        for hour, activity in enumerate("abab"):
            rows.append((f"{case}", activity, f"2025-03-03 {hour:02}:00:00"))
    log = log_of(rows)
    assert reopenings(log, sweep(log)).closing == ()
