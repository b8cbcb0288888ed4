"""Columns of a blueprint: which shown step follows which, and its rank in time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.walk import onward_order

# (source node, target node) -> whether the way begins at a boundary event
Shown = Mapping[tuple[int, int], bool]


def shown_links(program: Program, shown: Iterable[int]) -> Shown:
    """The pairs of shown nodes of which one follows the other, hidden ones left out."""
    visible = list(dict.fromkeys(shown))
    links: dict[tuple[int, int], bool] = {}
    for index in visible:
        node = program.nodes[index]
        for target in _next_shown(program, _after(program, node), frozenset(visible)):
            links[(index, target)] = False
        hosts = (program.nodes[each] for each in node.boundary)
        for boundary in (*hosts, *_boundaries_around(program, node)):
            for target in _next_shown(program, _after(program, boundary), frozenset(visible)):
                links.setdefault((index, target), True)
    return links


def rank(program: Program, links: Shown) -> Mapping[int, int]:
    """The longest way from a start, ways back left out; a node without links stands at 0."""
    following: dict[int, list[int]] = defaultdict(list)
    for source, target in links:
        following[source].append(target)
    order = onward_order((node.index for node in program.nodes), lambda each: following[each])
    place = {index: position for position, index in enumerate(order)}
    ranks: dict[int, int] = defaultdict(int)
    for index in order:
        for target in following[index]:
            if place[target] > place[index]:
                ranks[target] = max(ranks[target], ranks[index] + 1)
    return ranks


def _after(program: Program, node: Node) -> Iterator[int]:
    """Where a token goes from here; out of a sub-process through its end."""
    for flow in node.outgoing:
        yield program.flows[flow].target
    if node.op in (Op.END, Op.MESSAGE_END) and node.scope >= 0:
        yield from _after(program, program.nodes[node.scope])


def _next_shown(program: Program, start: Iterable[int], visible: frozenset[int]) -> Iterator[int]:
    waiting = list(start)
    seen = set(waiting)
    while waiting:
        index = waiting.pop(0)
        if index in visible:
            yield index
            continue
        node = program.nodes[index]
        following = [node.inner_start] if node.op is Op.SCOPE else list(_after(program, node))
        waiting += [each for each in following if each not in seen]
        seen.update(following)


def _boundaries_around(program: Program, node: Node) -> Iterator[Node]:
    """Events that interrupt the sub-processes in which the node stands."""
    around = node.scope
    while around >= 0:
        yield from (program.nodes[each] for each in program.nodes[around].boundary)
        around = program.nodes[around].scope
