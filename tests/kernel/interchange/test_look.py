"""A look at a file: the guesses, a few rows, and what is missing."""

import io
from pathlib import Path

import pytest

from servoloop.kernel.interchange.look import look_at_log
from servoloop.kernel.interchange.looked import Look
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.interchange.source import UnreadableLog
from tests.kernel.interchange.workbooks import workbook

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "logs"


def look(text: str | bytes, options: ReadOptions = GUESS, name: str = "log.csv") -> Look:
    data = text.encode() if isinstance(text, str) else text
    return look_at_log(io.BytesIO(data), name=name, size=len(data), options=options)


def example(name: str, options: ReadOptions = GUESS) -> Look:
    return look((EXAMPLES / name).read_bytes(), options, name)


def test_it_shows_guesses_rows_and_activities() -> None:
    found = example("complaints.csv")
    assert (found.format, found.encoding, found.delimiter) == ("csv", "utf-8", ",")
    assert {choice.role for choice in found.roles} == {
        "case", "activity", "timestamp", "resource", "team",
    }  # fmt: skip
    assert found.columns[0].name == "Case ID"
    assert len(found.columns[0].cells) == 8
    assert found.possible_formats[0] == "%Y-%m-%d %H:%M:%S%.f"
    assert (found.events, found.cases, found.problem) == (944, 200, "")
    assert sum(events for _, events in found.activities) == 944


def test_columns_that_tell_no_role_are_still_shown_with_what_could_be_told() -> None:
    found = look("what,who,x\na,Ada,1\nb,Bo,2\n")
    assert [column.name for column in found.columns] == ["what", "who", "x"]
    assert found.problem.startswith("Cannot tell which column of log.csv is the case")
    assert found.events == 0


def test_with_the_roles_said_it_can_be_diagnosed() -> None:
    text = "k,was,wann\n1,Auf,2026-01-05 09:00\n1,Zu,2026-01-05 10:00\n"
    found = look(text, ReadOptions(case="k", activity="was", timestamp="wann"))
    assert (found.events, found.problem) == (2, "")


def test_a_text_without_known_delimiter_shows_its_first_lines() -> None:
    text = "case^activity^timestamp\n1^Open^2026-01-05 09:00\n"
    found = look(text)
    assert found.columns == ()
    assert found.lines[0] == "case^activity^timestamp"
    assert "single column" in found.problem
    assert look(text, ReadOptions(delimiter="^")).problem == ""


def test_what_is_no_log_at_all_is_refused() -> None:
    with pytest.raises(UnreadableLog, match="PDF"):
        look(b"%PDF-1.7 ...")


def test_an_object_centric_log_names_its_types_and_the_chosen_one() -> None:
    found = example("service-orders.ocel.json")
    assert [(each.name, each.is_chosen) for each in found.object_types] == [
        ("Service order", True), ("Spare part", False), ("Technician", False),
    ]  # fmt: skip
    other = example("service-orders.ocel.json", ReadOptions(object_type="Technician"))
    assert [each.name for each in other.object_types if each.is_chosen] == ["Technician"]


def test_a_desk_is_recognised_and_its_table_can_be_read_as_it_stands() -> None:
    found = example("desks/servicenow-audit.csv")
    assert found.desk == "ServiceNow"
    plain = example(
        "desks/servicenow-audit.csv",
        ReadOptions(as_table=True, activity="fieldname"),
    )
    assert plain.desk == ""
    assert "fieldname" in {column.name for column in plain.columns}


def test_of_a_workbook_the_sheets_are_named_and_one_can_be_chosen() -> None:
    assert example("complaints.xlsx").sheets == ("Events", "Read me")
    rows = [["case", "activity", "timestamp"], ["1", "Open", "2026-01-05 09:00"]]
    others = [["a", "b", "c"], ["1", "2", "3"]]
    data = workbook({"Log": rows, "Other": others})
    found = look(data, ReadOptions(sheet="Other"), "log.xlsx")
    assert found.sheets[0] == "Other"
    assert "Cannot tell which column" in found.problem
    with pytest.raises(UnreadableLog, match="no visible sheet 'Third'"):
        look(data, ReadOptions(sheet="Third"), "log.xlsx")


XES = """<?xml version="1.0"?><log>
<classifier name="Both" keys="concept:name lifecycle:transition"/>
<classifier name="Odd" keys="'concept:name' org:resource"/>
<trace><string key="concept:name" value="1"/>
<event><string key="concept:name" value="Open"/><string key="lifecycle:transition" value="start"/>
<string key="org:resource" value="Ada"/><date key="time:timestamp" value="2026-01-05T09:00:00Z"/>
</event>
<event><string key="concept:name" value="Open"/>
<string key="lifecycle:transition" value="complete"/>
<string key="org:resource" value="Bo"/><date key="time:timestamp" value="2026-01-05T10:00:00Z"/>
</event></trace></log>"""


def test_a_classifier_names_the_activity() -> None:
    assert look(XES).activities == (("Open", 2),)
    assert look(XES).has_starts_and_completes
    both = look(XES, ReadOptions(classifier="Both"))
    assert both.activities == (("Open start", 1), ("Open complete", 1))
    assert look(XES, ReadOptions(classifier="Odd")).activities == (("Open Ada", 1), ("Open Bo", 1))
    unknown = look(XES, ReadOptions(classifier="Neither"))
    assert unknown.problem == "log.csv has no classifier 'Neither'. It has: Both, Odd."


def test_of_a_very_wide_table_the_first_columns_are_shown() -> None:
    names = ["case", "activity", "timestamp", *(f"c{n}" for n in range(10_000))]
    text = ",".join(names) + "\n" + ",".join(["1", "Open", "2026-01-05 09:00", *["x"] * 10_000])
    found = look(text)
    assert (len(found.columns), found.columns_in_all, found.events) == (100, 10_003, 1)


def test_cleaning_is_proposed_with_what_it_would_touch() -> None:
    row = "1,Open,2026-01-05 09:00\n"
    found = look("case,activity,timestamp\n" + row + row + "1,open,2026-01-05 10:00\n")
    assert [(each.step, each.events, each.cases) for each in found.proposals] == [
        ("merge-names", 1, 1),
        ("drop-duplicates", 1, 1),
    ]
