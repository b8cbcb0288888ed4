"""The command line as a newcomer meets it."""

import argparse
import importlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from servoloop.cli import main as cli
from servoloop.kernel.errors import ServoloopError

COMMAND = [sys.executable, "-m", "servoloop.cli.main"]


def run(*words: str, cwd: Path | None = None, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, **variables},
    )


class VerbThatFails:
    """Stands where a verb's module stands, and raises what it is given."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def add_parser(self, subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
        subparsers.add_parser("check").add_argument("words", nargs="*")

    def run(self, args: argparse.Namespace) -> int:
        raise self.error


def status_of(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(cli.importlib, "import_module", lambda name: VerbThatFails(error))
    return cli.main(["check", "refund.bpmn"])


def test_help_groups_the_verbs_and_shows_examples() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    for verb in cli.VERBS:
        assert f"  {verb.name} " in shown.stdout
    assert "Examples" in shown.stdout
    assert shown.stdout == run().stdout == run("help").stdout


def test_help_loads_neither_django_nor_a_verb() -> None:
    code = (
        "import sys; from servoloop.cli.main import main; main(['--help']);"
        "print([m for m in sys.modules if m.split('.')[0] in ('django', 'psycopg', 'numpy')"
        " or m.startswith('servoloop.cli.') and m != 'servoloop.cli.main'])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("verb", cli.VERBS, ids=lambda verb: verb.name)
def test_every_verb_of_the_help_exists_and_explains_itself(verb: cli.Verb) -> None:
    module = importlib.import_module(f"servoloop.cli.{verb.name}")
    subparsers = argparse.ArgumentParser(prog="servoloop").add_subparsers()
    module.add_parser(subparsers)
    assert list(subparsers.choices) == [verb.name]
    assert callable(module.run)


def test_the_version_is_the_installed_one() -> None:
    assert run("--version").stdout.startswith("servoloop 0.")


def test_an_unknown_verb_is_answered_with_the_known_ones() -> None:
    refused = run("diagnoze")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert refused.stderr.startswith("servoloop: There is no verb 'diagnoze'. Known: check, ")


def test_a_wrong_option_is_one_sentence_and_status_2() -> None:
    refused = run("up", "--port", "many")
    assert refused.returncode == 2
    assert refused.stderr == (
        "servoloop: argument --port: 'many' is no port; it is a number from 1 to 65535."
        " See 'servoloop up --help'.\n"
    )


def test_an_error_of_ours_is_its_own_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(ServoloopError("No lane 'Desk'. Known: Agents."), monkeypatch) == 2
    assert capsys.readouterr().err == "servoloop: No lane 'Desk'. Known: Agents.\n"


def test_a_missing_file_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = FileNotFoundError(2, "No such file or directory", "refund.bpmn")
    assert status_of(error, monkeypatch) == 2
    said = capsys.readouterr().err
    assert said == "servoloop: Cannot use refund.bpmn: no such file or directory.\n"


def test_a_missing_extra_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = ModuleNotFoundError("No module named 'polars'", name="polars.selectors")
    assert status_of(error, monkeypatch) == 2
    assert "pip install 'servoloop[analytics]'" in capsys.readouterr().err


def test_the_unexpected_is_one_sentence_and_its_details_are_kept_private(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SERVOLOOP_VAR", str(tmp_path))
    (tmp_path / "log").mkdir()
    assert status_of(ZeroDivisionError("a ticket without minutes"), monkeypatch) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    [details] = (tmp_path / "log").iterdir()
    assert str(details) in said
    assert "a ticket without minutes" in details.read_text()
    assert details.stat().st_mode & 0o077 == 0


def test_debugging_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVOLOOP_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        status_of(ZeroDivisionError(), monkeypatch)


def test_ctrl_c_ends_quietly_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status_of(KeyboardInterrupt(), monkeypatch) == 130
    assert capsys.readouterr().err == ""


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = subprocess.Popen(
        [*COMMAND, "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert command.stdout is not None
    command.stdout.close()  # as `| head -0` would
    assert command.stderr is not None
    assert command.stderr.read() == ""
    command.stderr.close()
    assert command.wait(timeout=10) == 141
