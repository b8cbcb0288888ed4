"""The one way in which the engine says no."""

from collections.abc import Mapping

from servoloop.kernel.engine.forms import Problem
from servoloop.kernel.errors import ServoloopError


class CommandRefused(ServoloopError):
    """The case cannot take the command; nothing has changed.

    `code` is stable, for translation. `problems` names the fields of a form that are wrong.
    """

    def __init__(
        self, words: str, *, code: str, problems: Mapping[str, Problem] | None = None
    ) -> None:
        super().__init__(words)
        self.code = code
        self.problems = dict(problems or {})
