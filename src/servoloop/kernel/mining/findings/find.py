"""Find: every rule of the catalogue that an event log can tell; the door of this package."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.findings.copying import copy_paste
from servoloop.kernel.mining.findings.demand_rules import (
    reopens,
    scripted,
    status_questions,
    weekends,
)
from servoloop.kernel.mining.findings.finding import Finding
from servoloop.kernel.mining.findings.flow_rules import (
    any_order,
    approvals,
    better_variants,
    late_rejects,
    loops,
    transfers,
)
from servoloop.kernel.mining.findings.idle_rules import idle_skill
from servoloop.kernel.mining.findings.needs import not_asked
from servoloop.kernel.mining.findings.reading import read
from servoloop.kernel.mining.findings.repeated_questions import same_question
from servoloop.kernel.mining.findings.time_rules import batches, mixed_queue, peaks, waiting
from servoloop.kernel.mining.findings.visit_rules import revisits, travel
from servoloop.kernel.process.words import Words

if TYPE_CHECKING:  # it loads the compiler, which logs without starts need not wait for
    from servoloop.kernel.mining.waiting.decompose import Waiting

_RULES = (
    transfers,
    waiting,
    peaks,
    idle_skill,
    approvals,
    late_rejects,
    any_order,
    same_question,
    loops,
    scripted,
    copy_paste,
    mixed_queue,
    batches,
    weekends,
    revisits,
    travel,
    status_questions,
    better_variants,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The findings by expected gain, and the rules that the log cannot answer, each with why."""

    findings: tuple[Finding, ...]
    not_asked: Mapping[int, Words]


def find(
    log: EventLog, *, random: Random, waits: "Waiting | None" = None, zone: str = "UTC"
) -> tuple[Finding, ...]:
    """The findings in a log; see `look`."""
    return look(log, random=random, waits=waits, zone=zone).findings


def look(
    log: EventLog, *, random: Random, waits: "Waiting | None" = None, zone: str = "UTC"
) -> Found:
    """Ask every rule that the log can answer; findings come by expected gain, descending.

    `waits` is the decomposed waiting of the same cases, in the same order, where the log tells
    starts: six of the rules need it. Where outcomes are shuffled among cases, some rule that tests
    an effect on time fires in at most 5 % of logs.
    """
    reading = read(log, waiting=waits, zone=zone)
    found = [finding for rule in _RULES for finding in rule(reading)]
    found += reopens(reading, random)
    return Found(
        findings=tuple(sorted(found, key=lambda e: (-e.gain, e.rule.number, e.subject))),
        not_asked=not_asked(reading),
    )
