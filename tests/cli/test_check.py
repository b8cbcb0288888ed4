"""`servoloop check` as a newcomer meets it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from servoloop.kernel.process.findings import RULES

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "examples" / "processes" / "tiny.bpmn"
COMMAND = [sys.executable, "-m", "servoloop.cli.main", "check"]
DEADLOCK = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
  <process id="p" isExecutable="true">
    <startEvent id="start"/>
    <exclusiveGateway id="which" default="to_ship"/>
    <userTask id="pay" name="Pay"/><userTask id="ship" name="发货"/>
    <parallelGateway id="both"/>
    <endEvent id="end"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="which"/>
    <sequenceFlow id="to_pay" sourceRef="which" targetRef="pay">
      <conditionExpression>amount > 0</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="to_ship" sourceRef="which" targetRef="ship"/>
    <sequenceFlow id="f2" sourceRef="pay" targetRef="both"/>
    <sequenceFlow id="f3" sourceRef="ship" targetRef="both"/>
    <sequenceFlow id="f4" sourceRef="both" targetRef="end"/>
  </process>
</definitions>
"""
CALLING = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">
  <process id="outer" isExecutable="true">
    <startEvent id="s"/><callActivity id="ask" calledElement="tiny"/><endEvent id="e"/>
    <sequenceFlow id="f1" sourceRef="s" targetRef="ask"/>
    <sequenceFlow id="f2" sourceRef="ask" targetRef="e"/>
  </process>
</definitions>
"""


def run(*words: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *map(str, words)], capture_output=True, check=False, input=stdin
    )


@pytest.fixture
def deadlock(tmp_path: Path) -> Path:
    path = tmp_path / "order.bpmn"
    path.write_text(DEADLOCK, encoding="utf-8")
    return path


def test_an_executable_process_is_said_to_be_one() -> None:
    shown = run(TINY)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.decode() == "tiny.bpmn can be executed (no errors, no warnings).\n"


def test_the_json_of_an_executable_process_names_its_version() -> None:
    shown = run(TINY, "--json")
    told = json.loads(shown.stdout)
    assert shown.returncode == 0
    assert list(told) == ["executable", "process", "version", "findings"]
    assert (told["executable"], told["process"], told["findings"]) == (True, "tiny", [])
    assert re.fullmatch("[0-9a-f]{64}", told["version"])


def test_a_process_that_can_stop_for_ever_is_refused_with_the_way_there(deadlock: Path) -> None:
    shown = run(deadlock)
    assert shown.returncode == 1
    assert "order.bpmn cannot be executed (1 error, no warnings)." in shown.stdout.decode()
    assert "waits for '发货' (ship)" in shown.stdout.decode()
    told = json.loads(run(deadlock, "--json").stdout)
    assert told["executable"] is False and told["version"] is None
    (finding,) = told["findings"]
    assert list(finding) == ["element", "name", "rule", "severity", "words", "parameters"]
    assert (finding["element"], finding["rule"], finding["severity"]) == (
        "both",
        "deadlock",
        "error",
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"hello", "not well-formed XML"),
        (b"<html/>", "not BPMN 2.0"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "document type or entities"),
        (b"<a>" * 100_000, "not BPMN 2.0"),
    ],
)
def test_what_cannot_be_read_is_one_sentence_and_status_2(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "bad.bpmn"
    path.write_bytes(content)
    for options in ([], ["--json"]):
        shown = run(path, *options)
        words = shown.stderr.decode()
        assert (shown.returncode, shown.stdout) == (2, b"")
        assert says in words and "bad.bpmn" in words and words.count("\n") == 1
        assert "Traceback" not in words


def test_a_missing_file_and_a_folder_are_one_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "nowhere.bpmn", tmp_path):
        shown = run(path)
        assert shown.returncode == 2 and str(path) in shown.stderr.decode()
        assert shown.stderr.decode().count("\n") == 1


def test_a_called_process_comes_from_the_library(tmp_path: Path) -> None:
    path = tmp_path / "outer.bpmn"
    path.write_text(CALLING, encoding="utf-8")
    assert run(path).returncode == 1
    assert "'tiny', which is not in the library" in run(path).stdout.decode()
    assert run(path, "--library", TINY).returncode == 0


def test_standard_input_can_be_checked_and_a_process_chosen() -> None:
    assert run("-", stdin=TINY.read_bytes()).returncode == 0
    shown = run(TINY, "--process", "nobody")
    assert shown.returncode == 1
    assert "There is no process 'nobody' here. Known: tiny." in shown.stdout.decode()


def test_the_reference_lists_every_rule() -> None:
    page = (ROOT / "docs" / "reference" / "check-json.md").read_text(encoding="utf-8")
    for rule in RULES.values():
        assert f"| `{rule.id}` | {rule.severity} | {rule.template} |" in page


def test_readiness_asks_the_four_questions_and_more(tmp_path: Path) -> None:
    text = TINY.read_text(encoding="utf-8")
    path = tmp_path / "tiny.bpmn"
    path.write_text(text.replace('standardTime="PT10M" ', ""), encoding="utf-8")

    ready, unready = run(TINY, "--readiness"), run(path, "--readiness", "--lang", "zh")

    assert ready.returncode == 0, ready.stderr
    assert ready.stdout.decode().startswith("tiny.bpmn is ready (100 of 100).")
    assert unready.returncode == 1
    assert "“答复或转交”没有标准时间。" in unready.stdout.decode()


def test_readiness_as_json_names_rule_question_and_elements(tmp_path: Path) -> None:
    path = tmp_path / "tiny.bpmn"
    text = TINY.read_text(encoding="utf-8")
    path.write_text(text.replace('outcome = "answered"', 'outcome = "anwsered"'), encoding="utf-8")

    answer = json.loads(run(path, "--readiness", "--json").stdout)

    assert answer["ready"] is False and answer["score"] == 96
    (finding,) = answer["findings"]
    assert finding["rule"] == "branch-never" and finding["question"] == "flow"
    assert finding["elements"] == ["who_answers", "to_answered"]
    assert finding["waiver"] is None
    assert set(finding["words"]) == {"en", "zh"}
    assert [each["kept"] for each in answer["questions"]] == [False, *[True] * 5]


def test_the_strict_profile_is_asked_for_on_the_command_line() -> None:
    assert run(TINY, "--readiness", "--strict").returncode == 0
    busy = run(ROOT / "tests" / "processes" / "errand.bpmn", "--readiness", "--strict", "--json")
    rules = {each["rule"] for each in json.loads(busy.stdout)["findings"]}
    assert "strict-one-path" in rules
