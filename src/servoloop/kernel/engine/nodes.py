"""What happens when a token stands at a node: one function per kind of node.

A function either leaves the token where it is, waiting for something, or moves it on. It may run
again for the same token after an incident was resolved, so it must not arm twice what is armed.
"""

from collections.abc import Callable
from typing import Any

from servoloop.kernel.engine import activities, branches, waits
from servoloop.kernel.engine.run import Halt, Run
from servoloop.kernel.engine.state import Token
from servoloop.kernel.events.event import Lifecycle
from servoloop.kernel.process.program import Node, Op

# A case that passes this many nodes in one decision turns in circles without ever waiting.
MOST_PASSES = 10_000

Handler = Callable[[Run, Token, Node], None]


def advance(run: Run) -> None:
    """Move every ready token as far as it can go without waiting."""
    passes = 0
    while run.ready:
        token = run.state.tokens.get(run.ready.popleft())
        if token is None:
            continue  # consumed by a join or an interruption meanwhile
        passes += 1
        node = run.node_of(token)
        try:
            if passes > MOST_PASSES:
                raise Halt(
                    "endless_loop",
                    f"The flow passed {MOST_PASSES} nodes without waiting for anything; "
                    f"it needs a step that waits in its loop.",
                )
            if token.is_done:
                branches.leave(run, token, node)
            else:
                _HANDLERS[node.op](run, token, node)
        except Halt as halt:
            run.raise_incident(token.id, activity=node.id, cause=halt.cause, words=halt.words)


def _pass(run: Run, token: Token, node: Node) -> None:
    branches.leave(run, token, node)


def _milestone(run: Run, token: Token, node: Node) -> None:
    branches.leave(run, token, node, lifecycle=Lifecycle.COMPLETE)


def _end(run: Run, token: Token, node: Node) -> None:
    if token.parent == 0:
        run.outcome = node.id
    run.move([token.id], node, ())


def _message_end(run: Run, token: Token, node: Node) -> None:
    activities.throw_message(run, token, node)
    _end(run, token, node)


def _terminate(run: Run, token: Token, node: Node) -> None:
    """Ends the innermost scope at once, whatever else runs in it."""
    others = {t.id for t in run.state.tokens.values() if t.parent == token.parent}
    for other in others - {token.id}:
        branches.stop(run, other, reason="terminated")
    _end(run, token, node)


def _error_end(run: Run, token: Token, node: Node) -> None:
    code = node.error or ""
    run.emit("error.thrown", activity=node.id, data={"token": token.id, "code": code})
    if not activities.catch_error(run, token.parent, code=code):
        raise Halt("error", f"Nothing handles the error {code!r} thrown at {node.id!r}.")


def _scope(run: Run, token: Token, node: Node) -> None:
    """Enter a sub-process; `Run.move` brings its token back, done, after the last inner one."""
    waits.arm_boundaries(run, token, node)
    created = run.new_tokens([(run.program.nodes[node.inner_start], "")])
    run.emit(
        "scope.entered",
        activity=node.id,
        lifecycle=Lifecycle.START,
        data={"token": token.id, "created": created},
    )
    run.ready.extend(number for number, _, _ in created)


def _script(run: Run, token: Token, node: Node) -> None:
    """A script or a rule sets its variable; what a decision table saw is kept with the result."""
    data: dict[str, Any] = {"token": token.id, "by": str(node.op)}
    if node.decide is not None:
        outcome = run.decide(node.decide, what=f"The decision of {node.id!r}").to_data()
        data["values"] = {node.decide.variable: outcome["value"]}
        data["because"] = outcome["because"]
    else:
        assert node.assign is not None  # compiled so
        value = run.evaluate_to_data(
            node.assign.expression, cause=str(node.op), what=f"The expression of {node.id!r}"
        )
        data["values"] = {node.assign.variable: value}
    run.emit("variables.set", activity=node.id, lifecycle=Lifecycle.COMPLETE, data=data)
    run.ready.append(token.id)


_HANDLERS: dict[Op, Handler] = {
    Op.START: _pass,
    Op.THROW_NONE: _milestone,
    Op.END: _end,
    Op.MESSAGE_END: _message_end,
    Op.TERMINATE: _terminate,
    Op.ERROR_END: _error_end,
    Op.HUMAN: activities.open_task,
    Op.SERVICE: activities.request_job,
    Op.SEND: activities.send,
    Op.SCRIPT: _script,
    Op.RULE: _script,
    Op.RECEIVE: waits.await_message,
    Op.WAIT: waits.await_timer,
    Op.EXCLUSIVE: branches.choose_one,
    Op.PARALLEL: branches.join_and_fork,
    Op.EVENT_GATEWAY: waits.await_first,
    Op.SCOPE: _scope,
}
