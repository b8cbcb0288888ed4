"""Two steps done at once."""

from servoloop.kernel.process.model import FlowNode
from servoloop.kernel.process.redesign.drawing import EVENT, GATEWAY, ROW, Box
from servoloop.kernel.process.redesign.flows import Canvas
from servoloop.kernel.process.redesign.operations import CannotRedesign, DoAtOnce
from servoloop.kernel.process.redesign.reads import left_by, needed_by


def do_at_once(canvas: Canvas, change: DoAtOnce) -> None:
    """A fork before the first, both below each other, and a join behind the second."""
    first, second = canvas.node(change.first), canvas.node(change.second)
    between = canvas.only_out(first.id)
    if between.target != second.id:
        if canvas.only_out(second.id).target != first.id:
            raise CannotRedesign(
                f"'{canvas.named(second.id)}' does not follow '{canvas.named(first.id)}' directly.",
                f"“{canvas.named(second.id, 'zh')}”不是紧接“{canvas.named(first.id, 'zh')}”。",
            )
        first, second, between = second, first, canvas.only_out(second.id)
    if len(canvas.into(second.id)) != 1:
        raise CannotRedesign(
            f"'{canvas.named(second.id)}' is also reached from elsewhere.",
            f"“{canvas.named(second.id, 'zh')}”还有其他来路。",
        )
    _check_apart(canvas, first, second)
    leaving = canvas.only_out(second.id)
    fork = canvas.add("parallelGateway", base=f"{first.id}_fork", near=first.id)
    entering = [flow.id for flow in canvas.into(first.id)]
    to_first = canvas.put_on(entering[0], fork, GATEWAY)
    for flow in entering[1:]:
        canvas.lead(flow, target=fork)
        canvas.picture.link(flow, canvas.flow(flow).source, fork)
    join = canvas.add("parallelGateway", base=f"{first.id}_joined", near=second.id)
    canvas.put_on(leaving.id, join, GATEWAY)
    canvas.leave(between.id, source=fork)
    from_first = canvas.join(first.id, join)
    _draw_beside(canvas, first.id, second.id)
    for flow in (to_first, between.id, from_first, leaving.id):
        canvas.picture.link(flow, canvas.flow(flow).source, canvas.flow(flow).target)


def _check_apart(canvas: Canvas, first: FlowNode, second: FlowNode) -> None:
    shared = left_by([first]) & (needed_by([second]) | left_by([second]))
    if shared:
        names = ", ".join(sorted(shared))
        raise CannotRedesign(
            f"'{canvas.named(second.id)}' uses what '{canvas.named(first.id)}' finds out: {names}.",
            f"“{canvas.named(second.id, 'zh')}”要用到前一步的结果：{names}。",
        )


def _draw_beside(canvas: Canvas, first: str, second: str) -> None:
    """The second below the first, where both stand in the same row."""
    picture = canvas.picture
    one, other = picture.box(first), picture.box(second)
    if one is None or other is None or not (one.y < other.bottom and other.y < one.bottom):
        return
    line = max(one.bottom, other.bottom) + EVENT[1] / 2 + 1
    picture.make_room(beyond=line, by=other.height + ROW, is_down=True)
    picture.place(second, Box(x=one.x, y=line + ROW / 2, width=other.width, height=other.height))
