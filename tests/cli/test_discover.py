"""`servoloop discover` as a person types it."""

import json
import re

from servoloop.cli.main import main
from tests.kernel.mining.cast import EXAMPLES, PROJECT

LOG = str(EXAMPLES / "complaints.csv")
DOCUMENTED = (PROJECT / "docs/reference/discover-json.md").read_text(encoding="utf-8")


def test_it_writes_a_model_that_our_checker_calls_executable_and_tells_how_good_it_is(
    tmp_path, capsys
):
    model = tmp_path / "model.bpmn"
    assert main(["discover", LOG, "-o", str(model)]) == 0
    said = capsys.readouterr().out
    assert re.search(r"Fitness: 0\.\d{3} \(optimal alignments, mean over 200 cases\)", said)
    assert "Precision: " in said
    assert "F-score: " in said
    assert re.search(r"Coverage: \d+ of 200 cases \(\d+ %\) follow it in every step", said)
    assert main(["check", str(model)]) == 0
    assert "no errors, no warnings" in capsys.readouterr().out


def test_one_setting_keeps_every_activity_where_the_best_leaves_some_out(capsys):
    assert main(["discover", LOG, "--json"]) == 0
    best = json.loads(capsys.readouterr().out)
    assert main(["discover", LOG, "--coverage", "1", "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert (whole["fitness"], whole["conforming_share"], whole["events_in_model"]) == (1, 1, 1)
    assert whole["activities_in_model"] == whole["activities"] == 9
    assert best["f_score"] > whole["f_score"]
    assert best["size"] < whole["size"]
    assert len(best["activities_not_in_model"]) == 9 - best["activities_in_model"]
    for key in best:
        assert f"`{key}`" in DOCUMENTED, key


def test_every_failure_is_one_sentence_and_status_2(tmp_path, capsys):
    for words in (
        [str(tmp_path / "nothing.csv")],
        [LOG, "-o", str(tmp_path)],
        [LOG, "-o", str(tmp_path / "no" / "model.bpmn")],
        [LOG, "-o", LOG],
        [LOG, "--coverage", "70"],
        [LOG, "--filter", "much"],
    ):
        assert main(["discover", *words]) == 2, words
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1, said.err
        assert "Traceback" not in said.err
