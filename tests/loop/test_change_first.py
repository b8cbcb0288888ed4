"""What to change first, as the page, the terminal and the JSON tell it."""

import ast
import json
from pathlib import Path

import pytest

from servoloop.cli.diagnose import summary
from servoloop.kernel.mining.event_log import EventLog
from servoloop.kernel.mining.findings import find
from servoloop.kernel.mining.root_causes import Condition
from servoloop.loop.diagnose import Diagnosis, diagnose, diagnose_log
from servoloop.loop.findings import improvements, improvements_as_json
from servoloop.loop.report.as_json import as_json
from servoloop.loop.report.findings import kind_of, rules_tried, shown_finding, shown_outcomes
from servoloop.loop.report.render import render
from servoloop.loop.report.texts import TEXTS
from tests.kernel.mining.cast import shared_log
from tests.kernel.mining.test_findings import log_with_starts, noise


def diagnosed(log: EventLog) -> Diagnosis:
    return diagnose(log, name="log.csv", read_report=None)


@pytest.fixture(scope="module")
def queue() -> Diagnosis:
    """A log whose only clerk is too busy."""
    return diagnosed(log_with_starts())


def test_the_page_tells_each_finding_in_both_languages_with_its_numbers(queue):
    page = render(queue)
    assert queue.improvements.findings
    for each in map(shown_finding, queue.improvements.findings):
        for words in (each.says, each.redesign, each.effect, each.affected, each.gain):
            assert words.__html__() in page
        assert each.gain_how.__html__() in page
        assert each.evidence
    assert page.index('id="findings"') < page.index('id="root_causes"') < page.index('id="map"')


def test_passing_the_waiting_on_changes_no_finding(queue):
    assert improvements_as_json(improvements(log_with_starts())) == improvements_as_json(
        queue.improvements
    )


def test_the_terminal_names_the_first_three_findings(queue):
    lines = [line for line in summary(queue).splitlines() if line.startswith("Finding ")]
    assert len(lines) == min(3, len(queue.improvements.findings))
    assert queue.improvements.findings[0].says.in_language("en") in lines[0]


def test_noise_says_that_nothing_stands_out():
    found = diagnosed(noise(3))
    for words in ("No finding: nothing in this log stands out beyond chance", "没有发现"):
        assert words in render(found)
    assert "No finding: nothing in this log stands out" in summary(found)
    assert (as_json(found)["findings"], as_json(found)["root_causes"]["slow"]["causes"]) == ([], [])


def test_only_rules_that_the_log_can_tell_count_as_tried(queue):
    assert rules_tried(diagnosed(noise(3))) == 7  # neither starts nor approvals, visits, systems …
    assert rules_tried(queue) == 10


def test_the_json_of_a_log_knows_no_promises(queue):
    told = json.loads(json.dumps(as_json(queue)))
    assert told["findings"][0]["redesign"]
    assert told["root_causes"]["late_first_response"] is None
    assert told["root_causes"]["late_resolution"] is None


def test_every_figure_of_the_evidence_has_a_name_in_both_languages():
    folder = Path(find.__file__).parent
    keys = {
        key.value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "evidence"
        if isinstance(node.value, ast.Dict)
        for key in node.value.keys
        if isinstance(key, ast.Constant)
    }
    assert len(keys) > 10
    assert {f"ev_{key}" for key in keys} <= TEXTS.keys()


def test_kinds_of_cases_are_named_in_the_language_shown():
    kind = kind_of(
        (
            Condition(attribute="weekday of the beginning", value="Friday"),
            Condition(attribute="topic", value="repair"),
        )
    )
    assert kind.en == "weekday of the beginning = Friday and topic = repair"
    assert "开始的星期 = 星期五" in kind.zh


def test_a_real_log_names_its_slow_kinds_with_interval_and_alarm():
    found = diagnose_log(shared_log("helpdesk_italy.xes.gz"))
    (slow, *_) = shown_outcomes(found.improvements)
    assert (
        slow.title.en == "Cases with seriousness_2 = Value 2 take 5.7 days longer than the others"
    )
    assert slow.rows[0].effect.en == "5.7 d (4.9 to 6.5)"
    explained = next(row for row in slow.rows if row.alarms)
    assert "mostly explained by 'seriousness_2'" in explained.alarms[0].en
    page = render(found)
    assert "No rule of the catalogue fires" in page
    assert explained.alarms[0].__html__() in page
