"""`servoloop conform` as a person types it."""

import json
import re
from pathlib import Path

import pytest

from servoloop.cli.main import main
from tests.kernel.mining.cast import EXAMPLES, PROJECT

LOG = EXAMPLES / "complaints.csv"
TINY = PROJECT / "examples/processes/tiny.bpmn"
DOCUMENTED = (PROJECT / "docs/reference/conform-json.md").read_text(encoding="utf-8")

WORK = """\
case,activity,start,timestamp
1,answer or pass on,2026-03-02 09:00,2026-03-02 09:05
1,Study the question,2026-03-02 10:00,2026-03-02 10:20
2,Study the question,2026-03-02 16:50,2026-03-03 09:30
3,Answer or pass on,2026-03-02 09:00,2026-03-02 09:01
3,Coffee,2026-03-02 09:02,2026-03-02 09:20
"""


@pytest.fixture
def work(tmp_path: Path) -> str:
    path = tmp_path / "work.csv"
    path.write_text(WORK, encoding="utf-8")
    return str(path)


def found(capsys: pytest.CaptureFixture[str], *words: str) -> dict:
    assert main(["conform", *words, "--json"]) == 0
    (definition,) = json.loads(capsys.readouterr().out)["definitions"]
    return definition


def test_deviations_are_told_in_words_the_most_frequent_first_and_the_status_is_0(work, capsys):
    assert main(["conform", work, str(TINY)]) == 0
    said = capsys.readouterr().out
    assert "1 of 3 cases (33 %) keep to the definition in every step" in said
    assert "by optimal alignments" in said
    assert "Step 'Answer or pass on' skipped in 1 case, 33.3 % of all. For example case 2." in said
    assert "'Coffee' done, which the definition does not have, in 1 case" in said
    assert "Only in the log: Coffee." in said


def test_names_match_by_id_or_any_language_and_an_alias_says_the_rest(work, capsys, tmp_path):
    plain = found(capsys, work, str(TINY))
    assert plain["activities_not_in_model"] == ["Coffee"]
    told = found(capsys, work, str(TINY), "--alias", "Coffee=study")
    assert told["activities_not_in_model"] == []
    assert told["conforming_cases"] == 2
    assert told == found(capsys, work, str(TINY), "--alias", "Coffee=Study the question")


def test_overruns_count_in_the_hours_that_are_given(work, capsys):
    always = {each["step"]: each for each in found(capsys, work, str(TINY))["standard_times"]}
    hours = found(capsys, work, str(TINY), "--hours", "mon-fri 09:00-17:00")
    assert hours["calendar"] == "mon-fri 09:00-17:00"
    office = {each["step"]: each for each in hours["standard_times"]}
    study = "Study the question"
    assert always[study]["executions"] == office[study]["executions"] == 2
    assert always[study]["overruns"] == 1
    # Case 2 was studied for ten minutes on Monday and thirty on Tuesday.
    assert always[study]["excess"] == 1000 * 60 - always[study]["standard"]
    assert office[study]["excess"] == max(0, 40 * 60 - office[study]["standard"])


def test_without_a_name_in_common_both_lists_and_the_way_out_are_told(tmp_path, capsys):
    log = tmp_path / "strange.csv"
    log.write_text("case,activity,timestamp\n1,Erstantwort,2026-03-02 09:00\n", encoding="utf-8")
    assert main(["conform", str(log), str(TINY)]) == 2
    said = capsys.readouterr().err
    assert "'Erstantwort'" in said
    assert "'Study the question'" in said
    assert "--alias 'LOGNAME=STEP'" in said
    assert main(["conform", str(log), str(TINY), "--alias", "Erstantwort=triage"]) == 0
    assert "1 of 1 cases (100 %)" in capsys.readouterr().out


def test_a_drawing_without_conditions_is_compared_although_it_could_not_run(tmp_path, capsys):
    model = tmp_path / "model.bpmn"
    assert main(["discover", str(LOG), "--coverage", "1", "-o", str(model)]) == 0
    drawing = re.sub(rb"<bpmn:conditionExpression.*?</bpmn:conditionExpression>", b"",
                     model.read_bytes())  # fmt: skip
    assert drawing != model.read_bytes()
    model.write_bytes(drawing)
    assert main(["check", str(model)]) == 1
    capsys.readouterr()
    definition = found(capsys, str(LOG), str(model))
    assert (definition["fitness"], definition["conforming_cases"]) == (1.0, 200)


def test_json_has_the_documented_keys(work, capsys):
    definition = found(capsys, work, str(TINY))
    for record in (definition, definition["deviations"][0], definition["standard_times"][0]):
        for key in record:
            assert f"`{key}`" in DOCUMENTED, key


def test_every_failure_is_one_sentence_and_status_2(work, tmp_path, capsys):
    for words in (
        [],
        [work],
        [work, str(tmp_path / "nothing.bpmn")],
        [work, str(LOG)],
        [str(tmp_path / "nothing.csv"), str(TINY)],
        [work, str(TINY), "--alias", "Coffee"],
        [work, str(TINY), "--alias", "Tea=study"],
        [work, str(TINY), "--alias", "Coffee=nothing"],
        [work, str(TINY), "--hours", "at night"],
        [work, str(TINY), "--zone", "Mars/Olympus"],
        [work, str(TINY), "--live", "tiny"],
    ):
        assert main(["conform", *words]) == 2, words
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1, said.err
        assert "Traceback" not in said.err
