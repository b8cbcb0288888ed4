"""Cleaning: chosen steps in a stated order, each with what it did."""

import io

import pytest

from servoloop.kernel.interchange.cleaning import NothingLeft, clean, proposals
from servoloop.kernel.interchange.cleaning_steps import STEPS, UnknownStep, known_step
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.mining.event_log import EventLog

HEADER = "case,activity,timestamp,start,agent,lifecycle,note\n"


def log_of(*rows: str) -> EventLog:
    text = HEADER + "\n".join(rows)
    return read_log(io.BytesIO(text.encode()), name="log.csv").log


def activities(log: EventLog) -> list[str | None]:
    return log.activity.values()


def test_a_tidy_log_has_nothing_to_clean_and_stays_the_same_object() -> None:
    log = log_of(
        "1,Open,2026-01-05 09:00,,Ada,complete,", "1,Close,2026-01-05 10:00,,Ada,complete,"
    )
    assert proposals(log) == ()
    assert clean(log, ()).log is log


def test_names_that_differ_in_case_or_blanks_take_their_most_frequent_spelling() -> None:
    log = log_of(
        "1,open case,2026-01-05 09:00,,,,",
        "1,Open  case ,2026-01-05 10:00,,,,",
        "2,Open case,2026-01-05 09:00,,,,",
        "2,Open case,2026-01-05 10:00,,,,",
        "2,OPEN-CASE,2026-01-05 11:00,,,,",
    )
    found = clean(log, ["merge-names"])
    assert activities(found.log) == ["Open case"] * 4 + ["OPEN-CASE"]
    assert found.log.activity.names == ("Open case", "OPEN-CASE")
    assert (found.done[0].changed, found.done[0].events_after) == (2, 5)


def test_duplicates_are_equal_in_every_column_attributes_included() -> None:
    log = log_of(
        "1,Open,2026-01-05 09:00,,Ada,complete,a",
        "1,Open,2026-01-05 09:00,,Ada,complete,b",
        "1,Open,2026-01-05 09:00,,Ada,complete,a",
        "2,Open,2026-01-05 09:00,,Ada,complete,a",
    )
    found = clean(log, ["drop-duplicates"])
    assert found.log.attributes["note"].to_list() == ["a", "b", "a"]
    assert found.log.offsets.tolist() == [0, 2, 3]


def test_times_before_1990_go_and_cases_without_events_with_them() -> None:
    log = log_of(
        "1,Open,1970-01-01 00:00,,,,",
        "2,Open,2026-01-05 09:00,,,,",
        "2,Close,2026-01-05 10:00,,,,",
    )
    found = clean(log, ["drop-implausible-times"])
    assert found.log.case.names == ("2",)
    assert (found.done[0].cases_before, found.done[0].cases_after) == (2, 1)


def test_only_complete_keeps_events_that_say_so() -> None:
    log = log_of(
        "1,Open,2026-01-05 09:00,,,start,",
        "1,Open,2026-01-05 10:00,,,COMPLETE,",
        "1,Close,2026-01-05 11:00,,,,",
    )
    assert activities(clean(log, ["only-complete"]).log) == ["Open"]


def test_only_complete_touches_no_log_that_never_says_complete() -> None:
    log = log_of("1,Open,2026-01-05 09:00,,,begun,", "1,Open,2026-01-05 10:00,,,ended,")
    assert proposals(log) == ()


def test_impossible_starts_are_forgotten_but_their_events_stay() -> None:
    log = log_of(
        "1,Open,2026-01-05 09:00,2026-01-05 10:00,,,",
        "1,Close,2026-01-05 11:00,2026-01-05 10:30,,,",
    )
    found = clean(log, ["forget-impossible-starts"])
    assert found.log.events == 2
    assert proposals(found.log) == ()
    assert found.done[0].changed == 1


def test_cut_cases_go_as_a_whole() -> None:
    whole = [
        f"{day},{activity},2026-01-{day:02d} {hour}:00,,,,"
        for day in range(1, 29)
        for hour, activity in ((9, "Open"), (10, "Work"), (11, "Close"))
    ]
    log = log_of(*whole, "cut,Open,2026-01-28 10:00,,,,", "cut,Work,2026-01-28 10:30,,,,")
    found = clean(log, ["drop-cut-cases"])
    assert "cut" not in found.log.case.names
    assert found.log.cases == 28
    assert [(each.step, each.events, each.cases) for each in proposals(log)] == [
        ("drop-cut-cases", 2, 1)
    ]


def test_a_later_step_sees_what_an_earlier_one_put_right() -> None:
    log = log_of(
        "1,Open,2026-01-05 09:00,,Ada,,",
        "1,OPEN,2026-01-05 09:00,,Ada,,",
        "1,Close,2026-01-05 10:00,,Ada,,",
    )
    found = clean(log, ["drop-duplicates", "merge-names"])  # as chosen; applied in their own order
    assert [each.step for each in found.done] == ["merge-names", "drop-duplicates"]
    assert activities(found.log) == ["Open", "Close"]


def test_a_step_that_finds_nothing_is_recorded_too() -> None:
    log = log_of("1,Open,2026-01-05 09:00,,,,")
    done = clean(log, STEPS).done
    assert [each.step for each in done] == list(STEPS)
    assert {(each.events_before, each.events_after, each.changed) for each in done} == {(1, 1, 0)}


def test_a_step_that_would_leave_nothing_is_refused_in_one_sentence() -> None:
    log = log_of("1,Open,1970-01-01 00:00,,,,")
    with pytest.raises(NothingLeft, match="'drop-implausible-times' would drop the last of the 1"):
        clean(log, ["drop-implausible-times"])


def test_an_unknown_step_names_the_known_ones() -> None:
    with pytest.raises(UnknownStep, match="known: merge-names, drop-implausible-times"):
        known_step("polish")
