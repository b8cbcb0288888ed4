"""Findings and root causes as the page shows them: every number with its unit and interval."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from servoloop.kernel.metrics.catalogue import CATALOGUE
from servoloop.kernel.mining.features import DAYPART, FIRST_TEAM, WEEKDAY, WEEKDAYS
from servoloop.kernel.mining.findings.catalogue import RULES
from servoloop.kernel.mining.findings.finding import Finding, Proposal
from servoloop.kernel.mining.root_causes import Condition, RootCause, RootCauses, SimpsonAlarm
from servoloop.kernel.process.diff import Change
from servoloop.kernel.process.diff_words import Aspect
from servoloop.kernel.process.words import Words as KernelWords
from servoloop.loop.diagnose import Diagnosis
from servoloop.loop.findings import CASES_LISTED, Improvements
from servoloop.loop.report import behind
from servoloop.loop.report.texts import say
from servoloop.loop.report.words import Words, duration, number, percent

OPEN_AT_FIRST = 5
"""Findings shown at once; the rest is one click away."""
ATTRIBUTES = {
    FIRST_TEAM: "attr_team",
    WEEKDAY: "attr_weekday",
    DAYPART: "attr_daypart",
    "number of steps": "attr_steps",
    "process": "attr_process",
    "channel": "attr_channel",
}
COUNTS = frozenset(
    (
        *("cases_with", "one_order", "other_order", "approvals", "cases_on_it", "batches"),
        *("escalations", "cases_asked", "entries", "cases_visited", "shifts"),
    )
)
PLAIN = frozenset(
    ("mean_changes", "steps_before", "steps_of_others", "bimodality", "ratio", "p", "limit")
)  # the others that do not end in hours are shares

CHANGES_LISTED = 8
NAMELESS = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+")
"""An id in place of a name."""

Amount = Callable[[float], Words]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFinding:
    """A finding in words of both languages."""

    key: str
    name: Words
    says: Words
    redesign: Words
    effect: Words
    affected: Words
    behind: str  # the query of its cases, '' where it names none
    named: Words | None  # how many of them it names; None: all
    gain: Words
    gain_how: Words
    guard: Words
    alarms: tuple[Words, ...]
    checked: Words
    evidence: tuple[Words, ...]
    examples: str
    proposal: "ShownProposal | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProposal:
    """The change of the definition in sentences, with the file; or why there is none."""

    definition: str  # process id
    changes: tuple[Words, ...]
    more: int  # changes beyond those listed
    why_not: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCause:
    """A row of the table; `cause` holds the plain numbers."""

    cause: RootCause
    kind: Words
    inside: Words
    outside: Words
    effect: Words
    excess: Words
    alarms: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOutcome:
    """The kinds of cases that fare worse in one outcome."""

    outcome: str
    title: Words
    how: Words
    rows: tuple[ShownCause, ...]


def findings_title(found: Improvements) -> Words:
    """How many, and what the first is worth."""
    if found.findings:
        first, many = found.findings[0], len(found.findings)
        gain = gain_words(first, hours_long)
        if many == 1:
            return say("findings_title_one", gain=gain)
        return say("findings_title", n=many, gain=gain)
    if any(causes.causes for _, causes in found.causes):
        return say("findings_only_causes")
    return say("findings_none")


def rules_tried(found: Diagnosis) -> int:
    """Rules that this log could tell."""
    return len(RULES) - len(found.improvements.untold)


def in_both(words: KernelWords) -> Words:
    """Words of the kernel as words of the page."""
    return Words(en=words.in_language("en"), zh=words.in_language("zh"))


def shown_finding(found: Finding) -> ShownFinding:
    """A finding as the page shows it."""
    return ShownFinding(
        key=found.key,
        name=in_both(found.rule.name),
        says=in_both(found.says),
        redesign=in_both(found.rule.redesign),
        effect=_effect(found),
        affected=say("n_of", cases=found.cases, n=found.n, share=percent(found.cases / found.n)),
        behind=behind.of_finding(found) if found.affected else "",
        named=say("n_named", n=len(found.affected)) if found.cases > len(found.affected) else None,
        gain=say("gain_is", gain=gain_words(found, hours)) if found.gain else say("gain_none"),
        gain_how=in_both(found.gain_how),
        guard=in_both(CATALOGUE[found.rule.guard].name),
        alarms=tuple(_alarm(each, hours) for each in found.alarms),
        checked=_checked(found),
        evidence=tuple(_evidence(found)),
        examples=", ".join(found.affected[:CASES_LISTED]),
        proposal=None if found.proposal is None else _proposal(found.proposal),
    )


def _proposal(proposal: Proposal) -> ShownProposal:
    """Steps and their standards first, then ways; what has no name is left out."""
    told = [each for each in proposal.changes if _is_told(each)]
    told.sort(key=lambda each: each.aspect is Aspect.FLOW)
    return ShownProposal(
        definition=proposal.definition,
        changes=tuple(Words(en=c.words("en"), zh=c.words("zh")) for c in told[:CHANGES_LISTED]),
        more=max(0, len(told) - CHANGES_LISTED),
        why_not=in_both(proposal.why_not),
    )


def redesigns(found: Improvements) -> dict[str, dict[str, str]]:
    """The changed files by the key of their finding, with a name to save them under."""
    return {
        each.key: {
            "file": f"{each.proposal.definition}-{each.rule.id}.bpmn",
            "bpmn": each.proposal.redesign.decode(),
        }
        for each in found.findings
        if each.proposal is not None and each.proposal.redesign is not None
    }


def _is_told(change: Change) -> bool:
    """Not for joins and ends without a name, which only a drawing can show."""
    name = change.name.in_language("en")
    return not any(NAMELESS.fullmatch(part) for part in name.split(" → "))


def _effect(found: Finding) -> Words:
    effect = found.effect
    if not effect.hours:
        return say("effect_none")
    return _interval(effect.hours, effect.low, effect.high, hours)


def gain_words(found: Finding, amount: Amount) -> Words:
    """Hours a month, of customers' waiting or of work."""
    return say(f"gain_{found.gain_of}", gain=amount(found.gain_a_month))


def _checked(found: Finding) -> Words:
    """How a confounder was looked for: like compared with like, or nothing compared at all."""
    if not found.compared_by:
        return say("compared_none")
    names = [_attribute(name) for name in found.compared_by]
    listed = Words(en=", ".join(n.en for n in names), zh="、".join(n.zh for n in names))
    return say("compared_alarm" if found.alarms else "compared_by", names=listed)


def shown_outcomes(found: Improvements) -> tuple[ShownOutcome, ...]:
    """Each outcome that was looked at, with its kinds."""
    return tuple(_outcome(outcome, causes) for outcome, causes in found.causes)


def _outcome(outcome: str, found: RootCauses) -> ShownOutcome:
    amount = hours if outcome == "slow" else _share
    difference = hours if outcome == "slow" else _points
    rows = tuple(
        ShownCause(
            cause=each,
            kind=kind_of(each.conditions),
            inside=amount(each.inside),
            outside=amount(each.outside),
            effect=_interval(each.effect, each.low, each.high, difference),
            excess=hours(each.excess)
            if outcome == "slow"
            else say("in_all_cases", n=round(each.excess)),
            alarms=tuple(_alarm(alarm, difference) for alarm in each.alarms),
        )
        for each in found.causes
    )
    return ShownOutcome(
        outcome=outcome,
        title=_title(outcome, rows),
        how=say("causes_n", n=found.cases, tried=found.tried)
        if found.tried
        else say("causes_too_few", n=found.cases),
        rows=rows,
    )


def _title(outcome: str, rows: tuple[ShownCause, ...]) -> Words:
    """Of the first kind that nothing else explains."""
    if not rows:
        return say(f"cause_{outcome}_none")
    first = next((row for row in rows if not row.alarms), rows[0])
    if outcome == "slow":
        effect = hours_long(first.cause.effect)
        return say("cause_slow_title", kind=first.kind, effect=effect)
    return say(
        f"cause_{outcome}_title", kind=first.kind, inside=first.inside, outside=first.outside
    )


def kind_of(conditions: tuple[Condition, ...]) -> Words:
    """One attribute and its value, or two."""
    words = [
        say("kind_is", attribute=_attribute(each.attribute), value=_value(each))
        for each in conditions
    ]
    return words[0] if len(words) == 1 else say("kind_both", one=words[0], other=words[1])


def _attribute(name: str) -> Words:
    return say(ATTRIBUTES[name]) if name in ATTRIBUTES else Words(en=name, zh=name)


def _value(condition: Condition) -> Words:
    if condition.attribute == WEEKDAY:
        return say(f"day_{WEEKDAYS.index(condition.value)}")
    return Words(en=condition.value, zh=condition.value)


def _alarm(alarm: SimpsonAlarm, amount: Amount) -> Words:
    name = say("is_attribute", name=_attribute(alarm.attribute))
    return say(f"alarm_{alarm.kind}", attribute=name, effect=amount(alarm.effect))


def _interval(value: float, low: float | None, high: float | None, amount: Amount) -> Words:
    if low is None or high is None:
        return amount(value)
    return say(
        "interval",
        value=amount(value),
        low=_bound(value, low, amount),
        high=_bound(value, high, amount),
    )


def _bound(value: float, bound: float, amount: Amount) -> Words:
    """A bound of an interval in the unit of its value, so that the three can be compared."""
    if amount is not hours:
        return amount(bound)
    unit = hours(value).en.rpartition(" ")[2]
    in_unit = bound / {"d": 24, "h": 1, "min": 1 / 60, "s": 1 / 3600}[unit]
    return _plain(f"{in_unit:,.{0 if abs(in_unit) >= 100 else 1}f}".replace("-", "−"))


def _evidence(found: Finding) -> Iterator[Words]:
    """Its numbers, and the bars that they had to pass; causes without waiting are left out."""
    for key, value in found.evidence.items():
        if not value:
            continue
        name, bar = say(f"ev_{key}"), found.rule.thresholds.get(key)
        if bar is None:
            yield say("figure_is", name=name, value=_figure(key, value))
        else:
            yield say("figure_bar", name=name, value=_figure(key, value), bar=_figure(key, bar))


def _figure(key: str, value: float) -> Words:
    if key.endswith("hours"):
        return hours(value)
    if key in COUNTS:
        return _plain(number(value))
    return _plain(f"{value:.3g}") if key in PLAIN else _share(value)


def hours(value: float) -> Words:
    """Hours in the unit that suits them; differences may be negative."""
    span = duration(timedelta(hours=abs(value)))
    return span if value >= 0 else Words(en=f"−{span.en}", zh=f"−{span.zh}")


def hours_long(value: float) -> Words:
    """The same with the unit written out, for sentences."""
    short = hours(value)
    units = {"d": "days", "h": "hours", "min": "minutes", "s": "seconds"}
    amount, _, unit = short.en.rpartition(" ")
    return Words(en=f"{amount} {units[unit]}", zh=short.zh)


def _share(value: float) -> Words:
    return _plain(percent(value))


def _points(value: float) -> Words:
    return say("points", n=f"{100 * value:.1f}".replace("-", "−"))


def _plain(text: str) -> Words:
    return Words(en=text, zh=text)
