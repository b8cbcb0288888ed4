"""A KPI of a past period does not change with what happens later."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.metrics.case_facts import case_facts
from servoloop.kernel.metrics.measure import measure
from servoloop.kernel.metrics.observations import Period
from tests.kernel.metrics.cast import played_past


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 60 * 24), st.integers(1, 20))
def test_later_events_do_not_change_a_past_period(hours_before_the_end, days):
    cases, calendars = played_past()
    last = max(event.at for events in cases for event in events)
    end = last - timedelta(hours=hours_before_the_end)
    period = Period(begin=end - timedelta(days=days), end=end)
    whole = [case_facts(events) for events in cases]
    cut = [case_facts([event for event in events if event.at < end]) for events in cases]
    with_later = measure([c for c in whole if c], period=period, calendars=calendars)
    without = measure([c for c in cut if c], period=period, calendars=calendars)
    for one, other in zip(with_later, without, strict=True):
        # Why nothing can be said may differ: a promise first made later is not known yet.
        assert (one.n, one.figures) == (other.n, other.figures), one.kpi.id


def test_an_engine_made_past_tells_every_kpi_that_has_an_observer():
    cases, calendars = played_past()
    facts = [each for events in cases if (each := case_facts(events))]
    end = max(event.at for events in cases for event in events) + timedelta(seconds=1)
    period = Period(begin=end - timedelta(days=60), end=end)
    measured = {each.kpi.id: each for each in measure(facts, period=period, calendars=calendars)}
    for name in ("first_response", "resolution", "handle_time", "service_level.step_response"):
        assert measured[name].figures, name
    assert measured["resolution"].n + measured["backlog"].n <= len(cases)
