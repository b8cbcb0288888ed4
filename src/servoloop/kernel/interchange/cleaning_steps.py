"""The cleaning steps by name, what is proposed of them and what they did; see `cleaning`.

Apart from the work itself, because pages name the steps without loading a data library.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from servoloop.kernel.errors import ServoloopError

CleaningStep = Literal[
    "merge-names",
    "drop-implausible-times",
    "drop-duplicates",
    "only-complete",
    "forget-impossible-starts",
    "drop-cut-cases",
]
STEPS: tuple[CleaningStep, ...] = get_args(CleaningStep)
"""In the order in which they are applied."""


class UnknownStep(ServoloopError):
    """There is no cleaning step of this name."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"There is no cleaning step '{name}'; known: {', '.join(STEPS)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What one step alone would touch in the log as it was read."""

    step: CleaningStep
    events: int  # dropped, renamed or without their start
    cases: int  # that lose, or have changed, at least one event


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """What one step did; `changed` events were kept under another name or without their start."""

    step: CleaningStep
    events_before: int
    events_after: int
    cases_before: int
    cases_after: int
    changed: int


def known_step(name: str) -> CleaningStep:
    """The step of this name. Raises UnknownStep."""
    for step in STEPS:
        if step == name:
            return step
    raise UnknownStep(name)
