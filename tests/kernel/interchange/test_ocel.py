"""OCEL in its four notations: the same cases from each, what flattening does is said."""

import gzip
import sqlite3

import pytest

from servoloop.kernel.interchange.assemble import ReadLog
from servoloop.kernel.interchange.options import GUESS, ReadOptions
from servoloop.kernel.interchange.read import read_log
from servoloop.kernel.interchange.source import UnreadableLog
from tests.kernel.mining.cast import EXAMPLES, read_bytes, read_text, shared_log

NOTATIONS = ("json", "xml", "sqlite")


def example(notation: str, options: ReadOptions = GUESS) -> ReadLog:
    path = EXAMPLES / f"service-orders.ocel.{notation}"
    with path.open("rb") as stream:
        return read_log(stream, name=path.name, options=options)


def traces(read: ReadLog) -> dict[str, list[str | None]]:
    log = read.log
    activities = log.activity.values()
    return {
        name: activities[log.offsets[case] : log.offsets[case + 1]]
        for case, name in enumerate(log.case.names)
    }


def notes(read: ReadLog) -> dict[str, dict[str, str | int]]:
    return {note.code: dict(note.values) for note in read.report.notes}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_each_notation_gives_the_same_cases(notation):
    read = example(notation)
    assert read.report.format == "ocel"
    assert traces(read) == traces(example("json"))
    assert traces(read)["SO-1"] == [
        "Receive request", "Order part", "Plan visit", "Visit customer", "Replace part",
        "Close order",
    ]  # fmt: skip
    assert read.log.ts.tolist() == example("json").log.ts.tolist()
    assert read.log.case_attributes["case:channel"].to_list() == ["phone", "web", "phone"]


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_type_with_the_most_events_of_its_own_is_chosen_and_the_others_are_listed(notation):
    told = notes(example(notation))
    assert told["object_type_chosen"] == {
        "type": "Service order",
        "version": "2.0",
        "others": "Spare part (4 objects, 6 events), Technician (2 objects, 12 events)",
    }
    assert told["events_without_object"] == {"events": 1, "type": "Service order"}
    assert "events_of_several_cases" not in told


def test_technicians_who_are_there_all_week_are_no_cases_though_they_have_most_events():
    chosen = notes(example("json"))["object_type_chosen"]["type"]
    given = example("json", ReadOptions(object_type="Technician"))
    assert chosen == "Service order"
    assert given.log.events / given.log.cases >= 13 / 2
    assert notes(given)["object_type_given"]["type"] == "Technician"


@pytest.mark.parametrize("notation", NOTATIONS)
def test_an_event_about_several_objects_stands_in_the_case_of_each(notation):
    read = example(notation, ReadOptions(object_type="Spare part"))
    assert traces(read) == {
        part: ["Order part", "Replace part"] for part in ("P-11", "P-12", "P-21", "P-31")
    }
    assert notes(read)["events_of_several_cases"] == {"rows": 2, "type": "Spare part"}
    assert read.log.case_attributes["case:article"].to_list() == ["pump", "seal", "pump", "board"]


def test_the_one_object_of_another_type_describes_the_event():
    log = example("json", ReadOptions(object_type="Spare part")).log
    assert log.attributes["Service order"].to_list()[:2] == ["SO-1", "SO-1"]
    assert "Technician" in log.attributes.columns


def test_attributes_keep_their_type_and_of_a_changing_one_the_first_value_counts():
    text = """{"objectTypes": [], "eventTypes": [], "objects": [
    {"id": "c", "type": "case", "attributes": [
      {"name": "tier", "time": "2025-02-01T00:00:00Z", "value": "gold"},
      {"name": "tier", "time": "1970-01-01T00:00:00Z", "value": "basic"}]}],
    "events": [
    {"id": 1, "type": "a", "time": "2025-03-03T09:00:00Z",
     "attributes": [{"name": "cost", "value": 3}, {"name": "ok", "value": true}],
     "relationships": [{"objectId": "c", "qualifier": ""}, {"objectId": "c", "qualifier": "x"}]},
    {"id": 2, "type": "b", "time": "2025-03-03T10:00:00Z",
     "attributes": [{"name": "cost", "value": 4.5}, {"name": "mixed", "value": {"x": 1}}],
     "relationships": [{"objectId": "c", "qualifier": ""}]}]}"""
    log = read_text(text).log
    assert log.events == 2  # related twice, one event
    assert log.case_attributes["case:tier"].to_list() == ["basic"]
    assert log.attributes["cost"].to_list() == [3.0, 4.5]
    assert log.attributes["ok"].to_list() == [True, None]
    assert log.attributes["mixed"].to_list() == [None, "{'x': 1}"]


def test_events_without_time_or_type_are_refused_with_their_line():
    text = """{"objectTypes": [], "eventTypes": [],
    "objects": [{"id": "c", "type": "case"}],
    "events": [
    {"id": "1", "type": "a", "time": "2025-03-03T09:00:00Z", "relationships": [{"objectId": "c"}]},
    {"id": "2", "type": "a", "relationships": [{"objectId": "c"}]},
    {"id": "3", "time": "2025-03-03T09:00:00Z", "relationships": [{"objectId": "c"}]}]}"""
    report = read_text(text).report
    assert [(r.line, r.reason) for r in report.refusals] == [
        (5, "has no timestamp"),
        (6, "has no activity"),
    ]
    assert report.rows_read == 3


def test_compressed_notations_are_read_too():
    for notation in NOTATIONS:
        data = (EXAMPLES / f"service-orders.ocel.{notation}").read_bytes()
        assert traces(read_bytes(gzip.compress(data))) == traces(example("json"))


def test_a_table_of_version_1_is_flattened_and_clashing_ids_stay_apart():
    text = (
        "ocel:eid,ocel:activity,ocel:timestamp,ocel:type:order,ocel:type:item,price\n"
        'e1,place,2025-03-03 09:00:00,[\'1\'],"[\'1\', ""it\'s""]",9\n'
        "e2,pack,2025-03-03 10:00:00,['1'],[],9\n"
        "e3,send,2025-03-03 11:00:00,1,,9\n"
    )
    orders = read_text(text, ReadOptions(object_type="order"))
    items = read_text(text, ReadOptions(object_type="item"))
    assert traces(orders) == {"1": ["place", "pack", "send"]}
    assert traces(items) == {"item 1": ["place"], "it's": ["place"]}
    assert (orders.report.format, orders.report.delimiter) == ("csv", ",")


@pytest.mark.parametrize(
    ("name", "cases", "events", "type"),
    [
        ("ocel20_example.jsonocel", 3, 9, "Invoice"),
        ("ocel20_example.xmlocel", 3, 9, "Invoice"),
        ("ocel20_example.sqlite", 3, 9, "Invoice"),
        ("newocel.jsonocel", 2, 15, "order"),
        ("newocel.sqlite", 2, 15, "order"),
        ("newocel.csv", 2, 15, "order"),
        ("example_log.jsonocel", 3, 12, "order"),
        ("example_log.xmlocel", 3, 12, "order"),
        ("example_log.sqlite", 3, 12, "order"),
        ("example_log.csv", 3, 12, "order"),
        ("ocel_order_simulated.csv", 2000, 6514, "orders"),
        ("recruiting-red.jsonocel", 916, 6607, "applications"),
    ],
)
def test_public_logs_flatten_on_what_their_authors_call_the_case(name, cases, events, type):
    with shared_log(name).open("rb") as stream:
        read = read_log(stream, name=name)
    assert (read.log.cases, read.log.events) == (cases, events)
    assert notes(read)["object_type_chosen"]["type"] == type
    assert read.report.rows_refused == 0


EMPTY = b'{"objectTypes": [], "eventTypes": [], "objects": [], "events": []}'
LONELY = (
    b'{"objectTypes": [], "events": [{"id": "1", "type": "a", "time": "2025-03-03T09:00:00Z"}]}'
)
VIEWS = """CREATE TABLE event_map_type(ocel_type, ocel_type_map);
CREATE TABLE object_map_type(ocel_type, ocel_type_map);
CREATE TABLE object(ocel_id, ocel_type); CREATE TABLE event_object(a, b);
CREATE VIEW event AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
SELECT x AS ocel_id, 'a' AS ocel_type FROM n;"""


def database(script: str) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.executescript(script)
    data = connection.serialize()
    connection.close()
    return data


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (EMPTY, "without a single event"),
        (LONELY, "concern no objects"),
        (b'{"objectTypes": [], "events": [7]}', "neither an event nor an object"),
        (b'{"objectTypes": [], "events": [{"type": "a"}]}', "neither an event nor an object"),
        (b'{"objectTypes": [], "events": [{"id": "1",', "not well-formed JSON at line 1"),
        (b"<log><events><event id='1'>", "not well-formed XML"),
        (b"<!DOCTYPE log [<!ENTITY a 'b'>]><log><events/></log>", "DOCTYPE"),
        (b"<list><events/></list>", "root <list>"),
        (b"<log><events><event><string key='x'/></event></events></log>", "line 1 .* has no id"),
        (database("CREATE TABLE tickets(id, status)"), "without the tables of OCEL.*: tickets"),
        (database(VIEWS), "without the tables of OCEL"),
        (b"SQLite format 3\x00" + b"junk" * 2000, "SQLite database that cannot be read"),
    ],
)
def test_hostile_or_broken_logs_get_one_clear_sentence(data, sentence):
    with pytest.raises(UnreadableLog, match=sentence) as raised:
        read_bytes(data)
    assert "\n" not in str(raised.value)
    assert str(raised.value).endswith(".")


def test_an_unknown_type_is_named_together_with_those_there_are():
    with pytest.raises(UnreadableLog, match=r"no object type 'Visit'.*Service order \(3 objects"):
        example("xml", ReadOptions(object_type="Visit"))


def test_a_damaged_database_is_refused_and_never_written(tmp_path):
    path = tmp_path / "log.sqlite"
    data = bytearray((EXAMPLES / "service-orders.ocel.sqlite").read_bytes())
    data[2000:] = b"\xff" * (len(data) - 2000)
    path.write_bytes(data)
    with path.open("rb") as stream, pytest.raises(UnreadableLog, match="cannot be read"):
        read_log(stream, name=path.name)
    assert path.read_bytes() == data
    assert [each.name for each in tmp_path.iterdir()] == ["log.sqlite"]
