"""Whether every case can finish: no deadlock, no doubled token, no endless circle, no dead step.

The check is exact for the executable subset, with data left out: each scope is drawn as a net,
shrunk by rules that keep soundness, and what remains is explored marking by marking.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from servoloop.kernel.process.exploration import MOST_MARKINGS, Defect, Exploration, Flaw, explore
from servoloop.kernel.process.findings import Finding, finding, quoted
from servoloop.kernel.process.net import Net, Nets
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.reduction import bits, reduced

_JOBS = frozenset((Op.SERVICE, Op.SEND))  # what a worker does can end with an error
_MOST_NAMES = 12  # of a path; the beginning is cut


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaving:
    """How a scope is left: which error ends get out of it, and whether a job inside can fail."""

    errors: frozenset[int]  # node indices
    has_jobs: bool


@dataclass(slots=True, kw_only=True)
class _Check:
    program: Program
    nets: Nets
    findings: list[Finding] = field(default_factory=list)
    leaving: dict[int, _Leaving] = field(default_factory=dict)
    never_completing: set[int] = field(default_factory=set)


def find_unsoundness(program: Program) -> tuple[Finding, ...]:
    """Deadlocks, doubled tokens, circles, dead steps, and errors that nobody catches."""
    check = _Check(program=program, nets=Nets(program))
    for node in reversed(program.nodes):  # what a scope holds comes after it
        if node.op is Op.SCOPE:
            _check_scope(check, node.index, starts=(node.inner_start,))
    starts = (program.start, *program.message_starts.values(), *program.timer_starts)
    _check_scope(check, -1, starts=[each for each in starts if each >= 0])
    for error in sorted(check.leaving[-1].errors):
        node = program.nodes[error]
        check.findings.append(_found("uncaught-error", node, error=node.error or ""))
    return tuple(check.findings)


def _check_scope(check: _Check, scope: int, *, starts: Iterable[int]) -> None:
    fired: set[int] = set()
    failing: set[int] = set()
    completes = is_judged = True
    never = frozenset(check.never_completing)
    main = [check.nets.net(scope, start=each, never_completing=never) for each in starts]
    aside = [
        check.nets.aside_net(each, never_completing=never) for each in check.nets.asides(scope)
    ]
    for net in (*main, *aside):
        result = None if net is None else _explore(net)
        if net is None or result is None:
            _add_too_large(check, scope)
            is_judged = False
            continue
        shown, exploration = result
        told = (_tell(check.program, shown, each) for each in exploration.defects)
        findings = {(each.rule, each.element_id): each for each in reversed([*told])}
        check.findings += reversed(findings.values())
        is_judged = is_judged and not findings
        fired |= exploration.fired
        failing |= exploration.failing
        completes = completes and exploration.completes
    members = check.nets.members(scope)
    if is_judged:
        check.findings += _never_run(check.program, members, fired=fired)
        if scope >= 0 and not completes:
            check.never_completing.add(scope)
    check.leaving[scope] = _leaving(check, members, failing=failing)


def _explore(net: Net) -> tuple[Net, Exploration] | None:
    """The result on the small net, told on the full net when that can be explored as well."""
    small = reduced(net)
    result = explore(small)
    if not result.is_complete and not result.defects:
        return None
    if not result.defects:
        return net, result
    told = explore(net)
    return (net, told) if told.defects else (small, result)


def _leaving(check: _Check, members: list[Node], *, failing: set[int]) -> _Leaving:
    """Errors of the scope itself and those that its inner scopes let out."""
    errors = set(failing)
    has_jobs = False
    for node in members:
        inner = check.leaving.get(node.index) if node.op is Op.SCOPE else None
        can_fail = node.op in _JOBS or (inner is not None and inner.has_jobs)
        thrown = inner.errors if inner is not None else frozenset()
        caught: set[int] = set()
        for boundary in _error_boundaries(check.program, node):
            matching = {
                each
                for each in thrown
                if boundary.error is None or check.program.nodes[each].error == boundary.error
            }
            caught |= matching
            can_fail = can_fail and boundary.error is not None
            if not matching and not _may_fail(node, inner):
                check.findings.append(
                    _found("never-caught", boundary, host=quoted(node.id, node.name.default))
                )
        errors |= thrown - caught
        has_jobs = has_jobs or can_fail
    return _Leaving(errors=frozenset(errors), has_jobs=has_jobs)


def _may_fail(node: Node, inner: _Leaving | None) -> bool:
    return node.op in _JOBS or (inner is not None and inner.has_jobs)


def _error_boundaries(program: Program, node: Node) -> Iterator[Node]:
    for index in node.boundary:
        if program.nodes[index].op is Op.BOUNDARY_ERROR:
            yield program.nodes[index]


def _never_run(program: Program, members: list[Node], *, fired: set[int]) -> Iterator[Finding]:
    """Nodes that no run executes although flows lead to them; the first of each dead stretch."""
    dead = {each.index for each in members} - fired
    for index in sorted(dead):
        node = program.nodes[index]
        before = [program.flows[each].source for each in node.incoming]
        if node.attached_to >= 0:
            before.append(node.attached_to)
        if any(each not in dead for each in before):
            yield _found("never-runs", node)


def _tell(program: Program, net: Net, defect: Defect) -> Finding:
    path = _names(program, defect.path)
    if defect.flaw is Flaw.DOUBLE:
        node = program.nodes[net.places[_bit_number(defect.doubled)]]
        return _found("lack-of-synchronisation", node, path=path)
    if defect.flaw is Flaw.LIVELOCK:
        return _found("livelock", program.nodes[(defect.path or (0,))[-1]], path=path)
    stuck = [program.nodes[net.places[_bit_number(each)]] for each in bits(defect.marking)]
    node = next((each for each in stuck if each.op is Op.PARALLEL), stuck[0])
    here = {net.places[_bit_number(each)] for each in bits(defect.marking)}
    missing = _missing(program, node, at=here, path=defect.path)
    return _found("deadlock", node, path=path, missing=missing)


def _missing(program: Program, node: Node, *, at: set[int], path: tuple[int, ...]) -> str:
    """The neighbours from which a token did not come."""
    sources = [program.nodes[program.flows[each].source] for each in node.incoming]
    absent = [each for each in sources if each.index not in path]
    return ", ".join(quoted(each.id, each.name.default) for each in absent or sources)


def _names(program: Program, path: tuple[int, ...]) -> str:
    names = [
        program.nodes[each].name.default or program.nodes[each].id
        for position, each in enumerate(path)
        if position == 0 or path[position - 1] != each
    ]
    cut = ["…"] if len(names) > _MOST_NAMES else []
    return " → ".join(cut + [" ".join(each.split()) for each in names[-_MOST_NAMES:]])


def _add_too_large(check: _Check, scope: int) -> None:
    node = check.program.nodes[scope] if scope >= 0 else None
    check.findings.append(
        finding(
            "too-large",
            id=node.id if node else check.program.key,
            name=node.name.default if node else check.program.sheet.name.default,
            parameters={"limit": str(MOST_MARKINGS)},
        )
    )


def _bit_number(bit: int) -> int:
    return (bit & -bit).bit_length() - 1


def _found(rule: str, node: Node, **parameters: str) -> Finding:
    return finding(rule, id=node.id, name=node.name.default, parameters=parameters)
