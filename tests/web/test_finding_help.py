"""Every finding says what to do about it."""

from django.utils.translation import override

from servoloop.kernel.process.findings import RULES as CHECK_RULES
from servoloop.kernel.process.readiness.rules import RULES as GATE_RULES
from servoloop.web.design.finding_help import HELP, help_for

BY_CAUSE = {"flow-sound", "flow-clear"}  # they carry the findings of the check


def test_every_rule_of_the_check_and_of_the_gate_has_help() -> None:
    assert set(HELP) == set(CHECK_RULES) | (set(GATE_RULES) - BY_CAUSE)


def test_help_speaks_both_languages() -> None:
    for rule in HELP:
        with override("en"):
            english = str(help_for(rule).action)
        with override("zh-hans"):
            assert str(help_for(rule).action) != english, rule
