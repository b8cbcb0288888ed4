"""Which values a variable may have when a case arrives at an element.

A forward analysis over the program: forms and outputs set a variable to what their fields allow,
rules to the literals that they can answer, branches keep what fits their condition. Every set is a
superset of what can happen, so what holds for all of its values holds for every case. A value
stands for all values between the same literals (see `fragment`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.expression import Expression, compile
from servoloop.kernel.feel.printing import print_tree
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.readiness.fragment import (
    Literals,
    Scalar,
    Undecidable,
    another_text,
    literals_of,
    merged,
    number_cells,
)
from servoloop.kernel.process.step import Field, FieldType
from servoloop.kernel.process.walk import onward_order

# The type stands beside the value because True == 1 in Python, but not in FEEL.
Value = tuple[str, Scalar]
Values = frozenset[Value]
State = Mapping[str, Values]

NOTHING: Value = ("null", None)
_ENDS = (Op.END, Op.MESSAGE_END)
_NO_LITERALS = Literals()


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """What the analysis knows: the values on arrival, node by node."""

    before: tuple[State | None, ...]  # by node index; None where no case arrives
    free: State  # of a variable about which nothing is declared
    written: State  # all that any element may write; empty when nothing runs side by side

    def values(self, node: int, name: str) -> Values:
        """What `name` may be when a case arrives at the node."""
        state = self.before[node] or {}
        return state.get(name, self.free.get(name, frozenset())) | self.written.get(
            name, frozenset()
        )


def follow_values(program: Program) -> Arrivals:
    """Run the analysis to its fixed point."""
    return _Analysis(program).run()


class _Analysis:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._literals = _all_literals(program)
        self._filters = {flow.index: _filters(flow.condition) for flow in program.flows}
        self._writes = {node.index: self._writes_of(node) for node in program.nodes}
        self._before: list[State | None] = [None] * len(program.nodes)
        self._after: dict[int, State] = {}  # along a flow

    def run(self) -> Arrivals:
        program = self._program
        declared = {name for each in self._writes.values() for name in each}
        written: dict[str, set[Value]] = defaultdict(set)
        for writes in self._writes.values():
            for name, values in writes.items():
                written[name] |= values
        self._always_set = {name for name, values in written.items() if NOTHING not in values}
        unset = {name: frozenset((NOTHING,)) for name in declared}
        anything = {name: frozenset(written[name] | {NOTHING}) for name in declared}
        starts = []
        for node in program.nodes:
            if node.op is Op.START and node.scope == -1:
                is_form = node.index == program.start
                self._before[node.index] = unset if is_form else anything
                starts.append(node.index)
        self._settle(starts)
        free = {
            name: frozenset({*_any_value(literals), NOTHING})
            for name, literals in self._literals.items()
        }
        side_by_side = _runs_side_by_side(program)
        return Arrivals(
            before=tuple(self._before),
            free=free,
            written={k: frozenset(v) for k, v in written.items()} if side_by_side else {},
        )

    def _settle(self, starts: list[int]) -> None:
        """Carry states onwards until nothing changes, in an order that visits a line once."""
        nodes = self._program.nodes
        order = onward_order(starts, lambda each: self._following(nodes[each]))
        place = {index: position for position, index in enumerate(order)}
        queue = [(place[each], each) for each in starts]
        heapify(queue)
        queued = set(starts)
        while queue:
            _, index = heappop(queue)
            queued.discard(index)
            for changed in self._step(nodes[index]):
                if changed not in queued:
                    queued.add(changed)
                    heappush(queue, (place[changed], changed))

    def _following(self, node: Node) -> Iterator[int]:
        """Every node that a step of this one may change."""
        yield from (self._program.flows[each].target for each in node.outgoing)
        yield from node.boundary
        if node.op is Op.SCOPE:
            yield node.inner_start
        around = node.scope
        while around >= 0:
            yield from self._program.nodes[around].boundary
            around = self._program.nodes[around].scope

    def _step(self, node: Node) -> Iterator[int]:
        """Carry the state over one node; the nodes whose state changed."""
        before = self._before[node.index] or {}
        if node.op is Op.SCOPE:
            yield from self._arrive(node.inner_start, before)
            ends = [
                self._before[each.index]
                for each in self._program.nodes
                if each.scope == node.index and each.op in _ENDS
            ]
            after = _union([each for each in ends if each is not None])
            is_left = any(each is not None for each in ends)
        else:
            after = self._written(node, before)
            is_left = True
        for boundary in node.boundary:
            yield from self._arrive(boundary, before)
        around = node.scope
        while around >= 0:  # a boundary event may interrupt the scope after any of its steps
            for boundary in self._program.nodes[around].boundary:
                yield from self._arrive(boundary, after)
            around = self._program.nodes[around].scope
        if node.op in _ENDS and node.scope >= 0:
            yield node.scope  # the scope has to be carried over again
        if is_left:
            for flow in node.outgoing:
                self._after[flow] = self._narrowed(node, flow, after)
                yield from self._enter(self._program.nodes[self._program.flows[flow].target])

    def _enter(self, node: Node) -> Iterator[int]:
        come = [self._after[each] for each in node.incoming if each in self._after]
        if node.op is Op.PARALLEL and len(come) < len(node.incoming):
            return  # a join goes on when every branch has come
        state = _union(come)
        if node.op is Op.PARALLEL:  # what one branch has set, and nobody can unset, is set
            state = {
                name: values - {NOTHING}
                if name in self._always_set
                and any(NOTHING not in each.get(name, {NOTHING}) for each in come)
                else values
                for name, values in state.items()
            }
        if self._before[node.index] != state:
            self._before[node.index] = state
            yield node.index

    def _arrive(self, index: int, state: State) -> Iterator[int]:
        known = self._before[index]
        state = _union([state] if known is None else [known, state])
        if known != state:
            self._before[index] = state
            yield index

    def _written(self, node: Node, state: State) -> State:
        new = dict(state)
        for name, values in self._writes[node.index].items():
            keeps = NOTHING in values  # an optional field that is left empty
            new[name] = values | state.get(name, frozenset()) if keeps else values
        return new

    def _writes_of(self, node: Node) -> dict[str, Values]:
        fields = node.step.outputs
        if node.op is Op.START and node.index == self._program.start:
            fields = self._program.sheet.form
        writes = {each.name: self._field_values(each) for each in fields}
        if node.assign is not None:
            name = node.assign.variable
            literals = self._literals.get(name, _NO_LITERALS)
            writes[name] = frozenset(_answers(node.assign.expression.syntax, literals))
        if node.decide is not None:  # what a table answers is not followed
            name = node.decide.variable
            literals = self._literals.get(name, _NO_LITERALS)
            writes[name] = frozenset({*_any_value(literals), NOTHING})
        return writes

    def _field_values(self, field: Field) -> Values:
        literals = self._literals.get(field.name, _NO_LITERALS)
        values = set(_values_of_field(field, literals))
        if not (field.is_required or field.is_outcome):
            values.add(NOTHING)
        return frozenset(values)

    def _narrowed(self, node: Node, flow: int, state: State) -> State:
        """What is left of the values on a branch of an exclusive gateway."""
        if node.op is not Op.EXCLUSIVE or len(node.outgoing) < 2:
            return state
        new = dict(state)
        if flow != node.default:
            for name, condition in self._filters[flow]:
                if name in new:
                    new[name] = frozenset(v for v in new[name] if holds(condition, {name: v}))
            return new
        for other in node.outgoing:
            filters = self._filters[other]
            condition_of = self._program.flows[other].condition
            if other == flow or condition_of is None or len(filters) != 1:
                continue
            (name, condition) = filters[0]
            if name in new and condition.names == condition_of.names:
                new[name] = frozenset(v for v in new[name] if not holds(condition, {name: v}))
        return new


def holds(condition: Expression, values: Mapping[str, Value]) -> bool:
    """Whether the condition is true, as the engine would evaluate it."""
    return condition.evaluate({name: value for name, (_, value) in values.items()}) is True


def tagged(value: Scalar) -> Value:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return ("boolean", value)
    return ("text", value) if isinstance(value, str) else ("number", value)


def _all_literals(program: Program) -> Mapping[str, Literals]:
    """Of the decidable conditions; an undecidable one tells no values apart."""
    found = []
    for flow in program.flows:
        if flow.condition is not None:
            try:
                found.append(literals_of(flow.condition))
            except Undecidable:
                # Its variables still need values, for the conditions beside it.
                found.append({name: Literals() for name in flow.condition.names})
    return merged(found)


def _filters(condition: Expression | None) -> list[tuple[str, Expression]]:
    """The operands of the outermost `and` that speak of a single variable each."""
    if condition is None:
        return []
    syntax = condition.syntax
    is_and = isinstance(syntax, tree.Logic) and syntax.operator == "and"
    operands = syntax.operands if isinstance(syntax, tree.Logic) and is_and else (syntax,)
    found = []
    for each in operands:
        part = condition if each is syntax else compile(print_tree(each))
        try:
            names = list(literals_of(part))
        except Undecidable:
            continue
        if len(names) == 1:
            found.append((names[0], part))
    return found


def _values_of_field(field: Field, literals: Literals) -> Iterable[Value]:
    match field.type:
        case FieldType.CHOICE:
            return [tagged(option.value) for option in field.options]
        case FieldType.BOOLEAN:
            return [tagged(True), tagged(False)]
        case FieldType.NUMBER | FieldType.MONEY:
            cells = number_cells(literals.numbers, minimum=field.minimum, maximum=field.maximum)
            return [tagged(each) for each in cells]
        case _:
            texts = {*literals.texts, another_text(literals.texts)}
            return [tagged(each) for each in texts]


def _any_value(literals: Literals) -> Iterator[Value]:
    if literals.numbers:
        yield from map(tagged, number_cells(literals.numbers))
    if literals.has_booleans:
        yield from (tagged(True), tagged(False))
    yield from (tagged(each) for each in {*literals.texts, another_text(literals.texts)})


def _answers(node: tree.Node, literals: Literals) -> Iterator[Value]:
    """What a rule may answer: its literals, or anything."""
    match node:
        case tree.If():
            yield from _answers(node.yes, literals)
            yield from _answers(node.no, literals)
        case tree.Literal(value=value):
            yield tagged(value)
        case tree.Compare() | tree.Logic() | tree.Between() | tree.In():
            yield from (tagged(True), tagged(False), NOTHING)
        case _:
            yield from _any_value(literals)
            yield NOTHING


def _union(states: list[State]) -> State:
    """Value by value; a variable that one state does not know keeps what the others say."""
    together: dict[str, Values] = {}
    for state in states:
        for name, values in state.items():
            together[name] = together.get(name, frozenset()) | values
    return together


def _runs_side_by_side(program: Program) -> bool:
    decides = (Op.EXCLUSIVE, Op.EVENT_GATEWAY)
    return any(
        (len(node.outgoing) > 1 and node.op not in decides)
        or (node.attached_to >= 0 and not node.is_interrupting)
        for node in program.nodes
    )
