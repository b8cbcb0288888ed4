"""Beginning a process with words: pasted steps, or the answers to one question after another."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.text import slugify

from servoloop.accounts.people import role_labels
from servoloop.kernel.process.drafting import Draft, write_draft
from servoloop.kernel.process.outline.plain import (
    PlainStep,
    answered_text,
    plain_text,
    steps_of,
)
from servoloop.kernel.process.outline.read import KnownRole, Outline, read_outline
from servoloop.kernel.process.outline.words import is_chinese
from servoloop.kernel.process.outline.writing import Defaults
from servoloop.kernel.process.step import EscalationLevel, KpiGoal, ServiceLevel
from servoloop.kernel.process.words import Words
from servoloop.loop.drafts import create_draft
from servoloop.storage.definitions import is_published
from servoloop.storage.drafts import Draft as StoredDraft


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was answered in the guided start; steps are those of `steps_asked`."""

    name: str = ""
    goal: str = ""
    journey: tuple[str, ...] = ()  # what the customer lives through, first to last
    text: str = ""  # the steps, as an outline
    steps: Mapping[int, PlainStep] = field(default_factory=dict)  # by line
    escalation: tuple[EscalationLevel, ...] = ()
    calendar: str | None = None
    first_response: timedelta | None = None  # working time
    resolution: timedelta | None = None
    kpi_goals: Mapping[str, timedelta | Decimal] = field(default_factory=dict)


def known_roles() -> tuple[KnownRole, ...]:
    """The roles of the organisation. One query."""
    return tuple(KnownRole(key=key, label=label) for key, label in role_labels().items())


def understand(text: str, *, person: str) -> Outline:
    """What pasted steps mean here; `person` would own the process. One query."""
    return read_outline(text, roles=known_roles(), owner=person)


def plain_steps(text: str) -> str:
    """The steps with each on a line of its own. One query."""
    return plain_text(text, roles=known_roles())


def steps_asked(text: str) -> tuple[PlainStep, ...]:
    """The steps whose role and time are asked, with what the text says of them. One query."""
    return steps_of(text, roles=known_roles())


def answered_draft(answers: Answers, *, person: str) -> Draft | None:
    """The process that the answers describe so far; None without a step. One query."""
    roles = known_roles()
    text = answered_text(answers.text, answers=answers.steps, roles=roles)
    if answers.journey:
        chinese = is_chinese(answers.text)
        start = f"{'开始：' if chinese else 'Start: '}{answers.journey[0]}"
        text = f"{start}\n{text}"
    defaults = Defaults(escalation=answers.escalation) if answers.escalation else Defaults()
    outline = read_outline(text, roles=roles, owner=person, defaults=defaults)
    if outline.draft is None:
        return None
    sheet = outline.draft.sheet
    levels = [
        ServiceLevel(metric=metric, within=within, calendar=answers.calendar)
        for metric, within in (
            ("first_response", answers.first_response),
            ("resolution", answers.resolution),
        )
        if within is not None
    ]
    return replace(
        outline.draft,
        sheet=replace(
            sheet,
            name=Words(default=answers.name or sheet.name.default),
            goal=Words(default=answers.goal),
            description=Words(default=" → ".join(answers.journey)),
            calendar=answers.calendar,
            service_levels=tuple(levels),
            kpi_goals=tuple(KpiGoal(kpi=k, target=v) for k, v in answers.kpi_goals.items()),
        ),
    )


def begin_with(draft: Draft, *, person: str, at: datetime, origin: str, token: str) -> StoredDraft:
    """Keep a process that came from words as a draft, under an id that is free.

    `origin` is 'text' or 'guided'. `token` tells apart what would be named alike.
    """
    latin = slugify(draft.sheet.name.in_language("en")).replace("-", "_")
    key = latin if latin and latin[0].isalpha() else f"process_{token}"
    if is_published(key):
        key = f"{key}_{token}"
    xml = write_draft(replace(draft, id=key))
    return create_draft(xml, person=person, at=at, origin=origin)
