"""The SOP manual of a process in one language: each step with its method, times, escalation."""

from collections.abc import Mapping
from dataclasses import dataclass

from servoloop.kernel.process.document import Document
from servoloop.kernel.process.layout.sketch import Sketch, sketch_of
from servoloop.kernel.process.program import Node, Op, Program
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.spoken_time import spoken
from servoloop.kernel.process.step import Field, FieldType
from servoloop.kernel.process.words import Words
from servoloop.loop.manual.texts import TAGS, TEXTS, Language

_STEPS = (Op.HUMAN, Op.SERVICE, Op.SEND, Op.SCRIPT, Op.RULE, Op.RECEIVE)
_NONE: Mapping[str, Words] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a small table: what it is, and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPage:
    """One step as its people read it; `sop` is Markdown."""

    number: int
    name: str
    kind: str
    role: str
    sop: str
    checklist: tuple[str, ...]
    attachments: tuple[Row, ...]  # what it is, and its address
    facts: tuple[Row, ...]  # times, owner, skills, limits
    fields: tuple[Row, ...]  # what the form asks for, and how it must be
    outcomes: tuple[str, ...]
    escalation: tuple[Row, ...]  # level and role, within


@dataclass(frozen=True, slots=True, kw_only=True)
class Manual:
    language: Language
    name: str
    version: str  # the beginning of the hash
    description: str
    goal: str
    facts: tuple[Row, ...]
    promises: tuple[Row, ...]  # service levels
    sketch: Sketch | None
    steps: tuple[StepPage, ...]

    def say(self, key: str) -> str:
        """A heading of the manual in its language."""
        return TEXTS[key][self.language]


def manual_of(
    program: Program,
    document: Document,
    *,
    language: Language,
    roles: Mapping[str, Words] = _NONE,
    people: Mapping[str, Words] = _NONE,
) -> Manual:
    """Everything a person needs to work by the process; `roles` and `people` name keys."""
    reader = _Reader(language=language, roles=roles, people=people)
    sheet = program.sheet
    steps = [node for node in program.nodes if node.op in _STEPS]
    return Manual(
        language=language,
        name=reader.words(sheet.name) or program.key,
        version=program.version[:12],
        description=reader.words(sheet.description),
        goal=reader.words(sheet.goal),
        facts=reader.rows(owner=reader.person(sheet.owner), calendar=sheet.calendar or ""),
        promises=tuple(
            Row(label=reader.say(level.metric), value=spoken(level.within, language))
            for level in sheet.service_levels
        ),
        sketch=sketch_of(read_model(document), language=TAGS[language]),
        steps=tuple(reader.step(number, node) for number, node in enumerate(steps, 1)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    language: Language
    roles: Mapping[str, Words]
    people: Mapping[str, Words]

    def say(self, key: str) -> str:
        return TEXTS[key][self.language] if key in TEXTS else key

    def words(self, words: Words) -> str:
        return words.in_language(TAGS[self.language])

    def role(self, key: str | None) -> str:
        known = self.roles.get(key or "")
        return self.words(known) if known else key or ""

    def person(self, name: str | None) -> str:
        known = self.people.get(name or "")
        return self.words(known) if known else name or ""

    def rows(self, **values: str) -> tuple[Row, ...]:
        """A row for each value that is there, labelled by its key."""
        return tuple(
            Row(label=self.say(key), value=value) for key, value in values.items() if value
        )

    def step(self, number: int, node: Node) -> StepPage:
        step = node.step
        outcome = step.outcome
        return StepPage(
            number=number,
            name=self.words(node.name) or node.id,
            kind=self.say(_kind(node.op)),
            role=self.role(step.role or node.lane) if node.op is Op.HUMAN else "",
            sop=self.words(step.sop),
            checklist=tuple(self.words(each.words) for each in step.checklist),
            attachments=tuple(
                Row(label=self.words(each.label) or each.address, value=each.address)
                for each in step.attachments
            ),
            facts=self._facts(node),
            fields=tuple(
                Row(label=self.words(each.label) or each.name, value=self._asked(each))
                for each in step.outputs
                if not each.is_outcome
            ),
            outcomes=tuple(
                self.words(option.label) or option.value
                for option in (outcome.options if outcome else ())
            ),
            escalation=tuple(
                Row(
                    label=f"{level_number}. {self.role(level.role)}",
                    value=spoken(level.within, self.language),
                )
                for level_number, level in enumerate(step.escalation, 1)
            ),
        )

    def _facts(self, node: Node) -> tuple[Row, ...]:
        step = node.step
        limit = step.authority_limit
        return self.rows(
            standard_time=spoken(step.standard_time, self.language) if step.standard_time else "",
            response_time=spoken(step.response_time, self.language) if step.response_time else "",
            owner=self.person(step.owner),
            skills=self.say("comma").join(step.skills),
            authority_limit=f"{limit:,} {step.currency or ''}".strip() if limit is not None else "",
            calendar=step.calendar or "",
        )

    def _asked(self, field: Field) -> str:
        """The type, the options, the bounds, and whether it must be filled in."""
        parts = [self.say(f"type_{field.type.value}")]
        if field.type is FieldType.CHOICE:
            parts = [" / ".join(self.words(o.label) or o.value for o in field.options)]
        if field.minimum is not None:
            parts.append(f"≥ {field.minimum:,}")
        if field.maximum is not None:
            parts.append(f"≤ {field.maximum:,}")
        if field.is_required:
            parts.append(self.say("required"))
        return self.say("comma").join(parts)


def _kind(op: Op) -> str:
    match op:
        case Op.HUMAN:
            return "kind_person"
        case Op.RECEIVE:
            return "kind_waits"
        case _:
            return "kind_machine"
