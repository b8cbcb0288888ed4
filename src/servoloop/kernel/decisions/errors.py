"""What can go wrong with a decision model."""

from servoloop.kernel.errors import ServoloopError


class DecisionError(ServoloopError):
    """A decision model cannot be read, or does not have what was asked for."""


class UnreadableDecisions(DecisionError):
    """The text is not a decision model: not XML, not DMN, or too large."""


class UnknownDecision(DecisionError):
    """The model has no decision, service or table of that name."""

    def __init__(self, name: str, *, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        listed = ", ".join(known) if known else "none"
        super().__init__(f"No decision '{name}'. Known: {listed}.")
