"""Words to the customer that the process sends by itself."""

from datetime import timedelta

from lxml import etree

from servoloop.kernel.process.indentation import insert_indented
from servoloop.kernel.process.iso8601 import duration_text
from servoloop.kernel.process.namespaces import SERVOLOOP, XSI, bpmn, servoloop
from servoloop.kernel.process.redesign.drawing import EVENT, GAP, ROW, Box
from servoloop.kernel.process.redesign.flows import Canvas
from servoloop.kernel.process.redesign.operations import AddNotice, AddReminder
from servoloop.kernel.process.spoken_time import duration_in
from servoloop.kernel.process.step import Layer, Step, ValueClass
from servoloop.kernel.process.words import Words

MACHINE_TIME = timedelta(seconds=5)


def add_notice(canvas: Canvas, change: AddNotice) -> None:
    """A send task on the way out of a step, or on the way into it."""
    flow = canvas.into(change.element)[0] if change.is_before else canvas.only_out(change.element)
    id = _send_task(canvas, change.element, change.name, change.message, change.payload)
    canvas.put_on(flow.id, id, canvas.size_of("sendTask"))
    _reach_customer(canvas, id)


def add_reminder(canvas: Canvas, change: AddReminder) -> None:
    """A timer on the border of the step that does not interrupt it, a send task, and an end."""
    host = canvas.node(change.element)
    spoken = {tag: duration_in(duration_text(change.after), tag) for tag in ("en", "zh-hans")}
    name = Words(default=spoken["zh-hans"], translations={"en": spoken["en"]})
    timer = canvas.add("boundaryEvent", base=f"{host.id}_reminder", near=host.id, name=name)
    element = canvas.element(timer)
    element.set("attachedToRef", host.id)
    element.set("cancelActivity", "false")
    definition = etree.SubElement(element, bpmn("timerEventDefinition"))
    element.remove(definition)
    insert_indented(element, definition, position=len(element))
    duration = etree.SubElement(definition, bpmn("timeDuration"), nsmap={"xsi": XSI})
    prefix = f"{duration.prefix}:" if duration.prefix else ""
    duration.set(f"{{{XSI}}}type", f"{prefix}tFormalExpression")
    duration.text = duration_text(change.after)
    definition.remove(duration)
    insert_indented(definition, duration, position=0)
    canvas.refresh()
    send = _send_task(canvas, host.id, change.name, change.message, change.payload)
    told = Words(default="已告知", translations={"en": "Told"})
    end = canvas.add("endEvent", base=f"{send}_sent", near=send, name=told)
    first, last = canvas.join(timer, send), canvas.join(send, end)
    _draw_below(canvas, host.id, timer, send, end)
    canvas.picture.link(first, timer, send)
    canvas.picture.link(last, send, end)
    _reach_customer(canvas, send)


def _draw_below(canvas: Canvas, host: str, timer: str, send: str, end: str) -> None:
    picture, box = canvas.picture, canvas.picture.box(host)
    if box is None:
        return
    width, height = canvas.size_of("sendTask")
    line = box.bottom + EVENT[1] / 2 + 1  # what hangs on the border of the step stays with it
    picture.make_room(beyond=line, by=height + 2 * ROW, is_down=True)
    x = _free_place(canvas, host, box)
    picture.place(timer, Box(x=x, y=box.bottom - EVENT[1] / 2, width=EVENT[0], height=EVENT[1]))
    top = line + ROW
    left = x + EVENT[0] / 2 - width / 2
    picture.place(send, Box(x=left, y=top, width=width, height=height))
    picture.place(
        end,
        Box(
            x=left + width + GAP,
            y=top + height / 2 - EVENT[1] / 2,
            width=EVENT[0],
            height=EVENT[1],
        ),
    )


def _free_place(canvas: Canvas, host: str, box: Box) -> float:
    """Where on the lower border of the step nothing hangs yet."""
    taken = [
        drawn.x
        for node in canvas.model.nodes()
        if node.attached_to == host and (drawn := canvas.picture.box(node.id)) is not None
    ]
    places = [box.x + box.width * part - EVENT[0] / 2 for part in (0.25, 0.75, 0.5, 1.0, 0.0)]
    return max(places, key=lambda x: min((abs(x - each) for each in taken), default=1e9))


def _send_task(canvas: Canvas, near: str, name: Words, message: str, payload: str) -> str:
    (process,) = [p for p in canvas.model.processes if any(n.id == near for n in p.nodes)]
    step = Step(
        standard_time=MACHINE_TIME,
        owner=process.sheet.owner,
        value_class=ValueClass.CUSTOMER,
        layer=Layer.FRONTSTAGE,
    )
    base = "send_" + message.replace(".", "_")
    id = canvas.add("sendTask", base=base, near=near, name=name, step=step)
    element = canvas.element(id)
    element.set("messageRef", _message(canvas, message))
    element.set(servoloop("payload"), payload)
    canvas.refresh()
    return id


def _reach_customer(canvas: Canvas, id: str) -> None:
    """A message flow to the customer's pool, where one is drawn."""
    for collaboration in canvas.model.collaborations:
        pools = [each for each in collaboration.participants if each.process is None]
        if len(pools) != 1:
            continue
        parent = collaboration.element
        flow = etree.SubElement(parent, bpmn("messageFlow"))
        parent.remove(flow)
        name = canvas.fresh(f"message_{id}__{pools[0].id}")
        for key, value in (("id", name), ("sourceRef", id), ("targetRef", pools[0].id)):
            flow.set(key, value)
        known = parent.findall(bpmn("messageFlow"))
        place = parent.index(known[-1]) + 1 if known else len(parent)
        insert_indented(parent, flow, position=place)
        canvas.picture.know(flow)
        canvas.refresh()
        one, pool = canvas.picture.box(id), canvas.picture.box(pools[0].id)
        if one is not None and pool is not None:
            x, is_above = one.middle[0], pool.middle[1] < one.middle[1]
            ends = (one.y, pool.bottom) if is_above else (one.bottom, pool.y)
            canvas.picture.connect(name, [(x, y) for y in ends])


def _message(canvas: Canvas, name: str) -> str:
    """The id of the message with this name, declared if need be."""
    root = canvas.document.root
    for each in root.iterchildren(bpmn("message")):
        if each.get("name") == name:
            return each.get("id", "")
    id = canvas.fresh("message_" + name.replace(".", "_"))
    message = etree.SubElement(root, bpmn("message"), nsmap={"servoloop": SERVOLOOP})
    root.remove(message)
    message.set("id", id)
    message.set("name", name)
    known = root.findall(bpmn("message"))
    process = root.find(bpmn("process"))
    place = root.index(known[-1]) + 1 if known else 0 if process is None else root.index(process)
    insert_indented(root, message, position=place)
    return id
