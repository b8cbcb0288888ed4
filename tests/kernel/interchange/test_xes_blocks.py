"""The array reader of canonical XES against the parser: the same events, or left to the parser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.interchange import xes_reader
from servoloop.kernel.interchange.assemble import ReadLog
from servoloop.kernel.interchange.xes_blocks import read_block
from tests.kernel.interchange.test_xes import assert_same, document, event, trace
from tests.kernel.mining.cast import read_bytes, read_text, shared_log

KEYS = ("n", "org:resource", "case:x", "exactly8", "a key of more than sixteen bytes A",
        "a key of more than sixteen bytes B", "中文", "y" * 41)  # fmt: skip
VALUES = st.sampled_from(["", "7", "x > y", "a &amp; b", "&lt;&quot;&apos;&gt;", "审批", "'", "="])
ATTRIBUTE = st.builds(
    '<{0} key="{1}" value="{2}"/>'.format,
    st.sampled_from(["string", "int", "id"]), st.sampled_from(KEYS), VALUES,
)  # fmt: skip
ODD = st.sampled_from(
    [
        "",
        "<!-- a comment -->",
        '<string key="a" value="&#65;"/>',
        "<string key='q' value='1'/>",
        '<list key="l"><string key="m" value="1"/></list>',
    ]
)
EVENT = st.builds(
    lambda more, odd: event("a", more="".join(more) + odd), st.lists(ATTRIBUTE, max_size=4), ODD
)
TRACE = st.builds(
    lambda name, events: trace(name, *events), st.sampled_from("xyz"), st.lists(EVENT, max_size=4)
)


def by_parser(text: str) -> ReadLog:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xes_reader, "read_block", lambda text: None)
        return read_text(text)


def by_blocks(text: str, block: int) -> ReadLog:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xes_reader, "BLOCK", block)
        patch.setattr("servoloop.kernel.interchange.source.CHUNK", 64)
        return read_text(text)


@settings(deadline=None, max_examples=40)
@given(st.lists(TRACE, min_size=1, max_size=5), st.sampled_from([1, 300, 10_000]))
def test_blocks_and_parser_read_the_same(traces, block):
    text = document(trace("0", event("first"), event(None)), *traces)
    one, other = by_parser(text), by_blocks(text, block)
    assert_same(one.log, other.log)
    assert one.log.case_attributes.equals(other.log.case_attributes)
    assert one.report == other.report


def test_canonical_text_is_read_as_arrays():
    text = trace("1", event("a", more='<string key="k" value="x &gt; y"/>'), event("b"))
    block = read_block(text.encode())
    assert block is not None
    assert block.events.columns["k"].to_list() == ["x > y", None]
    assert block.traces.columns["concept:name"].to_list() == ["1"]


@pytest.mark.parametrize(
    "text",
    [
        "<trace><!-- no --></trace>",
        "<trace><event></trace></event>",
        "<trace><string key='a' value='b'/></trace>",
        '<trace><string value="a" key="b"/></trace>',
        '<trace><string key="a" value="b"></string></trace>',
        '<trace><string key="a" value="&unknown;"/></trace>',
        '<trace><string key="a" value="line\nfeed"/></trace>',
        '<trace><strong key="a" value="b"/></trace>',
        '<trace></trace><string key="a" value="b"/><trace></trace>',
        "<trace>\x01</trace>",
    ],
)
def test_anything_else_is_left_to_the_parser(text):
    assert read_block(text.encode()) is None


def test_lines_of_refused_events_are_right_after_a_switch_to_the_parser():
    good = trace("1", event("a"), event(None))
    text = document(good, good.replace("<trace>", "<trace><!-- here -->"))
    blocks = by_blocks(text, 1)
    assert [refusal.line for refusal in blocks.report.refusals] == [5, 9]
    assert blocks.report == by_parser(text).report


def test_a_public_log_reads_the_same_both_ways():
    data = shared_log("helpdesk_italy.xes.gz").read_bytes()
    one = read_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xes_reader, "read_block", lambda text: None)
        assert_same(one.log, read_bytes(data).log)
