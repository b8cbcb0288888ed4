"""The template library: complete service processes to begin with.

Each is an ordinary BPMN file that passes the readiness gate of the demo company. Three of them are
the processes which that company runs.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files

from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.process.document import read_document
from servoloop.kernel.process.layout.sketch import Sketch, sketch_of
from servoloop.kernel.process.model import Model
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.words import Words


class Kind(StrEnum):
    """Whom a process serves, and in what."""

    QUESTION = "question"  # a customer wants to know or to be heard
    GOODS = "goods"  # something bought comes back or goes out again
    FIELD = "field"  # somebody goes there
    RELATION = "relation"  # the customer's data, trust and news
    STAFF = "staff"  # colleagues: a support process


_KINDS = {
    "consultation": Kind.QUESTION,
    "complaint": Kind.QUESTION,
    "refund": Kind.GOODS,
    "exchange": Kind.GOODS,
    "warranty": Kind.GOODS,
    "repair": Kind.FIELD,
    "installation": Kind.FIELD,
    "account_change": Kind.RELATION,
    "outage_notice": Kind.RELATION,
    "vip_care": Kind.RELATION,
    "onboarding": Kind.STAFF,
    "leaving": Kind.STAFF,
}
_OF_THE_DEMO = frozenset(("complaint", "refund", "repair"))


class UnknownTemplate(ServoloopError):
    """No template has this id."""

    def __init__(self, id: str) -> None:
        self.id = id
        super().__init__(f"No template '{id}'. Known: {', '.join(_KINDS)}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a card of the library says."""

    id: str
    kind: Kind
    name: Words
    description: Words
    goal: Words
    steps: int  # done by people
    roles: tuple[Words, ...]  # names of the lanes in which people work
    work: timedelta  # sum of the standard times of people's steps


def list_templates() -> tuple[Template, ...]:
    """All of them, in the order of the library."""
    return tuple(_template(id) for id in _KINDS)


def template(id: str) -> Template:
    """One of them. Raises UnknownTemplate."""
    if id not in _KINDS:
        raise UnknownTemplate(id)
    return _template(id)


@cache
def template_xml(id: str) -> bytes:
    """The file. Raises UnknownTemplate."""
    if id not in _KINDS:
        raise UnknownTemplate(id)
    package = "servoloop.loop.demo" if id in _OF_THE_DEMO else "servoloop.loop.templates"
    return (files(package) / "processes" / f"{id}.bpmn").read_bytes()


@cache
def template_picture(id: str, *, language: str) -> Sketch | None:
    """Its drawing with names in one language. Raises UnknownTemplate."""
    return sketch_of(_model(id), language=language)


def template_model(id: str) -> Model:
    """What the file says, typed. Raises UnknownTemplate."""
    return _model(id)


@cache
def _model(id: str) -> Model:
    return read_model(read_document(template_xml(id)))


@cache
def _template(id: str) -> Template:
    process = next(each for each in _model(id).processes if each.nodes)
    human = [node.step for node in process.nodes if node.type in ("userTask", "manualTask")]
    return Template(
        id=id,
        kind=_KINDS[id],
        name=process.name,
        description=process.sheet.description,
        goal=process.sheet.goal,
        steps=len(human),
        roles=tuple(lane.name for lane in process.lanes if lane.role),
        work=sum((step.standard_time or timedelta(0) for step in human), timedelta(0)),
    )
