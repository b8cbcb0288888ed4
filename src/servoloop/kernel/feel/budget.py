"""How much one evaluation may do: steps, size of what it builds, depth of calls.

Straight-line expressions cost time in proportion to their text, so only what can multiply is
counted: iterations, function calls, and the elements and characters of lists and strings that are
built.
"""

from datetime import datetime
from typing import Any

from servoloop.kernel.feel.errors import BudgetExceeded

STEPS = 5_000_000
"""Parts of the rule visited in loops and calls in one evaluation; about a second of work at worst.
"""

SIZE = 1_000_000
"""List elements plus characters that one evaluation may build."""

DEPTH = 100
"""Calls inside calls; keeps a rule that calls itself far from the interpreter's own limit."""


_WALKED = frozenset({list, dict, str})


class Budget:
    """The counters of one evaluation, and the moment that ``now()`` and ``today()`` answer."""

    __slots__ = ("at", "depth", "size", "steps", "trace")

    def __init__(
        self,
        *,
        steps: int = STEPS,
        size: int = SIZE,
        depth: int = DEPTH,
        at: datetime | None = None,
    ) -> None:
        self.steps = steps
        self.size = size
        self.depth = depth
        self.at = at
        self.trace: list[Any] | None = None
        """Where evaluated decision tables leave their explanations, when they are asked to."""

    def spend(self, steps: int) -> None:
        """Take steps from the budget; raises BudgetExceeded when none are left."""
        self.steps -= steps
        if self.steps < 0:
            raise BudgetExceeded(
                "The rule takes too many steps. Use shorter lists or ranges, or fewer nested loops."
            )

    def spend_on(self, value: Any) -> None:
        """Take a step for every element of a value, however deep, and one for 64 characters.

        What compares or converts a whole value pays for it first: lists that are used twice in
        lists that are used twice are small in memory and endless to walk through.
        """
        pending = [value]
        while pending:
            found = pending.pop()
            kind = type(found)
            if kind is str:
                self.spend(len(found) >> 6)
            elif kind is list or kind is dict:
                self.spend(len(found) + 8)  # walking a small list costs most in getting there
                inside = found.values() if kind is dict else found
                pending += [part for part in inside if type(part) in _WALKED]

    def grow(self, size: int) -> None:
        """Take elements or characters from the budget; raises BudgetExceeded when none are left."""
        self.size -= size
        if self.size < 0:
            raise BudgetExceeded(
                "The rule builds a value that is too large. Use shorter lists, ranges or texts."
            )

    def enter(self) -> None:
        """Go one call deeper; raises BudgetExceeded beyond the allowed depth."""
        self.depth -= 1
        if self.depth < 0:
            raise BudgetExceeded(
                "The rule calls functions too deeply inside each other. "
                "A function that calls itself must reach its end sooner."
            )

    def leave(self) -> None:
        """Come back from a call."""
        self.depth += 1
