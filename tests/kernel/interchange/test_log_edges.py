"""Cases cut by the edges of a log, impossible orders and mixed zones are found, and only these."""

from datetime import datetime, timedelta

from servoloop.kernel.interchange.log_edges import log_edges
from servoloop.kernel.interchange.read_report import ReadReport
from tests.kernel.mining.cast import Row, log_of, read_text

BEGIN = datetime(2025, 3, 3, 9)


def desk(days: int, steps: tuple[str, ...] = ("Open", "Work", "Close")) -> list[Row]:
    """A case a day, an hour per step."""
    return [
        (f"c{day}", step, str(BEGIN + timedelta(days=day, hours=hour)))
        for day in range(days)
        for hour, step in enumerate(steps)
    ]


def test_a_log_of_whole_cases_is_cut_nowhere():
    edges = log_edges(log_of(desk(60)))
    assert (edges.cut_at_start, edges.open_at_end, edges.before_opening) == (0, 0, 0)


def test_a_case_that_begins_in_the_midst_at_the_beginning_was_begun_before():
    rows = [*desk(60)[1:], ("old", "Close", "2025-03-03 09:30:00")]
    assert log_edges(log_of(rows)).cut_at_start == 2


def test_a_case_that_stops_in_the_midst_at_the_end_is_open():
    rows = desk(60)[:-1]
    edges = log_edges(log_of(rows))
    assert (edges.cut_at_start, edges.open_at_end) == (0, 1)


def test_a_case_that_stops_in_the_midst_of_the_log_is_not_cut_by_its_end():
    rows = [row for row in desk(60) if row[:2] != ("c30", "Close")]
    assert log_edges(log_of(rows)).open_at_end == 0


def test_every_way_to_end_that_is_usual_elsewhere_is_an_end():
    rows = [row for row in desk(60) if row[1] != "Close" or int(row[0].removeprefix("c")) % 5 != 4]
    assert log_edges(log_of(rows)).open_at_end == 0  # a fifth of the cases ends with Work


def test_few_cases_are_no_witnesses():
    edges = log_edges(log_of(desk(10)))
    assert (edges.cut_at_start, edges.open_at_end) == (None, None)


def test_what_stands_before_the_opening_of_a_case_is_an_impossible_order():
    rows = [*desk(60), ("c7", "Work", "2025-03-01 09:00:00"), ("c8", "Work", "2025-03-11 09:00:00")]
    assert log_edges(log_of(rows)).before_opening == 1  # c8's stands at the same moment


def test_an_activity_that_often_comes_later_opens_nothing():
    rows = desk(40) + [(f"x{row[0]}", *row[1:]) for row in desk(20, ("Work", "Open", "Close"))]
    assert log_edges(log_of(rows)).before_opening == 0


def report(*stamps: str) -> ReadReport:
    return read_text("case,activity,timestamp\n" + "".join(f"1,a,{at}\n" for at in stamps)).report


def test_offsets_of_one_zone_in_summer_and_winter_are_counted_but_are_no_mixture():
    told = report(
        "2025-01-03T09:00:00+01:00", "2025-07-03T09:00:00+0200", "2025-07-04T09:00:00+0200"
    )
    assert told.offsets == (("+02:00", 2), ("+01:00", 1))
    assert told.notes == ()


def test_several_zones_are_told():
    told = report("2025-01-03T09:00:00+01:00", "2025-01-03T09:00:00Z", "2025-01-03T09:00:00-0530")
    assert dict(told.notes[0].values) == {"offsets": "+00:00 (1), +01:00 (1), -05:30 (1)"}
    assert [note.code for note in told.notes] == ["several_zones"]


def test_stamps_with_and_without_an_offset_in_one_log_are_told():
    told = report("2025-01-03T09:00:00+00:00", "2025-01-03T09:00:00", "2025-01-04T09:00:00")
    assert [(note.code, dict(note.values)) for note in told.notes] == [
        ("naive_and_zoned", {"naive": 2, "zoned": 1})
    ]
