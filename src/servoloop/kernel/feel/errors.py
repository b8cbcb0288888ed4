"""What can go wrong with a FEEL rule, told in the words of the person who wrote it.

FEEL itself answers null where a value does not fit (``1 + "a"``, ``date("x")``); those are values,
not errors. The classes here are for rules that cannot be read, declared types that do not fit, and
evaluations that would not end in a reasonable time or space.
"""

from servoloop.kernel.errors import ServoloopError


class FeelError(ServoloopError):
    """A rule cannot be read, checked or evaluated."""


class FeelSyntaxError(FeelError):
    """The text is not FEEL: where it stops making sense, and what was expected there.

    ``position`` counts characters from 0; ``line`` and ``column`` count from 1.
    """

    def __init__(self, message: str, *, text: str, position: int, expected: str) -> None:
        before = text[:position]
        self.text = text
        self.position = position
        self.line = before.count("\n") + 1
        self.column = position - (before.rfind("\n") + 1) + 1
        self.expected = expected
        super().__init__(f"Line {self.line}, column {self.column}: {message} Expected {expected}.")


class FeelTypeError(FeelError):
    """A value or an expression is not of the type that was declared for it."""


class BudgetExceeded(FeelError):
    """The rule needs more steps, a larger result or deeper nesting than it was allowed."""
