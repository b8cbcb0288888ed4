"""Waiting in a diagnosis: told where starts are known, and told to be unknown where not."""

from datetime import timedelta

import pytest

from servoloop.kernel.interchange.read_report import ReadReport
from servoloop.kernel.interchange.source import UnreadableLog
from servoloop.loop.diagnose import Diagnosis, diagnose, diagnose_log
from servoloop.loop.report.as_json import as_json
from servoloop.loop.report.render import render
from tests.kernel.mining.cast import EXAMPLES, read_text

HEADER = "case,activity,start,end,resource\n"
# Ada works on both cases: the second waits an hour for her.
BUSY = HEADER + (
    "1,check,2025-03-03 09:00:00,2025-03-03 09:30:00,Bo\n"
    "1,decide,2025-03-03 09:30:00,2025-03-03 11:00:00,Ada\n"
    "2,check,2025-03-03 09:30:00,2025-03-03 10:00:00,Bo\n"
    "2,decide,2025-03-03 11:00:00,2025-03-03 12:00:00,Ada\n"
)


def diagnosed(text: str) -> Diagnosis:
    read = read_text(text)
    assert isinstance(read.report, ReadReport)
    return diagnose(read.log, name="log.csv", read_report=read.report)


def test_waiting_for_a_busy_colleague_is_contention():
    waiting = diagnosed(BUSY).waiting
    assert waiting is not None
    assert waiting.waiting == timedelta(hours=1)
    assert waiting.working == timedelta(hours=3.5)
    assert [(each.cause, each.share) for each in waiting.causes] == [("contention", 1.0)]
    assert [row.activity for row in waiting.activities] == ["decide"]


def test_waiting_is_told_by_transition_team_and_hour_and_each_sums_to_the_whole():
    rows = [line.split(",") for line in BUSY.splitlines()[1:]]
    text = HEADER.replace("resource", "resource,team") + "".join(
        f"{','.join(row)},{'Front' if row[4] == 'Bo' else 'Back'}\n" for row in rows
    )
    waiting = diagnosed(text).waiting
    assert waiting is not None
    assert [(row.activity, row.total) for row in waiting.transitions] == [
        ("check → decide", timedelta(hours=1))
    ]
    assert [(row.activity, row.total) for row in waiting.teams] == [("Back", timedelta(hours=1))]
    assert waiting.hours[0][10] == timedelta(hours=1)  # Monday: from ten, when the check was done
    assert sum((sum(day, timedelta()) for day in waiting.hours), timedelta()) == waiting.waiting
    assert waiting.transitions[0].shares == (1.0,)


def test_start_and_complete_events_are_joined_first():
    rows = [line.split(",") for line in BUSY.splitlines()[1:]]
    text = "case,activity,timestamp,resource,lifecycle\n"
    for case, activity, start, end, resource in rows:
        text += f"{case},{activity},{start},{resource},START\n"
        text += f"{case},{activity},{end},{resource},complete\n"
    waiting = diagnosed(text).waiting
    assert waiting is not None
    assert (waiting.events, waiting.waiting) == (4, timedelta(hours=1))


def test_joining_makes_one_step_of_start_and_complete(tmp_path):
    text = (
        "case,activity,timestamp,lifecycle\n1,a,2025-03-03 09:00:00,schedule\n"
        "1,a,2025-03-03 10:00:00,start\n1,a,2025-03-03 11:00:00,complete\n"
        "1,b,2025-03-03 13:00:00,start\n1,b,2025-03-03 14:00:00,complete\n"
    )
    path = tmp_path / "log.csv"
    path.write_text(text, encoding="utf-8")
    found = diagnose_log(path, join_lifecycle=True)
    assert [variant.activities for variant in found.variants] == [("a", "b")]
    (step,) = [edge for edge in found.process_map.edges if edge.is_step]
    assert step.median_wait == timedelta(hours=2)
    assert found.read_report is not None
    assert found.read_report.rows_read == 5
    with pytest.raises(UnreadableLog, match="leave --join out"):
        diagnose_log(EXAMPLES / "complaints.csv", join_lifecycle=True)


def test_a_log_with_one_time_per_event_says_so():
    found = diagnose_log(EXAMPLES / "complaints.csv")
    assert found.waiting is None
    assert as_json(found)["waiting"] is None
    assert "cannot be told apart here" in render(found)


def test_the_page_and_the_json_name_the_causes_but_no_person():
    found = diagnosed(BUSY)
    page = render(found)
    assert "busy people" in page
    assert "资源争用" in page
    assert "Ada" not in page
    json = as_json(found)
    assert json["waiting"]["activities"][0]["shares"] == {"contention": 1.0}
    assert not json["handovers"]["pairs"]
