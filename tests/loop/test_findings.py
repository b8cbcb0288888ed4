"""Findings of a log as the report and the JSON take them."""

import json

from servoloop.loop.findings import improvements, improvements_as_json
from tests.kernel.mining.cast import read_bytes, shared_log
from tests.kernel.mining.test_findings import log_with_starts, noise


def test_the_same_log_gives_the_same_findings():
    log = log_with_starts()
    first, second = (improvements_as_json(improvements(log)) for _ in range(2))
    assert first == second
    assert first["findings"]


def test_the_json_says_what_why_how_much_and_what_to_do():
    told = improvements_as_json(improvements(log_with_starts()), language="zh")
    again = json.loads(json.dumps(told))
    for each in again["findings"]:
        assert each["redesign"]
        assert each["gain_hours_per_week"] >= 0
        assert each["gain_of"] in ("waiting", "work")
        assert each["cases"] <= each["n"]
        assert len(each["example_cases"]) <= 20
    untold = [each["rule"] for each in again["rules_not_told"]]
    assert untold == sorted(untold)
    assert {8, 11, 15, 17, 18} <= set(untold)
    assert all("未检验" in each["needs"] for each in again["rules_not_told"])
    assert again["root_causes"]["reopened"] is None


def test_findings_come_by_gain():
    gains = [each.gain for each in improvements(log_with_starts()).findings]
    assert gains == sorted(gains, reverse=True)


def test_noise_has_neither_findings_nor_causes():
    found = improvements(noise(3))
    assert found.findings == ()
    assert found.slow.causes == ()


def test_a_real_log_with_lifecycles_is_read_as_work():
    log = read_bytes(shared_log("bpic2013_closed_problems.xes.gz").read_bytes()).log
    found = improvements(log)
    assert [each.rule.id for each in found.findings][:1] == ["loops"]
    assert found.findings[0].subject == "Accepted"
    assert found.slow.causes
