"""`servoloop diagnose` as a person types it."""

import json

from servoloop.cli.main import main
from tests.kernel.mining.cast import EXAMPLES

LOG = str(EXAMPLES / "complaints.csv")


def test_it_prints_a_summary_and_writes_the_page(tmp_path, capsys):
    page = tmp_path / "report.html"
    assert main(["diagnose", LOG, "-o", str(page)]) == 0
    said = capsys.readouterr().out
    assert "944 events of 200 cases, 9 activities" in said
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_json_carries_the_counts(capsys):
    assert main(["diagnose", LOG, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["cases"], found["events"], found["activities"]) == (200, 944, 9)
    assert isinstance(found["variants"], int)


def test_refused_rows_are_told_with_the_first_line(capsys):
    assert main(["diagnose", str(EXAMPLES / "damaged.csv")]) == 0
    assert "Not read: 4 of 7 rows; line 3" in capsys.readouterr().out


def test_every_failure_is_one_sentence_and_status_2(tmp_path, capsys):
    empty = tmp_path / "empty.csv"
    empty.touch()
    for words in (
        ["diagnose"],
        ["diagnose", str(tmp_path / "nothing.csv")],
        ["diagnose", str(empty)],
        ["diagnose", LOG, "--case", "nothing"],
        ["diagnose", LOG, "--zone", "Mars/Olympus"],
        ["diagnose", LOG, "--encoding", "klingon"],
        ["diagnose", LOG, "-o", str(tmp_path / "no" / "report.html")],
        ["diagnose", LOG, "-o", str(tmp_path)],
        ["diagnose", LOG, "-o", LOG],
    ):
        assert main(words) == 2, words
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1, said.err
        assert "Traceback" not in said.err
