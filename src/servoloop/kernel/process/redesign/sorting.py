"""A short look that sorts the easy cases out of a queue."""

from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

from lxml import etree

from servoloop.kernel.process.edit import rename, set_step
from servoloop.kernel.process.indentation import insert_indented
from servoloop.kernel.process.model import FlowNode
from servoloop.kernel.process.redesign.drawing import EVENT, GATEWAY, ROW, Box
from servoloop.kernel.process.redesign.flows import Canvas, is_join, words
from servoloop.kernel.process.redesign.operations import AddFastLane, CannotRedesign
from servoloop.kernel.process.step import Assignment, Field, FieldType, Option, Step, ValueClass


def add_fast_lane(canvas: Canvas, change: AddFastLane) -> None:
    """A look at each case, a decision on it, and a copy of the step for the easy ones."""
    step = canvas.node(change.element)
    if step.step.role is None and step.lane is None:
        raise CannotRedesign(
            f"'{canvas.named(step.id)}' has no role whose queue could be sorted.",
            f"“{canvas.named(step.id, 'zh')}”没有可分级的角色队列。",
        )
    leaving = canvas.only_out(step.id)
    entering = [flow.id for flow in canvas.into(step.id)]
    variable = canvas.fresh(f"{step.id}_difficulty")
    look = canvas.add(
        "userTask",
        base=f"{step.id}_triage",
        near=step.id,
        name=words(f"Sort: {canvas.named(step.id)}", f"分级：{canvas.named(step.id, 'zh')}"),
        step=_triage(step.step, variable),
    )
    onward = canvas.put_on(entering[0], look, canvas.size_of("userTask"))
    for flow in entering[1:]:
        canvas.lead(flow, target=look)
        canvas.picture.link(flow, canvas.flow(flow).source, look)
    split = canvas.add(
        "exclusiveGateway", base=f"{step.id}_sorted", near=step.id, name=words("Easy?", "简单？")
    )
    usual = canvas.put_on(onward, split, GATEWAY)
    canvas.element(split).set("default", usual)
    fast = _copy(canvas, step, change.standard_time)
    join = leaving.target
    if not is_join(canvas, join):
        join = canvas.add("exclusiveGateway", base=f"{step.id}_either", near=leaving.target)
        canvas.put_on(leaving.id, join, GATEWAY)
    easy = canvas.join(split, fast, condition=f'{variable} = "easy"')
    done = canvas.join(fast, join)
    rename(canvas.document, easy, name=words("easy", "简单"))
    canvas.refresh()
    _draw_below(canvas, step.id, fast)
    canvas.picture.link(easy, split, fast)
    canvas.picture.link(done, fast, join)


def _triage(step: Step, variable: str) -> Step:
    options = (
        Option(value="easy", label=words("Easy", "简单")),
        Option(value="hard", label=words("Hard", "复杂")),
    )
    sop = words(
        "Look at the case for no more than two minutes. Easy: the answer is in the knowledge base "
        "and nobody else has to be asked. Everything else is hard; when in doubt, hard.",
        "每案查看不超过两分钟。简单：知识库中已有答案，无需询问他人；其余均为复杂，拿不准的按复杂处理。",
    )
    return replace(
        step,
        sop=sop,
        checklist=(),
        attachments=(),
        standard_time=timedelta(minutes=2),
        response_time=None if step.response_time is None else step.response_time / 4,
        assignment=Assignment.QUEUE,
        value_class=ValueClass.BUSINESS,
        outputs=(
            Field(
                name=variable,
                type=FieldType.CHOICE,
                label=words("Difficulty", "难易"),
                is_required=True,
                is_outcome=True,
                options=options,
            ),
        ),
    )


def _copy(canvas: Canvas, step: FlowNode, standard_time: timedelta) -> str:
    """The same step for easy cases."""
    name = words(f"{canvas.named(step.id)} (easy)", f"{canvas.named(step.id, 'zh')}（简单）")
    fast = canvas.add(step.type, base=f"{step.id}_fast", near=step.id, name=name)
    mine = canvas.element(fast)
    for child in canvas.element(step.id):
        if isinstance(child.tag, str) and etree.QName(child).localname not in (
            "incoming",
            "outgoing",
            "extensionElements",
        ):
            copy = deepcopy(child)
            for each in copy.iter("*"):
                each.attrib.pop("id", "")
            insert_indented(mine, copy, position=len(mine))
    set_step(canvas.document, fast, step=replace(step.step, standard_time=standard_time))
    canvas.refresh()
    return fast


def _draw_below(canvas: Canvas, host: str, id: str) -> None:
    picture, box = canvas.picture, canvas.picture.box(host)
    if box is None:
        return
    line = box.bottom + EVENT[1] / 2 + 1
    picture.make_room(beyond=line, by=box.height + ROW, is_down=True)
    picture.place(id, Box(x=box.x, y=line + ROW / 2, width=box.width, height=box.height))
