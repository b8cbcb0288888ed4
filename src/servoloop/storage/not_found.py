"""The answer for what does not exist, and for what the asker may not see: the same."""

from servoloop.kernel.errors import ServoloopError


class NotFound(ServoloopError):
    """There is no such thing, or none that this viewer may see."""

    def __init__(self, what: str, which: object) -> None:
        super().__init__(f"No {what} {which} that you may see.")
        self.what = what
        self.which = which
