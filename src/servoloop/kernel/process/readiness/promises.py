"""Standard times summed along the ways through the process, against what the customer is promised.

Times in which the clocks stand (a wait for the customer) do not count, nor does a way back: the
longest way goes through every circle once. Side branches do not add up; the slowest one counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from servoloop.kernel.process.iso8601 import duration_text
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.readiness.places import Gap
from servoloop.kernel.process.readiness.rules import METRICS
from servoloop.kernel.process.walk import onward_order
from servoloop.kernel.process.words import Words

_ENDS = frozenset((Op.END, Op.MESSAGE_END, Op.TERMINATE, Op.ERROR_END))
_NONE = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Standard time from start to end."""

    shortest: timedelta  # along flows only, no interruption
    longest: timedelta


def find_broken_promises(program: Program) -> Iterator[Gap]:
    """Promises that the standards do not allow to keep."""
    lengths = measure(program)
    promised = {level.metric: level.within for level in program.sheet.service_levels}
    within = promised.get("resolution")
    name = program.sheet.name
    name = name if name.default or name.translations else Words(default=program.key)
    if within is not None and lengths.longest > within:
        is_hopeless = lengths.shortest > within
        yield Gap(
            rule="promise-impossible" if is_hopeless else "promise-tight",
            elements=(program.key,),
            name=name,
            parameters={
                "metric": METRICS["resolution"],
                "promised": duration_text(within),
                "needed": duration_text(lengths.shortest if is_hopeless else lengths.longest),
            },
        )
    first = promised.get("first_response")
    if first is not None:
        yield from _late_starts(program, first)


def _late_starts(program: Program, promised: timedelta) -> Iterator[Gap]:
    """Human steps that come before anything is said to the customer, and may take too long."""
    starts = [program.start, *program.message_starts.values()]
    waiting = [each for each in starts if each >= 0]
    seen = set(waiting)
    while waiting:
        node = program.nodes[waiting.pop()]
        response = node.step.response_time
        if node.op is Op.HUMAN:
            if response is not None and response > promised:
                yield Gap(
                    rule="promise-late-start",
                    elements=(node.id,),
                    name=node.name,
                    parameters={
                        "response": duration_text(response),
                        "promised": duration_text(promised),
                    },
                )
            continue  # the person answers
        if node.op in (Op.SEND, Op.MESSAGE_END):
            continue
        following = [program.flows[each].target for each in node.outgoing]
        following += [node.inner_start] if node.op is Op.SCOPE else []
        waiting += [each for each in following if each not in seen]
        seen.update(following)


def measure(program: Program) -> Lengths:
    """The shortest and the longest way through the whole process."""
    starts = [program.start, *program.message_starts.values(), *program.timer_starts]
    found = _Scopes(program=program).lengths([each for each in starts if each >= 0])
    return found or Lengths(shortest=_NONE, longest=_NONE)


@dataclass(slots=True, kw_only=True)
class _Scopes:
    """Measures one scope at a time, an inner one before what is around it."""

    program: Program
    known: dict[int, Lengths] = field(default_factory=dict)  # node -> what it takes

    def lengths(self, starts: list[int]) -> Lengths | None:
        """None when no end can be reached."""
        order = self._order(starts)
        before = {each: Lengths(shortest=_NONE, longest=_NONE) for each in starts}
        quickest: timedelta | None = None
        longest = _NONE
        without_interruption = self._undisturbed(starts)
        for index in order:
            node = self.program.nodes[index]
            here, takes = before[index], self._takes(node)
            after = Lengths(
                shortest=here.shortest + takes.shortest, longest=here.longest + takes.longest
            )
            if node.op in _ENDS:
                longest = max(longest, after.longest)
                if index in without_interruption:
                    quickest = min(quickest or after.shortest, after.shortest)
            for target in self._following(node):
                if target in order and order[target] > order[index]:
                    before[target] = self._meet(target, before.get(target), after)
        if quickest is None:
            return None
        return Lengths(shortest=quickest, longest=max(longest, quickest))

    def _meet(self, target: int, known: Lengths | None, new: Lengths) -> Lengths:
        if known is None:
            return new
        # A join waits for its slowest branch even on the shortest way.
        is_join = self.program.nodes[target].op is Op.PARALLEL
        return Lengths(
            shortest=(max if is_join else min)(known.shortest, new.shortest),
            longest=max(known.longest, new.longest),
        )

    def _takes(self, node: Node) -> Lengths:
        if node.op is Op.SCOPE:
            if node.index not in self.known:
                none = Lengths(shortest=_NONE, longest=_NONE)
                self.known[node.index] = self.lengths([node.inner_start]) or none
            return self.known[node.index]
        is_waiting = node.step.waits_for_customer or node.op is Op.START
        time = _NONE if is_waiting else node.step.standard_time or _NONE
        return Lengths(shortest=time, longest=time)

    def _following(self, node: Node) -> list[int]:
        return [self.program.flows[each].target for each in node.outgoing] + list(node.boundary)

    def _order(self, starts: list[int]) -> dict[int, int]:
        """Node to rank, so that every flow except one that goes back leads upwards."""
        order = onward_order(starts, lambda each: self._following(self.program.nodes[each]))
        return {index: rank for rank, index in enumerate(order)}

    def _undisturbed(self, starts: list[int]) -> set[int]:
        """What is reached along flows alone, without a boundary event."""
        seen, waiting = set(starts), list(starts)
        while waiting:
            for flow in self.program.nodes[waiting.pop()].outgoing:
                target = self.program.flows[flow].target
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return seen
