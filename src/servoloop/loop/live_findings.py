"""Findings and root causes of the live cases that an exported log would not tell."""

from dataclasses import dataclass
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
    """What the live cases say of escalations, and which kinds of them fare worse. One query."""
    events = measured_events(viewer, since=at - timedelta(days=days), process=process)
    cases = tuple(facts_of_cases(events))
    features = features_of_cases(cases, zone=zone)
    outcomes = {
        "slow": hours_to_resolution(cases, at=at),
        "reopened": reopened(cases, at=at),
        "late_first_response": breached(cases, FIRST_RESPONSE, at=at),
        "late_resolution": breached(cases, RESOLUTION, at=at),
    }
    return LiveFindings(
        cases=len(cases),
        findings=find_in_cases(cases, at=at),
        causes={
            name: root_causes(outcome, features, random=Random(SEED))
            for name, outcome in outcomes.items()
        },
    )
