"""A process that carries its decision table: the event says which rule matched."""

from pathlib import Path

import pytest

from servoloop.kernel.engine.evolve import fold
from servoloop.kernel.process.check import check, load_program
from servoloop.kernel.process.document import read_document
from tests.kernel.engine.cast import Case

WARRANTY = Path(__file__).parents[3] / "examples" / "processes" / "warranty.bpmn"


@pytest.mark.parametrize(
    ("months", "cause", "outcome", "rule"),
    [(3, "fault", "free", 1), (25, "fault", "paid", 2), (3, "misuse", "paid", 3)],
)
def test_the_table_decides_and_says_why(months, cause, outcome, rule):
    case = Case(load_program(WARRANTY.read_bytes()))
    case.open(months=months, cause=cause)
    assert case.state.outcome == outcome
    decided = next(event for event in case.events if event.activity == "fee")
    (because,) = decided.data["because"]
    assert [matched["rule"] for matched in because["matched"]] == [rule]


def test_replaying_the_log_decides_nothing_again():
    case = Case(load_program(WARRANTY.read_bytes())).open(months=3, cause="fault")
    assert fold(case.state.case, case.events).variables["payer"] == "us"


def test_a_decision_that_the_model_does_not_have_is_a_finding():
    text = WARRANTY.read_text(encoding="utf-8").replace(
        'decision="Who pays"', 'decision="Who decides"'
    )
    verdict = check(read_document(text.encode()))
    (found,) = [each for each in verdict.findings if each.rule == "unknown-decision"]
    assert not verdict.is_executable
    assert "Known: Who pays" in found.words


def test_a_gap_in_the_table_is_a_finding_of_the_process():
    text = WARRANTY.read_text(encoding="utf-8").replace("&lt;= 24", "&lt;= 20")
    verdict = check(read_document(text.encode()))
    assert any("decision" in each.rule for each in verdict.findings), verdict.findings
