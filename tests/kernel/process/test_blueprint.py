from datetime import timedelta

from hypothesis import HealthCheck, given, settings

from servoloop.kernel.process.blueprint import Blueprint, Evidence, Hint, LinkKind, draw_blueprint
from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.document import Document, read_document
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.step import Layer
from tests.kernel.process.blocks import Block, blocks, drawn
from tests.kernel.process.complete import choice, form, step
from tests.kernel.process.drawing import ROOT, TINY, document, end, flow, flows, gateway, tasks

DEMO = ROOT / "src" / "servoloop" / "loop" / "demo" / "processes"
POOLS = (
    '<bpmn:message id="m" name="notice"/><bpmn:collaboration id="c">'
    '<bpmn:participant id="mo" name="Customer"/>'
    '<bpmn:participant id="desk" processRef="p"/>'
    '<bpmn:messageFlow id="f1" name="Receipt" sourceRef="a" targetRef="mo"/>'
    "</bpmn:collaboration>"
)
WAIT = (
    '<bpmn:intermediateCatchEvent id="wait" name="Wait"><bpmn:timerEventDefinition>'
    "<bpmn:timeDuration>{length}</bpmn:timeDuration></bpmn:timerEventDefinition>"
    "</bpmn:intermediateCatchEvent>"
)


def blueprint(*parts: str, pools: str = "") -> Blueprint:
    body = "".join(parts)
    return drawn_from(
        document(pools, f'<bpmn:process id="p" isExecutable="true">{body}</bpmn:process>')
    )


def drawn_from(file: Document) -> Blueprint:
    return draw_blueprint(load_program(file.to_bytes()), read_model(file))


def layers(found: Blueprint) -> dict[str, Layer]:
    return {each.id: each.layer for each in found.cells}


def hints(found: Blueprint) -> set[tuple[Hint, str]]:
    return {(each.hint, each.element) for each in found.hints}


def test_messages_people_and_machines_find_their_layers() -> None:
    found = blueprint(
        form(choice("kind", "x", "y", tag="field")),
        step("a"),
        step("b"),
        '<bpmn:serviceTask id="book"><bpmn:extensionElements><servoloop:step topic="http:x"/>'
        "</bpmn:extensionElements></bpmn:serviceTask>",
        end(),
        flows("start > a > b > book > end"),
        pools=POOLS,
    )
    assert layers(found) == {
        "start": Layer.CUSTOMER,
        "a": Layer.FRONTSTAGE,
        "b": Layer.BACKSTAGE,
        "book": Layer.SUPPORT,
    }
    assert [each.column for each in found.cells] == [0, 1, 2, 3]
    start, touch = found.cells[:2]
    assert [each.kind for each in start.exhibits] == [Evidence.FORM]
    assert [each.name.default for each in touch.exhibits] == ["Receipt"]


def test_an_explicit_layer_wins() -> None:
    found = drawn_from(read_document(TINY.read_bytes()))
    assert layers(found) == {
        "asked": Layer.CUSTOMER,
        "triage": Layer.FRONTSTAGE,
        "study": Layer.BACKSTAGE,
    }
    (fails,) = [each.fails for each in found.cells if each.id == "study"]
    assert [each.event for each in fails] == ["too_slow"]


def test_columns_grow_in_the_direction_of_time_and_ways_back_are_told_apart() -> None:
    found = blueprint(
        form(),
        gateway("again"),
        step("a"),
        gateway("ok", default="ok-b"),
        step("b"),
        end(),
        flows("start > again > a > ok > b > end"),
        flow("ok", "again", "false"),
    )
    columns = {each.id: each.column for each in found.cells}
    assert columns == {"start": 0, "a": 1, "b": 2}
    assert {(each.source, each.target): each.kind for each in found.links} == {
        ("start", "a"): LinkKind.FLOW,
        ("a", "b"): LinkKind.FLOW,
        ("a", "a"): LinkKind.BACK,
    }


def test_a_wait_shows_its_timer_and_lint_asks_for_what_is_missing() -> None:
    parts = (form(), step("a"), end(), flows("start > wait > a > end"))
    known = blueprint(*parts, WAIT.format(length="PT90M"))
    (wait,) = [each for each in known.cells if each.is_wait]
    assert wait.wait == timedelta(minutes=90)
    assert hints(known) == {(Hint.NO_REPLY, "start")}

    unknown = blueprint(*parts, WAIT.format(length="=pause"))
    assert (Hint.NO_WAITING_TIME, "wait") in hints(unknown)
    assert "“Wait”应当等多久没有标准。" in [each.words("zh-hans") for each in unknown.hints]


def test_a_fail_point_needs_a_recovery_and_a_touchpoint_evidence() -> None:
    boundary = (
        '<bpmn:boundaryEvent id="late" attachedToRef="a"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>PT1H</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )
    shown = tasks("a").replace(
        "/>",
        '><bpmn:extensionElements><servoloop:step layer="frontstage"/></bpmn:extensionElements>'
        "</bpmn:userTask>",
    )
    bare = blueprint(form(), shown, boundary, end(), flows("start > a > end", "late > end"))
    assert hints(bare) == {(Hint.NO_RECOVERY, "a"), (Hint.NO_EVIDENCE, "a")}

    mended = blueprint(
        form(), shown, boundary, step("b"), end(), flows("start > a > end", "late > b > end")
    )
    assert hints(mended) == {(Hint.NO_EVIDENCE, "a")}
    assert LinkKind.EXCEPTION in {each.kind for each in mended.links}


def test_the_demo_blueprints_have_every_layer() -> None:
    for path in DEMO.glob("*.bpmn"):
        found = drawn_from(read_document(path.read_bytes()))
        assert {each.layer for each in found.cells} == set(Layer), path.name
        assert {each.id for each in found.cells if each.layer is Layer.CUSTOMER} >= {"start"}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(block=blocks())
def test_every_step_stands_once_and_after_what_leads_to_it(block: Block) -> None:
    drawing = drawn(block)
    found = drawn_from(document(drawing.text()))
    column = {each.id: each.column for each in found.cells}
    tasks_drawn = [each for each in drawing.texts if each.startswith("<bpmn:userTask")]
    assert len(column) == len(found.cells) == len(tasks_drawn) + 1
    assert set(column.values()) == set(range(found.columns))
    for link in found.links:
        assert (column[link.target] <= column[link.source]) == (link.kind is LinkKind.BACK)
