"""A step and the decision on it, moved forward in its line."""

from servoloop.kernel.process.redesign.drawing import GAP, Box
from servoloop.kernel.process.redesign.flows import Canvas
from servoloop.kernel.process.redesign.operations import CannotRedesign, MoveBefore
from servoloop.kernel.process.redesign.reads import left_by, needed_by, ways_out


def move_before(canvas: Canvas, change: MoveBefore) -> None:
    """Three flows change their ends: the one before, the one between, and the one behind."""
    element, before = change.element, change.before
    passed = [node.id for node in canvas.line_before(element)]
    if before not in passed:
        raise CannotRedesign(
            f"'{canvas.named(before)}' does not come right before '{canvas.named(element)}' on a "
            "line without branches, so the order cannot be changed by itself.",
            f"“{canvas.named(before, 'zh')}”与“{canvas.named(element, 'zh')}”"
            "不在同一条无分支的线上，无法自动调整顺序。",
        )
    between = passed[: passed.index(before) + 1]
    block, onward = _block(canvas, element)
    _check_needs(canvas, block, between)
    incoming = canvas.into(before)
    if len(incoming) != 1:
        raise CannotRedesign(
            f"Several ways lead to '{canvas.named(before)}', so nothing can be put before it.",
            f"有多条流向进入“{canvas.named(before, 'zh')}”，无法自动调整顺序。",
        )
    first, (entering,) = incoming[0], canvas.into(element)
    target = canvas.flow(onward).target
    canvas.lead(first.id, target=element)
    canvas.lead(onward, target=before)
    canvas.lead(entering.id, target=target)
    _redraw(canvas, block, before, moved_flows=(first.id, onward, entering.id))


def _block(canvas: Canvas, element: str) -> tuple[list[str], str]:
    """The step, with the decision behind it, and the flow on which the case goes on."""
    flow = canvas.only_out(element)
    gateway = canvas.node(flow.target)
    if gateway.type != "exclusiveGateway" or len(canvas.out_of(gateway.id)) < 2:
        return [element], flow.id
    if len(canvas.into(gateway.id)) != 1:
        raise CannotRedesign(
            f"The decision after '{canvas.named(element)}' is also reached from elsewhere.",
            f"“{canvas.named(element, 'zh')}”之后的判断还有其他来路。",
        )
    ways = canvas.out_of(gateway.id)
    longest = max(ways, key=lambda way: len(_reached(canvas, way.target)))
    return [element, gateway.id], longest.id


def _reached(canvas: Canvas, id: str) -> set[str]:
    """All nodes that can follow; the way on is the one with most of them."""
    found, waiting = {id}, [id]
    while waiting:
        for flow in canvas.out_of(waiting.pop()):
            if flow.target not in found:
                found.add(flow.target)
                waiting.append(flow.target)
    return found


def _check_needs(canvas: Canvas, block: list[str], between: list[str]) -> None:
    moved, passed = ([canvas.node(id) for id in ids] for ids in (block, between))
    missing = needed_by(moved, ways_out(canvas, block)) & left_by(passed)
    if missing:
        names = ", ".join(sorted(missing))
        raise CannotRedesign(
            f"'{canvas.named(block[0])}' needs what the steps before it find out ({names}).",
            f"“{canvas.named(block[0], 'zh')}”需要前面步骤得出的信息（{names}）。",
        )


def _redraw(
    canvas: Canvas, block: list[str], before: str, *, moved_flows: tuple[str, str, str]
) -> None:
    picture, target = canvas.picture, canvas.picture.box(before)
    boxes = [box for id in block if (box := picture.box(id)) is not None]
    if target is None or len(boxes) != len(block):
        return
    width = sum(box.width + GAP for box in boxes)
    picture.make_room(beyond=target.x, by=width)
    x = target.x
    for id, box in zip(block, boxes, strict=True):
        middle = target.middle[1] if len(boxes) > 1 or _same_row(box, target) else box.middle[1]
        picture.place(id, Box(x=x, y=middle - box.height / 2, width=box.width, height=box.height))
        x += box.width + GAP
    touched = {*moved_flows, *(flow.id for id in block for flow in canvas.out_of(id))}
    for flow in touched:
        each = canvas.flow(flow)
        picture.link(flow, each.source, each.target)


def _same_row(one: Box, other: Box) -> bool:
    return one.y < other.bottom and other.y < one.bottom
