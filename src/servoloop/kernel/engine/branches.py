"""Leaving a node: which sequence flows the token takes.

A condition must be true or false. Null, or anything else, halts the token with an incident: a
silent 'false' would send a customer down the wrong path without anybody noticing.
"""

from servoloop.kernel.engine.run import Halt, Run
from servoloop.kernel.engine.state import Token
from servoloop.kernel.events.event import Lifecycle
from servoloop.kernel.process.program import Flow, Node


def leave(run: Run, token: Token, node: Node, *, lifecycle: Lifecycle | None = None) -> None:
    """Take every flow without a condition, and those whose condition holds."""
    flows = _outgoing(run, node)
    if all(flow.condition is None for flow in flows):
        run.move([token.id], node, flows, lifecycle=lifecycle)
        return
    results = {flow.id: _holds(run, flow) for flow in flows if flow.condition is not None}
    taken = [flow for flow in flows if _is_taken(node, flow, results)]
    if not taken:
        taken = [_default(run, node)]
    run.move([token.id], node, taken, results=results, lifecycle=lifecycle)


def _is_taken(node: Node, flow: Flow, results: dict[str, bool]) -> bool:
    return flow.index != node.default and results.get(flow.id, True)


def choose_one(run: Run, token: Token, node: Node) -> None:
    """Exclusive gateway: the first flow, in the order of the file, whose condition is true."""
    flows = _outgoing(run, node)
    if len(flows) == 1 and flows[0].condition is None:
        run.move([token.id], node, flows)  # a merge
        return
    results: dict[str, bool] = {}
    for flow in flows:
        if flow.index == node.default:
            continue
        results[flow.id] = _holds(run, flow)
        if results[flow.id]:
            run.move([token.id], node, (flow,), results=results)
            return
    run.move([token.id], node, (_default(run, node),), results=results)


def _outgoing(run: Run, node: Node) -> list[Flow]:
    return [run.program.flows[index] for index in node.outgoing]


def _default(run: Run, node: Node) -> Flow:
    if node.default < 0:
        raise Halt("no_branch", f"No condition after {node.id!r} is true and it has no default.")
    return run.program.flows[node.default]


def _holds(run: Run, flow: Flow) -> bool:
    if flow.condition is None:
        raise Halt("condition", f"Flow {flow.id!r} has no condition and is not the default.")
    value = run.evaluate(flow.condition, cause="condition", what=f"The condition of {flow.id!r}")
    if value is True or value is False:
        return value
    unset = [n for n in flow.condition.names if run.state.variables.get(n) is None]
    hint = f"; not set: {', '.join(unset)}" if unset else ""
    shown = "null" if value is None else repr(value)
    raise Halt(
        "condition",
        f"The condition of {flow.id!r} ({flow.condition.text}) gave {shown}, "
        f"needs true or false{hint}.",
    )


def join_and_fork(run: Run, token: Token, node: Node) -> None:
    """Parallel gateway: wait for one token of each incoming flow, then take every outgoing one."""
    arrived: dict[str, int] = {}
    for other in run.state.tokens.values():
        if other.node == node.id and other.parent == token.parent:
            arrived.setdefault(other.flow, other.id)
    needed = [run.program.flows[index].id for index in node.incoming]
    if all(flow in arrived for flow in needed):
        consumed = [arrived[flow] for flow in needed] or [token.id]
        run.move(consumed, node, _outgoing(run, node))


def stop(run: Run, token: int, *, reason: str) -> None:
    """End a token, with its work and everything inside it."""
    run.withdraw_work(token, reason=reason)
    run.abort_inside(token, reason=reason)
    node = run.node_of(run.state.tokens[token])
    run.emit(
        "node.passed",
        activity=node.id,
        lifecycle=Lifecycle.ABORT,
        data={"consumed": [token], "created": [], "results": {}},
    )
