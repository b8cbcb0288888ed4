"""Value stream and redesigns as the page, the JSON and the terminal tell them."""

import json
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from servoloop.cli.main import main
from servoloop.kernel.errors import ServoloopError
from servoloop.kernel.mining.rates import parse_rate
from servoloop.kernel.mining.value import ValueOptions
from servoloop.kernel.process.step import ValueClass
from servoloop.loop.definition_file import read_definition
from servoloop.loop.diagnose import Diagnosis, diagnose
from servoloop.loop.redesigns import with_changes_of_file
from servoloop.loop.report.as_json import as_json
from servoloop.loop.report.render import render
from tests.kernel.mining.planted import worked

REFUND = Path(__file__).parents[2] / "src/servoloop/loop/demo/processes/refund.bpmn"


def refunds():
    """Verify (by two kinds of time), inspect, book; every third is verified again."""
    rows = []
    for case in range(240):
        at = case * 5.0
        again = case % 3 == 0
        names = ["Verify the request", *(["Verify the request"] if again else [])]
        names += [
            "Inspect the goods",
            *(["Verify the request"] if again else []),
            "Book the refund",
        ]
        for name in names:
            spent = 0.1 if case % 2 else 1.5
            rows.append((case, name, at, at + spent, f"{name[:3]}{case % 4}", name[:3]))
            at += spent + 9
    return worked(rows, "resource", "team")


@pytest.fixture(scope="module")
def found() -> Diagnosis:
    options = ValueOptions(
        classes={"Inspect the goods": ValueClass.WASTE}, rates={"Book the refund": parse_rate("7")}
    )
    return diagnose(
        refunds(),
        name="refunds.csv",
        read_report=None,
        definition=read_definition(REFUND),
        value=options,
    )


def test_the_page_shows_the_stream_with_where_each_class_comes_from(found):
    page = render(found)
    assert 'id="value"' in page
    for words in ("said by you", "from the definition", "由您指定", "The work costs", "CNY"):
        assert words in page
    begin = re.search(r'<svg [^>]*class="stream"', page)
    assert begin
    svg = page[begin.start() :]
    drawn = ElementTree.fromstring(svg[: svg.index("</svg>") + 6])
    bars = [each for each in drawn.iter("rect") if each.get("class") == "v-waits"]
    assert len(bars) == 3
    assert all(0 <= float(each.get("width", "").rstrip("%")) <= 100 for each in bars)


def test_the_json_of_the_stream_holds_shares_costs_and_sources(found):
    told = json.loads(json.dumps(as_json(found)))["value"]
    assert sum(told["shares"].values()) == pytest.approx(1)
    assert told["currency"] == "CNY"
    assert {step["activity"]: step["source"] for step in told["steps"]} == {
        "Verify the request": "definition",
        "Inspect the goods": "user",
        "Book the refund": "definition",
    }
    assert told["cost"] == pytest.approx(sum(step["cost"] for step in told["steps"]), abs=0.05)
    assert told["variants"]


def test_the_findings_carry_the_changed_file_and_say_what_changed(found):
    improvements = with_changes_of_file(found.improvements, REFUND)
    told = {each.rule.id: each for each in improvements.findings}
    assert told["loops"].proposal is not None
    assert told["loops"].proposal.redesign is not None

    page = render(replace(found, improvements=improvements))
    assert "In the definition “refund”" in page
    assert 'data-redesign="' in page
    assert "Save the changed process (BPMN)" in page
    data = json.loads(json.dumps(as_json(replace(found, improvements=improvements))))
    (loop,) = [each for each in data["findings"] if each["rule"] == "loops"]
    assert loop["proposal"]["bpmn"].startswith("<?xml")
    assert loop["proposal"]["changes"][0]["says"]


def test_a_drawing_that_cannot_be_executed_is_compared_with_but_not_changed(found, tmp_path):
    drawing = tmp_path / "drawing.bpmn"
    text = REFUND.read_text(encoding="utf-8")
    drawing.write_text(text.replace("approval = &quot;", "approval is &quot;").replace(
        'approval = "approved"', "who knows?"), encoding="utf-8")  # fmt: skip
    for each in with_changes_of_file(found.improvements, drawing).findings:
        assert each.proposal is not None
        assert each.proposal.redesign is None
        assert "cannot be executed" in each.proposal.why_not.in_language("en")


def test_the_terminal_takes_classes_and_rates_and_refuses_what_is_none(tmp_path, capsys):
    log = tmp_path / "log.csv"
    log.write_text(
        "case,activity,start,timestamp\n"
        "1,Check,2026-03-02 09:00:00,2026-03-02 10:00:00\n"
        "1,Repair,2026-03-02 11:00:00,2026-03-02 13:00:00\n"
    )
    given = ["--value", "Check=waste", "--rate", "Repair=40EUR/h", "--json"]
    assert main(["diagnose", str(log), *given]) == 0
    value = json.loads(capsys.readouterr().out)["value"]
    assert (value["cost"], value["currency"]) == (80.0, "EUR")
    assert value["shares"]["waste"] == pytest.approx(1 / 3)
    for wrong in (["--value", "Check=gold"], ["--rate", "Check=much"], ["--rate", "40"]):
        assert main(["diagnose", str(log), *wrong]) == 2
        assert capsys.readouterr().err


def test_rates_in_two_currencies_are_refused():
    options = ValueOptions(rates={"Verify the request": parse_rate("9EUR")})
    with pytest.raises(ServoloopError, match="CNY and EUR"):
        diagnose(
            refunds(),
            name="x",
            read_report=None,
            definition=read_definition(REFUND),
            value=options,
        )
