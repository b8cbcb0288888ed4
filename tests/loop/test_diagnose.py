"""The diagnosis as a whole, its page and its JSON."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest
from markupsafe import escape

from servoloop.kernel.interchange.read_report import ReadProgress
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.kernel.process.check import load_program
from servoloop.kernel.process.layout.sizes import text_width
from servoloop.loop.diagnose import Diagnosis, diagnose_log
from servoloop.loop.discover import discover_log
from servoloop.loop.report.as_json import as_json
from servoloop.loop.report.model_picture import picture_of
from servoloop.loop.report.render import render
from servoloop.loop.report.texts import TEXTS
from servoloop.loop.report.words import duration, percent
from tests.kernel.mining.cast import EXAMPLES


@pytest.fixture(scope="module")
def complaints() -> Diagnosis:
    return diagnose_log(EXAMPLES / "complaints.csv")


def test_the_counts_of_the_example_are_those_of_its_file(complaints):
    lines = (EXAMPLES / "complaints.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert complaints.counts.events == len(lines)
    assert complaints.counts.cases == len({line.split(",")[0] for line in lines})
    assert complaints.counts.activities == len({line.split(",")[1] for line in lines})


def test_parts_of_the_diagnosis_agree_with_each_other(complaints):
    found = complaints
    assert sum(variant.cases for variant in found.variants) == found.counts.cases
    assert sum(bar.cases for bar in found.cycle_times.bars) == found.counts.cases
    assert sum(map(sum, found.arrivals.by_hour)) == found.counts.cases
    assert sum(cases for _, cases in found.arrivals.by_month) == found.counts.cases
    assert sum(node.events for node in found.process_map.nodes) == found.counts.events
    assert found.slowest[0].total_wait == max(e.total_wait for e in found.process_map.edges)
    assert sum(node.repeats for node in found.process_map.nodes) == found.rework.repeated_events


def test_a_definition_and_a_model_become_sections_of_the_page_and_the_json(complaints):
    model = discover_log(EXAMPLES / "complaints.csv")
    found = diagnose_log(
        EXAMPLES / "complaints.csv", definition=load_program(model.bpmn), with_model=True
    )
    (compared,) = found.conformance
    assert found.discovered is not None
    assert found.discovered.bpmn == model.bpmn
    assert compared.conformance.conforming_cases == model.quality.conforming_cases > 0
    page = render(found)
    for words in ('id="conformance"', 'id="model"', "Save as BPMN", "不在定义中"):
        assert words in page
        assert words not in render(complaints)
    for step in load_program(model.bpmn).nodes:
        assert escape(step.name.default) in page
    told = json.loads(json.dumps(as_json(found)))
    assert told["discovered"]["f_score"] == model.quality.f_score
    assert told["conformance"][0]["deviations"][0]["sentence"].endswith("of all.")
    assert as_json(complaints)["conformance"] == []
    assert as_json(complaints)["discovered"] is None


def test_names_in_the_picture_of_a_model_never_leave_their_box(tmp_path):
    log = tmp_path / "names.csv"
    names = (
        "A_PARTLYSUBMITTED",
        "客户投诉受理并登记到系统中等待分派",
        "Ok",
        "word " * 60,
        "x" * 90,
    )
    rows = "".join(f"1,{name},2025-03-03 0{n}:00\n" for n, name in enumerate(names))
    log.write_text(f"case,activity,timestamp\n{rows}", encoding="utf-8")
    picture = picture_of(discover_log(log).drawing)
    steps = [box for box in picture.boxes if box.kind == "userTask"]
    assert len(steps) == len(names)
    for box in picture.boxes:
        assert 0 <= box.x <= box.x + box.width <= picture.width
        assert 0 <= box.y <= box.y + box.height <= picture.height
        for line in box.lines:
            assert text_width(line.text) <= box.width
            assert box.y < line.y < box.y + box.height


def test_progress_is_reported_up_to_the_whole_file():
    heard: list[ReadProgress] = []
    diagnose_log(EXAMPLES / "complaints.csv", progress=heard.append)
    assert heard[-1].bytes_read == heard[-1].bytes_total > 0


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UnreadableLog, match="There is no file"):
        diagnose_log(tmp_path / "nothing.csv")
    with pytest.raises(UnreadableLog, match="Cannot read"):
        diagnose_log(tmp_path)


def test_the_page_needs_nothing_from_outside_and_nothing_of_the_log_can_run(tmp_path):
    nasty = tmp_path / "nasty.csv"
    attack = "</script><script>alert(1)</script>"
    nasty.write_text(
        f"case,activity,timestamp\n1,{attack},2025-03-03 09:00\n1,<img src=x>,2025-03-03 10:00\n",
        encoding="utf-8",
    )
    page = render(diagnose_log(nasty))
    assert attack not in page
    assert "<img src=x>" not in page
    assert not re.search(r'(src|href)="(?!#)', page)
    assert "default-src 'none'" in page


def test_the_page_holds_every_number_of_the_head_in_both_languages(complaints):
    page = render(complaints, language="zh")
    assert '<html lang="zh" data-lang="zh">' in page
    for words in ("Median cycle time", "周期时间中位数", "Data quality", "数据质量"):
        assert words in page
    assert f"<strong>{complaints.counts.cases}</strong>" in page


def test_every_text_exists_in_both_languages_with_the_same_places():
    for key, (english, chinese) in TEXTS.items():
        places = [
            {name for _, name, _, _ in Formatter().parse(text) if name}
            for text in (english, chinese)
        ]
        assert places[0] == places[1], key
        same = english == chinese
        assert not same or english in ("CSV", "SVG", "PNG"), key
        assert key == "language" or not re.search(r"[\u4e00-\u9fff]", english), key


def test_every_text_is_used_somewhere():
    folder = Path(__file__).resolve().parents[2] / "src/servoloop/loop/report"
    code = "".join(
        file.read_text(encoding="utf-8")
        for file in folder.rglob("*")
        if file.suffix in (".py", ".html", ".js") and not file.name.endswith("texts.py")
    )
    prefixes = ("note_", "role_", "by_", "day_", "q_", "cause_", "handovers_", "dev_")
    prefixes += ("clean_", "ev_", "alarm_", "gain_", "value_", "source_")
    unused = [
        key
        for key in TEXTS
        if not re.search(f"[\"']{key}[\"']", code) and not key.startswith(prefixes)
    ]
    assert unused == []


def test_json_has_the_documented_keys(complaints):
    found = json.loads(json.dumps(as_json(complaints)))
    documented = (
        Path(__file__).resolve().parents[2] / "docs/reference/diagnose-json.md"
    ).read_text(encoding="utf-8")
    for key in found:
        assert f"`{key}`" in documented, key
    assert found["cases"] == complaints.counts.cases
    assert {"source", "target", "transitions", "median_wait"} <= found["map"]["edges"][0].keys()


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (0, "0 %"),
        (0.0004, "< 0.1 %"),
        (0.0123, "1.2 %"),
        (0.5, "50 %"),
        (0.9996, "> 99.9 %"),
        (1, "100 %"),
    ],
)
def test_a_share_is_never_rounded_to_nothing_or_to_everything(share, shown):
    assert percent(share) == shown


def test_durations_use_the_largest_unit_that_leaves_two():
    from datetime import timedelta

    spans = [timedelta(days=39.86), timedelta(hours=47), timedelta(seconds=119), timedelta()]
    assert [duration(span).en for span in spans] == ["39.9 d", "47 h", "119 s", "0 s"]
    assert duration(spans[0]).zh == "39.9 天"
