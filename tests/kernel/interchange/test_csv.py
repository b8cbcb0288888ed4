"""CSV and TSV: everything is read or refused with its line, and every guess is shown."""

import gzip

import pytest

from servoloop.kernel.interchange.csv_records import RecordCutter
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.raw_events import Refusals
from servoloop.kernel.interchange.source import UnreadableLog
from tests.kernel.mining.cast import EXAMPLES, read_bytes, read_text

HEADER = "case,activity,timestamp\n"
GOOD = "1,Open,2025-03-03 09:00:00\n1,Close,2025-03-03 10:00:00\n"


def refused(text: str) -> list[tuple[int, str]]:
    report = read_text(text).report
    assert report.rows_read == report.rows_refused + read_text(text).log.events
    return [(refusal.line, refusal.reason) for refusal in report.refusals]


def test_columns_encoding_and_delimiter_of_a_chinese_export_are_guessed_and_shown():
    read = read_bytes((EXAMPLES / "工单.csv").read_bytes())
    assert (read.report.encoding, read.report.delimiter) == ("gb18030", ";")
    roles = {choice.role: choice.columns[0] for choice in read.report.roles}
    assert roles == {
        "case": "工单号", "activity": "环节", "timestamp": "完成时间", "resource": "处理人",
        "team": "部门",
    }  # fmt: skip
    assert read.log.events == 400
    assert "受理" in read.log.activity.names


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-8"])
def test_the_same_rows_are_read_from_every_encoding(encoding):
    text = HEADER + "1,Prüfung,2025-03-03 09:00:00\n1,Übergabe,2025-03-03 10:00:00\n"
    log = read_bytes(text.encode(encoding)).log
    assert log.activity.names == ("Prüfung", "Übergabe")


def test_a_wrong_encoding_given_by_the_user_refuses_the_rows_it_garbles():
    text = HEADER + "1,Prüfung,2025-03-03 09:00:00\n1,Close,2025-03-03 10:00:00\n"
    read = read_bytes(text.encode("cp1252"), ReadOptions(encoding="utf-8"))
    assert [(r.line, r.reason) for r in read.report.refusals] == [
        (2, "holds bytes that are not utf-8 text")
    ]
    assert read.log.events == 1


def test_each_unreadable_row_is_listed_with_its_line_and_reason():
    rows = read_bytes((EXAMPLES / "damaged.csv").read_bytes()).report.refusals
    assert [(row.line, row.reason) for row in rows] == [
        (3, "timestamp 'yesterday' does not read as %Y-%m-%d %H:%M:%S%.f"),
        (4, "a quote that opens on this line never closes"),
        (6, "has no case"),
        (7, "has 4 fields where the header has 3"),
    ]


def test_lines_are_counted_through_quoted_line_feeds_and_blank_lines():
    text = HEADER + '1,"Open\nagain",2025-03-03 09:00:00\n\n1,Close\n' + GOOD
    assert refused(text) == [(5, "has 2 fields where the header has 3")]


def test_a_quote_in_the_middle_of_a_field_is_an_inch_not_a_quotation():
    text = HEADER + '1,5" screen,2025-03-03 09:00:00\n1,Close,2025-03-03 10:00:00\n'
    log = read_text(text).log
    assert log.activity.names == ('5" screen', "Close")


def test_doubled_quotes_and_delimiters_inside_quotes_belong_to_the_value():
    text = HEADER + '1,"say ""hi"", please",2025-03-03 09:00:00\n' + GOOD
    assert read_text(text).log.activity.names[0] == 'say "hi", please'


def test_a_missing_last_line_feed_and_carriage_returns_lose_nothing():
    assert read_text((HEADER + GOOD).rstrip("\n").replace("\n", "\r\n")).log.events == 2
    assert read_text((HEADER + GOOD).replace("\n", "\r")).log.events == 2


def test_records_across_block_borders_are_cut_as_in_one_block(monkeypatch):
    rows = "".join(f'{n},"a\n{n}",2025-03-03 09:00:00\n' for n in range(200))
    whole = list(cutter().cut([rows.encode()]))
    monkeypatch.setattr("servoloop.kernel.interchange.csv_records.BLOCK", 64)
    pieces = [rows.encode()[at : at + 7] for at in range(0, len(rows), 7)]
    small = list(cutter().cut(pieces))
    assert sum(block.seen for block in small) == 200
    lines = [line for block in small for line in block.lines.tolist()]
    assert lines == whole[0].lines.tolist() == list(range(2, 402, 2))


def cutter() -> RecordCutter:
    header = ["case", "activity", "timestamp"]
    return RecordCutter(header=header, delimiter=",", refusals=Refusals(), encoding="utf-8", line=2)


def test_given_columns_override_the_guess_and_may_be_joined():
    text = "id,day,hour,what,status\n1,2025-03-03,09:00:00,Open,x\n1,2025-03-03,10:00:00,Shut,y\n"
    options = ReadOptions(case="id", activity="what+status", timestamp="day+hour")
    log = read_text(text, options).log
    assert log.activity.names == ("Open x", "Shut y")
    assert log.ts[1] - log.ts[0] == 3_600_000_000


def test_an_unknown_column_is_named_together_with_those_there_are():
    with pytest.raises(
        UnreadableLog, match=r"no column 'casse'\. It has: case, activity, timestamp"
    ):
        read_text(HEADER + GOOD, ReadOptions(case="casse"))


def test_events_at_the_same_moment_keep_the_order_of_the_file():
    text = HEADER + "".join(f"1,{name},2025-03-03 09:00:00\n" for name in "ZAMB")
    read = read_text(text)
    assert [read.log.activity.names[code] for code in read.log.activity.codes] == list("ZAMB")
    assert read.report.equal_timestamps == 3


def test_day_first_and_month_first_are_told_apart_by_the_whole_column():
    day_first = read_text(HEADER + "1,a,02/01/2025 10:00\n1,b,13/01/2025 10:00\n").report
    month_first = read_text(HEADER + "1,a,02/01/2025 10:00\n1,b,02/13/2025 10:00\n").report
    either = read_text(HEADER + "1,a,02/01/2025 10:00\n1,b,03/01/2025 10:00\n").report
    assert day_first.timestamp_formats[0].format == "%d/%m/%Y %H:%M"
    assert month_first.timestamp_formats[0].format == "%m/%d/%Y %H:%M"
    assert [note.code for note in either.notes] == ["day_or_month_first"]


def test_a_date_format_that_changes_half_way_is_still_read():
    read = read_text(HEADER + "1,a,2025-03-03 09:00:00\n1,b,04.03.2025 09:00\n")
    assert read.log.events == 2
    assert {use.format for use in read.report.timestamp_formats} == {
        "%Y-%m-%d %H:%M:%S%.f", "%d.%m.%Y %H:%M",
    }  # fmt: skip


def test_days_of_a_spreadsheet_are_dates():
    read = read_text("case,activity,date\n1,a,45719.375\n1,b,45719.41666667\n")
    assert read.log.ts.tolist() == [1_740_992_400_000_000, 1_740_996_000_000_000]
    assert read.report.timestamp_formats[0].format == "spreadsheet days"


def test_wall_clock_times_are_placed_in_the_zone_and_a_skipped_hour_is_refused():
    text = HEADER + "1,a,2025-03-30 01:30:00\n1,b,2025-03-30 02:30:00\n1,c,2025-03-30 03:30:00\n"
    read = read_text(text, ReadOptions(zone="Europe/Rome"))
    assert read.log.ts[1] - read.log.ts[0] == 3_600_000_000
    assert [refusal.line for refusal in read.report.refusals] == [3]
    assert [note.code for note in read.report.notes] == ["skipped_hour"]


def test_duplicates_old_dates_and_file_order_are_counted_not_repaired():
    text = (
        "case,activity,timestamp,user\n"
        "1,b,2025-03-03 10:00:00,Ada\n1,a,2025-03-03 09:00:00,Ada\n"
        "1,a,2025-03-03 09:00:00,Ada\n2,a,1970-01-01 00:00:00,\n"
    )
    read = read_text(text)
    report = read.report
    assert read.log.events == 4
    assert (report.duplicates, report.suspicious_years, report.without_resource) == (1, 1, 1)
    assert report.out_of_order == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "is empty"),
        (b"case,activity,timestamp\n", "column names but no rows"),
        (b"just one column\nvalue\n", "single column"),
        (b"a,b,c\n1,2,3\n", "Cannot tell which column"),
        (b"2025-03-03 09:00,x,y\n2025-03-03 09:00,x,y\n", "looks like data"),
        (bytes(range(256)) * 40, "binary data"),
        (b"\x1f\x8b junk that is no gzip", "damaged gzip"),
        (gzip.compress((HEADER + GOOD * 50).encode())[:-20], "cut off"),
        (b"case,activity,timestamp\n1,Open,soon\n", "None of the 1 rows"),
        (b'{"tickets": {}}', "JSON"),
    ],
)
def test_what_is_no_event_log_gets_one_clear_sentence(data, sentence):
    with pytest.raises(UnreadableLog, match=sentence) as raised:
        read_bytes(data)
    assert "\n" not in str(raised.value)
    assert str(raised.value).endswith(".")


def test_an_endless_line_is_refused_and_the_next_one_read():
    endless = "x" * (3 << 20)
    read = read_text(HEADER + GOOD + f"1,{endless},2025-03-03 10:00:00\n" + GOOD)
    assert [(r.line, r.reason) for r in read.report.refusals] == []
    longer = "x" * (20 << 20)
    read = read_text(HEADER + GOOD + f"1,{longer},2025-03-03 10:00:00\n" + GOOD)
    assert [(r.line, r.reason) for r in read.report.refusals] == [(4, "is longer than 1 MB")]
    assert read.log.events == 4


def test_a_gzip_bomb_is_refused_before_it_inflates():
    bomb = gzip.compress(b"case,activity,timestamp\n" + b" " * (70 << 20))
    with pytest.raises(UnreadableLog, match="inflates to more than 300 times"):
        read_bytes(bomb)
