"""Known numbers of public event logs; skipped where the shared data is absent."""

import pytest
from tests.kernel.mining.cast import read_bytes, shared_log

from servoloop.kernel.mining.process_map import process_map
from servoloop.kernel.mining.sweep import sweep

FACTS = {
    # events, cases, activities, variants, resources, edges, edges shown at 80/95/99 %
    "helpdesk_italy.xes.gz": (21348, 4580, 14, 226, 22, 67, (5, 11, 21)),
    "bpic2013_closed_problems.xes.gz": (6660, 1487, 4, 183, 585, 15, (5, 6, 8)),
    "bpic2012_w_two_timestamps.xes.gz": (118604, 8616, 6, None, 58, None, None),
    "bpic2012.xes.gz": (262200, 13087, 24, 4366, 68, 137, (27, 56, 82)),
    "running_example.xes": (42, 6, 8, 6, 6, None, None),
}


@pytest.mark.parametrize("name", FACTS)
def test_the_numbers_of_a_public_log_are_the_known_ones(name):
    events, cases, activities, variants, resources, edges, shown = FACTS[name]
    read = read_bytes(shared_log(name).read_bytes(), name=name)
    log = read.log
    assert (log.events, log.cases, len(log.activity.names)) == (events, cases, activities)
    assert log.resource is not None
    assert len(log.resource.names) == resources
    assert read.report.rows_refused == 0
    swept = sweep(log, compiled=False)
    drawn = process_map(log, swept)
    if variants is not None:
        assert len(swept.variant_cases) == variants
    if edges is not None and shown is not None:
        assert len(drawn.edges) == edges
        assert tuple(figure.edges_shown for figure in drawn.honesty) == shown


def test_at_95_percent_of_the_transitions_85_percent_of_helpdesk_cases_are_wholly_on_the_map():
    log = read_bytes(shared_log("helpdesk_italy.xes.gz").read_bytes()).log
    swept = sweep(log, compiled=False)
    assert round(process_map(log, swept).honesty[1].cases_share, 2) == 0.85
    assert round(swept.variant_cases[:10].sum() / log.cases, 2) == 0.84
