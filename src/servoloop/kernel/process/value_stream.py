"""The value stream of a process: what each step adds to a case, and what it waits before.

One case in the mean: a step counts by the share of the cases that come through it. Efficiency is
the work that customers would pay for over the whole time (process-cycle efficiency).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from servoloop.kernel.process.blueprint_ranks import rank, shown_links
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.step import ValueClass

_WORK = (Op.HUMAN, Op.SERVICE, Op.SEND, Op.SCRIPT, Op.RULE)
_WAITS = (Op.RECEIVE, Op.WAIT)
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What the live cases say of a step: the mean of its tasks, and how many passes a case has."""

    per_case: float
    wait: timedelta
    work: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStep:
    """A step of the stream; `wait` and `work` are per case, `per_case` passes included."""

    node: Node
    value: ValueClass | None  # None: nobody has said
    per_case: float
    wait: timedelta
    work: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """The steps in the order of the process, and their sums."""

    steps: tuple[StreamStep, ...]

    @property
    def wait(self) -> timedelta:
        """Of a mean case, in all."""
        return sum((step.wait for step in self.steps), NOTHING)

    @property
    def work(self) -> timedelta:
        """Of a mean case, in all."""
        return sum((step.work for step in self.steps), NOTHING)

    def work_of(self, value: ValueClass | None) -> timedelta:
        """The work of the steps of one value class."""
        return sum((step.work for step in self.steps if step.value is value), NOTHING)

    @property
    def efficiency(self) -> float | None:
        """0..1; None when no time is known at all."""
        whole = self.wait + self.work
        return self.work_of(ValueClass.CUSTOMER) / whole if whole else None


def stream_by_standard(program: Program) -> Stream:
    """As the standards say: every step once, without waiting but for the customer."""
    return Stream(
        steps=tuple(
            StreamStep(
                node=node,
                value=node.step.value_class,
                per_case=1.0,
                wait=(node.step.standard_time or NOTHING) if node.op in _WAITS else NOTHING,
                work=(node.step.standard_time or NOTHING) if node.op in _WORK else NOTHING,
            )
            for node in _in_order(program)
        )
    )


def stream_as_measured(program: Program, measured: Mapping[str, Measured]) -> Stream:
    """As the cases say; steps that none of them came through are left out."""
    return Stream(
        steps=tuple(
            StreamStep(
                node=node,
                value=node.step.value_class,
                per_case=measured[node.id].per_case,
                wait=measured[node.id].wait * measured[node.id].per_case,
                work=measured[node.id].work * measured[node.id].per_case,
            )
            for node in _in_order(program)
            if node.id in measured
        )
    )


def _in_order(program: Program) -> list[Node]:
    shown = [node for node in program.nodes if node.op in (*_WORK, *_WAITS)]
    ranks = rank(program, shown_links(program, (node.index for node in shown)))
    return sorted(shown, key=lambda node: (ranks.get(node.index, 0), node.index))
