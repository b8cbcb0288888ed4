"""Findings and root causes of an event log: what to change first, and which cases fare worse."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.features import case_features
from servoloop.kernel.mining.findings.find import look
from servoloop.kernel.mining.findings.finding import Finding, Proposal
from servoloop.kernel.mining.findings.outcomes import reopened_outcome
from servoloop.kernel.mining.reopenings import reopenings
from servoloop.kernel.mining.root_causes import RootCause, RootCauses, root_causes
from servoloop.kernel.mining.sweep import sweep
from servoloop.kernel.process.words import Words
from servoloop.loop.waiting import decomposed

if TYPE_CHECKING:  # it loads the compiler, which logs without starts need not wait for
    from servoloop.kernel.mining.waiting.decompose import Waiting

SEED = 1
"""Of the shuffles: the same log always gives the same findings."""
CASES_LISTED, CASES_NAMED = 20, 1000
FEWEST_REOPENED = 30
OUTCOMES = ("slow", "reopened", "late_first_response", "late_resolution")


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvements:
    """What a log suggests to change.

    `findings` by expected gain; `slow` are kinds of cases that take longer (hours), `reopened`
    kinds that are reopened more often (shares), None when too few are; the other two are kinds
    that break their promises more often, None for imported logs. `untold` are rules of the
    catalogue that a log cannot tell, with what they need.
    """

    findings: tuple[Finding, ...]
    slow: RootCauses
    reopened: RootCauses | None
    late_first_response: RootCauses | None
    late_resolution: RootCauses | None
    untold: Mapping[int, Words]

    @property
    def causes(self) -> tuple[tuple[str, RootCauses], ...]:
        """The outcomes that were looked at, with the kinds that fare worse in them."""
        looked_at = (
            ("slow", self.slow),
            ("reopened", self.reopened),
            ("late_first_response", self.late_first_response),
            ("late_resolution", self.late_resolution),
        )
        return tuple((outcome, found) for outcome, found in looked_at if found is not None)


def improvements(
    log: EventLog, *, zone: str = "UTC", waits: "Waiting | None" = None
) -> Improvements:
    """Findings and root causes of a log of at least one event; the same every time.

    `waits` spares decomposing the waiting again; its log must be this one with its start and
    complete events joined.
    """
    if waits is None and (split := decomposed(log, zone=zone)) is not None:
        waits = split.waits
    read = log if waits is None else waits.log
    features = case_features(read, zone=zone)
    swept = sweep(read)
    hours = swept.case_duration / 3_600_000_000
    reopened = reopenings(read, swept)
    found = look(read, random=Random(SEED), waits=waits, zone=zone)
    return Improvements(
        findings=found.findings,
        slow=root_causes(hours, features, random=Random(SEED)),
        reopened=(
            root_causes(reopened_outcome(read, reopened.closing), features, random=Random(SEED))
            if reopened.cases >= FEWEST_REOPENED
            else None
        ),
        late_first_response=None,
        late_resolution=None,
        untold=found.not_asked,
    )


def improvements_as_json(found: Improvements, *, language: str = "en") -> dict[str, Any]:
    """The keys of docs/reference/findings-json.md."""
    return {
        "findings": [_finding(each, language) for each in found.findings],
        "root_causes": dict.fromkeys(OUTCOMES)
        | {
            outcome: _causes(causes, "hours" if outcome == "slow" else "share")
            for outcome, causes in found.causes
        },
        "rules_not_told": [
            {"rule": number, "needs": words.in_language(language)}
            for number, words in found.untold.items()
        ],
    }


def _finding(found: Finding, language: str) -> dict[str, Any]:
    return {
        "rule": found.rule.id,
        "number": found.rule.number,
        "version": found.rule.version,
        "key": found.key,
        "name": found.rule.name.in_language(language),
        "subject": found.subject or None,
        "says": found.says.in_language(language),
        "thresholds": dict(found.rule.thresholds),
        "evidence": dict(found.evidence),
        "n": found.n,
        "cases": found.cases,
        "example_cases": list(found.affected[:CASES_LISTED]),
        "affected_cases": list(found.affected[:CASES_NAMED]),
        "effect_hours": {
            "value": found.effect.hours,
            "low": found.effect.low,
            "high": found.effect.high,
        },
        "gain_hours_per_week": found.gain,
        "gain_hours_per_month": found.gain_a_month,
        "gain_of": found.gain_of,
        "gain_how": found.gain_how.in_language(language),
        "redesign": found.rule.redesign.in_language(language),
        "guard": found.rule.guard,
        "alarms": [
            {"attribute": a.attribute, "kind": a.kind, "effect": a.effect} for a in found.alarms
        ],
        "compared_by": list(found.compared_by),
        "steps": list(found.steps),
        "proposal": None if found.proposal is None else _proposal(found.proposal, language),
    }


def _proposal(proposal: Proposal, language: str) -> dict[str, Any]:
    """The changed BPMN file as text, what it changes in words, or why there is none."""
    redesign = proposal.redesign
    return {
        "definition": proposal.definition or None,
        "version": proposal.version or None,
        "bpmn": None if redesign is None else redesign.decode(),
        "changes": [
            {
                "kind": change.kind.value,
                "aspect": change.aspect.value,
                "element": change.element or change.old_element or None,
                "says": change.words(language),
            }
            for change in proposal.changes
        ],
        "why_not": proposal.why_not.in_language(language) or None,
    }


def _causes(found: RootCauses, unit: str) -> dict[str, Any]:
    return {
        "unit": unit,
        "cases": found.cases,
        "kinds_tried": found.tried,
        "causes": [_cause(each) for each in found.causes],
    }


def _cause(cause: RootCause) -> dict[str, Any]:
    return {
        "conditions": [{"attribute": c.attribute, "value": c.value} for c in cause.conditions],
        "cases": cause.cases,
        "inside": cause.inside,
        "outside": cause.outside,
        "effect": cause.effect,
        "low": cause.low,
        "high": cause.high,
        "excess": cause.excess,
        "p": cause.p,
        "alarms": [
            {"attribute": a.attribute, "kind": a.kind, "effect": a.effect} for a in cause.alarms
        ],
    }
