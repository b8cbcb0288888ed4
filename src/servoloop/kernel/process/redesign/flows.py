"""The nodes and flows of a process while it is changed: inserting, passing by, moving."""

from collections.abc import Iterator

from lxml import etree

from servoloop.kernel.process.document import Document
from servoloop.kernel.process.edit import rename, set_step
from servoloop.kernel.process.indentation import insert_indented, remove_indented
from servoloop.kernel.process.model import FlowNode, Model, SequenceFlow
from servoloop.kernel.process.namespaces import BPMN, XSI, bpmn
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.redesign.drawing import (
    EVENT,
    GAP,
    GATEWAY,
    TASK,
    Box,
    Picture,
)
from servoloop.kernel.process.redesign.operations import CannotRedesign
from servoloop.kernel.process.step import Step
from servoloop.kernel.process.words import NO_WORDS, Words


def words(en: str, zh: str) -> Words:
    """A text in both languages; files here are named in Chinese, with English labels."""
    return Words(default=zh, translations={"en": en})


class Canvas:
    """A document in work: its tree, and its picture, which follows every change."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.picture = Picture(document.root)
        self.model: Model = read_model(document)
        self.new: list[str] = []  # ids of the new nodes

    def refresh(self) -> None:
        """Read the model again after the tree was changed."""
        self.model = read_model(self.document)

    # Looking

    def node(self, id: str) -> FlowNode:
        for each in self.model.nodes():
            if each.id == id:
                return each
        raise CannotRedesign(f"There is no step '{id}' in this file.", f"文件中没有步骤“{id}”。")

    def flow(self, id: str) -> SequenceFlow:
        return next(each for each in self.model.flows() if each.id == id)

    def into(self, id: str) -> list[SequenceFlow]:
        return [each for each in self.model.flows() if each.target == id]

    def out_of(self, id: str) -> list[SequenceFlow]:
        node = self.node(id)
        known = {each.id: each for each in self.model.flows()}
        return [known[flow] for flow in node.outgoing]

    def only_out(self, id: str) -> SequenceFlow:
        """The one way out of a node."""
        found = self.out_of(id)
        if len(found) == 1:
            return found[0]
        raise CannotRedesign(
            f"'{self.named(id)}' has {len(found)} ways out; this change needs exactly one.",
            f"“{self.named(id, 'zh')}”有 {len(found)} 个出口；此改动要求恰好一个。",
        )

    def named(self, id: str, language: str = "en") -> str:
        return self.node(id).name.in_language(language) or id

    def line_before(self, id: str) -> Iterator[FlowNode]:
        """The nodes before one, backwards, as long as there is no other way in or out."""
        here = id
        while True:
            ways = self.into(here)
            if len(ways) != 1 or len(self.out_of(ways[0].source)) != 1:
                return
            here = ways[0].source
            yield self.node(here)

    # Changing

    def add(
        self,
        tag: str,
        *,
        base: str,
        near: str,
        name: Words = NO_WORDS,
        step: Step | None = None,
    ) -> str:
        """A new node beside another one, in the same container and lane; it has no flows yet."""
        neighbour = self.element(near)
        parent = neighbour.getparent()
        assert parent is not None
        id = self.fresh(base)
        element = etree.SubElement(parent, bpmn(tag))
        parent.remove(element)
        element.set("id", id)
        insert_indented(parent, element, position=parent.index(neighbour) + 1)
        self._into_lane(id, near)
        self.picture.know(element)
        if name.default:
            rename(self.document, id, name=name)
        if step is not None:
            set_step(self.document, id, step=step)
        self.new.append(id)
        self.refresh()
        return id

    def join(
        self, source: str, target: str, *, condition: str | None = None, is_default: bool = False
    ) -> str:
        """A new flow; not drawn yet."""
        one, other = self.element(source), self.element(target)
        parent = one.getparent()
        assert parent is not None
        id = self.fresh(f"{source}__{target}")
        flow = etree.SubElement(parent, bpmn("sequenceFlow"))
        parent.remove(flow)
        for key, value in (("id", id), ("sourceRef", source), ("targetRef", target)):
            flow.set(key, value)
        flows = parent.findall(bpmn("sequenceFlow"))
        place = parent.index(flows[-1]) + 1 if flows else len(parent)
        insert_indented(parent, flow, position=place)
        if condition is not None:
            said = etree.SubElement(flow, bpmn("conditionExpression"), nsmap={"xsi": XSI})
            prefix = f"{said.prefix}:" if said.prefix else ""
            said.set(f"{{{XSI}}}type", f"{prefix}tFormalExpression")
            said.text = condition
            flow.remove(said)
            insert_indented(flow, said, position=0)
        if is_default:
            one.set("default", id)
        _refer(one, "outgoing", id)
        _refer(other, "incoming", id)
        self.picture.know(flow)
        self.refresh()
        return id

    def lead(self, flow: str, *, target: str) -> None:
        """A flow leads to another node."""
        element = self.element(flow)
        old = self.element(element.get("targetRef", ""))
        _unrefer(old, "incoming", flow)
        element.set("targetRef", target)
        _refer(self.element(target), "incoming", flow)
        self.refresh()

    def leave(self, flow: str, *, source: str) -> None:
        """A flow comes from another node."""
        element = self.element(flow)
        old = self.element(element.get("sourceRef", ""))
        _unrefer(old, "outgoing", flow)
        if old.get("default") == flow:
            del old.attrib["default"]
        element.set("sourceRef", source)
        _refer(self.element(source), "outgoing", flow)
        self.refresh()

    def put_on(self, flow: str, id: str, size: tuple[float, float], *, lead: float = 0.0) -> str:
        """Put a new node on a flow, drawn where the target was; the new flow out of it.

        `lead` is free room kept before it. The flow itself now ends at the node.
        """
        target = self.flow(flow).target
        source = self.flow(flow).source
        self.lead(flow, target=id)
        after = self.join(id, target)
        self._draw_on(flow, after, source, id, target, size, lead)
        return after

    def _draw_on(
        self,
        flow: str,
        after: str,
        source: str,
        id: str,
        target: str,
        size: tuple[float, float],
        lead: float,
    ) -> None:
        picture, (width, height) = self.picture, size
        one, other = picture.box(source), picture.box(target)
        if one is None or other is None:
            return
        points = picture.points(flow)
        if other.x >= one.right:
            x, y = other.x + lead, other.middle[1] - height / 2
            picture.make_room(beyond=other.x, by=width + GAP + lead)
        elif abs(other.middle[0] - one.middle[0]) < one.width:  # the way goes up or down
            x, y = other.x, other.middle[1] - height / 2
            picture.make_room(beyond=other.x, by=width + GAP + lead)
            one = picture.box(source) or one
        else:  # backwards: right behind the source
            x, y = one.right + GAP, one.middle[1] - height / 2
            picture.make_room(beyond=one.right, by=width + 2 * GAP)
            points = []
        box = Box(x=x, y=y, width=width, height=height)
        picture.place(id, box, is_marked=self.node(id).type == "exclusiveGateway")
        is_level = (
            bool(points) and abs(points[-1][0] - other.x) < 1 and points[-1][0] > points[-2][0]
        )
        if is_level and abs(points[-1][1] - other.middle[1]) < 1:
            first = picture.points(flow)[:-1] or points[:-1]
            picture.connect(flow, [*first, (box.x, box.middle[1])])
        else:
            picture.link(flow, source, id)
        picture.link(after, id, target)

    def remove_flow(self, flow: str) -> None:
        element = self.element(flow)
        source = self.element(element.get("sourceRef", ""))
        _unrefer(source, "outgoing", flow)
        _unrefer(self.element(element.get("targetRef", "")), "incoming", flow)
        if source.get("default") == flow:
            del source.attrib["default"]
        remove_indented(element)
        self.picture.drop(flow)
        self.refresh()

    def element(self, id: str) -> etree._Element:
        for each in self.document.root.iter(f"{{{BPMN}}}*"):
            if each.get("id") == id:
                return each
        raise CannotRedesign(f"There is no element '{id}' in this file.", f"文件中没有“{id}”。")

    def fresh(self, base: str) -> str:
        """An id that nothing has yet."""
        taken = {each.get("id") for each in self.document.root.iter("*")}
        found, number = base, 2
        while found in taken:
            found, number = f"{base}_{number}", number + 1
        return found

    def size_of(self, tag: str) -> tuple[float, float]:
        """As large as others of its kind are drawn here."""
        if tag.endswith("Gateway"):
            return GATEWAY
        if tag.endswith("Event"):
            return EVENT
        drawn = [
            (box.width, box.height)
            for node in self.model.nodes()
            if node.type.endswith("Task") and (box := self.picture.box(node.id)) is not None
        ]
        return max(set(drawn), key=drawn.count) if drawn else TASK

    def _into_lane(self, id: str, near: str) -> None:
        for reference in self.document.root.iter(bpmn("flowNodeRef")):
            if (reference.text or "").strip() == near:
                lane = reference.getparent()
                assert lane is not None
                mine = etree.SubElement(lane, bpmn("flowNodeRef"))
                lane.remove(mine)
                mine.text = id
                insert_indented(lane, mine, position=lane.index(reference) + 1)
                return


def is_join(canvas: Canvas, id: str) -> bool:
    """Whether a node only brings ways together, so that one more may lead there."""
    return canvas.node(id).type == "exclusiveGateway" and len(canvas.out_of(id)) == 1


def _refer(node: etree._Element, direction: str, flow: str) -> None:
    """Name a flow in its node, where BPMN wants it: behind what is said, before what it is."""
    mark = etree.SubElement(node, bpmn(direction))
    node.remove(mark)
    mark.text = flow
    place = 0
    for position, child in enumerate(node):
        name = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if name in ("documentation", "extensionElements", "incoming") or (
            name == "outgoing" and direction == "outgoing"
        ):
            place = position + 1
    insert_indented(node, mark, position=place)


def _unrefer(node: etree._Element, direction: str, flow: str) -> None:
    for mark in node.findall(bpmn(direction)):
        if (mark.text or "").strip() == flow:
            remove_indented(mark)
