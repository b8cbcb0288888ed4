"""Every rule fires on a log with its effect, and seldom where the effect was shuffled away."""

from datetime import timedelta
from random import Random

import pytest

from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.findings.catalogue import RULES
from servoloop.kernel.mining.findings.find import find
from servoloop.kernel.mining.findings.finding import Finding
from servoloop.kernel.mining.findings.promise_rules import find_in_cases
from servoloop.kernel.mining.waiting.calendars import calendars_of, discover_calendars
from servoloop.kernel.mining.waiting.decompose import decompose_waiting
from tests.kernel.mining.planted import MONDAY, PLANTERS, unanswered

SHUFFLED = 12
MOST_ALARMS = 3
"""5 % of 12 is 0.6; more than 3 come once in 400 such runs."""


def found_in(log: EventLog, seed: int) -> tuple[Finding, ...]:
    waits = None
    if log.start is not None:
        waits = decompose_waiting(log, calendars=calendars_of(discover_calendars(log, zone="UTC")))
    return find(log, random=Random(seed), waits=waits)


def findings_of(rule: str, seed: int, *, is_planted: bool) -> list[Finding]:
    random = Random(seed)
    if rule == "unanswered":
        at = MONDAY + timedelta(days=30)
        return list(find_in_cases(unanswered(random, is_planted), at=at))
    log = PLANTERS[rule](random, is_planted)
    return [each for each in found_in(log, seed) if each.rule.id == rule]


def test_there_is_a_planted_log_for_every_rule():
    assert {*PLANTERS, "unanswered"} == {rule.id for rule in RULES}


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_a_rule_fires_on_its_effect(rule):
    found = findings_of(rule, 1, is_planted=True)
    assert found
    first = found[0]
    # A question for the state of things costs the customer patience; hours only if it delays.
    assert first.gain > 0 or rule == "status_questions"
    assert 0 < first.cases <= first.n
    assert len(first.affected) == min(first.cases, 1000)
    assert first.effect.low is None or first.effect.low <= first.effect.hours <= first.effect.high
    for text in (first.says, first.gain_how):
        assert text.in_language("zh") != text.in_language("en")


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_a_rule_keeps_quiet_where_its_effect_is_shuffled_away(rule):
    alarms = sum(bool(findings_of(rule, seed, is_planted=False)) for seed in range(SHUFFLED))
    assert alarms <= MOST_ALARMS


def test_all_rules_together_keep_the_stated_level():
    """Some rule that tests an effect on time fires in about one log in twenty."""
    rules = ("transfers", "loops", "same_question", "revisits", "weekends", "better_variant")
    asked = [(rule, seed) for rule in rules for seed in range(100, 110)]
    alarms = sum(bool(findings_of(*each, is_planted=False)) for each in asked)
    assert alarms <= 8  # 5 % of 60 is 3
