"""What a step says beyond its place in the flow: who, how, how long, until when, and what then."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from servoloop.kernel.process.words import NO_WORDS, Words


class Assignment(StrEnum):
    """How a task finds its person."""

    QUEUE = "queue"  # waits in the role's queue until somebody takes it
    LOAD = "load"  # goes to the present person of the role with the fewest open tasks
    FIRST_CONTACT = "first_contact"  # stays with the owner of the case (首问责任制)


class ValueClass(StrEnum):
    CUSTOMER = "customer"  # the customer would pay for it
    BUSINESS = "business"  # law or control demands it
    WASTE = "waste"


class Layer(StrEnum):
    """Where a step stands in the service blueprint."""

    CUSTOMER = "customer"
    FRONTSTAGE = "frontstage"
    BACKSTAGE = "backstage"
    SUPPORT = "support"


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    MOMENT = "moment"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    value: str
    label: Words = NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value that a form shows (input) or asks for (output); it becomes a variable of the case."""

    name: str  # a FEEL name
    type: FieldType = FieldType.TEXT
    label: Words = NO_WORDS
    help: Words = NO_WORDS
    is_required: bool = False
    is_outcome: bool = False  # its options are the step's outcome buttons; at most one a step
    options: tuple[Option, ...] = ()  # of a choice
    minimum: Decimal | None = None  # of a number or money, inclusive
    maximum: Decimal | None = None
    validation: str | None = None  # FEEL over the fields of the form and the case; true is good


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalationLevel:
    role: str
    within: timedelta  # working time to answer before the question climbs
    calendar: str | None = None  # name; the step's calendar when absent


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One line to tick while the work is done."""

    words: Words
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A template, a picture or a manual beside the method."""

    address: str  # http(s) address, or a path on this server
    label: Words = NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The precise standard of one activity; every part may be absent until the readiness gate."""

    sop: Words = NO_WORDS  # Markdown: the method
    checklist: tuple[CheckItem, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    standard_time: timedelta | None = None  # how long the work takes, working time
    response_time: timedelta | None = None  # from opened to completed, working time; then escalate
    role: str | None = None
    assignment: Assignment = Assignment.QUEUE
    owner: str | None = None  # who answers for the quality of the step
    skills: tuple[str, ...] = ()  # what a person must be able to do, beyond having the role
    authority_limit: Decimal | None = None  # amount that the step may grant by itself
    cost_rate: Decimal | None = None  # per hour of work
    currency: str | None = None
    value_class: ValueClass | None = None
    layer: Layer | None = None
    calendar: str | None = None  # name; the process's calendar when absent
    inputs: tuple[Field, ...] = ()
    outputs: tuple[Field, ...] = ()
    escalation: tuple[EscalationLevel, ...] = ()
    waits_for_customer: bool = False  # a catch or receive that pauses the case's clocks
    topic: str | None = None  # of a service or send task: which worker does it
    retries: int = 3

    @property
    def outcome(self) -> Field | None:
        """The output whose options are the allowed outcomes, if the step declares one."""
        return next((output for output in self.outputs if output.is_outcome), None)


NO_STEP = Step()


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLevel:
    """A promise to the customer, measured in working time of a calendar."""

    metric: str  # "first_response" or "resolution"
    within: timedelta
    calendar: str | None = None


class Approval(StrEnum):
    """Whose word a new version needs besides that of its author."""

    NOBODY = "nobody"
    OWNER = "owner"  # the end-to-end owner of the process
    SECOND_PERSON = "second_person"  # anybody who may publish, but not the author


@dataclass(frozen=True, slots=True, kw_only=True)
class KpiGoal:
    """A figure that the process shall reach; which way is better, the KPI catalogue says."""

    kpi: str  # id in the catalogue, such as "first_contact_resolution"
    target: timedelta | Decimal  # of a time; of a share (0..1) or a count


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessSheet:
    """What the process as a whole declares."""

    name: Words = NO_WORDS
    description: Words = NO_WORDS
    goal: Words = NO_WORDS  # what the process is for, in a sentence
    kpi_goals: tuple[KpiGoal, ...] = ()
    owner: str | None = None
    calendar: str | None = None
    currency: str | None = None
    service_levels: tuple[ServiceLevel, ...] = ()
    form: tuple[Field, ...] = ()  # what the customer fills in to open a case
    is_internal: bool = False  # not offered to customers in the portal, form or not
    approval: Approval = Approval.NOBODY
