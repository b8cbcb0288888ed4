"""`servoloop measure` of a log: words, JSON, and complaints in one sentence."""

import json
from pathlib import Path

import pytest

from servoloop.cli.main import main
from servoloop.kernel.metrics.catalogue import CATALOGUE

LOG = Path(__file__).resolve().parents[2] / "examples" / "logs" / "complaints.csv"


def test_a_log_is_measured_and_what_it_cannot_tell_is_said(capsys):
    assert main(["measure", str(LOG)]) == 0
    told = capsys.readouterr().out
    assert "Resolution time: median" in told
    assert "The log holds no service-level promises." in told


def test_the_json_holds_every_kpi_with_its_definition(capsys):
    assert main(["measure", str(LOG), "--json", "--lang", "zh"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [each["id"] for each in told["kpis"]] == list(CATALOGUE)
    for each in told["kpis"]:
        assert bool(each["figures"]) is not bool(each["unknown"])
    resolution = next(each for each in told["kpis"] if each["id"] == "resolution")
    assert resolution["name"] == "解决时长"
    assert resolution["unit"] == "seconds"
    median = resolution["figures"][0]
    assert median["low"] <= median["value"] <= median["high"]
    assert median["interval"] == "order-statistic"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "Say what to measure"),
        ([str(LOG), "--live"], "Say what to measure"),
        (["nowhere.csv"], "There is no file nowhere.csv."),
        ([str(LOG), "--zone", "Mars"], "No time zone 'Mars'"),
        (["--live", "--days", "0"], "--days takes 1 to 3660, not 0."),
    ],
)
def test_what_cannot_be_measured_is_said_in_one_sentence(arguments, complaint, capsys):
    assert main(["measure", *arguments]) == 2
    assert complaint in capsys.readouterr().err
