"""Selections and comparisons of a log against figures counted by hand."""

from datetime import date
from pathlib import Path
from statistics import median

import numpy as np
import pytest

from servoloop.kernel.metrics.estimates import difference, share
from servoloop.kernel.mining.filters import (
    Contains,
    CycleTime,
    Follows,
    HasValue,
    OfVariant,
    Period,
    Repeats,
)
from servoloop.loop.compare import Comparison, OneSided, compare
from servoloop.loop.explore import (
    Exploration,
    Nothing,
    Subject,
    explore,
    kpis_of,
    people_of,
    subject_of,
    waiting_of,
)
from servoloop.loop.explore_cases import SORTS, NoSuchCase, case_story, case_table, list_cases
from servoloop.loop.explore_columns import columns_of
from servoloop.loop.log_file import read_log_file

ROOT = Path(__file__).resolve().parents[2]
LOG = ROOT / "examples" / "logs" / "complaints.csv"
SHARED = ROOT.parent / "shared" / "data" / "logs"


@pytest.fixture(scope="module")
def subject() -> Subject:
    return subject_of(read_log_file(LOG).log, zone="Asia/Shanghai")


def explored(subject: Subject, *filters: object) -> Exploration:
    found = explore(subject, filters)  # type: ignore[arg-type]
    assert isinstance(found, Exploration)
    return found


def paths(subject: Subject) -> dict[str, list[str]]:
    log = subject.log
    return {
        name: [log.activity.names[c] for c in log.activity.codes[begin:end]]
        for name, begin, end in zip(log.case.names, log.offsets[:-1], log.offsets[1:], strict=True)
    }


def test_a_selection_tells_how_many_of_how_many(subject):
    found = explored(subject, Contains(activity="Answered"))
    kept = [path for path in paths(subject).values() if "Answered" in path]
    assert found.counts.cases == len(kept)
    assert found.counts.all_cases == subject.log.cases
    assert found.counts.events == sum(map(len, kept))
    assert found.counts.share == len(kept) / subject.log.cases
    assert sum(variant.cases for variant in found.variants) == len(kept)
    assert found.variants[-1].coverage == pytest.approx(1.0)


def test_the_whole_log_and_a_filter_that_keeps_all_tell_the_same(subject):
    everything = explored(subject)
    assert explored(subject, Period(by="started", first=date(1990, 1, 1))) == everything


def test_what_is_left_out_and_what_is_kept_add_up(subject):
    for each in (Repeats, lambda **k: Contains(activity="Answered", **k)):
        one, other = explored(subject, each()), explore(subject, (each(is_excluded=True),))
        assert one.counts.cases + other.counts.cases == subject.log.cases
        assert one.counts.events + other.counts.events == subject.log.events


def test_nothing_left_is_told_with_its_counts(subject):
    found = explore(subject, (Contains(activity="never"),))
    assert isinstance(found, Nothing)
    assert (found.counts.cases, found.counts.all_cases) == (0, subject.log.cases)
    assert found.counts.first is None
    assert kpis_of(subject, (Contains(activity="never"),)) == ()
    assert waiting_of(subject, (Contains(activity="never"),)) is None


def test_each_number_is_the_number_of_cases_behind_it(subject):
    found = explored(subject)
    assert list_cases(subject, (Repeats(),)).cases == found.rework.cases
    for edge in found.process_map.edges:
        behind = list_cases(subject, (Follows(source=edge.source, target=edge.target),))
        assert behind.cases == edge.cases
    for bar in found.cycle_times.bars:
        within = CycleTime(at_least=bar.begin, below=bar.end)
        assert list_cases(subject, (within,)).cases == bar.cases


@pytest.mark.parametrize("sort", SORTS)
def test_pages_of_cases_join_without_a_gap_or_a_double(subject, sort):
    filters = (Contains(activity="Answered"),)
    pages, after = [], None
    while True:
        page = list_cases(subject, filters, sort=sort, after=after, limit=7)
        pages.append(page)
        after = page.after
        if after is None:
            break
    listed = [row.name for page in pages for row in page.rows]
    table = list(case_table(subject, filters, sort=sort, with_people=False))
    assert listed == [row[0] for row in table[1:]]
    assert len(listed) == len(set(listed)) == pages[0].cases


def test_a_page_after_nonsense_is_the_first_page(subject):
    first = list_cases(subject, ())
    assert list_cases(subject, (), after="x.y") == first
    assert list_cases(subject, (), sort="shortest").rows[0].took <= first.rows[0].took


def test_a_case_tells_its_events_and_its_waits(subject):
    story = case_story(subject, "C-0001", with_people=True)
    assert [event.activity for event in story.events] == paths(subject)["C-0001"]
    waits = [event.waited for event in story.events if event.waited is not None]
    assert len(waits) == len(story.events) - 1
    assert sum(wait.total_seconds() for wait in waits) == pytest.approx(story.took.total_seconds())
    assert any(event.person for event in story.events)
    unnamed = case_story(subject, "C-0001", with_people=False)
    assert not any(event.person for event in unnamed.events)
    assert explored(subject, OfVariant(keys=(story.variant_key,))).counts.cases == (
        story.variant_cases
    )
    with pytest.raises(NoSuchCase, match="no case 'C-9999'"):
        case_story(subject, "C-9999", with_people=False)


def test_people_are_counted_as_the_log_has_them(subject):
    found = people_of(subject, ())
    assert found is not None
    log = subject.log
    assert log.resource is not None
    events = np.bincount(log.resource.codes[log.resource.codes >= 0])
    assert {each.person: each.events for each in found.load} == dict(
        zip(log.resource.names, events.tolist(), strict=True)
    )
    assert sum(each.share for each in found.load) == pytest.approx(1.0)


def test_columns_say_which_of_them_are_about_people(subject):
    found = {column.name: column for column in columns_of(subject.log)}
    assert found["@resource"].names_people
    assert not found["@team"].names_people
    assert "web" in found["Channel"].values


def compared(subject: Subject, a: object, b: object) -> Comparison:
    found = compare(subject, (a,), (b,))  # type: ignore[arg-type]
    assert isinstance(found, Comparison)
    return found


def test_both_sides_of_a_comparison_are_what_exploring_each_would_tell(subject):
    monday = HasValue(column="@weekday", values=("Monday",))
    others = HasValue(column="@weekday", values=("Monday",), is_excluded=True)
    found = compared(subject, monday, others)
    assert found.a == explored(subject, monday)
    assert found.b == explored(subject, others)
    assert found.both == explored(subject)
    figures = {pair.name: pair for pair in found.figures}
    rework = figures["rework"]
    a = share(found.a.rework.cases, found.a.counts.cases)
    b = share(found.b.rework.cases, found.b.counts.cases)
    assert (rework.a, rework.b, rework.change) == (a, b, difference(b, a))
    times = figures["cycle_median"]
    assert times.a is not None
    assert times.a.value == pytest.approx(found.a.cycle_times.median.total_seconds())


def test_every_edge_has_its_share_and_its_wait_on_both_sides(subject):
    early = Period(by="started", last=date(2025, 3, 20))
    late = Period(by="started", first=date(2025, 3, 21))
    found = compared(subject, early, late)
    assert len(found.changes) == len(found.both.process_map.edges)
    for pair, change in zip(found.edges, found.changes, strict=False):
        assert pair.cases.a is not None
        assert pair.cases.a.value == pytest.approx(change.share_a)
        if pair.wait is not None and pair.wait.b is not None:
            assert change.wait_b == pytest.approx(pair.wait.b.value)
    shares = [each.cases for each in found.variants]
    assert all(each.a is not None and 0 <= each.a.value <= 1 for each in shares)


def test_sides_that_share_cases_have_differences_without_intervals(subject):
    found = compared(subject, Contains(activity="Answered"), Repeats(is_excluded=True))
    assert found.shared > 0
    assert all(pair.change is None or pair.change.low is None for pair in found.figures)
    assert not any(pair.is_clear for pair in found.activities)


def test_a_comparison_of_a_side_without_cases_says_so(subject):
    found = compare(subject, (Contains(activity="never"),), ())
    assert isinstance(found, OneSided)
    assert (found.cases_a, found.cases_b) == (0, subject.log.cases)


def test_known_figures_of_a_public_log_in_a_selection():
    path = SHARED / "helpdesk_italy.xes.gz"
    if not path.exists():
        pytest.skip("needs the shared log helpdesk_italy.xes.gz under ../shared/data/logs")
    subject = subject_of(read_log_file(path).log)
    found = explored(subject, Contains(activity="Wait"))
    log = subject.log
    hours = [
        (log.ts[end - 1] - log.ts[begin]) / 1e6
        for begin, end in zip(log.offsets[:-1], log.offsets[1:], strict=True)
        if any(log.activity.names[c] == "Wait" for c in log.activity.codes[begin:end])
    ]
    assert found.counts.cases == len(hours) == 1236
    assert found.cycle_times.median.total_seconds() == pytest.approx(median(hours))
