from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servoloop.kernel.process.iso8601 import (
    BadTime,
    Cycle,
    duration_text,
    parse_cycle,
    parse_duration,
    parse_moment,
)


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT30M", timedelta(minutes=30)),
        ("PT8H", timedelta(hours=8)),
        ("P2D", timedelta(days=2)),
        ("P1W", timedelta(weeks=1)),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("PT0,5H", timedelta(minutes=30)),
        ("PT0S", timedelta(0)),
    ],
)
def test_durations_are_read(text: str, duration: timedelta) -> None:
    assert parse_duration(text) == duration


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "30m", "PT30", "-PT1H", "PT1H30", "P1H", "P9999999999D", "P999999999D"],
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(BadTime):
        parse_duration(text)


@pytest.mark.parametrize("text", ["P1M", "P1Y", "P1Y2M3D", "P2MT5H"])
def test_months_and_years_are_refused_because_their_length_varies(text: str) -> None:
    with pytest.raises(BadTime, match="varies"):
        parse_duration(text)


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=36_525)))
def test_a_duration_survives_writing_and_reading(duration: timedelta) -> None:
    assert parse_duration(duration_text(duration)) == duration


def test_a_moment_needs_a_zone_and_a_day_that_exists() -> None:
    assert parse_moment("2026-03-01T09:00:00Z") == datetime(2026, 3, 1, 9, tzinfo=UTC)
    with pytest.raises(BadTime, match="no time zone"):
        parse_moment("2026-03-01T09:00:00")
    with pytest.raises(BadTime, match="not a possible date"):
        parse_moment("2026-02-30T09:00:00Z")


def test_cycles_are_read() -> None:
    ten = timedelta(minutes=10)
    start = datetime(2026, 3, 1, tzinfo=UTC)
    assert parse_cycle("R3/PT10M") == Cycle(count=3, every=ten)
    assert parse_cycle("R/PT10M") == Cycle(count=None, every=ten)
    assert parse_cycle("R1/2026-03-01T00:00:00Z/PT10M") == Cycle(count=1, every=ten, start=start)


@pytest.mark.parametrize("text", ["PT10M", "R3", "R3/", "R3/P1M", "0 0 9 * * MON", "R/PT0S"])
def test_what_is_no_cycle_is_refused(text: str) -> None:
    with pytest.raises(BadTime):
        parse_cycle(text)
