"""The typed changes of a definition that a redesign is made of; `apply` writes them into a file."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from servoloop.kernel.process.document import ProcessError
from servoloop.kernel.process.step import Assignment, CheckItem, EscalationLevel, Field
from servoloop.kernel.process.words import NO_WORDS, Words


class CannotRedesign(ProcessError):
    """The file does not have the shape that a change needs; `words` say why in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        self.words = Words(default=en, translations={"en": en, "zh": zh})
        super().__init__(en)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAssignment:
    """These human steps find their person in another way."""

    elements: tuple[str, ...]
    assignment: Assignment


@dataclass(frozen=True, slots=True, kw_only=True)
class SetStandard:
    """Who does a step, how long it may take, and when; None keeps what there is."""

    element: str
    role: str | None = None
    calendar: str | None = None
    standard_time: timedelta | None = None
    response_time: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetEscalation:
    """Another chain of levels for a human step."""

    element: str
    levels: tuple[EscalationLevel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFields:
    """More to fill in: in the form of a start event, or at the end of a human step."""

    element: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddChecklist:
    """More to tick off before a human step is done."""

    element: str
    items: tuple[CheckItem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipBelow:
    """An approval is passed by when an amount is at most the limit; then it counts as granted.

    `granted` is the step that follows when the answer is yes; '' where nothing is decided on it.
    """

    element: str
    variable: str
    limit: Decimal
    granted: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseLimit:
    """The amount from which a way is taken is another one."""

    flow: str
    variable: str
    limit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBefore:
    """A step, with the decision that follows on it, comes before another step of its line."""

    element: str
    before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoAtOnce:
    """Two steps that follow each other directly are done at the same time."""

    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Automate:
    """A machine tries a human step first; people do it where the machine gives up."""

    element: str
    topic: str
    name: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNotice:
    """The customer is told something after a step, or before it; `payload` is a FEEL text."""

    element: str
    name: Words
    message: str
    payload: str
    is_before: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReminder:
    """A message when a step, or a wait for the customer, takes longer than a time."""

    element: str
    after: timedelta
    name: Words
    message: str
    payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFastLane:
    """A short look sorts the easy cases out of a step's queue; they have a step of their own."""

    element: str
    standard_time: timedelta  # of the easy ones


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSelfService:
    """One kind of case is offered a solution by a machine first; the others go on as before.

    The kind is a value of a choice in the form that opens the case.
    """

    variable: str
    value: str
    topic: str
    name: Words = NO_WORDS


Redesign = (
    SetAssignment
    | SetStandard
    | SetEscalation
    | AddFields
    | AddChecklist
    | SkipBelow
    | RaiseLimit
    | MoveBefore
    | DoAtOnce
    | Automate
    | AddNotice
    | AddReminder
    | AddFastLane
    | AddSelfService
)
