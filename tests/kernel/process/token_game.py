"""A slow, plain player of the token game: the oracle for the soundness check.

It knows nothing of nets, reduction or one-scope-at-a-time: a state is the whole case, with the
tokens inside a running sub-process nested in it, and every state is visited.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from servoloop.kernel.process.program import Node, Op, Program

# A token on a flow is its index; a running activity is (node, boundary events that happened, the
# state inside). A state is a sorted tuple of both.
Running = tuple[int, tuple[int, ...], "State"]
State = tuple[int | Running, ...]
ERROR = "error"


class TooLarge(Exception):
    """More states than the oracle wants to visit."""


@dataclass
class Game:
    program: Program
    fired: set[int] = field(default_factory=set)

    def is_sound(self, *, most: int = 4000) -> bool:
        """No deadlock, no doubled token, no endless circle, and every node fires in some run."""
        start = self.program.nodes[self.program.start]
        self.fired.add(start.index)
        first = _state(start.outgoing)
        after: dict[State, list[State]] = {}
        waiting = [first]
        while waiting:
            state = waiting.pop()
            if state in after:
                continue
            if len(after) > most:
                raise TooLarge
            if _is_doubled(state):
                return False
            after[state] = [following for following, _ in self.moves(state)]
            if state and not after[state]:
                return False
            waiting += after[state]
        return _can_all_end(after) and not self._dead()

    def moves(self, state: State) -> Iterator[tuple[State, str | None]]:
        """Every next state of a scope; with it ERROR and a code when the scope is left by one."""
        for item in dict.fromkeys(state):
            rest = _without(state, item)
            if isinstance(item, int):
                yield from self._arrive(item, rest)
            else:
                yield from self._run(item, rest)
        for node in self.program.nodes:
            if node.op is Op.PARALLEL and node.incoming and set(node.incoming) <= set(state):
                rest = state
                for each in node.incoming:
                    rest = _without(rest, each)
                self.fired.add(node.index)
                yield _state(rest, node.outgoing), None

    def _arrive(self, flow: int, rest: State) -> Iterator[tuple[State, str | None]]:
        node = self.program.nodes[self.program.flows[flow].target]
        if node.op is Op.PARALLEL:
            return  # a join fires in `moves`
        self.fired.add(node.index)
        if node.op is Op.TERMINATE:
            yield (), None
        elif node.op is Op.ERROR_END:
            yield (), ERROR + (node.error or "")
        elif node.op in (Op.EXCLUSIVE, Op.EVENT_GATEWAY) and node.outgoing:
            for each in node.outgoing:
                yield _state(rest, (each,)), None
        elif node.op is Op.SCOPE:
            start = self.program.nodes[node.inner_start]
            self.fired.add(start.index)
            yield _state(rest, ((node.index, (), _state(start.outgoing)),)), None
        elif node.boundary:
            yield _state(rest, ((node.index, (), ()),)), None
        else:
            yield _state(rest, node.outgoing), None

    def _run(self, running: Running, rest: State) -> Iterator[tuple[State, str | None]]:
        index, happened, inside = running
        node = self.program.nodes[index]
        if not inside:
            yield _state(rest, node.outgoing), None
        for following, left in self.moves(inside):
            if left is None:
                yield _state(rest, ((index, happened, following),)), None
            else:
                yield from self._catch(node, left.removeprefix(ERROR), rest)
        for each in node.boundary:
            boundary = self.program.nodes[each]
            if boundary.op is Op.BOUNDARY_ERROR and node.op is Op.SCOPE:
                continue  # only what is raised inside
            if boundary.is_interrupting:
                self.fired.add(each)
                yield _state(rest, boundary.outgoing), None
            elif each not in happened:
                self.fired.add(each)
                later = tuple(sorted((*happened, each)))
                yield _state(rest, boundary.outgoing, ((index, later, inside),)), None

    def _catch(self, node: Node, code: str, rest: State) -> Iterator[tuple[State, str | None]]:
        for each in node.boundary:
            boundary = self.program.nodes[each]
            if boundary.op is Op.BOUNDARY_ERROR and boundary.error in (None, code):
                self.fired.add(each)
                yield _state(rest, boundary.outgoing), None
                return
        yield (), ERROR + code

    def _dead(self) -> bool:
        """Whether a node never fires although one before it does."""
        for node in self.program.nodes:
            before = [self.program.flows[each].source for each in node.incoming]
            if node.attached_to >= 0:
                before.append(node.attached_to)
            if node.index not in self.fired and self.fired & set(before):
                return True
        return False


def _state(*parts: State | tuple[int, ...]) -> State:
    return tuple(sorted((item for part in parts for item in part), key=repr))


def _without(state: State, item: int | Running) -> State:
    position = state.index(item)
    return state[:position] + state[position + 1 :]


def _is_doubled(state: State) -> bool:
    flows = Counter(item for item in state if isinstance(item, int))
    nodes = Counter(item[0] for item in state if not isinstance(item, int))
    inner = any(_is_doubled(item[2]) for item in state if not isinstance(item, int))
    return inner or max((*flows.values(), *nodes.values()), default=0) > 1


def _can_all_end(after: dict[State, list[State]]) -> bool:
    before: dict[State, list[State]] = {}
    for state, following in after.items():
        for each in following:
            before.setdefault(each, []).append(state)
    ending: set[State] = {()}
    waiting: list[State] = [()]
    while waiting:
        for each in before.get(waiting.pop(), ()):
            if each not in ending:
                ending.add(each)
                waiting.append(each)
    return set(after) <= ending
