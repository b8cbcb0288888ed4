"""`servoloop rules` as a person types it."""

import json
from pathlib import Path

import pytest

from servoloop.cli.main import main
from tests.kernel.decisions.cast import document, table


@pytest.fixture
def priority(tmp_path: Path) -> Path:
    rules = [(("< 100", "-"), '"low"'), ((">= 100", '"gold", "vip"'), '"high"')]
    path = tmp_path / "priority.dmn"
    path.write_bytes(document(table({"amount": "number", "tier": "string"}, rules)).to_bytes())
    return path


def test_check_tells_gaps_in_words(priority: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "check", str(priority)]) == 0
    said = capsys.readouterr().out
    assert 'note: Answer: No rule covers amount = 100, tier = "other".' in said
    assert "0 errors, 1 note." in said


def test_check_fails_on_errors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "broken.dmn"
    path.write_bytes(document(table({"amount": "number"}, [(("< ",), "1")])).to_bytes())

    assert main(["rules", "check", str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)[0]["kind"] == "syntax"


def test_eval_says_which_rule_matched(priority: Path, capsys: pytest.CaptureFixture[str]) -> None:
    given = '{"amount": 150.5, "tier": "vip"}'

    assert main(["rules", "eval", str(priority), "--input", given]) == 0
    said = capsys.readouterr().out
    assert 'Answer = "high"' in said
    assert 'rule 2: amount >= 100, tier "gold", "vip"' in said


def test_eval_as_json(priority: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.json"
    case.write_text('{"amount": 5}', encoding="utf-8")

    assert main(["rules", "eval", str(priority), "--input", str(case), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["Answer"]["value"] == "low"
    assert found["Answer"]["because"][0]["matched"][0]["rule"] == 1


def test_a_feel_text_is_evaluated(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rule.feel"
    path.write_text("sum(items) / 2", encoding="utf-8")

    assert main(["rules", "eval", str(path), "--input", '{"items": [1, 2]}']) == 0
    assert json.loads(capsys.readouterr().out) == 1.5


def test_what_is_wrong_is_one_sentence(priority: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "eval", str(priority), "--input", "[1]"]) == 2
    assert "must be a JSON object" in capsys.readouterr().err
    assert main(["rules", "eval", str(priority), "--decision", "Nothing"]) == 2
    assert "No decision 'Nothing'. Known: Answer." in capsys.readouterr().err


def test_an_input_that_was_forgotten_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = tmp_path / "rule.feel"
    rule.write_text("amount > 500 and tier > 1", encoding="utf-8")

    assert main(["rules", "eval", str(rule), "--input", '{"amount": 600}']) == 0

    told = capsys.readouterr()
    assert told.out.strip() == "null"
    assert told.err == "note: no value for tier: taken as null\n"


def test_a_file_that_is_no_xml_is_told_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.dmn"
    broken.write_text("<definitions>", encoding="utf-8")

    assert main(["rules", "check", str(broken)]) == 2

    told = capsys.readouterr().err
    assert "not well-formed XML (line 1" in told
    assert "<string>" not in told
