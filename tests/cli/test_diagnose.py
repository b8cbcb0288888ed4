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


def test_every_unreadable_row_is_told_with_its_line_and_reason(capsys):
    assert main(["diagnose", str(EXAMPLES / "damaged.csv")]) == 0
    said = capsys.readouterr().out
    assert "Not read: 4 of 7 rows" in said
    lines = [line for line in said.splitlines() if line.startswith("  line ")]
    assert [int(line.split()[1].strip(":")) for line in lines] == [3, 4, 6, 7]
    assert "timestamp 'yesterday' does not read" in lines[0]


def test_of_many_unreadable_rows_the_first_ten_are_told(tmp_path, capsys):
    log = tmp_path / "log.csv"
    good = [f"{case},Answer,2026-01-05 09:00" for case in range(20)]
    log.write_text("\n".join(["case,activity,timestamp", *good, *["1,Answer,soon"] * 13]))
    assert main(["diagnose", str(log)]) == 0
    said = capsys.readouterr().out
    assert said.count("\n  line ") == 10
    assert "and 3 more" in said


def test_one_event_is_said_as_one_event(tmp_path, capsys):
    log = tmp_path / "log.csv"
    log.write_text("case,activity,timestamp\n1,Answer,2026-01-05 09:00\n")
    assert main(["diagnose", str(log)]) == 0
    assert "1 event of 1 case, 1 activity, 1 variant" in capsys.readouterr().out


UNTIDY = """\
case,activity,timestamp,agent
1,Open,2026-01-05 09:00,Ada
1,Open,2026-01-05 09:00,Ada
1,open ,2026-01-05 10:00,Ada
1,Close,1970-01-01 00:00,Ada
2,Open,2026-01-06 09:00,Bo
2,Close,2026-01-06 10:00,Bo
"""


def test_nothing_is_cleaned_unless_it_is_asked_for(tmp_path, capsys):
    log = tmp_path / "log.csv"
    log.write_text(UNTIDY)
    assert main(["diagnose", str(log)]) == 0
    said = capsys.readouterr().out
    assert "6 events of 2 cases" in said
    assert "--clean could: merge-names, drop-implausible-times, drop-duplicates" in said


def test_cleaning_is_told_step_by_step_in_its_own_order(tmp_path, capsys):
    log, page = tmp_path / "log.csv", tmp_path / "report.html"
    log.write_text(UNTIDY)
    words = ["diagnose", str(log), "--clean", "drop-duplicates,merge-names", "-o", str(page)]
    assert main([*words, "--clean", "drop-implausible-times"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Cleaned (merge-names): 1 event changed, none dropped"
    assert said[1] == (
        "Cleaned (drop-implausible-times): 1 event dropped, and with them 0 whole cases"
    )
    assert said[2].startswith("Cleaned (drop-duplicates): 1 event dropped")
    assert said[3].startswith("log.csv: 4 events of 2 cases, 2 activities")
    written = page.read_text(encoding="utf-8")
    assert "删除各列完全相同的重复事件" in written
    assert "Drop events equal to another in every column" in written
    assert main([*words, "--json"]) == 0
    done = json.loads(capsys.readouterr().out)["cleaning"]
    assert [(each["step"], each["events_before"], each["events_after"]) for each in done] == [
        ("merge-names", 6, 6),
        ("drop-duplicates", 6, 5),
    ]


def test_a_column_can_be_left_out_and_a_role_taken_away(tmp_path, capsys):
    log = tmp_path / "log.csv"
    log.write_text(UNTIDY)
    assert main(["diagnose", str(log), "--resource", "", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["resources"] == 0
    assert main(["diagnose", str(log), "--leave-out", "agent", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["resources"] == 0


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
        ["diagnose", LOG, "--clean", "everything"],
        ["diagnose", LOG, "--leave-out", "nothing"],
        ["diagnose", LOG, "--classifier", "Activity"],
        ["diagnose", LOG, "-o", str(tmp_path / "no" / "report.html")],
        ["diagnose", LOG, "-o", str(tmp_path)],
        ["diagnose", LOG, "-o", LOG],
    ):
        assert main(words) == 2, words
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err.count("\n") == 1, said.err
        assert "Traceback" not in said.err
