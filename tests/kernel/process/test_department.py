"""One lane cut out of a process, with its borders named."""

from pathlib import Path

import pytest

from servoloop.kernel.process.department import Direction, Means, UnknownLane, cut_out, lanes_of
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.layout.diagram import has_diagram
from servoloop.kernel.process.reader import read_model
from tests.kernel.process.drawing import ROOT

TINY = ROOT / "examples" / "processes" / "tiny.bpmn"
DEMO = ROOT / "src" / "servoloop" / "loop" / "demo" / "processes"
FILES = [TINY, *sorted(DEMO.glob("*.bpmn"))]


def test_the_border_names_the_other_department_and_its_step() -> None:
    department = cut_out(read_document(TINY.read_bytes()), "lane_specialist")
    assert department.steps == ("study", "too_slow", "given_up")
    comes, goes = department.interfaces
    assert (comes.direction, comes.place.default, comes.other) == (
        Direction.IN,
        "Agents",
        "who_answers",
    )
    assert (goes.direction, goes.means, goes.other_name.default) == (
        Direction.OUT,
        Means.FLOW,
        "Answered",
    )
    names = {each.name.default for each in read_model(department.document).nodes()}
    assert "from Agents: Answered?" in names and "to Agents: Answered" in names


def test_the_border_speaks_both_languages() -> None:
    department = cut_out(read_document(TINY.read_bytes()), "lane_specialist")
    model = read_model(department.document)
    said = {each.name.in_language("zh-hans") for each in model.nodes()}
    assert any(each.startswith("来自") for each in said)


def test_an_unknown_lane_is_told_with_the_known_ones() -> None:
    with pytest.raises(UnknownLane, match="lane_agent, lane_specialist"):
        cut_out(read_document(TINY.read_bytes()), "nobody")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_department_is_whole_and_drawn(path: Path) -> None:
    content = path.read_bytes()
    document = read_document(content)
    everything = {each.id for each in read_model(document).nodes()}
    cut = [cut_out(document, lane.id) for lane in lanes_of(document)]
    assert document.to_bytes() == read_document(content).to_bytes()  # it is only looked at
    seen: set[str] = set()
    for department in cut:
        model = read_model(department.document)
        ids = {each.id for each in model.nodes()}
        assert has_diagram(department.document)
        assert model.findings == ()
        assert not ids & seen & everything  # a step belongs to one department
        seen |= ids & everything
        for flow in model.flows():
            assert {flow.source, flow.target} <= ids
        for process in model.processes:
            for lane in process.lanes:
                assert set(lane.nodes) <= ids
    assert seen == everything
