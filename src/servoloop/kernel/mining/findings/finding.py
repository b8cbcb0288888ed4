"""What a finding is: a rule that fired, with its numbers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from servoloop.kernel.mining.root_causes import SimpsonAlarm
from servoloop.kernel.process.diff import Change
from servoloop.kernel.process.words import NO_WORDS, Words

WEEKS_A_MONTH = 365.25 / 12 / 7


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


Unit = Literal["waiting", "work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The candidate redesign as a change of the definition, or why no edit can make it.

    `redesign` is the whole changed BPMN file: it was checked, is sound, and can be simulated and
    piloted as it stands; `changes` is its difference from the definition. Without it, `why_not`
    says what has to be done instead.
    """

    redesign: bytes | None
    definition: str  # process id that was looked at
    version: str  # of the definition that the edit begins from
    changes: tuple[Change, ...] = ()
    why_not: Words = NO_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule that fired on a log, about one subject.

    `evidence` maps stable names to numbers (shares 0..1, hours, counts). `gain` is hours a week if
    the affected cases became like the others (`gain_how` says the reckoning): hours that customers
    wait less, or hours of work, as `gain_of` says. It ranks findings and promises nothing:
    simulation and pilot decide. `affected` names the cases, at most `MOST_CASES` of `cases`;
    `alarms` are attributes that explain the effect or reverse it, out of the `compared_by` ones
    (none where nothing is compared: the hours are then measured on the cases themselves).
    `steps` are the activities to change, in the order that the rule states; `proposal` is None
    when there is no definition to change.
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
    gain_of: Unit = "waiting"
    alarms: tuple[SimpsonAlarm, ...] = ()
    compared_by: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    proposal: Proposal | None = None

    @property
    def gain_a_month(self) -> float:
        """Hours a month of the mean length."""
        return self.gain * WEEKS_A_MONTH

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


MOST_CASES = 100_000
