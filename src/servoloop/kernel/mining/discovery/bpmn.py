"""A discovered tree as BPMN 2.0 with its diagram: a draft that opens in the designer.

What a log cannot tell is left for people: every choice asks for the step that comes next in a
variable `next_step`, and takes its default way when nobody said anything.
"""

from lxml import etree

from servoloop.kernel.mining.discovery.layout import Arrow, Drawing, Shape, draw
from servoloop.kernel.mining.discovery.tree import Tree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
NAMESPACES = {"bpmn": BPMN, "bpmndi": BPMNDI, "dc": DC, "di": DI, "xsi": XSI}


def bpmn_of(tree: Tree, *, key: str, name: str) -> bytes:
    """The XML of a process with id `key` (an XML name) and a readable `name`."""
    drawing = draw(tree)
    root = etree.Element(f"{{{BPMN}}}definitions", nsmap=NAMESPACES)
    root.set("id", f"{key}_definitions")
    root.set("targetNamespace", "urn:servoloop:discovered")
    process = etree.SubElement(root, f"{{{BPMN}}}process", id=key, name=name, isExecutable="true")
    _write_nodes(process, drawing)
    for arrow in drawing.arrows:
        _write_flow(process, arrow)
    _write_diagram(root, drawing, key)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _write_nodes(process: etree._Element, drawing: Drawing) -> None:
    defaults = {arrow.source: arrow.id for arrow in drawing.arrows if arrow.is_default}
    loops_out = _loop_exits(drawing)
    for shape in drawing.shapes:
        node = etree.SubElement(process, f"{{{BPMN}}}{shape.kind}", id=shape.id)
        if shape.name:
            node.set("name", shape.name)
        default = defaults.get(shape.id) or loops_out.get(shape.id)
        if default is not None:
            node.set("default", default)
        for arrow in drawing.arrows:
            if arrow.target == shape.id:
                etree.SubElement(node, f"{{{BPMN}}}incoming").text = arrow.id
        for arrow in drawing.arrows:
            if arrow.source == shape.id:
                etree.SubElement(node, f"{{{BPMN}}}outgoing").text = arrow.id


def _loop_exits(drawing: Drawing) -> dict[str, str]:
    """The way out of a loop is what happens unless somebody goes back."""
    kinds = {shape.id: shape.kind for shape in drawing.shapes}
    ways: dict[str, list[Arrow]] = {}
    for arrow in drawing.arrows:
        if kinds[arrow.source] == "exclusiveGateway":
            ways.setdefault(arrow.source, []).append(arrow)
    return {
        source: next(arrow.id for arrow in arrows if not arrow.way)
        for source, arrows in ways.items()
        if len(arrows) > 1 and not all(arrow.way for arrow in arrows)
    }


def _write_flow(process: etree._Element, arrow: Arrow) -> None:
    flow = etree.SubElement(
        process,
        f"{{{BPMN}}}sequenceFlow",
        id=arrow.id,
        sourceRef=arrow.source,
        targetRef=arrow.target,
    )
    if arrow.way:
        condition = etree.SubElement(flow, f"{{{BPMN}}}conditionExpression")
        condition.set(f"{{{XSI}}}type", "bpmn:tFormalExpression")
        quoted = arrow.way.replace("\\", "\\\\").replace('"', '\\"')
        condition.text = f'next_step = "{quoted}"'


def _write_diagram(root: etree._Element, drawing: Drawing, key: str) -> None:
    diagram = etree.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id=f"{key}_diagram")
    plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=f"{key}_plane", bpmnElement=key)
    for shape in drawing.shapes:
        _write_shape(plane, shape)
    for arrow in drawing.arrows:
        edge = etree.SubElement(
            plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{arrow.id}_di", bpmnElement=arrow.id
        )
        for x, y in arrow.points:
            etree.SubElement(edge, f"{{{DI}}}waypoint", x=f"{x:g}", y=f"{y:g}")


def _write_shape(plane: etree._Element, shape: Shape) -> None:
    drawn = etree.SubElement(
        plane, f"{{{BPMNDI}}}BPMNShape", id=f"{shape.id}_di", bpmnElement=shape.id
    )
    if shape.kind == "exclusiveGateway":
        drawn.set("isMarkerVisible", "true")
    etree.SubElement(
        drawn,
        f"{{{DC}}}Bounds",
        x=f"{shape.x:g}",
        y=f"{shape.y:g}",
        width=f"{shape.width:g}",
        height=f"{shape.height:g}",
    )
