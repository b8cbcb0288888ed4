"""Workbooks are read like CSV, dates as their cells type them; hostile ones are refused."""

import gzip

import pytest

from servoloop.kernel.interchange.assemble import ReadLog
from servoloop.kernel.interchange.options import ReadOptions
from servoloop.kernel.interchange.source import UnreadableLog
from tests.kernel.interchange.workbooks import NAMESPACE, Dated, sheet_xml, workbook, zipped
from tests.kernel.mining.cast import EXAMPLES, read_bytes

HEADER = ["Ticket ID", "Status", "Changed at", "Agent"]
NINE, TEN = 45719.375, 45719.416666666664  # 2025-03-03 09:00 and 10:00
NINE_MICROS, HOUR = 1_740_992_400_000_000, 3_600_000_000
ROWS = [HEADER, [7, "Open", Dated(NINE), "Ada"], [7, "Closed", Dated(TEN), None]]


def roles(read: ReadLog) -> dict[str, str]:
    return {choice.role: "+".join(choice.columns) for choice in read.report.roles}


def test_the_sheet_with_events_is_found_behind_another_and_below_a_title():
    read = read_bytes((EXAMPLES / "complaints.xlsx").read_bytes())
    csv = read_bytes((EXAMPLES / "complaints.csv").read_bytes())
    assert read.report.format == "xlsx"
    assert (read.log.events, read.log.cases) == (60, 16)
    assert [dict(note.values) for note in read.report.notes] == [
        {"sheet": "Events", "others": "Read me"}
    ]
    assert set(read.log.ts.tolist()) <= set(csv.log.ts.tolist())
    assert roles(read)["resource"] == "Agent"


def test_dates_are_read_from_typed_cells_from_plain_serials_and_from_text():
    for first, second in (
        (Dated(NINE), Dated(TEN)),
        (NINE, TEN),
        ("3.3.2025 9:00", "3.3.2025 10:00"),
    ):
        read = read_bytes(workbook({"S": [HEADER, [1, "a", first, "x"], [1, "b", second, "x"]]}))
        assert read.log.ts.tolist() == [NINE_MICROS, NINE_MICROS + HOUR]


def test_numbers_that_name_cases_have_no_decimals_and_missing_cells_stay_missing():
    log = read_bytes(workbook({"S": ROWS})).log
    assert log.case.names == ("7",)
    assert log.resource is not None
    assert log.resource.values() == ["Ada", None]


def test_a_date_and_a_time_in_two_columns_are_joined():
    rows = [
        ["id", "what", "day", "hour"],
        ["1", "a", Dated(45719), "09:00:00"],
        ["1", "b", Dated(45719), "10:00:00"],
    ]
    read = read_bytes(workbook({"S": rows}), ReadOptions(timestamp="day+hour", activity="what"))
    assert read.log.ts.tolist() == [NINE_MICROS, NINE_MICROS + HOUR]


def test_rows_that_cannot_be_read_are_listed_with_their_row_in_the_sheet():
    rows = [["Title"], [], *ROWS, [], [8, None, Dated(NINE), "Bo"], [8, "Open", "soon", "Bo"]]
    report = read_bytes(workbook({"S": rows})).report
    assert [(refusal.line, refusal.reason.split("'")[0]) for refusal in report.refusals] == [
        (7, "has no activity"),
        (8, "timestamp "),
    ]
    assert report.rows_read == 4


def test_wall_clock_cells_are_placed_in_the_zone():
    log = read_bytes(workbook({"S": ROWS}), ReadOptions(zone="Asia/Shanghai")).log
    assert log.ts[0] == NINE_MICROS - 8 * HOUR


def far_corner(cells: int) -> str:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, cells))
    return (
        f'<worksheet xmlns="{NAMESPACE}"><sheetData>{rows}<row r="1048576">'
        '<c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    )


ENCRYPTED = (
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")
)
BOMB = {"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": b" " * (70 << 20)}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"PK\x03\x04 workbook", "damaged ZIP archive or Excel workbook"),
        (zipped({"log.csv": "a,b"}), "ZIP archive, not an Excel workbook; unpack it"),
        (zipped({"xl/workbook.xml": "<workbook"}), "damaged workbook"),
        (workbook({"S": ROWS})[:-60], "damaged"),
        (workbook({"S": "<worksheet><sheetData><row"}), "damaged workbook|no sheet with"),
        (workbook({"S": [["just", "two"], ["a", "b"]]}), "no sheet with column names"),
        (workbook({"S": [HEADER]}), "no sheet with column names and rows"),
        (workbook({"S": [["a", "b", "c"], [1, 2, 3]]}), "Cannot tell which column"),
        (workbook({"S": far_corner(2)}), "spans 1,048,576 rows and 16,384 columns"),
        (ENCRYPTED, "protected by a password"),
        (zipped(BOMB), "inflates to far more"),
        (gzip.compress(workbook({"S": ROWS})), "must be a plain file"),
    ],
)
def test_hostile_or_broken_workbooks_get_one_clear_sentence(data, sentence):
    with pytest.raises(UnreadableLog, match=sentence) as raised:
        read_bytes(data)
    assert "\n" not in str(raised.value)
    assert str(raised.value).endswith(".")


def test_a_directory_that_lies_about_the_length_is_not_believed():
    data = bytearray(zipped(BOMB))
    true_length = (70 << 20).to_bytes(4, "little")
    assert data.count(true_length) == 2
    with pytest.raises(UnreadableLog, match="inflates to far more"):
        read_bytes(bytes(data.replace(true_length, (9).to_bytes(4, "little"))))


def test_a_sheet_of_many_cells_may_have_a_gap():
    wide = sheet_xml([HEADER, *([n, "a", Dated(NINE), "x"] for n in range(50)), [], ROWS[1]])
    assert read_bytes(workbook({"S": wide})).log.events == 51
