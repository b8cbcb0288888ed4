"""Whatever is laid out can be read: nothing overlaps, nothing is missing."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from servoloop.kernel.process.check import check
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.layout.diagram import Drawn, draw_diagram, drawing_of, has_diagram
from servoloop.kernel.process.layout.graph import Point, Rect
from servoloop.kernel.process.layout.sizes import label_size, task_size, text_width
from servoloop.kernel.process.model import Model
from servoloop.kernel.process.reader import read_model
from tests.kernel.process.blocks import blocks, drawn, wild
from tests.kernel.process.drawing import (
    HEAD,
    MIWG,
    TINY,
    document,
    end,
    flows,
    gateway,
    process,
    start,
    tasks,
)

EDGE = 1.0  # pixel


def laid_out(*parts: str) -> tuple[Model, Drawn]:
    model = read_model(document(*parts))
    return model, drawing_of(model)


def touches(point: Point, rect: Rect) -> bool:
    """Whether a point lies on the border of a shape."""
    x, y = point
    inside = rect.x - EDGE <= x <= rect.right + EDGE and rect.y - EDGE <= y <= rect.bottom + EDGE
    near_x = min(abs(x - rect.x), abs(x - rect.right)) <= EDGE
    near_y = min(abs(y - rect.y), abs(y - rect.bottom)) <= EDGE
    return inside and (near_x or near_y)


def law_is_kept(model: Model, seen: Drawn) -> None:
    nodes = {node.id: node for node in model.nodes()}
    assert set(nodes) <= set(seen.shapes)
    assert {flow.id for flow in model.flows()} <= set(seen.edges)
    solid = [id for id in seen.shapes if id not in seen.upright | seen.open_blocks]
    for one, other in combinations(solid, 2):
        hosts = {nodes[each].attached_to for each in (one, other) if each in nodes}
        if not hosts & {one, other}:
            assert not seen.shapes[one].overlap(seen.shapes[other]), (one, other)
    for flow in model.flows():
        way = seen.edges[flow.id]
        assert touches(way[0], seen.shapes[flow.source]), flow.id
        assert touches(way[-1], seen.shapes[flow.target]), flow.id
        assert all(one[0] == two[0] or one[1] == two[1] for one, two in pairwise(way)), flow.id
    for node in nodes.values():
        if node.container:
            frame = seen.shapes[node.container]
            assert frame.overlap(seen.shapes[node.id]) > 0
        if node.attached_to in seen.shapes:
            assert touches(seen.shapes[node.id].middle, seen.shapes[node.attached_to])


def runs_through(way: tuple[Point, ...], rect: Rect) -> bool:
    inner = Rect(x=rect.x + 2, y=rect.y + 2, width=rect.width - 4, height=rect.height - 4)
    return any(
        inner.overlap(
            Rect(x=min(x, u), y=min(y, v), width=max(1, abs(u - x)), height=max(1, abs(v - y)))
        )
        for (x, y), (u, v) in pairwise(way)
    )


@settings(max_examples=35, deadline=None)
@given(blocks())
def test_block_structured_processes_are_drawn_without_overlaps(block):
    model, seen = laid_out(drawn(block).text())
    law_is_kept(model, seen)


@settings(max_examples=35, deadline=None)
@given(wild())
def test_wild_processes_are_drawn_without_overlaps(drawing):
    model, seen = laid_out(drawing.text())
    law_is_kept(model, seen)
    for flow in model.flows():
        others = {node.id for node in model.nodes()} - {flow.source, flow.target}
        assert not any(runs_through(seen.edges[flow.id], seen.shapes[other]) for other in others)


@settings(max_examples=30, deadline=None)
@given(blocks(), st.data())
def test_lanes_hold_their_nodes(block, data):
    text = drawn(block).text()
    plain = read_model(document(text))
    outer = [node.id for node in plain.nodes() if not node.container and not node.attached_to]
    lane_of = {id: data.draw(st.integers(0, 2), label=id) for id in outer}
    lanes = "".join(
        f'<bpmn:lane id="lane{lane}" name="Lane {lane}">'
        + "".join(
            f"<bpmn:flowNodeRef>{id}</bpmn:flowNodeRef>" for id in outer if lane_of[id] == lane
        )
        + "</bpmn:lane>"
        for lane in range(3)
    )
    opening = '<bpmn:process id="p" isExecutable="true">'
    pool = (
        '<bpmn:collaboration id="c"><bpmn:participant id="pool" name="Desk" processRef="p"/>'
        '<bpmn:participant id="customer" name="Customer"/></bpmn:collaboration>'
    )
    with_lanes = pool + text.replace(opening, f"{opening}<bpmn:laneSet>{lanes}</bpmn:laneSet>")
    model, seen = laid_out(with_lanes)
    law_is_kept(model, seen)
    for id, lane in lane_of.items():
        frame, shape = seen.shapes[f"lane{lane}"], seen.shapes[id]
        assert frame.y <= shape.y and shape.bottom <= frame.bottom, id
        assert frame.x <= shape.x and shape.right <= frame.right, id
    for one, other in combinations(range(3), 2):
        assert not seen.shapes[f"lane{one}"].overlap(seen.shapes[f"lane{other}"])


def test_the_main_path_is_straight():
    chain = "start > a > b > g > c > d > end"
    _, seen = laid_out(
        process(start(), tasks(*"abcdx"), gateway("g"), end(), flows(chain, "g > x > end"))
    )
    levels = {seen.shapes[id].middle[1] for id in ("start", "a", "b", "g", "c", "d", "end")}
    assert len(levels) == 1
    assert seen.shapes["x"].middle[1] != levels.pop()


def test_a_way_back_through_a_step_runs_to_the_left_below_the_way_there():
    chain = flows("start > merge > a > b > split > end", "split > redo > merge")
    _, seen = laid_out(
        process(start(), tasks("a", "b", "redo"), gateway("merge"), gateway("split"), end(), chain)
    )
    redo = seen.shapes["redo"]
    assert seen.shapes["merge"].x <= redo.x <= seen.shapes["split"].x
    assert redo.y > seen.shapes["a"].bottom


def test_a_file_without_a_picture_gets_one_and_keeps_everything_else():
    plain = document(process(start(), tasks("a"), end(), flows("start > a > end")))
    version = plain.version()
    assert not has_diagram(plain)
    draw_diagram(plain)
    again = read_document(plain.to_bytes())
    assert has_diagram(again)
    assert check(again).findings == ()
    for diagram in list(again.root):
        if "BPMNDiagram" in str(diagram.tag):
            again.root.remove(diagram)
    assert [node.id for node in read_model(again).nodes()] == ["start", "a", "end"]
    assert version != read_document(plain.to_bytes()).version()


def test_drawing_twice_gives_the_same_picture():
    first = document(process(start(), tasks("a", "b"), end(), flows("start > a > b > end")))
    draw_diagram(first)
    text = first.to_bytes()
    draw_diagram(first)
    assert first.to_bytes() == text


def test_words_beside_events_and_flows_cover_no_shape():
    seen = drawing_of(read_model(read_document(TINY.read_bytes())))
    labels = seen.labels
    assert len(labels) >= 5
    for id, rect in labels.items():
        for other, shape in seen.shapes.items():
            if other not in seen.upright:
                assert not rect.overlap(shape), (id, other)
    for one, two in combinations(labels.values(), 2):
        assert not one.overlap(two)


def test_the_room_for_words_counts_chinese_as_wide():
    assert text_width("客户") > text_width("ab")
    short, long = task_size(["Check"]), task_size(["Acknowledge the complaint with its number"])
    assert short.width < long.width
    assert label_size([""]) is None
    wrapped = label_size(["等待客户补充信息或者超过时限"])
    assert wrapped is not None and wrapped.height > 14


def test_an_empty_file_is_drawn_as_an_empty_sheet():
    empty = read_document(f"{HEAD}<bpmn:process id='p'/></bpmn:definitions>".encode())
    draw_diagram(empty)
    assert drawing_of(read_model(empty)).shapes == {}


@pytest.mark.skipif(not MIWG.exists(), reason="the BPMN MIWG references are not on this machine")
def test_the_references_of_other_tools_can_be_laid_out():
    files = sorted(MIWG.glob("*.bpmn"))
    assert files
    for file in files:
        there = read_document(file.read_bytes())
        model = read_model(there)
        seen = drawing_of(model)
        assert {node.id for node in model.nodes()} <= set(seen.shapes), file.name
        draw_diagram(there)
        assert has_diagram(read_document(there.to_bytes())), file.name
