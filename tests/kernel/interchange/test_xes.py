"""XES: streamed, typed, nothing dropped in silence, nothing hostile believed."""

import gzip
from io import BytesIO

import pytest

from servoloop.kernel.interchange.csv_writer import write_csv
from servoloop.kernel.interchange.parquet_writer import write_parquet
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.interchange.xes_writer import write_xes
from servoloop.kernel.mining.event_log import EventLog
from tests.kernel.mining.cast import EXAMPLES, read_bytes, read_text

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n'


def event(name: str | None, at: str | None = "2025-03-03T09:00:00+01:00", more: str = "") -> str:
    named = "" if name is None else f'<string key="concept:name" value="{name}"/>'
    dated = "" if at is None else f'<date key="time:timestamp" value="{at}"/>'
    return f"<event>{named}{dated}{more}</event>\n"


def trace(name: str | None, *events: str) -> str:
    named = "" if name is None else f'<string key="concept:name" value="{name}"/>'
    return f"<trace>{named}\n{''.join(events)}</trace>\n"


def document(*traces: str) -> str:
    return HEAD + "".join(traces) + "</log>\n"


def test_types_nested_attributes_and_offsets_are_kept():
    more = (
        '<int key="n" value="7"/><boolean key="ok" value="true"/>'
        '<string key="a" value="x"><string key="b" value="y"/></string>'
    )
    log = read_text(document(trace("1", event("Open", more=more), event("Close")))).log
    assert log.attributes["n"].to_list() == [7, None]
    assert log.attributes["ok"].to_list() == [True, None]
    assert log.attributes["a/b"].to_list() == ["y", None]
    assert log.ts[0] == 1_740_988_800_000_000  # 09:00+01:00 is 08:00 UTC


def test_attributes_of_the_trace_describe_the_case():
    text = document(
        "<trace>" + event("Open") + '<string key="concept:name" value="1"/>'
        '<string key="channel" value="phone"/></trace>'
    )
    log = read_text(text).log
    assert log.case.names == ("1",)
    assert log.case_attributes["case:channel"].to_list() == ["phone"]


def test_events_without_name_or_time_are_refused_with_their_line():
    read = read_text(document(trace("1", event("a"), event(None), event("b", None), event("c"))))
    assert [(r.line, r.reason) for r in read.report.refusals] == [
        (5, "has no activity"),
        (6, "has no timestamp"),
    ]
    assert read.log.events == 2


def test_traces_without_a_name_repeated_ones_and_empty_ones_are_told():
    read = read_text(
        document(
            trace(None, event("a")), trace("x", event("a")), trace("x", event("b")), trace("y")
        )
    )
    assert read.log.case.names == ("trace 1", "x")
    assert [note.code for note in read.report.notes] == ["unnamed_traces", "repeated_traces"]
    assert read.report.empty_cases == 1


def test_an_event_outside_of_any_trace_is_refused():
    read = read_text(document(trace("1", event("a")), event("b")))
    assert [refusal.reason for refusal in read.report.refusals] == ["event outside of any trace"]
    assert read.report.rows_read == 2


def test_prefixed_elements_and_other_encodings_are_read():
    text = document(trace("1", event("Prüfung")))
    prefixed = text
    for name in ("log", "trace", "event", "string", "date"):
        prefixed = prefixed.replace(f"<{name}", f"<x:{name}").replace(f"</{name}", f"</x:{name}")
    prefixed = prefixed.replace("<x:log", '<x:log xmlns:x="http://www.xes-standard.org/"')
    assert read_text(prefixed).log.activity.names == ("Prüfung",)
    for encoding in ("gb18030", "iso-8859-1", "utf-16"):
        if encoding == "gb18030":
            data = text.replace("Prüfung", "审批").replace("UTF-8", encoding).encode(encoding)
            assert read_bytes(data).log.activity.names == ("审批",)
        else:
            data = text.replace("UTF-8", encoding).encode(encoding)
            assert read_bytes(data).log.activity.names == ("Prüfung",)


def test_settling_in_small_blocks_changes_nothing(monkeypatch):
    text = document(
        *(
            trace(f"{n}", event("a", more=f'<int key="n" value="{n}"/>'), event("b"))
            for n in range(50)
        )
    )
    whole = read_text(text).log
    monkeypatch.setattr("servoloop.kernel.interchange.xes_reader.EVENTS_AT_ONCE", 3)
    monkeypatch.setattr("servoloop.kernel.interchange.source.CHUNK", 100)
    assert_same(read_text(text).log, whole)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "b">]><log/>', "DOCTYPE"),
        ("<html><body/></html>", "web page"),
        (HEAD + "<trace><event></trace></log>", "not well-formed XML at line 3"),
        (HEAD + trace("1", event("a")), "not well-formed XML at line"),
        (HEAD + "</log>", "without a single event"),
        (HEAD + "<trace>" + "<a>" * 400, "nests elements"),
        (HEAD + "<trace/><events></events></log>", "object-centric"),
        (HEAD + "<trace>\x01</trace></log>", "not well-formed"),
    ],
)
def test_hostile_or_broken_documents_get_one_clear_sentence(text, sentence):
    with pytest.raises(UnreadableLog, match=sentence) as raised:
        read_text(text)
    assert "\n" not in str(raised.value)


def test_what_is_written_reads_back_the_same_as_xes_and_as_csv():
    log = read_bytes((EXAMPLES / "complaints.csv").read_bytes()).log
    for write in (write_xes, write_csv):
        file = BytesIO()
        write(log, file)
        assert_same(read_bytes(gzip.compress(file.getvalue())).log, log)


def test_parquet_reads_back_the_same_and_a_damaged_one_is_named():
    log = read_bytes((EXAMPLES / "complaints.csv").read_bytes()).log
    file = BytesIO()
    write_parquet(log, file)
    read = read_bytes(file.getvalue())
    assert read.report.format == "parquet"
    assert_same(read.log, log)
    with pytest.raises(UnreadableLog, match="damaged Parquet"):
        read_bytes(file.getvalue()[:-300])


def test_markup_quotes_and_line_feeds_in_values_survive_the_round_trip():
    text = 'case,activity,timestamp\n<1>,"a ""b"" & c\nd",2025-03-03 09:00:00\n'
    log = read_text(text).log
    file = BytesIO()
    write_xes(log, file)
    assert_same(read_bytes(file.getvalue()).log, log)


def assert_same(one: EventLog, other: EventLog) -> None:
    assert one.case.values() == other.case.values()
    assert one.activity.values() == other.activity.values()
    assert one.ts.tolist() == other.ts.tolist()
    assert (one.resource is None) == (other.resource is None)
    if one.resource is not None and other.resource is not None:
        assert one.resource.values() == other.resource.values()
    assert one.attributes.equals(other.attributes)
