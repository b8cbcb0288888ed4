"""Findings and root causes of the live cases that an exported log would not tell."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from servoloop.kernel.metrics.case_facts import facts_of_cases
from servoloop.kernel.mining.case_kinds import (
    breached,
    features_of_cases,
    hours_to_resolution,
    reopened,
)
from servoloop.kernel.mining.findings.finding import Finding
from servoloop.kernel.mining.findings.promise_rules import find_in_cases
from servoloop.kernel.mining.root_causes import RootCauses, root_causes
from servoloop.kernel.service_levels.clock import FIRST_RESPONSE, RESOLUTION
from servoloop.loop.findings import SEED
from servoloop.storage.queries.case_answers import case_answers
from servoloop.storage.queries.live_log import case_numbers
from servoloop.storage.queries.measured_events import measured_events
from servoloop.storage.queries.viewer import Viewer

DAYS = 91


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFindings:
    """Of the cases open at some time in the last days; root causes by outcome.

    `causes` has the keys slow (hours), reopened, late_first_response and late_resolution (shares).
    """

    cases: int
    findings: tuple[Finding, ...]
    causes: dict[str, RootCauses]


def live_findings(
    viewer: Viewer, *, at: datetime, zone: str, days: int = DAYS, process: str = ""
) -> LiveFindings:
    """What the live cases say of escalations, and which kinds of them fare worse. Three
    queries."""
    events = measured_events(viewer, since=at - timedelta(days=days), process=process)
    cases = tuple(facts_of_cases(events))
    answers = {each.case: each.answers for each in case_answers(process=process)}
    features = features_of_cases(cases, zone=zone, answers=answers)
    outcomes = {
        "slow": hours_to_resolution(cases, at=at),
        "reopened": reopened(cases, at=at),
        "late_first_response": breached(cases, FIRST_RESPONSE, at=at),
        "late_resolution": breached(cases, RESOLUTION, at=at),
    }
    return LiveFindings(
        cases=len(cases),
        findings=_named(find_in_cases(cases, at=at)),
        causes={
            name: root_causes(outcome, features, random=Random(SEED))
            for name, outcome in outcomes.items()
        },
    )


def _named(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The affected cases by the numbers that people call them by. One query."""
    numbers = case_numbers({int(case) for each in findings for case in each.affected})
    return tuple(
        replace(each, affected=tuple(numbers[int(case)] for case in each.affected))
        for each in findings
    )
