"""A machine tries first: before a step, or before anybody at all."""

from dataclasses import replace

from lxml import etree

from servoloop.kernel.process.edit import rename
from servoloop.kernel.process.indentation import insert_indented
from servoloop.kernel.process.namespaces import bpmn
from servoloop.kernel.process.redesign.drawing import EVENT, GAP, GATEWAY, ROW, Box
from servoloop.kernel.process.redesign.flows import Canvas, is_join, words
from servoloop.kernel.process.redesign.notices import MACHINE_TIME
from servoloop.kernel.process.redesign.operations import AddSelfService, Automate, CannotRedesign
from servoloop.kernel.process.step import Field, FieldType, Layer, Step, ValueClass


def automate(canvas: Canvas, change: Automate) -> None:
    """A service task before the step; its error leads to the step, its success passes it by."""
    step = canvas.node(change.element)
    leaving = canvas.only_out(step.id)
    machine = canvas.add(
        "serviceTask",
        base=f"{step.id}_automatic",
        near=step.id,
        name=change.name,
        step=Step(
            standard_time=MACHINE_TIME,
            owner=step.step.owner,
            value_class=ValueClass.BUSINESS,
            layer=Layer.SUPPORT,
            topic=change.topic,
            outputs=tuple(replace(each, is_outcome=False) for each in step.step.outputs),
        ),
    )
    entering = [flow.id for flow in canvas.into(step.id)]
    by_hand = canvas.put_on(entering[0], machine, canvas.size_of("serviceTask"))
    for flow in entering[1:]:
        canvas.lead(flow, target=machine)
        canvas.picture.link(flow, canvas.flow(flow).source, machine)
    failed = canvas.add(
        "boundaryEvent", base=f"{machine}_failed", near=machine, name=words("Failed", "未成功")
    )
    element = canvas.element(failed)
    element.set("attachedToRef", machine)
    definition = etree.SubElement(element, bpmn("errorEventDefinition"))
    element.remove(definition)
    insert_indented(element, definition, position=len(element))
    canvas.leave(by_hand, source=failed)
    join = leaving.target
    if not is_join(canvas, join):
        join = canvas.add("exclusiveGateway", base=f"{machine}_done", near=leaving.target)
        canvas.put_on(leaving.id, join, GATEWAY)
    done = canvas.join(machine, join)
    _draw_automatic(canvas, machine, failed, by_hand, done, step.id, join)


def _draw_automatic(
    canvas: Canvas, machine: str, failed: str, by_hand: str, done: str, step: str, join: str
) -> None:
    picture = canvas.picture
    one, other, end = picture.box(machine), picture.box(step), picture.box(join)
    if one is None or other is None or end is None:
        return
    width, height = EVENT
    border = Box(x=one.right - width * 0.8, y=one.bottom - height / 2, width=width, height=height)
    picture.place(failed, border)
    line = max(one.bottom, other.bottom) + height / 2 + 1
    picture.make_room(beyond=line, by=ROW, is_down=True)
    x = border.middle[0]
    low = line + ROW / 2
    picture.connect(
        by_hand,
        [(x, border.bottom), (x, low), (other.middle[0], low), (other.middle[0], other.bottom)],
    )
    top = min(one.y, other.y) - ROW / 2
    picture.connect(
        done,
        [
            (one.middle[0], one.y),
            (one.middle[0], top),
            (end.middle[0], top),
            (end.middle[0], end.y),
        ],
    )


def add_self_service(canvas: Canvas, change: AddSelfService) -> None:
    """Behind the start: one kind goes to a machine; what it does not solve goes on as before."""
    start = next((n for n in canvas.model.nodes() if n.type == "startEvent" and n.fields), None)
    field = (
        None
        if start is None
        else next((f for f in start.fields if f.name == change.variable), None)
    )
    if start is None or field is None or change.value not in [o.value for o in field.options]:
        raise CannotRedesign(
            f"The form that opens a case offers no choice '{change.variable}' with "
            f"'{change.value}', so the kind is not known at the start.",
            f"建单表单中没有选项“{change.variable} = {change.value}”，开始时无法识别该类案例。",
        )
    flow = canvas.only_out(start.id)
    split = canvas.add(
        "exclusiveGateway",
        base="self_service_kind",
        near=start.id,
        name=words("Can it serve itself?", "可自助？"),
    )
    onward = canvas.put_on(flow.id, split, GATEWAY)
    canvas.element(split).set("default", onward)
    solved = canvas.fresh("is_solved")
    machine = canvas.add(
        "serviceTask",
        base="self_service",
        near=split,
        name=change.name,
        step=Step(
            standard_time=MACHINE_TIME,
            owner=next(p.sheet.owner for p in canvas.model.processes if start in p.nodes),
            value_class=ValueClass.CUSTOMER,
            layer=Layer.FRONTSTAGE,
            topic=change.topic,
            outputs=(
                Field(
                    name=solved,
                    type=FieldType.BOOLEAN,
                    label=words("Solved by itself", "已自助解决"),
                    is_required=True,
                ),
            ),
        ),
    )
    answer = canvas.add(
        "exclusiveGateway",
        base="self_service_answer",
        near=machine,
        name=words("Solved?", "已解决？"),
    )
    end = canvas.add(
        "endEvent", base="self_served", near=answer, name=words("Served itself", "自助完成")
    )
    join = canvas.add("exclusiveGateway", base="self_service_or_person", near=split)
    room = canvas.size_of("serviceTask")[0] + GAP
    canvas.put_on(onward, join, GATEWAY, lead=room + GATEWAY[0])
    flows = (
        canvas.join(split, machine, condition=f'{change.variable} = "{change.value}"'),
        canvas.join(machine, answer),
        canvas.join(answer, end, condition=f"{solved} = true"),
        canvas.join(answer, join, is_default=True),
    )
    rename(canvas.document, flows[2], name=words("yes", "是"))
    rename(canvas.document, flows[3], name=words("no: to a person", "否：转人工"))
    canvas.refresh()
    _draw_self_service(canvas, split, machine, answer, end)
    for each in flows:
        canvas.picture.link(each, canvas.flow(each).source, canvas.flow(each).target)


def _draw_self_service(canvas: Canvas, split: str, machine: str, answer: str, end: str) -> None:
    picture, box = canvas.picture, canvas.picture.box(split)
    if box is None:
        return
    width, height = canvas.size_of("serviceTask")
    line = box.middle[1] + height / 2 + EVENT[1] / 2 + 1
    picture.make_room(beyond=line, by=height + EVENT[1] + 2 * ROW, is_down=True)
    middle = line + ROW / 2 + height / 2
    x = box.right + GAP / 2
    picture.place(machine, Box(x=x, y=middle - height / 2, width=width, height=height))
    x += width + GAP
    picture.place(answer, Box(x=x, y=middle - 25, width=50, height=50), is_marked=True)
    picture.place(
        end, Box(x=x + 50 + GAP, y=middle - EVENT[1] / 2, width=EVENT[0], height=EVENT[1])
    )
