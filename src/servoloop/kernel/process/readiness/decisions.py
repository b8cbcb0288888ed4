"""Whether the branches of each exclusive decision cover every case exactly once.

Proven by trying every combination of the values that stand for all others (see `values`), with the
conditions evaluated as the engine evaluates them. What lies outside the decidable fragment is said
to be undecided, never guessed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from servoloop.kernel.feel import tree
from servoloop.kernel.feel.expression import Expression
from servoloop.kernel.process.program import Flow, Node, Op, Program
from servoloop.kernel.process.readiness.fragment import Undecidable, literals_of
from servoloop.kernel.process.readiness.places import Gap
from servoloop.kernel.process.readiness.values import (
    NOTHING,
    Arrivals,
    Value,
    follow_values,
    holds,
)
from servoloop.kernel.process.words import Words

MOST_POINTS = 20_000  # combinations of values; a decision that a person can read has far fewer
_OPPOSITES = {"<": ">=", ">=": "<", ">": "<=", "<=": ">", "=": "!=", "!=": "="}
_TOO_MANY = Words(
    default="it compares too many variables with too many values.",
    translations={"zh": "涉及的变量和取值太多。"},
)
_DEPENDENT = Words(
    default="one of its variables is computed from another.",
    translations={"zh": "其中一个变量由另一个计算得出。"},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    node: Node
    branches: tuple[tuple[Flow, Expression], ...]  # without the default
    names: tuple[str, ...]  # variables

    @property
    def has_default(self) -> bool:
        return self.node.default >= 0


def decisions_in(program: Program) -> list[Node]:
    return [each for each in program.nodes if each.op is Op.EXCLUSIVE and len(each.outgoing) > 1]


def find_bad_decisions(program: Program) -> Iterator[Gap]:
    """Gaps, overlaps, branches that are never taken, and what cannot be decided."""
    arrivals = follow_values(program)
    for node in decisions_in(program):
        if arrivals.before[node.index] is not None:  # else it is unreachable, which is said already
            yield from _judge(_decision(program, node), program, arrivals)


def _decision(program: Program, node: Node) -> _Decision:
    branches = tuple(
        (flow, flow.condition)
        for flow in (program.flows[each] for each in node.outgoing)
        if flow.condition is not None and flow.index != node.default
    )
    names = sorted({name for _, condition in branches for name in condition.names})
    return _Decision(node=node, branches=branches, names=tuple(names))


def _judge(decision: _Decision, program: Program, arrivals: Arrivals) -> Iterator[Gap]:
    try:
        for _, condition in decision.branches:
            literals_of(condition)
    except Undecidable as error:
        is_single = len(decision.branches) == 1 and decision.has_default
        if not (is_single or _is_plain(decision)):
            yield _gap("decision-undecided", decision, reason=error.reason)
        return
    domains = [_sorted(arrivals.values(decision.node.index, name)) for name in decision.names]
    points = 1
    for each in domains:
        points *= len(each)
    if points > MOST_POINTS:
        yield _gap("decision-undecided", decision, reason=_TOO_MANY)
        return
    found = list(_tried(decision, domains))
    if found and _has_dependent_variables(decision, program):
        yield _gap("decision-undecided", decision, reason=_DEPENDENT)
    else:
        yield from found


def _tried(decision: _Decision, domains: list[list[Value]]) -> Iterator[Gap]:
    """The first gap, the first overlap of each group of branches, and the branches never taken."""
    never = {flow.id: (flow, condition) for flow, condition in decision.branches}
    overlaps: dict[tuple[str, ...], Gap] = {}
    gap: Gap | None = None
    for point in product(*domains):
        values = dict(zip(decision.names, point, strict=True))
        taken = [flow for flow, condition in decision.branches if holds(condition, values)]
        for flow in taken:
            never.pop(flow.id, None)
        if len(taken) > 1:
            key = tuple(flow.id for flow in taken)
            if key not in overlaps:
                overlaps[key] = _gap(
                    "decision-overlap",
                    decision,
                    others=key,
                    branches=_listed(taken),
                    example=_example(values),
                )
        elif not taken and not decision.has_default and gap is None:
            gap = _gap("decision-gap", decision, example=_example(values))
    if gap is not None:
        yield gap
    yield from list(overlaps.values())[:3]
    for flow, condition in never.values():
        yield _gap(
            "branch-never",
            decision,
            others=(flow.id,),
            branches=_listed([flow]),
            condition=" ".join(condition.text.split()),
        )


def _is_plain(decision: _Decision) -> bool:
    """Whether two branches are each other's opposite, whatever their expressions are."""
    if len(decision.branches) != 2 or decision.has_default:
        return False
    first, second = (condition.syntax for _, condition in decision.branches)
    return _opposed(first, second) or _opposed(second, first)


def _opposed(first: tree.Node, second: tree.Node) -> bool:
    """Only `not`: of an unknown comparison both sides may be null."""
    match first:
        case tree.Call(function=tree.Name(name="not"), arguments=(argument,)):
            return argument == second
        case tree.Compare() if isinstance(second, tree.Compare):
            return (first.left, first.right) == (second.left, second.right) and _OPPOSITES[
                first.operator
            ] == second.operator
        case _:
            return False


def _has_dependent_variables(decision: _Decision, program: Program) -> bool:
    """Whether a variable of the decision is computed from another one of it."""
    names = set(decision.names)
    for node in program.nodes:
        rule = node.assign
        read = set(rule.expression.names) - {rule.variable} if rule is not None else set()
        if rule is not None and rule.variable in names and names & read:
            return True
        if node.decide is not None and node.decide.variable in names and len(names) > 1:
            return True
    return False


def _sorted(values: frozenset[Value]) -> list[Value]:
    """Plain values first, so that an example is a plain one; nothing at all last."""
    return sorted(values, key=lambda each: (each == NOTHING, each[0], str(each[1])))


def _example(values: Mapping[str, Value]) -> str:
    return ", ".join(f"{name} = {_shown(value)}" for name, value in values.items()) or "…"


def _shown(value: Value) -> str:
    kind, content = value
    if kind == "text":
        return f'"{content}"'
    return {True: "true", False: "false", None: "null"}.get(content, str(content))  # type: ignore[arg-type]  # texts are gone


def _listed(flows: list[Flow]) -> Words:
    return Words(
        default=" and ".join(f"“{_name(each, 'en')}”" for each in flows),
        translations={"zh": "、".join(f"“{_name(each, 'zh-hans')}”" for each in flows)},
    )


def _name(flow: Flow, language: str) -> str:
    return flow.name.in_language(language) or flow.id


def _gap(
    rule: str, decision: _Decision, *, others: tuple[str, ...] = (), **parameters: str | Words
) -> Gap:
    node = decision.node
    return Gap(rule=rule, elements=(node.id, *others), name=node.name, parameters=parameters)
