from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.model import FLOW_NODE_TYPES, Loop
from servoloop.kernel.process.reader import read_model
from tests.kernel.process.drawing import TINY, document, end, flows, process, start, tasks

COLLABORATION = (
    '<bpmn:collaboration id="c"><bpmn:participant id="us" name="We" processRef="file:p"/>'
    '<bpmn:participant id="them" name="Customer"/>'
    '<bpmn:messageFlow id="mf" sourceRef="them" targetRef="us"/>'
    '<bpmn:conversation id="talk"/><bpmn:textAnnotation id="note"/>'
    '<bpmn:association id="as" sourceRef="note" targetRef="us"/></bpmn:collaboration>'
)


def test_pools_messages_and_notes_are_read() -> None:
    model = read_model(document(COLLABORATION, process(start(), end(), flows("start > end"))))
    (found,) = model.collaborations
    assert [(each.name.default, each.process) for each in found.participants] == [
        ("We", "p"),
        ("Customer", None),
    ]
    assert [(each.type, each.source, each.target) for each in found.connections] == [
        ("messageFlow", "them", "us"),
        ("association", "note", "us"),
    ]
    assert [each.id for each in found.conversations] == ["talk"]
    assert [each.type for each in found.artifacts] == ["textAnnotation"]


def test_every_type_of_flow_node_is_read() -> None:
    parts = [f'<bpmn:{kind} id="{kind}"/>' for kind in sorted(FLOW_NODE_TYPES)]
    model = read_model(document(process(*parts)))
    assert {each.type for each in model.nodes()} == FLOW_NODE_TYPES
    assert all(each.element.get("id") == each.id for each in model.nodes())


def test_lanes_nest_and_the_innermost_counts() -> None:
    lanes = (
        '<bpmn:laneSet><bpmn:lane id="outer" servoloop:role="desk">'
        "<bpmn:flowNodeRef>a</bpmn:flowNodeRef><bpmn:flowNodeRef>b</bpmn:flowNodeRef>"
        '<bpmn:childLaneSet><bpmn:lane id="inner"><bpmn:flowNodeRef>b</bpmn:flowNodeRef>'
        "</bpmn:lane></bpmn:childLaneSet></bpmn:lane></bpmn:laneSet>"
    )
    (read,) = read_model(document(process(lanes, tasks("a", "b", "c")))).processes
    assert {each.id: each.lane for each in read.nodes} == {"a": "outer", "b": "inner", "c": None}
    assert [(each.id, each.parent, each.role) for each in read.lanes] == [
        ("outer", None, "desk"),
        ("inner", "outer", None),
    ]


def test_sub_processes_keep_their_contents_apart() -> None:
    inner = f'<bpmn:subProcess id="box">{start("s")}{end("e")}{flows("s > e")}</bpmn:subProcess>'
    (read,) = read_model(
        document(process(start(), inner, end(), flows("start > box > end")))
    ).processes
    assert {each.id: each.container for each in read.nodes} == {
        "start": "",
        "box": "",
        "s": "box",
        "e": "box",
        "end": "",
    }
    assert {each.id: each.container for each in read.flows} == {
        "s-e": "box",
        "start-box": "",
        "box-end": "",
    }


def test_data_and_its_connections_are_read() -> None:
    data = (
        '<bpmn:dataObject id="d"/><bpmn:dataObjectReference id="r" dataObjectRef="d"/>'
        '<bpmn:dataStoreReference id="s"/><bpmn:group id="g"/>'
        '<bpmn:task id="t"><bpmn:dataInputAssociation id="i"><bpmn:sourceRef>r</bpmn:sourceRef>'
        "<bpmn:targetRef>t</bpmn:targetRef></bpmn:dataInputAssociation></bpmn:task>"
    )
    (read,) = read_model(document(process(data))).processes
    assert [each.id for each in read.data] == ["d", "r", "s"]
    assert [each.id for each in read.artifacts] == ["g"]
    assert [(each.id, each.source, each.target) for each in read.connections] == [("i", "r", "t")]


def test_shared_event_definitions_and_markers_are_read() -> None:
    model = read_model(
        document(
            '<bpmn:timerEventDefinition id="noon"><bpmn:timeDuration>PT1H</bpmn:timeDuration>'
            "</bpmn:timerEventDefinition>",
            process(
                '<bpmn:intermediateCatchEvent id="a"><bpmn:eventDefinitionRef>noon'
                "</bpmn:eventDefinitionRef></bpmn:intermediateCatchEvent>",
                '<bpmn:task id="b"><bpmn:multiInstanceLoopCharacteristics isSequential="true"/>'
                "</bpmn:task>",
            ),
        )
    )
    event, task = model.nodes()
    assert [each.timers[0][1].text for each in event.events] == ["PT1H"]
    assert task.loop is Loop.SEQUENTIAL


def test_a_comment_inside_an_expression_is_left_out() -> None:
    flow = (
        '<bpmn:sequenceFlow id="f" sourceRef="a" targetRef="b"><bpmn:conditionExpression>'
        "a <!-- why --><![CDATA[< 5]]></bpmn:conditionExpression></bpmn:sequenceFlow>"
    )
    (read,) = read_model(document(process(tasks("a", "b"), flow))).flows()
    assert read.condition is not None and read.condition.text == "a < 5"


def test_the_diagram_is_accounted_for() -> None:
    model = read_model(read_document(TINY.read_bytes()))
    shapes = {each.shows: each for each in model.diagram if each.type == "BPMNShape"}
    edges = {each.shows: each for each in model.diagram if each.type == "BPMNEdge"}
    assert set(shapes) == {each.id for each in model.nodes()} | {"lane_agent", "lane_specialist"}
    assert set(edges) == {each.id for each in model.flows()}
    assert shapes["asked"].bounds == (212, 132, 36, 36)
    assert edges["to_triage"].waypoints == ((248, 150), (300, 150))
