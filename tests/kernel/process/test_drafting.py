"""A process told as values becomes a file that is read back as it was told."""

from itertools import pairwise

import pytest

from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.drafting import Draft, DraftFlow, DraftLane, DraftNode, write_draft
from servoloop.kernel.process.extension_writing import BadEdit
from servoloop.kernel.process.layout.sketch import sketch_of
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.step import Field, ProcessSheet, Step
from servoloop.kernel.process.words import Words

CUSTOMER = Words(default="客户", translations={"en": "Customer"})


def draft(*nodes: DraftNode, flows: str = "", customer: Words = CUSTOMER) -> Draft:
    """A process of these nodes in one lane, with flows such as 'start > ask > end'."""
    names = [each.strip() for each in flows.split(">")]
    return Draft(
        id="p",
        sheet=ProcessSheet(
            name=Words(default="流程", translations={"en": "Process"}),
            owner="cy",
            form=(Field(name="topic"),),
        ),
        lanes=(DraftLane(id="lane", name=Words(default="客服"), role="agent"),),
        nodes=nodes,
        flows=tuple(DraftFlow(source=one, target=two) for one, two in pairwise(names)),
        customer=customer,
    )


def node(id: str, type: str, **rest: str) -> DraftNode:
    return DraftNode(id=id, type=type, name=Words(default=id), lane="lane", **rest)  # type: ignore[arg-type]


START, END = node("start", "startEvent"), node("end", "endEvent")


def test_what_was_told_is_read_back():
    sending = node("tell", "sendTask", message="p.told", payload='"Done."')
    waiting = node("await", "receiveTask", message="customer.reply")
    late = node("late", "boundaryEvent", attached_to="await", timer="P2D")
    text = write_draft(
        draft(START, sending, waiting, late, END, flows="start > tell > await > end")
    )
    document = read_document(text)
    model = read_model(document)
    (process,) = model.processes
    nodes = {each.id: each for each in process.nodes}
    assert process.name.in_language("en") == "Process"
    assert [field.name for field in process.sheet.form] == ["topic"]
    assert process.lanes[0].nodes == ("start", "tell", "await", "late", "end")
    assert nodes["late"].attached_to == "await"
    assert nodes["late"].events[0].timers[0][1].text == "P2D"
    ends = {(each.source, each.target) for each in model.collaborations[0].connections}
    assert ends == {("customer", "start"), ("tell", "customer"), ("customer", "await")}


def test_without_a_customer_there_is_one_pool_and_no_message():
    text = write_draft(draft(START, END, flows="start > end", customer=Words()))
    (collaboration,) = read_model(read_document(text)).collaborations
    assert [each.id for each in collaboration.participants] == ["desk"]
    assert collaboration.connections == ()


def test_two_flows_between_the_same_nodes_are_told_apart():
    split, join = node("split", "exclusiveGateway"), node("join", "exclusiveGateway")
    plain = draft(START, split, join, END, flows="start > split > join > end")
    twin = DraftFlow(source="split", target="join", condition="topic = 1", twin=1)
    told = Draft(
        id=plain.id,
        sheet=plain.sheet,
        lanes=plain.lanes,
        nodes=plain.nodes,
        flows=(*plain.flows, twin),
    )
    verdict = check(read_document(write_draft(told)))
    assert "duplicate-id" not in {each.rule for each in verdict.findings}


def test_text_that_xml_cannot_hold_is_refused():
    bad = DraftNode(
        id="t", type="userTask", name=Words(default="a\x00b"), lane="lane", step=Step(role="agent")
    )
    with pytest.raises(BadEdit):
        write_draft(draft(START, bad, END, flows="start > t > end"))


def test_the_small_picture_shows_every_shape_and_word_in_one_language():
    text = write_draft(draft(START, node("ask", "userTask"), END, flows="start > ask > end"))
    model = read_model(read_document(text))
    picture = sketch_of(model, language="en")
    assert picture is not None
    assert {mark.kind for mark in picture.marks} == {"event", "task"}
    assert {mark.kind for mark in picture.frames} == {"pool", "lane"}
    assert {"Customer", "Process", "ask"} <= {each.words for each in picture.texts}
    for mark in (*picture.frames, *picture.marks):
        assert 0 <= mark.at.x <= mark.at.right <= picture.width
        assert 0 <= mark.at.y <= mark.at.bottom <= picture.height


def test_a_file_without_a_diagram_has_no_picture():
    bare = "<bpmn:definitions xmlns:bpmn='http://www.omg.org/spec/BPMN/20100524/MODEL'/>"
    assert sketch_of(read_model(read_document(bare.encode())), language="en") is None
