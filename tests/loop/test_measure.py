"""Live KPIs from the database, against the period before."""

from datetime import timedelta

import pytest

from servoloop.kernel.events.event import CaseId
from servoloop.kernel.metrics.case_facts import case_facts
from servoloop.kernel.metrics.estimates import Estimate
from servoloop.loop.measure import Comparison, LiveMeasures, measure_live
from servoloop.storage.event_reader import events_of
from servoloop.storage.queries.measured_events import measured_events
from servoloop.storage.queries.viewer import ANONYMOUS
from tests.desk import ADA_SEES, HOUR, MONDAY, furnish, play_errand, play_tiny

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def by_id(found: LiveMeasures) -> dict[str, Comparison]:
    return {each.kpi.id: each for each in found.kpis}


def test_two_weeks_are_compared():
    furnish()
    for days in (1, 2, 8, 9, 10):
        play_tiny(at=MONDAY + days * DAY)
    found = measure_live(ADA_SEES, at=MONDAY + 14 * DAY, days=7)
    resolution = by_id(found)["resolution"]
    assert (resolution.now.n, resolution.before.n, found.cases) == (3, 2, 5)
    assert resolution.now.figure("median").value == 3600
    assert resolution.change is not None
    assert resolution.change.value == 0
    assert resolution.verdict == ""
    assert len(resolution.trend) == 8
    assert [value for value in resolution.trend if value is not None] == [3600.0] * 4


def test_what_the_query_leaves_out_no_kpi_needs():
    furnish()
    cases = [play_tiny(), *list(play_errand())[-1:]]
    events = list(measured_events(ADA_SEES, since=MONDAY))
    for case in cases:
        queried = case_facts([event for event in events if event.case == case])
        assert queried == case_facts(events_of(CaseId(case)))
    assert not any("variables" in event.data or "text" in event.data for event in events)


def test_one_process_is_measured_alone_and_long_closed_cases_are_not_read():
    furnish()
    play_tiny()
    list(play_errand(MONDAY + 30 * DAY))
    at = MONDAY + 31 * DAY
    assert measure_live(ADA_SEES, at=at, days=7).cases == 1
    assert measure_live(ADA_SEES, at=at, days=28).cases == 2
    assert measure_live(ADA_SEES, at=at, days=28, process="tiny").cases == 1


def test_customers_see_no_figures():
    furnish()
    play_tiny()
    assert measure_live(ANONYMOUS, at=MONDAY + DAY).cases == 0


def test_measuring_takes_three_queries(django_assert_num_queries):
    furnish()
    for hours in range(3):
        play_tiny(at=MONDAY + hours * HOUR)
    with django_assert_num_queries(3 + 2):  # in a test the transaction is a savepoint, and its end
        measure_live(ADA_SEES, at=MONDAY + DAY)


@pytest.mark.parametrize(
    ("kpi", "low", "high", "verdict"),
    [
        ("resolution", -7.0, -1.0, "better"),
        ("resolution", 1.0, 7.0, "worse"),
        ("resolution", -1.0, 7.0, ""),
        ("first_contact_resolution", 0.1, 0.2, "better"),
        ("first_contact_resolution", None, -0.1, ""),
    ],
)
def test_a_verdict_needs_a_change_whose_interval_leaves_out_zero(kpi, low, high, verdict):
    furnish()
    compared = by_id(measure_live(ADA_SEES, at=MONDAY, days=1))[kpi]
    middle = (low or -0.3) / 2 + high / 2
    change = Estimate(value=middle, n=9, low=low, high=high, method="mover")
    changed = Comparison(now=compared.now, before=compared.before, change=change, trend=())
    assert changed.verdict == verdict
