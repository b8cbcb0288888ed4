"""Approvals that fewer cases need: a higher limit, or a way past them."""

import re
from decimal import Decimal

from servoloop.kernel.process.edit import rename, set_condition
from servoloop.kernel.process.namespaces import bpmn, servoloop
from servoloop.kernel.process.redesign.drawing import EVENT, GATEWAY, ROW
from servoloop.kernel.process.redesign.flows import Canvas, is_join, words
from servoloop.kernel.process.redesign.operations import CannotRedesign, RaiseLimit, SkipBelow
from servoloop.kernel.process.redesign.reads import left_by, needed_by
from servoloop.kernel.process.words import Words


def raise_limit(canvas: Canvas, change: RaiseLimit) -> None:
    """Write another number where the variable is compared: in a condition, or in a rule."""
    element = canvas.element(change.flow)
    said = element.find(f".//{bpmn('conditionExpression')}")
    said = element.find(f".//{servoloop('assign')}") if said is None else said
    pattern = compared(change.variable)
    if said is None or not pattern.search(said.text or ""):
        raise CannotRedesign(
            f"'{change.variable}' is not compared with a number in '{change.flow}'.",
            f"“{change.flow}”中没有把 {change.variable} 与数字比较。",
        )
    # Only the lowest bar: from which amount on anybody has to be asked at all.
    lowest = min(pattern.finditer(said.text or ""), key=lambda found: Decimal(found[3]))
    text = said.text or ""
    changed = text[: lowest.start(3)] + f"{change.limit:f}" + text[lowest.end(3) :]
    if element.tag == bpmn("sequenceFlow"):
        set_condition(canvas.document, change.flow, condition=changed)
    else:
        said.text = changed
    canvas.refresh()


def compared(variable: str) -> re.Pattern[str]:
    """Where a variable is said to be above a number."""
    return re.compile(rf"\b({re.escape(variable)})\s*(>=?)\s*(\d+(?:\.\d+)?)")


def skip_below(canvas: Canvas, change: SkipBelow) -> None:
    """A decision before the approval, and a way from it to where a yes leads."""
    element = change.element
    granted = _granted_flow(canvas, element, change.granted)
    _check_unread(canvas, element, granted)
    step = canvas.node(element)
    entering = canvas.into(element)
    if not entering:
        raise CannotRedesign(
            f"Nothing leads to '{canvas.named(element)}'.",
            f"没有流向进入“{canvas.named(element, 'zh')}”。",
        )
    limit = f"{change.limit:f}"
    label = _label(canvas, change.variable)
    name = words(
        f"{label.in_language('en')} above {limit}?", f"{label.in_language('zh')}超过 {limit}？"
    )
    split = canvas.add("exclusiveGateway", base=f"{element}_limit", near=element, name=name)
    other_ways = [flow.id for flow in entering[1:]]
    ask = canvas.put_on(entering[0].id, split, GATEWAY)
    for flow in other_ways:
        canvas.lead(flow, target=split)
        canvas.picture.link(flow, canvas.flow(flow).source, split)
    set_condition(canvas.document, ask, condition=f"{change.variable} > {limit}")
    rename(canvas.document, ask, name=words("above", "超过"))
    target = canvas.flow(granted).target
    join = target
    if not is_join(canvas, target):
        join = canvas.add("exclusiveGateway", base=f"{element}_granted", near=target)
        canvas.put_on(granted, join, GATEWAY)
    by = canvas.join(split, join, is_default=True)
    rename(canvas.document, by, name=words("within the limit", "限额内"))
    canvas.refresh()
    _draw_under(canvas, by, split, step.id, join)


def _granted_flow(canvas: Canvas, element: str, granted: str) -> str:
    """The flow that a case takes when the approval says yes."""
    flow = canvas.only_out(element)
    seen = {element}
    while True:
        node = canvas.node(flow.target)
        ways = canvas.out_of(node.id)
        if node.type != "exclusiveGateway" or node.id in seen or not ways:
            return flow.id
        seen.add(node.id)
        if len(ways) == 1:
            flow = ways[0]
            continue
        for way in ways:
            if granted and granted in _next_steps(canvas, way.target):
                return way.id
        yes = [w for w in ways if w.condition is not None and _YES.search(w.condition.text)]
        if len(yes) == 1:
            return yes[0].id
        raise CannotRedesign(
            f"It is not plain which way out of '{canvas.named(node.id)}' means yes.",
            f"无法判断“{canvas.named(node.id, 'zh')}”的哪个出口表示同意。",
        )


def _label(canvas: Canvas, variable: str) -> Words:
    """What forms call a variable."""
    for node in canvas.model.nodes():
        for field in (*node.fields, *node.step.outputs):
            if field.name == variable and (field.label.default or field.label.translations):
                return field.label
    return Words(default=variable)


_YES = re.compile(
    r"=\s*(true|\"(yes|ok|approved?|granted?|accept(ed)?|agree[d]?|pass(ed)?)\")", re.I
)


def _next_steps(canvas: Canvas, id: str) -> set[str]:
    """The first steps that follow, through gateways."""
    found: set[str] = set()
    waiting, seen = [id], set()
    while waiting:
        node = canvas.node(waiting.pop())
        if node.id in seen:
            continue
        seen.add(node.id)
        if node.type.endswith("Gateway"):
            waiting += [flow.target for flow in canvas.out_of(node.id)]
        else:
            found.add(node.id)
    return found


def _check_unread(canvas: Canvas, element: str, granted: str) -> None:
    """What the approval decides must not be asked for after it was passed by."""
    target = canvas.flow(granted).target
    after, waiting = {target}, [target]
    while waiting:
        for flow in canvas.out_of(waiting.pop()):
            if flow.target not in after and flow.target != element:
                after.add(flow.target)
                waiting.append(flow.target)
    nodes = [canvas.node(id) for id in after]
    before = left_by(canvas.node(n.id) for n in canvas.model.nodes() if n.id != element)
    flows = [flow for flow in canvas.model.flows() if flow.source in after]
    missing = (needed_by(nodes, flows) & left_by([canvas.node(element)])) - before
    if missing:
        names = ", ".join(sorted(missing))
        raise CannotRedesign(
            f"Later steps read what '{canvas.named(element)}' decides ({names}).",
            f"后续步骤要读取“{canvas.named(element, 'zh')}”的结果（{names}）。",
        )


def _draw_under(canvas: Canvas, flow: str, split: str, passed: str, join: str) -> None:
    """A way that goes down, along under a step, and up again."""
    picture = canvas.picture
    one, step, other = picture.box(split), picture.box(passed), picture.box(join)
    if one is None or step is None or other is None:
        return
    if other.x < one.right:
        picture.link(flow, split, join)
        return
    line = step.bottom + EVENT[1] / 2 + 1
    if abs(other.middle[1] - one.middle[1]) > step.height:  # it leaves the row anyway
        picture.link(flow, split, join)
        return
    picture.make_room(beyond=line, by=ROW, is_down=True)
    one, other = picture.box(split) or one, picture.box(join) or other
    level = line + ROW / 2
    picture.connect(
        flow,
        [
            (one.middle[0], one.bottom),
            (one.middle[0], level),
            (other.middle[0], level),
            (other.middle[0], other.bottom),
        ],
    )
