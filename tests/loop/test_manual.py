"""The SOP manual: what people need to work by a process, on paper."""

from pathlib import Path

import pytest

from servoloop.kernel.process.check import NotExecutable
from servoloop.kernel.process.document import UnreadableProcess
from servoloop.loop.manual.file_manual import manuals_of_file
from servoloop.loop.manual.pdf import BODY, manual_pdf
from servoloop.loop.manual.type_setting import marked_up, paragraphs_of

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "src/servoloop/loop/demo/processes"
TINY = ROOT / "examples/processes/tiny.bpmn"


def test_every_step_says_method_times_form_and_escalation_in_the_language() -> None:
    zh, en = manuals_of_file(TINY, languages=("zh", "en"))
    assert (zh.name, en.name) == ("答复客户的问题", "A question is answered")
    triage = en.steps[0]
    assert triage.name == "Answer or pass on"
    assert triage.sop.startswith("1. Read the question twice.")
    assert {row.label: row.value for row in triage.facts}["Standard time"] == "10 min"
    assert triage.outcomes == ("Answered", "Passed on")
    assert [row.value for row in triage.escalation] == ["30 min", "1 h"]
    assert {row.label: row.value for row in zh.steps[0].facts}["标准工时"] == "10 分钟"


@pytest.mark.parametrize("name", ["complaint", "refund", "repair"])
def test_the_pdf_holds_both_languages_and_the_diagram(name: str) -> None:
    manuals = manuals_of_file(DEMO / f"{name}.bpmn", languages=("zh", "en"))
    pdf = manual_pdf(manuals)
    assert pdf.startswith(b"%PDF-")
    assert pdf.count(b"/Type /Page\n") > len(manuals)
    assert b"STSong-Light" in pdf and b"Helvetica" in pdf
    assert len(pdf) < 1_000_000


def test_a_process_without_a_diagram_is_drawn(tmp_path: Path) -> None:
    text = TINY.read_text(encoding="utf-8")
    bare = text[: text.index("<bpmndi:BPMNDiagram")] + "</bpmn:definitions>"
    (tmp_path / "bare.bpmn").write_text(bare, encoding="utf-8")
    (manual,) = manuals_of_file(tmp_path / "bare.bpmn", languages=("en",))
    assert manual.sketch is not None
    assert manual_pdf([manual]).startswith(b"%PDF-")


def test_words_are_set_in_a_font_that_has_them_and_never_read_as_markup() -> None:
    assert marked_up("a < b & 中文 → c") == (
        'a &lt; b &amp; <font name="STSong-Light">中文</font> <font name="STSong-Light">→</font> c'
    )
    (text,) = paragraphs_of("[x](javascript:alert(1)) <b>**bold**</b>", BODY)
    assert not any(getattr(each, "link", None) for each in text.frags)


def test_lists_keep_their_numbers() -> None:
    found = list(paragraphs_of("3. three\n4. four\n   - inner", BODY))
    assert [each.bulletText for each in found] == ["3.", "4.", "•"]


def test_what_cannot_run_or_be_read_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<x>", encoding="utf-8")
    with pytest.raises(UnreadableProcess):
        manuals_of_file(broken, languages=("en",))
    empty = TINY.read_text(encoding="utf-8").replace("bpmn:exclusiveGateway", "bpmn:complexGateway")
    broken.write_text(empty, encoding="utf-8")
    with pytest.raises(NotExecutable):
        manuals_of_file(broken, languages=("en",))
