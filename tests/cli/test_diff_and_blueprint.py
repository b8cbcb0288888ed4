"""`servoloop diff` and `servoloop blueprint` as a newcomer meets them."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).resolve().parents[2]
TINY = ROOT / "examples" / "processes" / "tiny.bpmn"
DEMO = ROOT / "src" / "servoloop" / "loop" / "demo" / "processes"
SVG = "{http://www.w3.org/2000/svg}"


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "servoloop.cli.main", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def slower(tmp_path: Path) -> Path:
    path = tmp_path / "slower.bpmn"
    text = TINY.read_text(encoding="utf-8")
    path.write_text(text.replace('standardTime="PT10M"', 'standardTime="PT20M"'), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "“Answer or pass on”: 10 min → 20 min"), ("zh", "10 分钟 → 20 分钟")],
)
def test_a_change_is_told_in_words_and_for_whom(slower: Path, language: str, sentence: str) -> None:
    told = run("diff", TINY, slower, "--language", language)
    assert told.returncode == 1
    assert sentence in told.stdout
    assert "agent" in told.stdout.splitlines()[0]


def test_no_change_is_said_to_be_none() -> None:
    told = run("diff", TINY, TINY)
    assert (told.returncode, told.stdout) == (
        0,
        "Nothing that matters changed; only the drawing may differ.\n",
    )


def test_the_changes_as_json_carry_both_languages(slower: Path) -> None:
    (change,) = json.loads(run("diff", TINY, slower, "--json").stdout)["changes"]
    assert (change["element"], change["audience"], change["role"]) == ("triage", "role", "agent")
    assert set(change["words"]) == {"en", "zh"}


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    told = run("diff", TINY, tmp_path / "gone.bpmn")
    assert told.returncode == 2
    assert len(told.stderr.splitlines()) == 1 and "gone.bpmn" in told.stderr


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_blueprint_is_one_picture_with_every_step(tmp_path: Path, language: str) -> None:
    output = tmp_path / "blueprint.svg"
    told = run("blueprint", DEMO / "complaint.bpmn", "--language", language, "-o", output)
    assert told.returncode == 0, told.stderr
    root = ElementTree.parse(output).getroot()
    said = "".join(each.text or "" for each in root.iter(f"{SVG}text"))
    assert ("Frontstage" if language == "en" else "前台") in said
    assert root.findall(f".//{SVG}script") == []
    # Without -o the same picture goes to standard output.
    printed = run("blueprint", DEMO / "complaint.bpmn", "--language", language).stdout
    assert printed == output.read_text(encoding="utf-8")
