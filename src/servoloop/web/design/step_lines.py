"""The steps of a process as lines of its table of standards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from servoloop.kernel.process.program import Node, Op


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    number: int
    role: str  # key
    within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    node: Node
    name: str
    kind: str
    sop: str
    role: str  # key, empty for machines
    levels: tuple[Level, ...]


def step_lines(nodes: Iterable[Node]) -> list[StepLine]:
    language = get_language() or "en"
    return [
        StepLine(
            node=node,
            name=node.name.in_language(language) or node.id,
            kind=_kind(node.op),
            sop=node.step.sop.in_language(language),
            role=node.step.role or "",
            levels=tuple(
                Level(number=number, role=level.role, within=level.within)
                for number, level in enumerate(node.step.escalation, start=1)
            ),
        )
        for node in nodes
    ]


def _kind(op: Op) -> str:
    match op:
        case Op.HUMAN:
            return _("person")
        case Op.SERVICE | Op.SCRIPT | Op.RULE | Op.SEND:
            return _("machine")
        case Op.RECEIVE | Op.WAIT:
            return pgettext("kind of step", "waits")
        case _:
            return _("part")
