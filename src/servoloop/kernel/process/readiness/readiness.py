"""The readiness gate: may people and machines start to work by this definition?

Four questions (flowchart, method, time, escalation) and two more (people, promise), each with its
rules, a score, and the places where a rule is not kept. An error bars publication; a warning needs
a waiver in the file, with a reason and a name.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from servoloop.kernel.process.compile import NO_LIBRARY, Compiled, compile_model
from servoloop.kernel.process.document import Document, ProcessError
from servoloop.kernel.process.findings import Finding, Severity, quoted
from servoloop.kernel.process.program import Program
from servoloop.kernel.process.reader import read_model
from servoloop.kernel.process.readiness.decisions import decisions_in, find_bad_decisions
from servoloop.kernel.process.readiness.drawing import find_emptiness, find_undrawn
from servoloop.kernel.process.readiness.people import (
    Organisation,
    find_missing_people,
    find_missing_roles,
)
from servoloop.kernel.process.readiness.places import Gap, Place, places_of
from servoloop.kernel.process.readiness.promises import find_broken_promises
from servoloop.kernel.process.readiness.rules import (
    QUESTIONS,
    RULES,
    STRICT_RULES,
    WEIGHTS,
    Question,
    ReadinessRule,
)
from servoloop.kernel.process.readiness.standards import find_missing_standards
from servoloop.kernel.process.readiness.strict import find_breaches_of_strict, wants_strict
from servoloop.kernel.process.readiness.waivers import Waiver, find_bad_waivers, read_waivers
from servoloop.kernel.process.soundness import find_unsoundness
from servoloop.kernel.process.spoken_time import duration_in
from servoloop.kernel.process.step import ProcessSheet
from servoloop.kernel.process.structure import find_loose_ends
from servoloop.kernel.process.words import Words

# Said better, or proven away, by the rules about decisions.
_REPLACED = frozenset({"no-default"})
_OF_PEOPLE = frozenset({"unknown-owner", "nobody-in-role", "unknown-calendar"})
_OF_HUMANS = frozenset(
    {"no-method", "no-escalation", "no-response-time", "escalation-in-circle", "no-role"}
) | {"time-contradiction"}
_QUOTED = re.compile(r"'[^']*' \(([^()\s]+)\)")  # as `quoted` writes an element with a name
_OF_DECISIONS = frozenset({"decision-gap", "decision-overlap", "branch-never"}) | {
    "decision-undecided"
}


class NotReady(ProcessError):
    """A definition that the gate does not let through; `readiness` says why."""

    def __init__(self, readiness: "Readiness") -> None:
        self.readiness = readiness
        open_ = [each for each in readiness.findings if each.is_open]
        more = f" And {len(open_) - 3} more." if len(open_) > 3 else ""
        said = " ".join(each.words("en") for each in open_[:3])
        super().__init__(f"The process is not ready to be published. {said}{more}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessFinding:
    """One rule not kept at one place."""

    rule: ReadinessRule
    gap: Gap
    waiver: Waiver | None = None

    @property
    def elements(self) -> tuple[str, ...]:
        """BPMN ids to show, the one that is named first."""
        return self.gap.elements

    @property
    def severity(self) -> Severity:
        return self.rule.severity

    @property
    def is_open(self) -> bool:
        """Whether it still bars publication."""
        return self.waiver is None

    @property
    def cause(self) -> Finding | None:
        """What the check of the file said, when it is its finding."""
        return self.gap.cause

    def words(self, language: str, *, roles: Mapping[str, Words] | None = None) -> str:
        """One sentence in English or Chinese; `roles` gives role keys their labels."""
        return sentence(self.rule, self.gap, language=language, roles=roles or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    rule: ReadinessRule
    asked: int  # places at which the rule was applied; 0: it does not concern this definition
    findings: tuple[ReadinessFinding, ...]

    @property
    def score(self) -> float:
        """0..1: the share of places at which nothing stands open."""
        open_ = {each.elements[:1] for each in self.findings if each.is_open}
        return 1.0 - min(len(open_), self.asked) / self.asked if self.asked else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionVerdict:
    question: Question
    words: Words
    rules: tuple[RuleVerdict, ...]

    @property
    def is_kept(self) -> bool:
        return not any(each.is_open for rule in self.rules for each in rule.findings)

    @property
    def findings(self) -> tuple[ReadinessFinding, ...]:
        return tuple(each for rule in self.rules for each in rule.findings)

    @property
    def score(self) -> float:
        """0..1: the mean of the rules that concern this definition."""
        asked = [each.score for each in self.rules if each.asked]
        return sum(asked) / len(asked) if asked else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The verdict of the gate."""

    questions: tuple[QuestionVerdict, ...]
    program: Program | None  # None while the file cannot be executed
    is_strict: bool

    @property
    def findings(self) -> tuple[ReadinessFinding, ...]:
        """Errors first, then in the order of the questions."""
        found = [each for question in self.questions for each in question.findings]
        return tuple(sorted(found, key=lambda each: each.severity is not Severity.ERROR))

    @property
    def is_ready(self) -> bool:
        """No error stands, and every warning has a waiver."""
        return self.program is not None and not any(each.is_open for each in self.findings)

    @property
    def score(self) -> int:
        """0..100; 100 only when nothing stands open, 0 while there is nothing to judge."""
        if any(_is_of_nothing(each) for each in self.findings):
            return 0
        total = sum(WEIGHTS[each.question] * each.score for each in self.questions)
        score = int(100 * total / sum(WEIGHTS.values()) + 1e-9)
        return score if self.is_ready else min(score, 99)


def assess(
    document: Document,
    *,
    process: str | None = None,
    library: Mapping[str, Document] = NO_LIBRARY,
    organisation: Organisation | None = None,
    strict: bool | None = None,
) -> Readiness:
    """Ask a definition everything; never raises.

    Without an `organisation` nothing is asked about people and calendars. `strict` None leaves the
    profile to the file (servoloop:profile="strict" on the process).
    """
    model = read_model(document)
    compiled = compile_model(model, document, process=process, library=library)
    unsound = () if compiled.program is None else find_unsoundness(compiled.program)
    loose = [each for one in compiled.processes for each in find_loose_ends(one)]
    found = [*compiled.findings, *loose, *unsound]
    is_broken = any(each.severity is Severity.ERROR for each in found)
    is_strict = wants_strict(compiled.processes) if strict is None else strict
    waivers = read_waivers(document)
    places = places_of(compiled, compiled.program)
    names = {each.id: each.name for each in model.nodes()}
    gaps = [_of_check(each, names) for each in found if each.rule not in _REPLACED]
    gaps += find_bad_waivers(waivers)
    for each in compiled.processes:
        gaps += (*find_emptiness(each), *find_undrawn(each, model))
    gaps += _gaps(compiled, places, organisation=organisation, is_strict=is_strict)
    asked = _asked(compiled, places, organisation=organisation)
    return Readiness(
        questions=tuple(_verdicts(gaps, waivers, asked=asked, is_strict=is_strict)),
        program=None if is_broken else compiled.program,
        is_strict=is_strict,
    )


def sentence(rule: ReadinessRule, gap: Gap, *, language: str, roles: Mapping[str, Words]) -> str:
    """The rule's sentence about one place."""
    if gap.cause is not None:
        return gap.cause.words
    values = {"element": _quoted(gap, language)}
    for name, value in gap.parameters.items():
        if isinstance(value, Words):
            values[name] = value.in_language(language)
        elif name in rule.durations:
            values[name] = duration_in(value, language)
        else:
            values[name] = roles[value].in_language(language) if value in roles else value
    return rule.sentence.in_language(language).format(**values)


def _gaps(
    compiled: Compiled,
    places: tuple[Place, ...],
    *,
    organisation: Organisation | None,
    is_strict: bool,
) -> Iterator[Gap]:
    yield from find_missing_standards(places)
    first = compiled.processes[0] if compiled.processes else None
    sheet = first.sheet if first is not None else ProcessSheet()
    process = first.id if first is not None else ""
    if first is not None:
        yield from find_missing_roles(places, sheet=sheet, process=process)
    if first is not None and organisation is not None:
        yield from find_missing_people(
            places, sheet=sheet, process=process, organisation=organisation
        )
    if compiled.program is not None:
        yield from find_bad_decisions(compiled.program)
        yield from find_broken_promises(compiled.program)
        if is_strict:
            yield from find_breaches_of_strict(compiled.program)


def _of_check(finding: Finding, names: Mapping[str, Words]) -> Gap:
    return Gap(
        rule="flow-sound" if finding.severity is Severity.ERROR else "flow-clear",
        elements=(finding.element_id,) if finding.element_id else (),
        name=names.get(finding.element_id, Words(default=finding.element_name)),
        parameters={key: _named(text, names) for key, text in finding.parameters.items()},
        cause=finding,
    )


def _named(text: str, names: Mapping[str, Words]) -> Words:
    """The text with the elements that it quotes named in every language they have names in."""
    known = [names[id] for id in _QUOTED.findall(text) if id in names]
    languages = sorted({tag for each in known for tag in each.translations})

    def said(tag: str) -> str:
        return _QUOTED.sub(
            lambda found: (
                quoted(found[1], names[found[1]].in_language(tag))
                if found[1] in names
                else found[0]
            ),
            text,
        )

    return Words(default=text, translations={tag: said(tag) for tag in languages})


def _asked(
    compiled: Compiled, places: tuple[Place, ...], *, organisation: Organisation | None
) -> Mapping[str, int]:
    """Rule to the number of places that it is about."""
    humans = sum(each.is_human for each in places)
    decisions = len(decisions_in(compiled.program)) if compiled.program is not None else 0
    asked = dict.fromkeys(("flow-sound", "flow-clear", "not-drawn"), max(len(places), 1))
    asked |= {"no-owner": 1, "no-step": 1}
    asked["no-standard-time"] = sum(each.is_task for each in places)
    asked |= dict.fromkeys(_OF_HUMANS, humans)
    asked |= dict.fromkeys(_OF_DECISIONS, decisions)
    if organisation is not None:
        asked |= dict.fromkeys(_OF_PEOPLE, humans + 1)
        if any(each.calendar is not None for each in organisation.workers):
            asked["hours-without-people"] = humans
    asked |= dict.fromkeys(STRICT_RULES, len(places))
    if compiled.program is not None:
        promised = {each.metric for each in compiled.program.sheet.service_levels}
        asked["promise-impossible"] = asked["promise-tight"] = int("resolution" in promised)
        asked["promise-late-start"] = int("first_response" in promised)
    return asked


def _verdicts(
    gaps: Iterable[Gap],
    waivers: tuple[Waiver, ...],
    *,
    asked: Mapping[str, int],
    is_strict: bool,
) -> Iterator[QuestionVerdict]:
    found: dict[str, list[ReadinessFinding]] = {id: [] for id in RULES}
    for gap in gaps:
        rule = RULES[gap.rule]
        waiver = _waiver_of(gap, waivers) if rule.severity is Severity.WARNING else None
        found[gap.rule].append(ReadinessFinding(rule=rule, gap=gap, waiver=waiver))
    for question, words in QUESTIONS.items():
        rules = tuple(
            RuleVerdict(
                rule=rule,
                asked=max(asked.get(rule.id, 0), len(found[rule.id])),
                findings=tuple(found[rule.id]),
            )
            for rule in RULES.values()
            if rule.question is question and (is_strict or rule.id not in STRICT_RULES)
        )
        yield QuestionVerdict(question=question, words=words, rules=rules)


def _waiver_of(gap: Gap, waivers: tuple[Waiver, ...]) -> Waiver | None:
    """A waiver of this rule at this element, or at the call activity that it lies in."""
    element = gap.elements[0] if gap.elements else ""
    for each in waivers:
        is_here = each.element in (element, element.split("/")[0])
        if each.rule == gap.rule and is_here and each.by and each.reason:
            return each
    return None


def _is_of_nothing(finding: ReadinessFinding) -> bool:
    """Whether it says that there is nothing to judge."""
    is_blank = finding.cause is not None and finding.cause.rule == "no-process"
    return is_blank or finding.rule.id == "no-step"


def _quoted(gap: Gap, language: str) -> str:
    name = " ".join(gap.name.in_language(language).split())
    return f"“{name or (gap.elements[0] if gap.elements else '')}”"
