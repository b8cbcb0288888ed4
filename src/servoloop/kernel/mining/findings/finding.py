"""What a finding is: a rule that fired, with its numbers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from servoloop.kernel.mining.root_causes import SimpsonAlarm
from servoloop.kernel.process.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the catalogue (ops reference, after Reijers & Liman Mansar 2005).

    `thresholds` are starting values. Changing them, or what is counted, makes a new version.
    """

    number: int  # 1..20
    id: str
    version: int
    name: Words
    thresholds: Mapping[str, float]
    redesign: Words
    guard: str  # id of the KPI that must not suffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """Hours per affected case, with an interval that holds for all rules together (95 %)."""

    hours: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that fired on a log, about one subject.

    `evidence` maps stable names to numbers (shares 0..1, hours, counts). `gain` is hours of cycle
    time a week if the affected cases became like the others (`gain_how` says the reckoning); it
    ranks findings and promises nothing: simulation and pilot decide. `affected` names the cases,
    at most `MOST_CASES` of `cases`; `alarms` are attributes that explain the effect or reverse it.
    """

    rule: Rule
    subject: str  # activity, variant, team …, '' for the whole process
    says: Words
    evidence: Mapping[str, float]
    n: int  # cases looked at
    cases: int  # affected
    affected: tuple[str, ...]
    effect: Effect
    gain: float  # hours a week
    gain_how: Words
    alarms: tuple[SimpsonAlarm, ...] = ()

    @property
    def key(self) -> str:
        """The same for the same question to any log: rule, version, thresholds and subject."""
        asked = (
            self.rule.id,
            self.rule.version,
            sorted(self.rule.thresholds.items()),
            self.subject,
        )
        return hashlib.sha256(repr(asked).encode()).hexdigest()[:16]


MOST_CASES = 1000
